"""Shims: wrappers by which a version manager starts another interpreter in each folder."""

from pathlib import Path

from holdfast.typed import Literal
from holdfast.values import NamedTuple

Manager = Literal["pyenv", "asdf", "mise"]


class Shim(NamedTuple):
    """A wrapper of a version manager."""

    manager: Manager
    root: Path
    """The manager's folder, in which `shims` stands."""
    program: str
    """The name by which it was called: `python3.12`."""
