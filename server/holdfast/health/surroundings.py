"""What lies around the environments and projects of one look: found out when a rule asks, once for all."""

from collections.abc import Callable
from functools import cached_property

from holdfast.discovery.finder import Found, find_interpreters
from holdfast.interpreters.reader import Reader
from holdfast.workspace.repositories import Repositories


class Surroundings:
    """The machine as rules see it. What changes on the disk is seen by new ones.

    `find` finds the installed interpreters; usually all are looked for that the locators know.
    """

    def __init__(self, reader: Reader, find: Callable[[], tuple[Found, ...]] | None = None) -> None:
        self.reader = reader
        self.host = reader.host
        self.repositories = Repositories(reader.host)
        self._find = find

    @cached_property
    def installed(self) -> tuple[Found, ...]:
        """The installed interpreters, best first. Finding them takes a tenth of a second and more."""
        return self._find() if self._find else find_interpreters(self.reader)
