"""A claim on a name in a folder: a lock file beside it, held for as long as its program lives.

Whoever finds the file and can take the lock knows that its program has died, however it died: the system
gives locks back. A process number would tell less: numbers are given again, and a share is used by several
machines.
"""

import contextlib
import errno
import os
import time
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt

_NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL)
_BUSY = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
_STALE = 3600.0
"""Seconds after which a claim counts as given up, on file systems that know no locks."""


class Claim:
    """A lock that is held, and the note that its file carries for whoever finds it."""

    def __init__(self, path: Path, file: int) -> None:
        self.path = path
        self._file = file

    def read(self) -> bytes:
        """The note; empty where nobody wrote one."""
        os.lseek(self._file, 0, os.SEEK_SET)
        return os.read(self._file, 1 << 16)

    def write(self, note: bytes) -> None:
        """Replace the note. It outlives this program, however that ends."""
        os.lseek(self._file, 0, os.SEEK_SET)
        os.truncate(self._file, 0)
        os.write(self._file, note)

    def release(self, *, keep: bool = False) -> None:
        """Give the name free; `keep` leaves the file, which tells the next that something is left."""
        if self._file < 0:
            return
        if not keep and os.name != "nt":  # while the lock is held: nobody else can have taken it
            _remove(self.path)
        os.close(self._file)
        self._file = -1
        if not keep and os.name == "nt":  # Windows removes no file that is open
            _remove(self.path)


def take_claim(path: Path) -> Claim | None:
    """Claim what a lock file stands for; None where another program holds it.

    Raises OSError where the file can neither be made nor opened.
    """
    while True:
        is_new = not os.path.lexists(path)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        file = os.open(path, flags, 0o600)
        try:
            taken = _lock(file, is_new=is_new)
        except BaseException:
            os.close(file)
            raise
        if taken and _is_at(path, file):
            return Claim(path, file)
        os.close(file)
        if not taken:
            return None
        # Its holder has removed it between our opening and our locking: that lock guards nothing.


def _lock(file: int, *, is_new: bool) -> bool:
    try:
        if os.name == "nt":
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return is_new or time.time() - os.fstat(file).st_mtime > _STALE
        if error.errno in _BUSY:
            return False
        raise
    return True


def _is_at(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(os.fstat(file), os.lstat(path))
    except OSError:
        return False


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
