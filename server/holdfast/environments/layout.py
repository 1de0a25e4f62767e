"""Where things are in an environment: the POSIX layout and that of Windows."""

from dataclasses import dataclass

CONFIG = "pyvenv.cfg"


@dataclass(frozen=True)
class Layout:
    """The names that one kind of environment uses."""

    scripts: str
    """The folder of executables."""
    python: str
    """The interpreter's name in it."""


POSIX = Layout("bin", "python")
WINDOWS = Layout("Scripts", "python.exe")


def native_layout(*, windows: bool) -> Layout:
    """The layout of environments that work on this platform."""
    return WINDOWS if windows else POSIX


def foreign_layout(*, windows: bool) -> Layout:
    """The other one."""
    return POSIX if windows else WINDOWS
