"""The machine during one look: what is behind its interpreters is found out once, and only if asked."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from holdfast.discovery.beside import find_beside
from holdfast.discovery.finder import Inventory, look_over
from holdfast.health.surroundings import Surroundings
from holdfast.host import Host
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.memory import Memory
from holdfast.interpreters.reader import Reader


class Machine:
    """A host with what has been read of it. What changes on the disk is seen by a new one.

    Nothing is executed: what was never asked stays unknown. `found` is its inventory, where one
    was made before and nothing of it can have changed.
    """

    def __init__(
        self,
        host: Host,
        search: Iterable[Path] = (),
        memory: Memory | None = None,
        found: Inventory | None = None,
    ) -> None:
        self.host = host
        self.reader = Reader(host, memory)
        self.surroundings = Surroundings(self.reader, lambda: self.inventory.interpreters)
        self.found = found
        """The inventory, if somebody has asked for it."""
        self._search = tuple(search)
        self._beside: dict[Path, tuple[Interpreter, ...]] = {}

    def anew(self) -> "Machine":
        """The same machine, nothing read yet."""
        return Machine(self.host.anew(), self._search, self.reader.memory)

    @cached_property
    def inventory(self) -> Inventory:
        """All interpreters and environments that are known on it."""
        self.found = self.found or look_over(self.reader, self._search)
        return self.found

    @cached_property
    def interpreters(self) -> tuple[Interpreter, ...]:
        """All interpreters, best first."""
        return tuple(one.interpreter for one in self.inventory.interpreters)

    def beside(self, gap: Path) -> tuple[Interpreter, ...]:
        """The interpreters beside a path that is missing, the newest first."""
        if gap.parent not in self._beside:
            self._beside[gap.parent] = find_beside(gap, self.reader)
        return self._beside[gap.parent]
