"""What long work does between its steps: it looks whether it is cancelled, and tells how far it is.

Threads cannot be interrupted, and pygls does not cancel handlers that run in them: long work calls `check`.
"""

from collections.abc import Callable

from holdfast.errors import CancelledError

Report = Callable[[str, int], None]
"""Called with what is being done and how much is done, in percent."""


def unheard(_what: str, _percent: int) -> None:
    """A report that nobody wants."""


class Cancellation:
    """Set by one thread, looked at by another."""

    def __init__(self) -> None:
        self._cancelled = False  # a plain value: nobody waits for it

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._cancelled = True

    @property
    def cancelled(self) -> bool:
        """Whether the work should stop."""
        return self._cancelled

    def check(self) -> None:
        """Raise CancelledError if the work should stop."""
        if self.cancelled:
            raise CancelledError("Cancelled. Nothing was left behind.")
