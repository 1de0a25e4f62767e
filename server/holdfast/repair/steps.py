"""Steps: what a fix does, as data.

The preview, `--dry-run` and the applying code read the same steps. Each says what it expects to find, so that
a plan that has grown old is refused rather than applied to something else.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from holdfast.errors import ChangedError
from holdfast.files.placing import place_link, write_atomically
from holdfast.files.reading import read_bounded


@dataclass(frozen=True)
class PlaceLink:
    """Make a link, in place of a link that says `was`, or of nothing (None)."""

    path: Path
    target: str
    was: str | None

    def __str__(self) -> str:
        """The step as a person reads it."""
        before = f" instead of {self.was}" if self.was is not None else ""
        return f"Link {self.path} to {self.target}{before}"

    def expect(self) -> None:
        """Raise ChangedError where the link is not what the plan saw."""
        if _link_text(self.path) != self.was:
            raise ChangedError(f"{self.path} has changed meanwhile. Check again.")

    def apply(self) -> None:
        """Do it."""
        place_link(self.path, self.target)

    def revert(self) -> None:
        """Take it back."""
        if self.was is None:
            self.path.unlink()
        else:
            place_link(self.path, self.was)

    @property
    def touches(self) -> Path:
        """The file that changes."""
        return self.path


@dataclass(frozen=True)
class RewriteFile:
    """Replace the content of a text file."""

    path: Path
    old: bytes
    new: bytes
    summary: str
    """What changes in it, for people."""

    def __str__(self) -> str:
        """The step as a person reads it."""
        return f"In {self.path}, {self.summary}"

    def expect(self) -> None:
        """Raise ChangedError where the content is not what the plan saw."""
        if read_bounded(self.path, len(self.old)) != self.old:
            raise ChangedError(f"{self.path} has changed meanwhile. Check again.")

    def apply(self) -> None:
        """Do it."""
        write_atomically(self.path, self.new)

    def revert(self) -> None:
        """Take it back."""
        write_atomically(self.path, self.old)

    @property
    def touches(self) -> Path:
        """The file that changes."""
        return self.path


Step = PlaceLink | RewriteFile


def _link_text(path: Path) -> str | None:
    if not os.path.lexists(path):
        return None
    try:
        return os.readlink(path)
    except OSError as error:
        raise ChangedError(f"{path} is no longer a link. Check again.") from error
