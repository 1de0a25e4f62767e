"""File operations that fail: any that a piece of work makes, with any error, in a process of its own."""

import builtins
import errno
import gc
import io
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

SERVER = str(Path(__file__).parents[2] / "server" / "holdfast") + os.sep
_AUDITED = frozenset(
    (
        *("open", "os.mkdir", "os.rename", "os.symlink", "os.link", "os.remove", "os.rmdir", "os.chmod"),
        *("os.utime", "os.truncate", "os.listdir", "os.scandir", "fcntl.flock", "fcntl.ioctl"),
        "subprocess.Popen",
    )
)
"""What CPython tells its audit hooks before it does it, under whichever name it is called."""
_UNAUDITED = ("stat", "lstat", "fstat", "statvfs", "readlink", "read", "write", "lseek", "fsync", "sendfile")
"""Functions of `os` of which it tells nothing."""
_READING = frozenset(
    ("open to read", "os.read", "os.listdir", "os.scandir", "os.readlink", "os.statvfs", "os.lseek")
    + ("os.stat", "os.lstat", "os.fstat")
)
_TAKING_ROOM = frozenset(
    ("open to write", "os.mkdir", "os.rename", "os.symlink", "os.link", "os.write", "os.sendfile")
)
_CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True)
class Operation:
    """A file operation: what it does, which lines of Holdfast lead to it, and how often they did before."""

    what: str
    lines: tuple[str, ...]
    """The innermost first, such as `files/claim.py:42`."""
    occurrence: int

    @property
    def reads(self) -> bool:
        return self.what in _READING

    @property
    def files(self) -> Iterator[str]:
        """The files of Holdfast that those lines are in."""
        return (line.partition(":")[0] for line in self.lines)

    def __str__(self) -> str:
        return f"{self.what} #{self.occurrence} at {' < '.join(self.lines)}"


@dataclass(frozen=True)
class Fault:
    """What fails, how, and for how long."""

    operation: Operation
    error: int
    lasts: bool = False
    """Whether all fails from then on that the error can hit: what takes room, or what changes anything."""

    def __str__(self) -> str:
        return f"{errno.errorcode[self.error]} {'from' if self.lasts else 'in'} {self.operation}"


@dataclass(frozen=True)
class Outcome:
    """What came of a piece of work."""

    error: str | None
    """The name of the class of what was raised."""
    message: str


def operations_of(work: Callable[[], object]) -> list[Operation]:
    """The file operations of a piece of work, in their order."""
    noted = []

    def notes():
        _watch(noted.append)
        work()
        return [(one.what, one.lines, one.occurrence) for one in noted]

    return [Operation(what, tuple(lines), occurrence) for what, lines, occurrence in _in_child(notes)]


def outcome_with(fault: Fault, work: Callable[[], object]) -> Outcome:
    """What comes of a piece of work in which something fails."""

    def tries():
        _watch(_fails_with(fault))
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
            return type(error).__name__, str(error)
        return None, ""

    return Outcome(*_in_child(tries))


def _fails_with(fault: Fault) -> Callable[[Operation], None]:
    failing = False

    def before(operation: Operation) -> None:
        nonlocal failing
        if operation == fault.operation or (failing and _can_hit(fault.error, operation)):
            failing = fault.lasts
            raise OSError(fault.error, os.strerror(fault.error))

    return before


def _can_hit(error: int, operation: Operation) -> bool:
    return operation.what in _TAKING_ROOM if error == errno.ENOSPC else not operation.reads


def _in_child(work: Callable[[], object]):
    """What the work returns in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        write = os.write
        try:
            gc.freeze()  # what was here before is no garbage; to look through it takes longer than the work
            os.close(reader)
            answer = json.dumps(work()).encode()
            gc.collect()  # temporary folders live as long as what names them
            while answer:
                answer = answer[write(writer, answer) :]
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer)


def _watch(before: Callable[[Operation], None]) -> None:
    """From now on `before` gets each operation that Holdfast makes; what it raises happens in its place.

    That lasts as long as this process: nobody can take an audit hook back.
    """
    counts: Counter[tuple] = Counter()

    def told(what: str) -> None:
        lines = tuple(_lines(what))
        if lines:
            operation = Operation(what, lines, counts[what, lines])
            counts[what, lines] += 1
            before(operation)

    def hook(event: str, arguments: tuple) -> None:
        if event in _AUDITED:
            changes = event == "open" and (arguments[2] or 0) & _CHANGES
            told(event if event != "open" else "open to write" if changes else "open to read")

    for name in _UNAUDITED:
        setattr(os, name, _told_first(getattr(os, name), told))
    builtins.open = io.open = _opener(told)
    sys.addaudithook(hook)


def _lines(what: str) -> Iterator[str]:
    """The lines of Holdfast that have led here, unless it is a pipe to a child that is read or written."""
    frame = sys._getframe(2)
    while frame:
        code = frame.f_code
        if what in ("os.read", "os.write") and code.co_filename.endswith(f"{os.sep}subprocess.py"):
            return
        if code.co_filename.startswith(SERVER):
            yield f"{code.co_filename[len(SERVER) :]}:{frame.f_lineno}"
        frame = frame.f_back


def _told_first(function: Callable, told: Callable[[str], None]) -> Callable:
    what = f"os.{function.__name__}"

    @wraps(function)
    def call(*arguments, **options):
        told(what)
        return function(*arguments, **options)

    return call


def _opener(told: Callable[[str], None]) -> Callable:
    """`open`, with files that tell of each read(2) and write(2)."""

    class Raw(io.FileIO):
        def readinto(self, buffer):
            told("os.read")
            return super().readinto(buffer)

        def readall(self):
            told("os.read")
            return super().readall()

        def write(self, data):
            told("os.write")
            return super().write(data)

    def opened(
        file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=1, opener=None
    ):
        raw = Raw(file, mode.replace("b", "").replace("t", ""), bool(closefd), opener)
        if buffering == 0:
            return raw
        kind = io.BufferedRandom if "+" in mode else io.BufferedReader if "r" in mode else io.BufferedWriter
        buffered = kind(raw)
        return buffered if "b" in mode else io.TextIOWrapper(buffered, encoding, errors, newline)

    return opened
