"""The headers of executables and libraries: which processor they are for, and their strings."""

import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from holdfast.files.reading import Unreadable, open_regular
from holdfast.typed import Literal
from holdfast.values import NamedTuple

Order = Literal["little", "big"]
_ReadAt = Callable[[int, int], bytes]
"""Gives the bytes from an offset (first) on, at most so many (second)."""

_LARGEST = 200_000_000

_MAGIC_OF_ELF = b"\x7fELF"
_MAGICS_OF_MACH_O: dict[bytes, tuple[Order, int]] = {
    b"\xce\xfa\xed\xfe": ("little", 32),
    b"\xcf\xfa\xed\xfe": ("little", 64),
    b"\xfe\xed\xfa\xce": ("big", 32),
    b"\xfe\xed\xfa\xcf": ("big", 64),
}
_ENTRY_SIZES_OF_UNIVERSAL = {b"\xca\xfe\xba\xbe": 20, b"\xca\xfe\xba\xbf": 32}
_FIRST_VERSION_OF_JAVA = 45
"""Class files of Java begin like universal files; where those count their parts, these have a version."""

# By number, bits and byte order. The header tells neither ARMv6 from ARMv7 nor, by name, x32 from x86_64.
_ELF: dict[tuple[int, int, Order], str] = {
    (3, 32, "little"): "i686",
    (62, 64, "little"): "x86_64",
    (62, 32, "little"): "x86_64",
    (40, 32, "little"): "armv7l",
    (40, 32, "big"): "armv7b",
    (183, 64, "little"): "aarch64",
    (183, 64, "big"): "aarch64_be",
    (243, 32, "little"): "riscv32",
    (243, 64, "little"): "riscv64",
    (258, 64, "little"): "loongarch64",
    (20, 32, "big"): "ppc",
    (21, 64, "big"): "ppc64",
    (21, 64, "little"): "ppc64le",
    (22, 64, "big"): "s390x",
    (8, 32, "little"): "mips",
    (8, 32, "big"): "mips",
    (8, 64, "little"): "mips64",
    (8, 64, "big"): "mips64",
    (43, 64, "big"): "sparc64",
}
_ONE_OF_64_BITS = 0x01000000  # CPU_ARCH_ABI64
_MACH_O = {
    7: "i686",
    7 | _ONE_OF_64_BITS: "x86_64",
    12: "armv7l",
    12 | _ONE_OF_64_BITS: "aarch64",
    18: "ppc",
    18 | _ONE_OF_64_BITS: "ppc64",
}
# Linked images of ARM64EC say 0x8664 and those of ARM64X 0xAA64, by the processes that can load them; their
# own numbers, 0xA641 and 0xA64E, stand in object files.
_PE = {
    0x014C: "i686",
    0x8664: "x86_64",
    0x01C4: "armv7l",
    0xAA64: "aarch64",
    0xA641: "aarch64",
    0xA64E: "aarch64",
    0x5064: "riscv64",
    0x6264: "loongarch64",
}
_BITS_OF_PE = {0x10B: 32, 0x20B: 64}


class Header(NamedTuple):
    """What the header of an executable or a library says."""

    kind: Literal["elf", "mach-o", "pe"]
    machines: tuple[str, ...]
    """The processors, by the names that platform.machine() gives on Linux; several in a universal file."""
    bits: int
    """32 or 64; the most of a universal file. 32 with `x86_64` is x32."""

    @property
    def architecture(self) -> str:
        """The processors as one text: `x86_64+aarch64`."""
        return "+".join(self.machines)


def read_architecture(path: Path) -> str | None:
    """The processor that an executable is for: `x86_64`, `aarch64`, …; several joined by `+`.

    None where the file cannot be read or is of no known kind.
    """
    header = read_header(path)
    return header.architecture if header else None


def read_header(path: Path) -> Header | None:
    """The header of an executable or library; None where it cannot be read or is of no known kind."""
    file = open_regular(path, _LARGEST)
    if isinstance(file, Unreadable):
        return None

    def read_at(offset: int, count: int) -> bytes:
        file.seek(offset)
        return file.read(count) or b""  # None, where a pseudo file would have to be waited for

    try:
        with file:
            return _header(read_at)
    except OSError:
        return None


def parse_header(content: bytes) -> Header | None:
    """The header at the start of a file's content; None where it is of no known kind, or cut off."""
    return _header(lambda offset, count: content[offset : offset + count])


def _header(read_at: _ReadAt) -> Header | None:
    magic = read_at(0, 4)
    if magic == _MAGIC_OF_ELF:
        return _elf(read_at(0, 64))
    if magic in _MAGICS_OF_MACH_O:
        return _mach_o(read_at(0, 32))
    if magic in _ENTRY_SIZES_OF_UNIVERSAL:
        return _universal(read_at)
    return _pe(read_at) if magic[:2] == b"MZ" else None


def _elf(start: bytes) -> Header | None:
    bits = {b"\1": 32, b"\2": 64}.get(start[4:5])
    order = _order_of_elf(start[5:6])
    if bits is None or order is None or len(start) < (52 if bits == 32 else 64):  # noqa: PLR2004 - bytes
        return None
    machine = _ELF.get((int.from_bytes(start[18:20], order), bits, order))
    return Header("elf", (machine,), bits) if machine else None


def _order_of_elf(mark: bytes) -> Order | None:
    return "little" if mark == b"\1" else "big" if mark == b"\2" else None


def _mach_o(start: bytes) -> Header | None:
    order, bits = _MAGICS_OF_MACH_O[start[:4]]
    machine = _MACH_O.get(int.from_bytes(start[4:8], order))
    whole = len(start) >= (28 if bits == 32 else 32)  # noqa: PLR2004 - bytes
    return Header("mach-o", (machine,), bits) if machine and whole else None


def _universal(read_at: _ReadAt) -> Header | None:
    magic = read_at(0, 4)
    size = _ENTRY_SIZES_OF_UNIVERSAL[magic]
    count = int.from_bytes(read_at(4, 4), "big")
    if count >= _FIRST_VERSION_OF_JAVA:
        return None
    table = read_at(8, count * size)
    kinds = [int.from_bytes(table[at : at + 4], "big") for at in range(0, len(table), size)]
    machines = tuple(dict.fromkeys(_MACH_O[kind] for kind in kinds if kind in _MACH_O))
    if not machines or len(table) < count * size:
        return None
    return Header("mach-o", machines, 64 if any(kind & _ONE_OF_64_BITS for kind in kinds) else 32)


def _pe(read_at: _ReadAt) -> Header | None:
    offset = read_at(0x3C, 4)
    start = read_at(int.from_bytes(offset, "little"), 26) if len(offset) == 4 else b""  # noqa: PLR2004 - bytes
    machine = _PE.get(int.from_bytes(start[4:6], "little"))
    bits = _BITS_OF_PE.get(int.from_bytes(start[24:26], "little"))
    if start[:4] != b"PE\0\0" or machine is None or bits is None:
        return None
    return Header("pe", (machine,), bits)


def find_in_file(path: Path, pattern: bytes, most: int | None = None) -> tuple[bytes, ...]:
    """The matches of a regular expression's first group in a file, without loading the file.

    `most`: how many are enough; without it the whole file is searched. Nothing is found in a file that cannot
    be read, is empty or is larger than any executable.
    """
    import mmap  # noqa: PLC0415 - most looks search no file

    file = open_regular(path, _LARGEST)
    if isinstance(file, Unreadable):
        return ()
    try:
        with file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            return tuple(match.group(1) for match in islice(re.finditer(pattern, view), most))
    except (OSError, ValueError):
        return ()
