"""Where an environment was made, if it was moved or copied since, and what of it still names that place."""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from holdfast.environments.environment import Environment
from holdfast.files.reading import Unreadable, plain, same_folder
from holdfast.formats.span import START, Span
from holdfast.health.activation import folder_named_in
from holdfast.health.scripts import Scripts

_COMMAND = re.compile(
    r"""(?:\ -m\ (?:venv|virtualenv)(?:\ --prompt=(?:".*"|\S+)|\ --[\w-]+)*|\ create)
    \ ((?:/|[A-Za-z]:[\\/]).*)$""",
    re.VERBOSE,
)
"""What stdlib venv and Holdfast write down; the folder is not quoted, and comes last."""


@dataclass(frozen=True)
class Origin:
    """The folder in which an environment was made, which is not the one in which it is."""

    folder: Path
    """As it is seen from here."""
    span: Span
    """Of what pyvenv.cfg says of it; the start of the file where that says nothing."""
    scripts: Scripts

    @cached_property
    def is_activated(self) -> bool:
        """Whether the activation scripts lead there."""
        return _activated_folder(self.scripts) == os.fspath(self.folder)

    @cached_property
    def stale_scripts(self) -> int:
        """How many scripts name the interpreter there."""
        stale = (one for one in self.scripts.all if one.interpreter and self.holds(one.interpreter))
        return sum(len(one.names) for one in stale)

    @property
    def is_named(self) -> bool:
        """Whether anything that is used still leads there: then it is told."""
        return self.is_activated or self.stale_scripts > 0

    def holds(self, path: Path) -> bool:
        """Whether a path lay in the environment when it was there."""
        return path.is_relative_to(self.folder)

    @property
    def is_another_system(self) -> bool:
        """Whether not even the first folder of its path exists here: `/workspaces`, `/Users`."""
        parts = self.folder.parts
        return len(parts) > 1 and not os.path.lexists(os.path.join(*parts[:2]))


def origin_of(scripts: Scripts) -> Origin | None:
    """Where the environment of these scripts was made; None where it is still there, or does not say."""
    environment, host = scripts.environment, scripts.host
    said, span = _recorded_folder(environment)
    if said is None:
        said = _activated_folder(scripts)
    if said is None or not host.is_absolute(said):
        return None
    folder = host.at(said)
    if folder in (environment.path, environment.real):
        return None
    if host.mounts.silent(folder) is None and same_folder(folder, environment.path):
        return None
    return Origin(plain(folder), span, scripts)


def _recorded_folder(environment: Environment) -> tuple[str | None, Span]:
    """The end of `command`, which nobody reads: that alone harms nothing."""
    config = environment.config
    entry = None if isinstance(config, Unreadable) else config.get("command")
    match = _COMMAND.search(entry.value) if entry else None
    return (match.group(1), entry.span) if entry and match else (None, START)


def _activated_folder(scripts: Scripts) -> str | None:
    """The folder that `activate` names; None where there is no such script, or it computes it."""
    named = (folder_named_in(head) for name, head in scripts.activations if name == "activate")
    return next((found.folder for found in named if found), None)
