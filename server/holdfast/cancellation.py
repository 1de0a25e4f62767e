"""Cancelling as a value that work looks at between its steps.

Threads cannot be interrupted, and pygls does not cancel handlers that run in them: long work calls `check`.
"""

import threading

from holdfast.errors import CancelledError


class Cancellation:
    """Set by one thread, looked at by another."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether the work should stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise CancelledError if the work should stop."""
        if self.cancelled:
            raise CancelledError("Cancelled. Nothing was left behind.")
