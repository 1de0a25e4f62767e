"""Cloning files: as reflinks, hard links or copies, whichever of them the two file systems give first.

A reflink shares its blocks until either side is written to (btrfs, XFS, bcachefs). A hard link is one file
under two names: it costs least after that, and whoever writes into the one writes into the other.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterable, Mapping

from holdfast.typed import BinaryIO, Literal

Way = Literal["reflink", "hardlink", "copy"]

_FICLONE = 0x40049409
"""The request of linux/fs.h that lets a file share the blocks of another."""


def clone_files(
    source: str, target: str, folders: Mapping[str, Iterable[str]], step: Callable[[], None]
) -> Way:
    """Clone files of one folder into another; the way in which the last of them was.

    `folders`: the names of the files in each folder below `source`, outer folders before inner ones; ""
    stands for `source` itself. They become folders of `target`, which exists. Modification times are kept;
    what is not hard-linked gets the permissions of a new file, executable where the source is.
    `step` is called between files and may raise to stop. Raises OSError; a file that exists already is one
    and stays as it is.
    """
    cloner = _Cloner()
    for folder, names in folders.items():
        here, there = os.path.join(source, folder, ""), os.path.join(target, folder, "")
        _make_folder(there)
        for name in names:
            step()
            cloner.clone(here + name, there + name)  # os.path.join takes half as long as a hard link
    return cloner.way


def _make_folder(path: str) -> None:
    try:
        os.mkdir(path)
    except FileExistsError:
        if not stat.S_ISDIR(os.lstat(path.rstrip(os.sep)).st_mode):  # a link would lead out of the target
            raise


class _Cloner:
    """Goes from one way to the next where a file cannot be cloned so, and stays with that for the rest.

    Other errors than that a file exists may be the way's fault: link(2) says EXDEV, EPERM, EMLINK,
    EOPNOTSUPP, and shares say what they like. What is wrong with the disk, the last way says as well.
    """

    def __init__(self) -> None:
        self._ways: list[tuple[Way, Callable[[str, str], object]]] = [
            ("reflink", _reflink),
            ("hardlink", _hardlink),
            ("copy", _copy),
        ]
        self._is_proved = False

    @property
    def way(self) -> Way:
        return self._ways[0][0]

    def clone(self, source: str, target: str) -> None:
        while True:
            way, make = self._ways[0]
            try:
                make(source, target)
            except FileExistsError:
                raise
            except OSError:
                if way == "copy":
                    raise
                del self._ways[0]
            else:
                if make is _hardlink:
                    self._ways[0] = (way, os.link)  # the first of them has proved that there are such
                return


def _hardlink(source: str, target: str) -> None:
    os.link(source, target)
    if not os.path.samefile(source, target):
        os.unlink(target)
        raise OSError(errno.EOPNOTSUPP, "the file system made a file of its own")


def _reflink(source: str, target: str) -> None:
    try:
        from fcntl import ioctl  # noqa: PLC0415 - Windows has none
    except ImportError:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP)) from None
    _make_file(source, target, lambda old, new: ioctl(new.fileno(), _FICLONE, old.fileno()))


def _copy(source: str, target: str) -> None:
    _make_file(source, target, lambda old, new: new.write(old.read()))


def _make_file(source: str, target: str, fill: Callable[[BinaryIO, BinaryIO], object]) -> None:
    with open(source, "rb", buffering=0) as old:
        status = os.fstat(old.fileno())
        mode = 0o777 if status.st_mode & stat.S_IXUSR else 0o666
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        made = os.open(target, flags, mode)
        try:
            with open(made, "wb") as new:
                fill(old, new)
            with contextlib.suppress(OSError):  # some shares keep their own times
                os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
        except BaseException:
            os.unlink(target)
            raise
