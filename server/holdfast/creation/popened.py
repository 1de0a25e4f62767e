"""A program started by the standard library's subprocess: for Windows."""

import subprocess

from holdfast.creation.child import Ended


class Popened:
    """A running program."""

    def __init__(self, command: tuple[str, ...]) -> None:
        """Start it; raises OSError where that fails."""
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,  # never the pipe of a language server
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def ended_within(self, seconds: float) -> Ended | None:
        """How it ended; None where it runs on."""
        try:
            output, errors = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        return Ended(self._process.returncode, output, errors)

    def end(self) -> None:
        """End it where it runs, and wait until it is gone."""
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()
