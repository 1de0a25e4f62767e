"""Placing links and files atomically: made under another name first, then renamed over the old one."""

import errno
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path


def temporary_sibling(path: Path) -> Path:
    """A name beside `path` that nothing has yet; the same folder means the same file system."""
    return path.with_name(f".holdfast-{os.urandom(6).hex()}")


def working_name(name: str) -> str:
    """The name under which something is made that will be called `name`: every program finds the same."""
    import binascii  # noqa: PLC0415 - looking at environments does without

    content = name.encode("utf-8", "surrogateescape")
    return f".holdfast-{binascii.crc32(content):08x}{binascii.crc_hqx(content, 0):04x}"


def is_temporary(name: str) -> bool:
    """Whether a name stands for something unfinished: one that `temporary_sibling` or `working_name` gives.

    Beside a folder in the making are a file that claims it and, while it is replaced, the old one.
    """
    return re.fullmatch(r"\.holdfast-[0-9a-f]{12}(\.lock|\.old)?", name) is not None


def _place(path: Path, make: Callable[[Path], None]) -> None:
    """Let `make` produce a sibling, then rename it over `path`; leave nothing behind on failure."""
    temporary = temporary_sibling(path)
    try:
        make(temporary)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def place_link(path: Path, target: str) -> None:
    """Make `path` a symbolic link that says `target`, replacing a file or link of that name.

    Raises OSError where the file system refuses, or pretends to have made one (Wine and some network
    file systems report success and create nothing).
    """

    def make(temporary: Path) -> None:
        os.symlink(target, temporary)
        if os.readlink(temporary) != target:
            raise OSError(f"the file system did not keep the link {path}")

    _place(path, make)


def place_hardlink(path: Path, source: Path) -> None:
    """Make `path` one more name of the file `source`, replacing what was there.

    Raises OSError where the file system refuses, or has made a file of its own instead.
    """

    def make(temporary: Path) -> None:
        os.link(source, temporary)
        if not os.path.samefile(source, temporary):
            raise OSError(f"the file system made no hard link of {source}")

    _place(path, make)


def place_copy(path: Path, source: Path) -> None:
    """Make `path` a copy of the file `source` with its permission bits, replacing what was there."""
    import shutil  # noqa: PLC0415 - looking at environments needs this module's names, and no copies

    def make(temporary: Path) -> None:
        shutil.copy2(source, temporary)

    _place(path, make)


def write_atomically(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write a file whole or not at all.

    `mode`: the permission bits of the new file; None keeps those of the file that is replaced.
    A link at `path` stays a link: the file it leads to is the one that is replaced. Raises OSError where it
    leads to a pipe or a device, such as /dev/null: renaming would put a file in its place.
    """
    path = Path(os.path.realpath(path))
    there = path.stat().st_mode if path.exists() else None
    if there is not None and not stat.S_ISREG(there):
        raise OSError(errno.EINVAL, "it is not a regular file", os.fspath(path))
    if mode is None:
        mode = 0o644 if there is None else there & 0o7777

    def make(temporary: Path) -> None:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)

    _place(path, make)
