"""Being told to stop: every signal that asks for it ends the work as Ctrl+C does."""

import contextlib
import signal
from types import FrameType


def stop_on_signals() -> None:
    """Let SIGTERM and SIGHUP raise KeyboardInterrupt, so that unfinished work is taken back.

    Without this they would end the process where it stands. Only a main thread can be told.
    """
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        if number := getattr(signal, name, None):
            with contextlib.suppress(ValueError):  # another thread than the main one
                signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
