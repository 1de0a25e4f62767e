"""Reading files that may be anything: a folder, a FIFO, a loop, too large, gone a moment later."""

import errno
import os
import stat
import sys
from pathlib import Path

from holdfast.typed import BinaryIO, Literal
from holdfast.values import NamedTuple

Why = Literal["missing", "denied", "folder", "special", "loop", "large", "encoding", "failed"]

_WHY_BY_ERRNO: dict[int | None, Why] = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.ELOOP: "loop",
    errno.EISDIR: "folder",
    errno.EAGAIN: "special",
}

_IN_WORDS: dict[Why, str] = {
    "missing": "it does not exist",
    "denied": "permission is denied",
    "folder": "it is a folder",
    "special": "it is a pipe, socket or device, not a file",
    "loop": "its links lead in a circle",
    "large": "it is far too large",
    "encoding": "it is not UTF-8 text",
    "failed": "reading it failed",
}


_CHUNK = 1 << 20


class Unreadable(NamedTuple):
    """Why a file could not be read."""

    why: Why
    detail: str = ""

    def __str__(self) -> str:
        """The reason as half a sentence."""
        words = _IN_WORDS[self.why]
        return f"{words} ({self.detail})" if self.detail else words


def why_of(error: OSError | ValueError) -> Unreadable:
    """The reason behind an error of the system; an unknown one keeps the system's own words."""
    if not isinstance(error, OSError):  # a NUL in the name
        return Unreadable("missing")
    why = _WHY_BY_ERRNO.get(error.errno, "failed")
    return Unreadable(why, "" if why != "failed" else (error.strerror or str(error)))


def open_regular(path: Path, limit: int) -> BinaryIO | Unreadable:
    """Open a regular file of at most `limit` bytes for reading.

    Never blocks: a FIFO is recognised before it is opened and, should it be swapped in between, opened
    without waiting for a writer.
    """
    try:
        if refusal := _refusal(os.stat(path), limit):
            return refusal
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        file = open(os.open(path, flags), "rb")  # noqa: SIM115 - the caller closes it
        refusal = _refusal(os.fstat(file.fileno()), limit)
    except (OSError, ValueError) as error:
        return why_of(error)
    if refusal:
        file.close()
        return refusal
    return file


def read_bounded(path: Path, limit: int) -> bytes | Unreadable:
    """The content of a regular file of at most `limit` bytes; never blocks."""
    file = open_regular(path, limit)
    if isinstance(file, Unreadable):
        return file
    try:
        with file:
            content = _read(file, limit + 1)
    except OSError as error:
        return why_of(error)
    return Unreadable("large") if len(content) > limit else content


def read_start(path: Path, count: int) -> bytes:
    """The first bytes of a regular file; none where it cannot be read. Never blocks."""
    file = open_regular(path, sys.maxsize)
    if isinstance(file, Unreadable):
        return b""
    try:
        with file:
            return _read(file, count)
    except OSError:
        return b""


def _read(file: BinaryIO, count: int) -> bytes:
    """Up to so many bytes; raises BlockingIOError where something would have to be waited for.

    In /proc and /sys there are files that look regular and deliver what happens.
    """
    content: bytes | None = file.read(count)
    if content is None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return content


def _refusal(status: os.stat_result, limit: int) -> Unreadable | None:
    if stat.S_ISDIR(status.st_mode):
        return Unreadable("folder")
    if not stat.S_ISREG(status.st_mode):
        return Unreadable("special")
    if status.st_size > limit:
        return Unreadable("large")
    return None


def list_folder(path: Path) -> tuple[str, ...]:
    """The names in a folder, sorted; none where it cannot be listed."""
    try:
        return tuple(sorted(os.listdir(path)))
    except (OSError, ValueError):
        return ()


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder; False where that cannot be found out."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def is_regular_file(path: Path) -> bool:
    """Whether a path leads to a regular file; False where that cannot be found out."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def is_empty_file(path: Path) -> bool:
    """Whether a path leads to a regular file without content; False where that cannot be found out."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == 0


def link_text(path: Path) -> str | None:
    """What a symbolic link says, to the letter; None where the path is none."""
    try:
        return os.readlink(path)
    except (OSError, ValueError):
        return None


def have_same_bytes(one: Path, other: Path) -> bool:
    """Whether two regular files have the same content; False where either cannot be read. Never blocks."""
    files = [open_regular(path, sys.maxsize) for path in (one, other)]
    try:
        return _are_same(*files)
    except OSError:
        return False
    finally:
        for file in files:
            if not isinstance(file, Unreadable):
                file.close()


def _are_same(one: BinaryIO | Unreadable, other: BinaryIO | Unreadable) -> bool:
    if isinstance(one, Unreadable) or isinstance(other, Unreadable):
        return False
    if os.fstat(one.fileno()).st_size != os.fstat(other.fileno()).st_size:
        return False
    while chunk := _read(one, _CHUNK):
        if chunk != _read(other, _CHUNK):
            return False
    return not _read(other, 1)


def same_folder(one: Path, other: Path) -> bool:
    """Whether two paths lead to one folder; False where either does not exist."""
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return False


def plain(path: Path) -> Path:
    """A path without its `..`, where it leads to the same place without them; links may forbid that."""
    if os.pardir not in path.parts:
        return path
    shorter = Path(os.path.normpath(path))
    try:
        return shorter if os.path.realpath(shorter) == os.path.realpath(path) else path
    except (OSError, ValueError):
        return path


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, be it by hard links; False where either does not exist."""
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return False
