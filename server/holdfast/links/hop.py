"""Hops: one step of the way from a path as written to the real file."""

from pathlib import Path

from holdfast.typed import Literal
from holdfast.values import NamedTuple

Kind = Literal["symlink", "junction", "text", "config", "shebang", "launcher", "shim", "redirect"]
"""How a hop is written down.

`symlink`, also one to a folder in the middle of a path; `junction` of Windows; `text`, a link that was
checked out as a small file, which nothing follows; `config`, the `home` of a pyvenv.cfg; `shebang` of a
script; `launcher`, an executable of Windows that starts an interpreter; `shim`, a version manager's choice;
`redirect`, a file named `.venv` that names an environment.
"""

State = Literal["ok", "missing", "loop", "denied", "foreign", "silent"]
"""Where a hop leads: `foreign` is an absolute path of another operating system, `silent` one on a disk or
share that does not answer."""


class Hop(NamedTuple):
    """One link on the way: that of a file, of a folder in the middle of the path, or one written as text."""

    before: Path
    """The whole path as it read before this link was followed."""
    link: Path
    """The link itself, or the file in which it is written; no link stands above it in this spelling."""
    target: str
    """What the link says, to the letter."""
    after: Path
    """The whole path as it reads after it."""
    kind: Kind = "symlink"
    line: int | None = None
    """The line, from 0, on which it is written; None for links of the file system, and in launchers."""

    @property
    def in_the_middle(self) -> bool:
        """Whether it is the link of a folder above the path's last name."""
        return self.link != self.before and self.kind in ("symlink", "junction")
