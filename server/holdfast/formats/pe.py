"""Executables of Windows: where their parts stand in the file, and the resources that they carry.

The layout is that of the PE format's specification; https://learn.microsoft.com/windows/win32/debug/pe-format.
"""

import struct
from collections.abc import Iterable, Iterator

from holdfast.formats.content import Content
from holdfast.values import NamedTuple

_SIZES_UP_TO_DIRECTORIES = {0x10B: 96, 0x20B: 112}
"""By the magic of 32 and 64 bits: the bytes of the optional header before its data directories."""
_MOST_SECTIONS = 96
"""More than these the loader of Windows refuses."""
_LONGEST_HEADER = 24 + 240 + 40 * _MOST_SECTIONS
_WINDOWED = 2
_RESOURCES = 2
"""Which of the data directories is that of the resources."""
_LARGEST_DIRECTORY = 1 << 14
"""Bytes of the resource directory that are looked at; that of a launcher has a few hundred."""
_HIGH = 1 << 31
"""The bit that tells a name from a number, and a table from a leaf."""


class Section(NamedTuple):
    """A part of an executable that is loaded as a whole."""

    address: int
    """Where it is loaded, counted from the start of the program in memory."""
    offset: int
    size: int
    """Bytes that the file holds of it."""


class Image(NamedTuple):
    """Where the parts of an executable stand."""

    windowed: bool
    """Whether it starts without a console."""
    sections: tuple[Section, ...]
    resources: int
    """The address of the resource directory, 0 where there is none."""

    @property
    def end(self) -> int:
        """Where what was appended to the file begins; beyond the file's end if that is cut off."""
        return max((section.offset + section.size for section in self.sections if section.size), default=0)

    def span_of(self, address: int) -> tuple[int, int]:
        """The offset of what is loaded at an address, and the bytes from there to the end of its section.

        (0, 0) where the file holds nothing of it.
        """
        for section in self.sections:
            if 0 <= (into := address - section.address) < section.size:
                return section.offset + into, section.size - into
        return 0, 0


class Resource(NamedTuple):
    """Where the data of a resource stand."""

    offset: int
    size: int
    size_at: int
    """The offset of the 32 bits, little endian, that say the size."""


def read_image(content: Content) -> Image | None:
    """Where the parts of an executable stand; None where the bytes are none, or its header is cut off."""
    start = content.read_at(0, 64)
    if len(start) < 64 or start[:2] != b"MZ":  # noqa: PLR2004 - bytes
        return None
    header = content.read_at(int.from_bytes(start[0x3C:], "little"), _LONGEST_HEADER)
    try:
        return _image(header) if header[:4] == b"PE\0\0" else None
    except struct.error:
        return None


def _image(header: bytes) -> Image | None:
    count, size = struct.unpack_from("<H12xH", header, 6)
    magic, subsystem = struct.unpack_from("<H66xH", header, 24)
    before = _SIZES_UP_TO_DIRECTORIES.get(magic)
    if before is None or size < before or count > _MOST_SECTIONS:
        return None
    (directories,) = struct.unpack_from("<I", header, 24 + before - 4)
    has_resources = directories > _RESOURCES and size >= before + 8 * (_RESOURCES + 1)
    (resources,) = struct.unpack_from("<I", header, 24 + before + 8 * _RESOURCES) if has_resources else (0,)
    parts = [struct.unpack_from("<12xIII", header, 24 + size + 40 * number) for number in range(count)]
    sections = tuple(Section(address, offset, held) for address, held, offset in parts)
    return Image(subsystem == _WINDOWED, sections, resources)


def find_resources(content: Content, image: Image, kind: int, names: Iterable[str]) -> dict[str, Resource]:
    """The resources of a kind that have one of these names, in the first language that each stands in.

    Left out are those whose data lie outside of the file. The tables are at most three deep, so that one that
    leads back into itself does no harm.
    """
    start, size = image.span_of(image.resources) if image.resources else (0, 0)
    view = content.read_at(start, min(size, _LARGEST_DIRECTORY))
    wanted = {name: struct.pack("<H", len(name)) + name.encode("utf-16-le") for name in names}
    found: dict[str, Resource] = {}
    for of_kind in _tables(view, 0, kind):
        for key, entry in _entries(view, of_kind):
            name = _matching(view, key, wanted)
            if name is None or name in found or not entry & _HIGH:
                continue
            for _, leaf in _entries(view, entry ^ _HIGH):
                if resource := _resource(view, leaf, image, start):
                    found[name] = resource
                break
    return found


def _tables(view: bytes, at: int, number: int) -> Iterator[int]:
    """The one table that has this number in a table."""
    for key, entry in _entries(view, at):
        if key == number and entry & _HIGH:
            yield entry ^ _HIGH
            return


def _entries(view: bytes, at: int) -> Iterator[tuple[int, int]]:
    """The name or number of each entry of a table, and where it leads."""
    named, numbered = struct.unpack("<HH", view[at + 12 : at + 16].ljust(4, b"\0"))
    table = view[at + 16 : at + 16 + 8 * (named + numbered)]
    yield from struct.iter_unpack("<II", table[: len(table) // 8 * 8])


def _matching(view: bytes, key: int, wanted: dict[str, bytes]) -> str | None:
    if not key & _HIGH:
        return None
    return next((name for name, written in wanted.items() if view.startswith(written, key ^ _HIGH)), None)


def _resource(view: bytes, at: int, image: Image, start: int) -> Resource | None:
    """The resource whose leaf stands at `at` in the directory that begins at `start` in the file."""
    leaf = view[at : at + 8]
    if at & _HIGH or len(leaf) < 8:  # noqa: PLR2004 - bytes
        return None
    address, size = struct.unpack("<II", leaf)
    offset, room = image.span_of(address)
    return Resource(offset, size, start + at + 4) if 0 < size <= room else None
