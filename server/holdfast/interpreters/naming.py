"""How the names of folders and links speak of a version."""

import re
from functools import cached_property

from holdfast.interpreters.landmark import Prefix
from holdfast.links.hop import Hop
from holdfast.typed import Literal

_FLOATING = frozenset({"current", "latest", "default", "stable", "system", "global"})
_STAGE = r"(?:(?:a|b|rc)\d+)?"


class Naming:
    """How names speak of an installation's version: `3.12`, `python@3.12`, `Python312`, `cpython-3.12.4`."""

    def __init__(self, prefix: Prefix) -> None:
        self.prefix = prefix

    def says(self, name: str) -> Literal["series", "patch"] | None:
        """Whether one name of a path says X.Y.Z, or only X.Y; None where it says neither."""
        if self._patch.search(name):
            return "patch"
        return "series" if self._in_name.search(name) or self._compact.match(name) else None

    def patch_in(self, name: str) -> str:
        """The version that a name says to the patch; the whole name where there is none."""
        found = self._patch.search(name)
        return found[0] if found else name

    def jumps(self, hop: Hop) -> bool:
        """Whether a link may be moved to another X.Y: its name says less than what it leads to.

        The folder that it is in may say it in its stead: `apps/python312/current` of scoop.
        """
        name = hop.link.name
        if self.says(name) or self.is_all_of(hop.link.parent.name):
            return False
        return name.lower() in _FLOATING or any(map(self.says, re.split(r"[\\/]", hop.target)))

    def is_all_of(self, folder: str) -> bool:
        """Whether a folder is named for the series alone, so that nothing of another belongs in it."""
        return self._alone.fullmatch(folder) is not None

    @cached_property
    def _patch(self) -> re.Pattern[str]:
        if self.prefix.implementation != "cpython":  # they have versions of their own: pypy3.10-v7.3.17
            return re.compile(r"(?<![\d.])\d+\.\d+\.\d+")
        return re.compile(rf"(?<![\d.]){re.escape(self.prefix.series)}\.\d+{_STAGE}")

    @cached_property
    def _in_name(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\d.]){re.escape(self.prefix.series)}(?![\d.])")

    @cached_property
    def _compact(self) -> re.Pattern[str]:
        return re.compile(rf"(?:python|pypy){self.prefix.series.replace('.', '')}(?!\d)", re.IGNORECASE)

    @cached_property
    def _alone(self) -> re.Pattern[str]:
        either = self.prefix.series.replace(".", r"\.?")
        return re.compile(rf"(?:python|pypy)?[-@]?{either}", re.IGNORECASE)
