"""Installing what a project needs into its environment.

That runs code: pip and uv build packages by running what these bring along, and so does an editable install
of the project. So nothing is installed but what was asked for, and only when it was asked for.
"""

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from holdfast.cancellation import Cancellation, Report, unheard
from holdfast.creation.requirements.running import Ended, run_tool
from holdfast.creation.requirements.source import RequirementSource
from holdfast.creation.requirements.tool import Command, Place, Tool, choose_tool, commands, installed_pip
from holdfast.environments.layout import layout_of
from holdfast.errors import CancelledError, HoldfastError
from holdfast.files.reading import is_regular_file
from holdfast.host import Host

_MOST_LINES = 12
"""Of a tool's last lines in a message."""

_REMOVED = frozenset(
    {
        # They let interpreters start with another library, or find modules elsewhere.
        *("PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"),
        # They have the tools install somewhere else.
        *("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON"),
        *("UV_PROJECT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY"),
        # They colour what is no terminal.
        *("FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS"),
    }
)
_SET = {
    "NO_COLOR": "1",
    "UV_NO_PROGRESS": "1",
    "UV_PYTHON_DOWNLOADS": "never",
    "PIP_PROGRESS_BAR": "off",
    "PIP_NO_COLOR": "1",
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_REQUIRE_VIRTUALENV": "1",  # never into a base
    "PIP_USER": "0",  # some have `user = true` in pip.conf, which fails in environments
    "GIT_TERMINAL_PROMPT": "0",
}


@dataclass(frozen=True)
class Installation:
    """What to install, and where."""

    sources: tuple[RequirementSource, ...]
    environment: Path
    """Absolute; it works."""
    project: Path
    """The folder of the sources."""
    workspace: tuple[Path, ...] = ()
    """More folders out of which no tool is started."""


@dataclass(frozen=True)
class Installed:
    """What was installed."""

    tool: str
    """By which: `uv`, or `pip 25.3`."""
    sources: tuple[RequirementSource, ...]


class NotInstalledError(HoldfastError):
    """A tool failed; the message says which, and ends with its last lines. The environment is usable."""

    def __init__(self, message: str, lines: tuple[str, ...]) -> None:
        super().__init__("\n  ".join((message, *lines)))
        self.lines = lines
        """The tool's own last words."""


def install(
    request: Installation,
    host: Host,
    *,
    cancellation: Cancellation | None = None,
    report: Report = unheard,
) -> Installed:
    """Install the sources by uv where the machine has it, else by the environment's own pip.

    Raises HoldfastError where no tool can do it, before anything is done; NotInstalledError where the tool
    fails, and CancelledError: then the environment stays as the tool left it, with a part of the packages
    perhaps, and usable.
    """
    layout = layout_of(request.environment, host)
    python = request.environment / layout.scripts / layout.python
    if not is_regular_file(python):
        raise HoldfastError(f"{request.environment} is no environment into which something can be installed.")
    outside = (request.project, *request.workspace)
    tool = choose_tool(request.sources, host, outside, installed_pip(request.environment))
    work = _Work(
        request,
        tool,
        host._replace(env=_variables(host.env, request.environment)),
        cancellation or Cancellation(),
        report,
    )
    try:
        with _scratch_folder() as scratch:
            # Its real path: uv writes the way from it to the project, and `..` behind a link leads elsewhere.
            work.run(Place(python, request.project, Path(os.path.realpath(scratch))))
    except CancelledError:
        raise CancelledError(
            f"Cancelled. {request.environment} is usable, but not everything is installed in it."
        ) from None
    return Installed(tool.name, request.sources)


@dataclass(frozen=True)
class _Work:
    """What is the same for every start of the tool."""

    request: Installation
    tool: Tool
    host: Host
    """As the tool sees it."""
    cancellation: Cancellation
    report: Report

    def run(self, place: Place) -> None:
        """Start the tool as often as it takes; raises as `install` does."""
        steps = tuple(commands(self.tool, self.request.sources, place))
        for number, command in enumerate(steps):
            self._step(command, 100 * number // len(steps))

    def _step(self, command: Command, percent: int) -> None:
        def say(line: str) -> None:
            self.report(line, percent)

        self.cancellation.check()
        say(f"{self.tool.name}: {command.what}")
        ended = run_tool(command.arguments, self.request.project, self.host, self.cancellation, say)
        if ended.code != 0:
            raise _failure(self.tool.name, command, ended, self.request.environment)


def _scratch_folder() -> "tempfile.TemporaryDirectory[str]":
    try:
        return tempfile.TemporaryDirectory(prefix="holdfast-", ignore_cleanup_errors=True)
    except OSError as error:
        raise HoldfastError(f"No temporary folder can be made: {error.strerror or error}.") from error


def _variables(env: Mapping[str, str], environment: Path) -> dict[str, str]:
    """The user's own, with indexes and proxies, but for what would lead a tool astray or have it ask."""
    kept = {name: value for name, value in env.items() if name not in _REMOVED}
    return {**kept, **_SET, "VIRTUAL_ENV": os.fspath(environment)}


def _failure(tool: str, command: Command, ended: Ended, environment: Path) -> NotInstalledError:
    how = f"ended with exit code {ended.code}" if ended.code > 0 else f"was ended by signal {-ended.code}"
    said = "Its last lines:" if ended.lines else "It said nothing."
    return NotInstalledError(
        f"{command.what} could not be installed: {tool} {how}. {environment} is usable without it. {said}",
        _last_words(ended.lines),
    )


def _last_words(lines: tuple[str, ...]) -> tuple[str, ...]:
    """From the first error on, where the tool marks one; never many."""
    errors = (number for number, line in enumerate(lines) if re.match(r"\s*error\b", line, re.IGNORECASE))
    first = next(errors, 0)
    return lines[first:][-_MOST_LINES:]
