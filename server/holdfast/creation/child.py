"""A program that creation starts: cancelled with it, and apart from our own standard streams."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from holdfast.cancellation import Cancellation
from holdfast.values import NamedTuple

_LOOK_AGAIN = 0.05


class Ended(NamedTuple):
    """How a program has ended."""

    code: int
    output: bytes
    errors: bytes

    @property
    def last_words(self) -> str:
        """The last line of what it complained about."""
        return (self.errors.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"])[-1]


class Child:
    """A running program. Leaving the `with` block ends it."""

    def __init__(self, command: Sequence[str | os.PathLike[str]], folder: Path | None = None) -> None:
        """Start it; raises OSError where that fails."""
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,  # never the pipe of a language server
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def __enter__(self) -> "Child":  # noqa: PYI034 - Self is younger than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def wait(self, cancellation: Cancellation, patience: float) -> Ended | None:
        """How it ended; None where it did not in that many seconds. Raises CancelledError."""
        waited = 0.0
        while True:
            try:
                output, errors = self._process.communicate(timeout=_LOOK_AGAIN)
                return Ended(self._process.returncode, output, errors)
            except subprocess.TimeoutExpired:  # noqa: PERF203 - it waits anyway
                waited += _LOOK_AGAIN
                if cancellation.cancelled or waited > patience:
                    self._end()
                    cancellation.check()
                    return None

    def _end(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()
