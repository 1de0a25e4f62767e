"""What a version manager chooses when one of its shims is called."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from holdfast.files.reading import is_regular_file, read_bounded
from holdfast.formats.version_files import Written
from holdfast.host import Host

_LARGEST = 100_000


@dataclass(frozen=True)
class Wish:
    """The versions that one file or variable asks a manager for, in order."""

    versions: tuple[str, ...]
    said_in: Path | None
    """The file; None for an environment variable or the manager's own default."""
    said_by: str
    """The file or variable in words for people."""
    line: int | None = None
    """Of the first version, from 0."""


@dataclass(frozen=True)
class Choice:
    """The program that a shim would start."""

    executable: Path
    """It need not exist: then the manager has nothing to start."""
    version: str
    """As the manager names it; `system` for what stands behind it on PATH."""
    wish: Wish


def text_of(file: Path) -> str:
    """The text of a version file; empty where it cannot be read."""
    content = read_bounded(file, _LARGEST)
    return content.decode("utf-8", "surrogateescape") if isinstance(content, bytes) else ""


def wish_of(file: Path, versions: Iterable[Written]) -> Iterator[Wish]:
    """What a file asks for, if it asks for anything."""
    found = tuple(versions)
    if found:
        yield Wish(tuple(one.text for one in found), file, str(file), found[0].span.line)


def folder_of(name: str, installs: Path, host: Host) -> Path:
    """The folder of a version as asdf and mise name it: `path:~/python` is anywhere, `ref:x` in `ref-x`.

    A name that begins with a slash is looked for among the others.
    """
    text = name.removeprefix("path:")
    if text != name and text.startswith("~/"):
        return host.home / text[2:]
    if text != name and host.is_absolute(text):
        return host.at(text)
    return Path(f"{installs}/{name.replace('ref:', 'ref-')}")


def upward(folder: Path) -> Iterator[Path]:
    """A folder and all above it."""
    yield folder
    yield from folder.parents


def on_path(program: str, host: Host, without: Iterable[Path]) -> Path | None:
    """The first program of that name in PATH, outside of some folders."""
    left_out = set(without)
    found = (folder / program for folder in host.search_path if folder not in left_out)
    return next((path for path in found if host.mounts.silent(path) is None and is_program(path)), None)


def is_program(path: Path) -> bool:
    """Whether a path leads to a file that may be executed."""
    return is_regular_file(path) and os.access(path, os.X_OK)


def first_that_has(
    program: str, folders: Iterable[tuple[str, Path]], wish: Wish, system: Path | None
) -> Choice | None:
    """The first of the named installations that has the program.

    `folders`: names of versions with their installation's folder. `system`: what stands for `system`. Where
    none has it, the first: it is what would have to be there. None where nothing is named.
    """
    choices = [
        Choice(system if name == "system" and system else folder / "bin" / program, name, wish)
        for name, folder in folders
    ]
    return next((choice for choice in choices if is_program(choice.executable)), next(iter(choices), None))
