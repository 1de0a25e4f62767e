"""Executables of Windows for tests: found in other files, and given resources."""

import struct
from typing import NamedTuple

HIGH = 1 << 31
_PAGE, _BLOCK = 4096, 512
"""Sections begin at addresses that the one divides, and at offsets that the other divides."""


class Section(NamedTuple):
    name: bytes
    address: int
    size: int
    offset: int
    header: int
    """The offset of its header."""


def pe_offset(program: bytes) -> int:
    return struct.unpack_from("<I", program, 0x3C)[0]


def sections_of(program: bytes) -> list[Section]:
    at = pe_offset(program)
    count, optional = struct.unpack_from("<H12xH", program, at + 6)
    headers = range(at + 24 + optional, at + 24 + optional + 40 * count, 40)
    return [
        Section(program[at : at + 8].rstrip(b"\0"), *struct.unpack_from("<III", program, at + 12), at)  # type: ignore[call-arg]
        for at in headers
    ]


def end_of(program: bytes) -> int:
    """Where what is appended to a program begins."""
    return max(section.offset + section.size for section in sections_of(program))


def is_windowed(program: bytes) -> bool:
    return struct.unpack_from("<H", program, pe_offset(program) + 24 + 68)[0] == 2


def programs_in(content: bytes) -> list[bytes]:
    """The executables that another file carries whole, itself left out."""
    found = []
    at = content.find(b"MZ", 1)
    while at > 0:
        one = content[at : at + 200_000]
        if len(one) > 0x40 and one[pe_offset(one) :][:4] == b"PE\0\0":
            found.append(one[: end_of(one)])
        at = content.find(b"MZ", at + 1)
    return found


def with_resources(program: bytes, kind: int, data: dict[str, bytes], *, in_place: bool) -> bytes:
    """A 64-bit program with resources of a kind beside those that it has.

    Without `in_place` all go into a section of their own at the end, without gaps, as Wine's UpdateResource
    puts them. With it they take the place of the old ones, at offsets that eight divides, and what was behind
    moves.
    """
    sections = sections_of(program)
    (old,) = (section for section in sections if section.name == b".rsrc")
    tree = _resources_of(program, old) | {kind: {name: {0: one} for name, one in data.items()}}
    if in_place:
        return _with_section(program, old, _directory(tree, old.address, 8))
    last = sections[-1]
    address = -(-(last.address + last.size) // _PAGE) * _PAGE
    return _with_new_section(program, last, address, _directory(tree, address, 1))


def _with_section(program: bytes, old: Section, content: bytes) -> bytes:
    padded = content.ljust(-(-len(content) // _BLOCK) * _BLOCK, b"\0")
    edited = bytearray(program[: old.offset] + padded + program[old.offset + old.size :])
    for section in sections_of(program):
        if section.offset > old.offset:
            assert section.address >= old.address + len(padded)
            struct.pack_into("<I", edited, section.header + 20, section.offset + len(padded) - old.size)
    struct.pack_into("<I", edited, old.header + 8, len(content))
    struct.pack_into("<I", edited, old.header + 16, len(padded))
    return _pointing_to(edited, old.address, len(content))


def _with_new_section(program: bytes, last: Section, address: int, content: bytes) -> bytes:
    padded = content.ljust(-(-len(content) // _BLOCK) * _BLOCK, b"\0")
    fields = (b".pedata", len(content), address, len(padded), len(program), 0x40000040)
    edited = bytearray(program + padded)
    assert not any(edited[last.header + 40 : last.header + 80])
    struct.pack_into("<8sIIII12xI", edited, last.header + 40, *fields)
    at = pe_offset(program)
    struct.pack_into("<H", edited, at + 6, len(sections_of(program)) + 1)
    struct.pack_into("<I", edited, at + 24 + 56, address + _PAGE)
    return _pointing_to(edited, address, len(content))


def resource_entry(program: bytes) -> int:
    """Where the header of a 64-bit program says the address and the size of the resource directory."""
    return pe_offset(program) + 24 + 112 + 8 * 2


def _pointing_to(program: bytearray, address: int, size: int) -> bytes:
    struct.pack_into("<II", program, resource_entry(program), address, size)
    return bytes(program)


def _resources_of(program: bytes, section: Section) -> dict:
    """The resources: by kind, then by name or number, then by language."""
    view = program[section.offset : section.offset + section.size]

    def below(at: int) -> dict | bytes:
        if not at & HIGH:
            start, size = struct.unpack_from("<II", view, at)
            return view[start - section.address :][:size]
        at ^= HIGH
        count = sum(struct.unpack_from("<HH", view, at + 12))
        entries = dict(struct.iter_unpack("<II", view[at + 16 : at + 16 + 8 * count]))
        assert not any(key & HIGH for key in entries), "no launcher comes with named resources"
        return {key: below(to) for key, to in entries.items()}

    return below(HIGH)


def _directory(tree: dict, address: int, alignment: int) -> bytes:
    """The resource directory at an address: tables, leaves, names, and then the data."""
    tables: list[dict] = [tree]
    for table in tables:
        tables += [below for _, below in _in_order(table) if isinstance(below, dict)]
    leaves = [one for table in tables for _, one in _in_order(table) if isinstance(one, bytes)]
    names = [key for table in tables for key, _ in _in_order(table) if isinstance(key, str)]

    starts = [0]
    for table in tables:
        starts.append(starts[-1] + 16 + 8 * len(table))
    leaves_at = starts[-1]
    name_at, end = {}, leaves_at + 16 * len(leaves)
    for name in names:
        name_at[name] = end
        end += 2 + 2 * len(name)
    data_at = []
    for one in leaves:
        end = -(-end // alignment) * alignment
        data_at.append(end)
        end += len(one)

    content = bytearray(end)
    tables_below, leaves_below = iter(starts[1:]), iter(range(leaves_at, end, 16))
    for start, table in zip(starts, tables, strict=False):
        named = sum(isinstance(key, str) for key in table)
        struct.pack_into("<HH", content, start + 12, named, len(table) - named)
        for number, (key, below) in enumerate(_in_order(table)):
            to = next(tables_below) | HIGH if isinstance(below, dict) else next(leaves_below)
            written = name_at[key] | HIGH if isinstance(key, str) else key
            struct.pack_into("<II", content, start + 16 + 8 * number, written, to)
    for number, (at, one) in enumerate(zip(data_at, leaves, strict=True)):
        struct.pack_into("<II", content, leaves_at + 16 * number, address + at, len(one))
        content[at : at + len(one)] = one
    for name, at in name_at.items():
        written = struct.pack("<H", len(name)) + name.encode("utf-16-le")
        content[at : at + len(written)] = written
    return bytes(content)


def _in_order(table: dict) -> list:
    """Names come before numbers."""
    return sorted(table.items(), key=lambda item: (isinstance(item[0], int), item[0]))
