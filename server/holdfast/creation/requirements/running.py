"""Running an installer: apart from our own streams, and ended with all that it started."""

import contextlib
import os
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, cast  # noqa: TID251 - it costs little beside subprocess

from holdfast.cancellation import Cancellation
from holdfast.errors import HoldfastError
from holdfast.host import Host
from holdfast.values import NamedTuple

_KEPT = 30
"""Lines; the rest of what a tool says is forgotten."""
_LONGEST = 500
"""Characters of a line."""
_CHUNK = 1 << 16
_LOOK_AGAIN = 0.05
_PATIENCE = 2.0
"""Seconds in which a tool may tidy up after it was told to stop; and those for the last of its output."""

# ECMA-48: control sequences, then strings (titles, hyperlinks); then what is left of control characters.
_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]P^_].*?(?:\x07|\x1b\\)|\x1b.|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)


class Ended(NamedTuple):
    """How a tool ended."""

    code: int
    """Below zero where a signal ended it."""
    lines: tuple[str, ...]
    """The last that it said."""


def run_tool(
    arguments: Sequence[str],
    folder: Path,
    host: Host,
    cancellation: Cancellation,
    say: Callable[[str], None],
) -> Ended:
    """Run a tool to its end, with the variables of the host; `say` is called with its latest line.

    Raises HoldfastError where it cannot be started, and CancelledError; then, and whatever else is raised
    meanwhile, the tool and all that it started are gone.
    """
    process = _start(arguments, folder, host)
    try:
        output = _Output(cast("IO[bytes]", process.stdout))
        said = ""
        while not _has_ended(process):
            cancellation.check()
            if output.latest != said:
                said = output.latest
                say(said)
    except BaseException:
        _end(process, host)
        raise
    return Ended(process.returncode, output.lines())


def _start(arguments: Sequence[str], folder: Path, host: Host) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            arguments,
            cwd=folder,
            env=host.env,
            stdin=subprocess.DEVNULL,  # never the pipe of a language server; nobody is there to answer
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,  # of POSIX: no terminal to ask at, and one group to end
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise HoldfastError(f"{arguments[0]} cannot be started: {error.strerror or error}.") from error


class _Output:
    """What a tool says: its last lines, however much it says."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._lines: tuple[str, ...] = ()
        # A daemon: a program that the tool left behind may hold the pipe open for ever.
        self._reader = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._reader.start()

    @property
    def latest(self) -> str:
        """The latest line that says something, without the space around it."""
        return self._lines[-1].strip() if self._lines else ""

    def lines(self) -> tuple[str, ...]:
        """The last lines, when the tool has ended."""
        self._reader.join(_PATIENCE)
        return self._lines

    def _read(self, pipe: IO[bytes]) -> None:
        rest = b""
        with pipe:
            while chunk := pipe.read(_CHUNK):
                *whole, rest = (rest + chunk).split(b"\n")
                rest = rest[:_CHUNK]
                for line in whole:
                    self._take(line)
        self._take(rest)

    def _take(self, line: bytes) -> None:
        shown = line.rstrip(b"\r").rpartition(b"\r")[2]  # what a terminal would show in the end
        text = _CONTROL.sub("", shown.decode("utf-8", "replace")).rstrip()[:_LONGEST]
        if text:
            self._lines = (*self._lines, text)[-_KEPT:]


def _has_ended(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(_LOOK_AGAIN)
    except subprocess.TimeoutExpired:
        return False
    return True


def _end(process: "subprocess.Popen[bytes]", host: Host) -> None:
    """End a tool and all that it started. It may tidy up first: pip does so when it is interrupted."""
    if host.windows:
        _end_on_windows(process, host)
        return
    try:
        for number in (signal.SIGINT, signal.SIGTERM):  # a background job of a shell ignores the first
            _signal(process, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
                break
    finally:
        _signal(process, signal.SIGKILL)  # what is left of the group, though its leader may be gone
        process.wait()


def _signal(process: "subprocess.Popen[bytes]", number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS denies it of a group of zombies
        os.killpg(process.pid, number)


def _end_on_windows(process: "subprocess.Popen[bytes]", host: Host) -> None:
    taskkill = os.path.join(host.env.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe")
    with contextlib.suppress(OSError):
        subprocess.run(
            [taskkill, "/T", "/F", "/PID", str(process.pid)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    process.kill()
    process.wait()
