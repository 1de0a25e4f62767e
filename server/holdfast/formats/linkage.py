"""Which shared libraries an ELF executable asks for, and where it says that they are.

Only its headers and its table of names are read, however large the file is.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import Unreadable, open_regular
from holdfast.typed import BinaryIO
from holdfast.values import NamedTuple

_LARGEST = 200_000_000
_LARGEST_TABLE = 10_000_000
_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRINGS, _STRINGS_SIZE, _RPATH, _RUNPATH = 1, 5, 10, 15, 29


class Linkage(NamedTuple):
    """What an executable tells the dynamic loader."""

    needed: tuple[str, ...] = ()
    """The names of the libraries: `libpython3.12.so.1.0`."""
    run_path: tuple[str, ...] = ()
    """The folders to look into first, to the letter: `$ORIGIN/../lib`."""


def read_linkage(path: Path) -> Linkage | None:
    """The linkage of an ELF file; without any name where it is static; None where it is no such file."""
    file = open_regular(path, _LARGEST)
    if isinstance(file, Unreadable):
        return None
    try:
        with file:
            return _linkage(file)
    except (OSError, ValueError, IndexError, OverflowError, struct.error):
        return None


def _linkage(file: BinaryIO) -> Linkage | None:
    head = file.read(64)
    if head[:4] != b"\x7fELF":
        return None
    order, wide = ("<" if head[5] == 1 else ">"), head[4] == 2  # noqa: PLR2004 - ELFCLASS64
    segments = list(_segments(file, head, order, wide=wide))
    entries = [
        entry
        for kind, offset, _, size in segments
        if kind == _DYNAMIC
        for entry in struct.iter_unpack(order + ("QQ" if wide else "II"), _read(file, offset, size))
    ]
    values = dict(entries)
    if _STRINGS not in values:
        return Linkage()
    starts = [
        offset + values[_STRINGS] - address
        for kind, offset, address, size in segments
        if kind == _LOAD and address <= values[_STRINGS] < address + size
    ]
    strings = _read(file, starts[0], values.get(_STRINGS_SIZE, 0))
    run_path = values.get(_RUNPATH, values.get(_RPATH))  # the loader ignores the older kind beside the newer
    return Linkage(
        needed=tuple(_text(strings, value) for tag, value in entries if tag == _NEEDED),
        run_path=tuple(filter(None, _text(strings, run_path).split(":"))) if run_path is not None else (),
    )


def _segments(file: BinaryIO, head: bytes, order: str, *, wide: bool) -> Iterator[tuple[int, int, int, int]]:
    """Of each segment: its kind, its offset in the file, its address and its size."""
    (table,) = struct.unpack_from(order + ("Q" if wide else "I"), head, 32 if wide else 28)
    size, count = struct.unpack_from(order + "HH", head, 54 if wide else 42)
    content = _read(file, table, size * count)
    for start in range(0, size * count, size or 1):
        if wide:
            kind, _, offset, address, _, length = struct.unpack_from(order + "IIQQQQ", content, start)
        else:
            kind, offset, address, _, length = struct.unpack_from(order + "IIIII", content, start)
        yield kind, offset, address, length


def _read(file: BinaryIO, offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(min(size, _LARGEST_TABLE))


def _text(strings: bytes, start: int) -> str:
    return strings[start : strings.index(b"\0", start)].decode("utf-8", "surrogateescape")
