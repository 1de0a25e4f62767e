"""A claim on a name in a folder: a lock file beside it, held for as long as its program lives.

Whoever finds the file and can take the lock knows that its program has died, however it died: the system
gives locks back. A process number would tell less: numbers are given again, and a share is used by several
machines.
"""

import contextlib
import errno
import os
import stat
import time
from pathlib import Path

from holdfast.errors import HoldfastError

try:
    import fcntl
except ImportError:  # Windows
    import msvcrt

_NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL)
_BUSY = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
_STALE = 3600.0
"""Seconds after which a claim counts as given up, on file systems that know no locks."""


class ForeignClaimError(HoldfastError):
    """Something else has the name of a claim's file: a link, a folder, what another user has made."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is in the way: it is no lock of yours. If no other program is at work there, remove it."
        )


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

    Raises OSError where no file can be made there, and ForeignClaimError where something else has its name.
    """
    while True:
        is_new = not os.path.lexists(path)
        file = _opened(path)
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


def _opened(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
    try:
        # A link is not followed, and a pipe not waited for.
        file = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o600)
    except OSError as error:
        if os.path.lexists(path):
            raise ForeignClaimError(path) from error
        raise
    status = os.fstat(file)
    is_ours = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    # A second name would be that of a file which is written into here.
    if stat.S_ISREG(status.st_mode) and is_ours and status.st_nlink <= 1:
        return file
    os.close(file)
    raise ForeignClaimError(path)


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
