"""Mounts that may not answer: a share whose server is gone, a FUSE file system whose program hangs.

A call into such a mount does not return, and no exception ends it. So what leads into one is found out
without touching it, and each is asked once, by a thread that may be left behind.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

PATIENCE = 1.0
"""Seconds in which a mount has to answer; a live server needs a few hundredths."""

_REMOTE = ("fuse", "nfs", "cifs", "smb", "9p", "afs", "ceph", "lustre", "autofs", "coda", "ncp", "gfs",
           "gpfs", "beegfs", "orangefs", "pvfs", "virtiofs", "vboxsf", "prl_fs", "drvfs")  # fmt: skip
"""How the types of file systems begin whose files another program or machine serves."""

_MOST_LINKS = 40  # as Linux
_LARGEST = 10_000_000


class Mounts:
    """The mounts of a machine whose files others serve. Each is asked once; one serves a single look.

    `listed` is the file in which Linux lists them; no other system has one.
    """

    def __init__(self, listed: Path | None = None) -> None:
        self._listed = listed
        self._remote = _remote_mounts(listed) if listed else frozenset()
        self._silent: dict[str, bool] = {}

    def has(self, folder: Path) -> bool:
        """Whether something is mounted at a folder: it can then be neither renamed nor replaced (EBUSY).

        A folder that is mounted from the same disk, as containers do, is told by the list alone.
        """
        if self._listed is None:
            return os.path.ismount(folder)
        real = os.path.realpath(folder)
        return any(point == real for point, _ in _mount_points(self._listed))

    def below(self, folder: Path) -> Path | None:
        """A mount inside a folder, if there is one: what is in it belongs to something else."""
        if self._listed is None:
            return None
        start = os.path.join(os.path.realpath(folder), "")
        points = (point for point, _ in _mount_points(self._listed) if point.startswith(start))
        return next(map(Path, points), None)

    def stop_at(self, step: str) -> bool:
        """Whether a path, behind which no link is left, is that of a mount that does not answer."""
        return step in self._remote and self._is_silent(step)

    def silent(self, path: Path) -> Path | None:
        """The first mount on the way to an absolute path that does not answer; None where the way is clear.

        Links are followed, and none is read in a mount that does not answer.
        """
        if not self._remote:
            return None
        here = path.anchor
        rest = list(reversed(path.parts[1:]))
        links = 0
        while links <= _MOST_LINKS:
            if self.stop_at(here):
                return Path(here)
            if not rest:
                break
            name = rest.pop()
            step = os.path.dirname(here) if name == os.pardir else os.path.join(here, name)
            target = None if step in self._remote else _link_text(step)
            if target is None:
                here = step
                continue
            links += 1
            goal = Path(target)
            here = goal.anchor or here
            rest.extend(reversed(goal.parts[1:] if goal.anchor else goal.parts))
        return None

    def silent_below(self, root: Path) -> frozenset[Path]:
        """The mounts at and below a folder that do not answer, as a walk that follows no link meets them."""
        if not self._remote:
            return frozenset()
        if self.silent(root):
            return frozenset((root,))
        start = os.path.join(os.path.realpath(root), "")
        below = (mount for mount in self._remote if mount.startswith(start) and self._is_silent(mount))
        return frozenset(root / mount[len(start) :] for mount in below)

    def _is_silent(self, mount: str) -> bool:
        if mount not in self._silent:
            self._silent[mount] = not _answers(mount)
        return self._silent[mount]


NO_MOUNTS = Mounts()
"""Those of a machine whose own disks hold everything."""


def _remote_mounts(listed: Path) -> frozenset[str]:
    remote = tuple(kind.encode() for kind in _REMOTE)
    return frozenset(point for point, kind in _mount_points(listed) if kind.startswith(remote))


def _mount_points(listed: Path) -> Iterator[tuple[str, bytes]]:
    """Each mount point with its kind, as proc(5) lists them; reading that list never hangs."""
    try:
        with open(listed, "rb") as file:
            content = file.read(_LARGEST)
    except OSError:
        return
    for line in content.splitlines():
        before, _, after = line.partition(b" - ")
        yield os.fsdecode(_unescaped(before.split()[4])), after


def _unescaped(field: bytes) -> bytes:
    """A space, tab, line end or backslash stands there as an octal number."""
    if b"\\" not in field:
        return field
    return re.sub(rb"\\([0-7]{3})", lambda match: bytes([int(match.group(1), 8)]), field)


def _link_text(path: str) -> str | None:
    try:
        return os.readlink(path)
    except (OSError, ValueError):
        return None


def _answers(mount: str) -> bool:
    """Whether a mount answers in time. A refusal is an answer, too.

    It is asked for its size: that goes to the server every time, while names and modes may come out of
    the kernel's cache.
    """
    import threading  # noqa: PLC0415 - few machines have such mounts

    name = f"holdfast waits for {mount}"
    if any(thread.name == name for thread in threading.enumerate()):
        return False  # an earlier look still waits for its answer
    answered = threading.Event()

    def ask() -> None:
        try:
            os.statvfs(mount)
        except OSError:
            pass
        finally:
            answered.set()

    threading.Thread(target=ask, name=name, daemon=True).start()
    return answered.wait(PATIENCE)
