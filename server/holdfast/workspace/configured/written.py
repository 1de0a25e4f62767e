"""A path as a configuration file names it."""

from pathlib import Path

from holdfast.formats.span import Span
from holdfast.host import Platform
from holdfast.typed import Literal
from holdfast.values import NamedTuple

Role = Literal["interpreter", "command", "environment", "parent", "inside"]
"""What the path is of: an interpreter, or a folder that has one; a program on PATH; an environment; a folder
of environments; or something in an environment."""

Tool = Literal["settings", "launch", "variable", "pyright", "ty", "ruff", "env"]
"""Which kind of file names it: VS Code's settings, its launch.json, a variable in either, that of a tool, or
an `.env`."""


System = Literal["Linux", "macOS", "Windows"]
ALL: tuple[System, ...] = ("Linux", "macOS", "Windows")
SYSTEMS: dict[Platform, System] = {"linux": "Linux", "darwin": "macOS", "windows": "Windows"}

FORMER = "python.pythonPath"
"""Which the Python extension reads no longer, and pyright's own one only where that is not installed."""


class Winner(NamedTuple):
    """What wins over a value."""

    file: Path
    span: Span
    why: str
    """A sentence without its end: "pyrightconfig.json is there, and pyright then reads nothing else"."""
    always: bool
    """Whether the value then counts for nothing at all."""


class WrittenPath(NamedTuple):
    """One path in one file."""

    file: Path
    span: Span
    key: str
    """What it is the value of, as messages name it: `python.defaultInterpreterPath`."""
    text: str
    """As it stands there."""
    tool: Tool
    role: Role
    places: tuple[Path, ...]
    """Where it leads on this machine: in a workspace of many folders one place for each of them that it is
    for. None where only the tool can tell, or where it leads nowhere on any machine like this."""
    is_foreign: bool = False
    """Whether it is an absolute path of another operating system."""
    winner: Winner | None = None
    read_on: tuple[System, ...] = ALL
    """The operating systems for which it is meant: a configuration may have parts for single ones."""

    @property
    def is_former(self) -> bool:
        """Whether it is the former setting, which hardly anything reads now."""
        return self.key == FORMER

    @property
    def counts(self) -> bool:
        """Whether anything acts on it."""
        return self.winner is None or not self.winner.always
