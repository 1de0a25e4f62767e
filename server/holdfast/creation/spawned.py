"""A program started by posix_spawn, which is all that the standard library's subprocess does here.

To import that module, with threads and selectors, would take a short command 3 ms.
"""

import os
import select
import signal
import time

from holdfast.creation.child import Ended
from holdfast.host import inherited

_CHUNK = 1 << 16
_PAUSES = 0.00005, 0.001
"""Seconds between two looks whether a program is gone that has closed its outputs: at first, and at most."""
_USUAL = tuple(number for name in ("SIGPIPE", "SIGXFSZ") if (number := getattr(signal, name, None)))
"""What Python ignores, and programs expect to end them, as subprocess has it."""


class Spawned:
    """A running program."""

    def __init__(self, command: tuple[str, ...]) -> None:
        """Start it; raises OSError where that fails."""
        pipes = os.pipe(), os.pipe()
        try:
            self._pid = _spawn(command, *(writing for _, writing in pipes))
        except BaseException:
            for reading, _ in pipes:
                os.close(reading)
            raise
        finally:
            for _, writing in pipes:
                os.close(writing)
        self._said = {reading: bytearray() for reading, _ in pipes}
        self._open = set(self._said)
        self._code: int | None = None

    def ended_within(self, seconds: float) -> Ended | None:
        """How it ended; None where it runs on."""
        until = time.monotonic() + seconds
        while self._open:
            self._read(max(0.0, until - time.monotonic()))
            if self._open and time.monotonic() >= until:
                return None
        pause, longest = _PAUSES
        while not self._is_gone(os.WNOHANG):  # it has closed its outputs, and may run on
            if time.monotonic() >= until:
                return None
            time.sleep(pause)
            pause = min(2 * pause, longest)
        return Ended(self._code or 0, *map(bytes, self._said.values()))

    def end(self) -> None:
        """End it where it runs, and wait until it is gone."""
        if self._code is None:
            os.kill(self._pid, signal.SIGKILL)
            self._is_gone(0)
        while self._open:
            os.close(self._open.pop())

    def _read(self, seconds: float) -> None:
        waiting = select.poll()  # select itself stops at 1,024 open files
        for reading in self._open:
            waiting.register(reading, select.POLLIN)
        for reading, _ in waiting.poll(seconds * 1000):
            said = os.read(reading, _CHUNK)
            self._said[reading] += said
            if not said:
                self._open.remove(reading)
                os.close(reading)

    def _is_gone(self, options: int) -> bool:
        if self._code is None:
            try:
                pid, status = os.waitpid(self._pid, options)
            except ChildProcessError:  # whoever started us ignores SIGCHLD: the system keeps no codes
                pid, status = self._pid, 0
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code is not None


def _spawn(command: tuple[str, ...], output: int, errors: int) -> int:
    """The number of the new process. It inherits no other file (PEP 446)."""
    return os.posix_spawn(
        command[0],
        command,
        inherited(),
        file_actions=(
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),  # never the pipe of a language server
            (os.POSIX_SPAWN_DUP2, output, 1),
            (os.POSIX_SPAWN_DUP2, errors, 2),
        ),
        setsigdef=_USUAL,
    )
