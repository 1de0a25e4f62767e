"""A program that creation starts: cancelled with it, and apart from our own standard streams."""

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from holdfast.cancellation import Cancellation
from holdfast.typed import TYPE_CHECKING
from holdfast.values import NamedTuple

if TYPE_CHECKING:
    from holdfast.creation.popened import Popened
    from holdfast.creation.spawned import Spawned

_LOOK_AGAIN = 0.05


class Ended(NamedTuple):
    """How a program has ended."""

    code: int
    """Below zero where a signal ended it."""
    output: bytes
    errors: bytes

    @property
    def last_words(self) -> str:
        """The last line of what it complained about."""
        return (self.errors.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"])[-1]


class Child:
    """A running program. Leaving the `with` block ends it."""

    def __init__(self, command: Sequence[str | Path]) -> None:
        """Start it; raises OSError where that fails."""
        self._running = _start(tuple(os.fspath(part) for part in command))

    def __enter__(self) -> "Child":  # noqa: PYI034 - Self is younger than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.end()

    def wait(self, cancellation: Cancellation, patience: float) -> Ended | None:
        """How it ended; None where it did not in that many seconds. Raises CancelledError."""
        waited = 0.0
        while (ended := self._running.ended_within(_LOOK_AGAIN)) is None:
            waited += _LOOK_AGAIN
            if cancellation.cancelled or waited > patience:
                self._running.end()
                cancellation.check()
                return None
        return ended


def _start(command: tuple[str, ...]) -> "Spawned | Popened":
    if hasattr(os, "posix_spawn"):
        from holdfast.creation.spawned import Spawned  # noqa: PLC0415 - Windows has none

        return Spawned(command)
    from holdfast.creation.popened import Popened  # noqa: PLC0415 - only Windows needs it

    return Popened(command)
