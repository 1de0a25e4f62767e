"""The headers of executables: which processor they are for, and the strings they were compiled with."""

import mmap
import re
import struct
from pathlib import Path

from holdfast.files.reading import Unreadable, open_regular, read_start

_ELF = {3: "x86", 40: "arm", 62: "x86_64", 183: "aarch64", 243: "riscv64", 21: "ppc64", 22: "s390x"}
_MACH_O = {0x01000007: "x86_64", 0x0100000C: "aarch64", 7: "x86"}
_PE = {0x14C: "x86", 0x8664: "x86_64", 0xAA64: "aarch64"}
_HEADER = 4096
_LARGEST = 200_000_000


def read_architecture(path: Path) -> str | None:
    """The processor that an executable is for: `x86_64`, `aarch64`, …; several joined by `+`.

    None where the file cannot be read or is of no known kind.
    """
    return architecture(read_start(path, _HEADER))


def architecture(head: bytes) -> str | None:
    """The processor named by the first bytes of an ELF, Mach-O (also universal) or PE file."""
    try:
        if head[:4] == b"\x7fELF":
            order = "<" if head[5] == 1 else ">"
            return _ELF.get(struct.unpack_from(order + "H", head, 18)[0])
        if head[:4] in (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"):
            return _MACH_O.get(struct.unpack_from("<I", head, 4)[0])
        if head[:4] == b"\xca\xfe\xba\xbe":
            return _universal(head)
        if head[:2] == b"MZ":
            offset = struct.unpack_from("<I", head, 0x3C)[0]
            if head[offset : offset + 4] == b"PE\0\0":
                return _PE.get(struct.unpack_from("<H", head, offset + 4)[0])
    except (struct.error, IndexError):
        return None
    return None


def _universal(head: bytes) -> str | None:
    count = min(struct.unpack_from(">I", head, 4)[0], 8)
    kinds = (struct.unpack_from(">I", head, 8 + 20 * index)[0] for index in range(count))
    return "+".join(_MACH_O[kind] for kind in kinds if kind in _MACH_O) or None


def find_in_file(path: Path, pattern: bytes) -> tuple[bytes, ...]:
    """Every match of a regular expression's first group in a file, without loading the file.

    Nothing is found in a file that cannot be read, is empty or is larger than any executable.
    """
    file = open_regular(path, _LARGEST)
    if isinstance(file, Unreadable):
        return ()
    try:
        with file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            return tuple(match.group(1) for match in re.finditer(pattern, view))
    except (OSError, ValueError):
        return ()
