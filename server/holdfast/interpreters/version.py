"""Versions of Python."""

import re

from holdfast.values import NamedTuple

_TEXT = re.compile(r"(\d+)\.(\d+)(?:\.(\d+)((?:a|b|rc)\d+)?\+?)?")


FINAL = "~"
"""The stage of a release, behind those of its candidates."""


class Version(NamedTuple):
    """A version such as 3.12.1, or 3.12 where the patch is not known."""

    major: int
    minor: int
    micro: int = -1
    """-1 where it is not known."""
    stage: str = FINAL
    """`a1`, `b2`, `rc1`, or FINAL."""

    @property
    def series(self) -> str:
        """The X.Y part: what environments and their packages depend on."""
        return f"{self.major}.{self.minor}"

    def __str__(self) -> str:
        if self.micro < 0:
            return self.series
        return f"{self.series}.{self.micro}{self.stage.strip(FINAL)}"


def parse_version(text: str) -> Version | None:
    """The version at the start of a text; None where there is none."""
    match = _TEXT.match(text.strip())
    if not match:
        return None
    major, minor, micro, stage = match.groups()
    return Version(int(major), int(minor), int(micro) if micro else -1, stage or FINAL)
