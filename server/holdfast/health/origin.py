"""Where an environment was made, if it was moved or copied since, and what of it still names that place."""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from holdfast.environments.environment import Environment
from holdfast.files.reading import Unreadable, list_folder, plain, read_start, same_folder
from holdfast.formats.shebang import parse_shebang
from holdfast.formats.span import START, Span
from holdfast.host import Host

_COMMAND = re.compile(
    r"""(?:\ -m\ (?:venv|virtualenv)(?:\ --prompt=(?:".*"|\S+)|\ --[\w-]+)*|\ create)
    \ ((?:/|[A-Za-z]:[\\/]).*)$""",
    re.VERBOSE,
)
"""What stdlib venv and Holdfast write down; the folder is not quoted, and comes last."""
_ACTIVATED = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?VIRTUAL_ENV=(["']?)(/[^"'$\n]*)\1[ \t]*\r?$""", re.MULTILINE
)
"""What the activation script for Bourne shells says, whoever wrote it; a relocatable one computes it."""
_LONGEST = 8192
_HEAD = 1024


@dataclass(frozen=True)
class Origin:
    """The folder in which an environment was made, which is not the one in which it is."""

    folder: Path
    """As it is seen from here."""
    span: Span
    """Of what pyvenv.cfg says of it; the start of the file where that says nothing."""
    environment: Environment

    @cached_property
    def is_activated(self) -> bool:
        """Whether the activation scripts lead there."""
        return activated_folder(self.environment) == os.fspath(self.folder)

    @cached_property
    def stale_scripts(self) -> int:
        """How many scripts name the interpreter there."""
        scripts = self.environment.path / self.environment.layout.scripts
        return sum(_names_interpreter_in(self.folder, scripts / name) for name in list_folder(scripts))

    @property
    def is_another_system(self) -> bool:
        """Whether not even the first folder of its path exists here: `/workspaces`, `/Users`."""
        parts = self.folder.parts
        return len(parts) > 1 and not os.path.lexists(os.path.join(*parts[:2]))


def origin_of(environment: Environment, host: Host) -> Origin | None:
    """Where an environment was made; None where it is still there, or does not say."""
    said, span = _recorded_folder(environment)
    if said is None:
        said = activated_folder(environment)
    if said is None or not host.is_absolute(said):
        return None
    folder = host.at(said)
    if folder in (environment.path, environment.real):
        return None
    if host.mounts.silent(folder) is None and same_folder(folder, environment.path):
        return None
    return Origin(plain(folder), span, environment)


def _recorded_folder(environment: Environment) -> tuple[str | None, Span]:
    """The end of `command`, which nobody reads: that alone harms nothing."""
    config = environment.config
    entry = None if isinstance(config, Unreadable) else config.get("command")
    match = _COMMAND.search(entry.value) if entry else None
    return (match.group(1), entry.span) if entry and match else (None, START)


def activated_folder(environment: Environment) -> str | None:
    """The folder that `activate` names; None where there is no such script, or it computes it."""
    scripts = environment.path / environment.layout.scripts
    text = read_start(scripts / "activate", _LONGEST).decode("utf-8", "surrogateescape")
    match = _ACTIVATED.search(text)
    return match.group(2) if match else None


def _names_interpreter_in(folder: Path, script: Path) -> bool:
    head = b"" if os.path.islink(script) else read_start(script, _HEAD)
    found = parse_shebang(head) if head.startswith(b"#!") else None
    return found is not None and Path(found.interpreter).is_relative_to(folder)
