"""Recording an interpreter where an editor looks for it: in the settings of a folder."""

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from holdfast.errors import HoldfastError
from holdfast.files.placing import write_atomically
from holdfast.files.reading import Unreadable, is_folder, plain, read_bounded
from holdfast.formats.jsonc import Jsonc, UneditableError, parse_jsonc, with_value
from holdfast.host import Host
from holdfast.workspace.project import setting_value

KEY = "python.defaultInterpreterPath"
"""The setting from which VS Code's Python extensions take the interpreter of a folder."""
_LARGEST = 10_000_000
"""Bytes."""


@dataclass(frozen=True)
class Recorded:
    """What the settings of a folder say of its interpreter now."""

    file: Path
    value: str
    changed: bool
    why_not: str | None = None
    """Half a sentence: why nothing was changed; None where something was."""


def record_interpreter(folder: Path, environment: Path, host: Host, *, alias: bool) -> Recorded:
    """Write an environment's interpreter into the `.vscode/settings.json` of a folder.

    The value starts at the folder where the environment is inside; with the alias it is then the same on
    every operating system. Everything else in the file stays as it is, and a link stays a link. Raises
    HoldfastError, and leaves everything as it was, where the file cannot be read, understood or written.
    """
    _refuse_silent(folder, environment, host)
    # The alias gives an environment of Windows the layout of the others.
    windows = host.windows and not alias
    return record_setting(
        folder, setting_value(folder, _seen_from(folder, environment), windows=windows), host
    )


def record_setting(folder: Path, value: str, host: Host) -> Recorded:
    """The same for an interpreter as settings are to name it."""
    file = _file_in(folder)
    _refuse_silent(folder, folder, host)
    if not _is_text(value):
        raise HoldfastError("The path holds bytes that are not UTF-8, so no settings can name it.")
    try:
        changed = _record(file, value)
    except (UneditableError, OSError) as error:
        line = f"{json.dumps(KEY)}: {json.dumps(value, ensure_ascii=False)}"
        raise HoldfastError(
            f"{file} was left as it is: {_why(error)}. Add to your settings: {line}"
        ) from error
    return Recorded(file, value, changed, None if changed else "it says so already")


def _file_in(folder: Path) -> Path:
    return folder / ".vscode" / "settings.json"


def _refuse_silent(folder: Path, other: Path, host: Host) -> None:
    """Raise HoldfastError where looking at the settings file or another path would wait for ever."""
    if mount := host.mounts.silent(_file_in(folder)) or host.mounts.silent(other):
        raise HoldfastError(
            f"{_file_in(folder)} was left as it is: {mount} does not answer. Try again when it does."
        )


def _record(file: Path, value: str) -> bool:
    """Whether the file had to be changed. Raises UneditableError or OSError where it cannot be."""
    _refuse_unfit(file.parent)
    before = _content(file)
    if not _real(file).is_relative_to(_real(file.parent.parent)):
        raise UneditableError("it is a link that leads out of the folder")
    document = parse_jsonc(before)
    if isinstance(document, Jsonc) and document.get(KEY) == value:
        return False
    _write(file, with_value(before, (KEY,), value))
    return True


def _refuse_unfit(settings_folder: Path) -> None:
    """Raise UneditableError where the folder of the settings is another thing, or in another place."""
    name = settings_folder.name
    if not os.path.lexists(settings_folder):
        return
    if not is_folder(settings_folder):
        is_link = os.path.islink(settings_folder)
        what = "a link that leads to no folder" if is_link else "a file, not a folder"
        raise UneditableError(f"{name} is {what}")
    if not _real(settings_folder).is_relative_to(_real(settings_folder.parent)):
        raise UneditableError(f"{name} is a link that leads out of the folder")


def _content(file: Path) -> bytes:
    """Nothing where there is no file yet."""
    content = read_bounded(file, _LARGEST)
    if not isinstance(content, Unreadable):
        return content
    if content.why != "missing":
        raise UneditableError(str(content))
    if os.path.lexists(file):
        raise UneditableError("it is a link that leads nowhere")
    return b""


def _write(file: Path, content: bytes) -> None:
    made = not os.path.lexists(file.parent)
    file.parent.mkdir(exist_ok=True)
    try:
        write_atomically(file, content)
    except BaseException:
        if made:
            with contextlib.suppress(OSError):
                file.parent.rmdir()
        raise


def _why(error: UneditableError | OSError) -> str:
    if isinstance(error, PermissionError):
        return "permission is denied"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _seen_from(folder: Path, environment: Path) -> Path:
    """The environment by a name inside the folder, where it has one."""
    shorter = plain(environment)
    if shorter.is_relative_to(folder):
        return shorter
    # Its own name stays, since that may be a link on purpose; those of the folders above say nothing.
    named = _real(shorter.parent) / shorter.name
    above = _real(folder)
    return folder / named.relative_to(above) if named.is_relative_to(above) else shorter


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
