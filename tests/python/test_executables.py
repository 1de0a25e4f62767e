"""Headers of executables, held against real ones of many machines."""

import os
import struct
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from downloads import PIP_WHEEL, download_wheel
from holdfast.formats.executable import Header, find_in_file, parse_header, read_architecture, read_header
from pythons import ask, facts_of

MAGICS = [
    b"",
    b"\x7fELF",
    b"MZ",
    b"\xca\xfe\xba\xbe",
    b"\xca\xfe\xba\xbf",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa\xcf",
    b"\xfe\xed\xfa\xce",
]
PE_OFFSET = 0x3C

with zipfile.ZipFile(PIP_WHEEL) as _wheel:
    LAUNCHERS = {
        Path(name).name: _wheel.read(name) for name in _wheel.namelist() if name.endswith((".exe", ".EXE"))
    }
"""The launchers for Windows that pip carries: small real executables for three processors."""


def elf(machine: int, bits: int, order: str) -> bytes:
    """The start of an ELF file, as its specification has it."""
    ident = b"\x7fELF" + bytes([bits // 32, 1 if order == "<" else 2, 1]) + bytes(9)
    return (ident + struct.pack(order + "HHI", 2, machine, 1)).ljust(64 if bits == 64 else 52, b"\0")


def mach_o(cpu: int, bits: int, order: str) -> bytes:
    magic = struct.pack(order + "I", 0xFEEDFACF if bits == 64 else 0xFEEDFACE)
    return (magic + struct.pack(order + "II", cpu, 3)).ljust(32 if bits == 64 else 28, b"\0")


def universal(*cpus: int, wide: bool = False) -> bytes:
    entries = (struct.pack(">IIQQII" if wide else ">IIIII", cpu, 0, 4096, 1, 12, *[0] * wide) for cpu in cpus)
    return struct.pack(">II", 0xCAFEBABF if wide else 0xCAFEBABE, len(cpus)) + b"".join(entries)


def pe(machine: int, magic: int, offset: int = 0x80) -> bytes:
    start = b"MZ".ljust(PE_OFFSET, b"\0") + struct.pack("<I", offset)
    return start.ljust(offset, b"\0") + b"PE\0\0" + struct.pack("<H18xH", machine, magic)


X86_64, ARM64 = 0x01000007, 0x0100000C
HEADERS = {
    "elf x86_64": (elf(62, 64, "<"), Header("elf", ("x86_64",), 64)),
    "elf x32": (elf(62, 32, "<"), Header("elf", ("x86_64",), 32)),
    "elf i386": (elf(3, 32, "<"), Header("elf", ("i686",), 32)),
    "elf aarch64": (elf(183, 64, "<"), Header("elf", ("aarch64",), 64)),
    "elf arm": (elf(40, 32, "<"), Header("elf", ("armv7l",), 32)),
    "elf ppc64le": (elf(21, 64, "<"), Header("elf", ("ppc64le",), 64)),
    "elf ppc64": (elf(21, 64, ">"), Header("elf", ("ppc64",), 64)),
    "elf s390x": (elf(22, 64, ">"), Header("elf", ("s390x",), 64)),
    "elf riscv64": (elf(243, 64, "<"), Header("elf", ("riscv64",), 64)),
    "elf loongarch64": (elf(258, 64, "<"), Header("elf", ("loongarch64",), 64)),
    "elf of an unknown processor": (elf(9999, 64, "<"), None),
    "elf without a byte order": (elf(62, 64, "<").replace(b"\2\1\1", b"\2\0\1"), None),
    "mach-o x86_64": (mach_o(X86_64, 64, "<"), Header("mach-o", ("x86_64",), 64)),
    "mach-o arm64": (mach_o(ARM64, 64, "<"), Header("mach-o", ("aarch64",), 64)),
    "mach-o i386": (mach_o(7, 32, "<"), Header("mach-o", ("i686",), 32)),
    "mach-o ppc": (mach_o(18, 32, ">"), Header("mach-o", ("ppc",), 32)),
    "mach-o ppc64": (mach_o(0x01000012, 64, ">"), Header("mach-o", ("ppc64",), 64)),
    "universal": (universal(X86_64, ARM64), Header("mach-o", ("x86_64", "aarch64"), 64)),
    "universal of wide entries": (
        universal(X86_64, ARM64, wide=True),
        Header("mach-o", ("x86_64", "aarch64"), 64),
    ),
    "universal with two kinds of one processor": (
        universal(ARM64, ARM64, X86_64),
        Header("mach-o", ("aarch64", "x86_64"), 64),
    ),
    "universal of 32 bits": (universal(18, 7), Header("mach-o", ("ppc", "i686"), 32)),
    "universal of nothing": (universal(), None),
    "java class": (b"\xca\xfe\xba\xbe\0\0\0\x41" + bytes(2000), None),
    "oldest java class": (b"\xca\xfe\xba\xbe\0\x03\0\x2d" + bytes(2000), None),
    "pe x86_64": (pe(0x8664, 0x20B), Header("pe", ("x86_64",), 64)),
    "pe i386": (pe(0x14C, 0x10B), Header("pe", ("i686",), 32)),
    "pe arm64": (pe(0xAA64, 0x20B), Header("pe", ("aarch64",), 64)),
    "pe arm64ec": (pe(0xA641, 0x20B), Header("pe", ("aarch64",), 64)),
    "pe arm64x": (pe(0xA64E, 0x20B), Header("pe", ("aarch64",), 64)),
    "pe with a large stub": (pe(0x8664, 0x20B, 0x5000), Header("pe", ("x86_64",), 64)),
    "pe that begins in its own dos header": (pe(0x8664, 0x20B, 0x40), Header("pe", ("x86_64",), 64)),
    "dos": (b"MZ" + bytes(200), None),
    "dos that points nowhere": (b"MZ" + b"\xff" * 200, None),
    "script": (b"#!/bin/sh\n", None),
    "nothing": (b"", None),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_says_which_processor_it_is_for_wherever_it_stands(tmp_path, name):
    content, header = HEADERS[name]
    (tmp_path / "file").write_bytes(content + bytes(100))
    assert parse_header(content) == header
    assert parse_header(content + bytes(100)) == header
    assert read_header(tmp_path / "file") == header
    assert read_architecture(tmp_path / "file") == (header.architecture if header else None)


def test_a_universal_file_names_every_processor():
    assert HEADERS["universal"][1].architecture == "x86_64+aarch64"


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_is_cut_off_anywhere_says_nothing(name):
    content = HEADERS[name][0]
    for length in range(len(content)):
        assert parse_header(content[:length]) is None


@given(st.sampled_from(MAGICS), st.binary(max_size=300))
def test_any_bytes_are_answered(magic, rest):
    header = parse_header(magic + rest)
    assert header is None or (header.machines and header.bits in (32, 64))


@given(st.sampled_from(sorted(HEADERS)), st.data())
def test_any_damage_is_answered(name, data):
    content = bytearray(HEADERS[name][0] or b"MZ")
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[at] = data.draw(st.integers(0, 255))
    header = parse_header(bytes(content))
    assert header is None or (header.machines and header.bits in (32, 64))


def test_a_real_interpreter_is_for_the_machine_that_it_says(python):
    header = read_header(Path(os.path.realpath(python.path)))
    bits = int(ask(python.path, "import struct; print(struct.calcsize('P') * 8)").stdout)
    assert (header.architecture, header.bits) == (facts_of(python.path)["machine"], bits)


def test_a_real_interpreter_that_is_cut_off_anywhere_says_the_same_or_nothing(tmp_path):
    start = Path(os.path.realpath(sys.executable)).read_bytes()[:5000]
    whole = parse_header(start)
    assert whole.architecture == os.uname().machine
    answers = [parse_header(start[:length]) for length in range(len(start))]
    changes = [length for length in range(1, len(start)) if answers[length] != answers[length - 1]]
    assert len(changes) == 1
    assert answers[0] is None
    assert answers[-1] == whole
    (tmp_path / "short").write_bytes(start[: changes[0] - 1])
    assert read_header(tmp_path / "short") is None


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("t32.exe", Header("pe", ("i686",), 32)),
        ("t64.exe", Header("pe", ("x86_64",), 64)),
        ("t64-arm.exe", Header("pe", ("aarch64",), 64)),
    ],
)
def test_the_launchers_of_pip_are_for_the_processors_in_their_names(name, header):
    content = LAUNCHERS[name]
    assert parse_header(content) == header
    assert parse_header(content[:4096]) == header
    assert all(parse_header(content[:length]) in (None, header) for length in range(0, 1000, 7))


def test_a_real_executable_of_windows_whose_header_lies_far_behind_is_read(tmp_path):
    content = LAUNCHERS["t64.exe"]
    at = int.from_bytes(content[PE_OFFSET : PE_OFFSET + 4], "little")
    moved = content[:PE_OFFSET] + (70_000).to_bytes(4, "little") + content[PE_OFFSET + 4 : at]
    (tmp_path / "far.exe").write_bytes(moved.ljust(70_000, b"\0") + content[at:])
    assert read_header(tmp_path / "far.exe") == parse_header(content)


def test_a_real_python_for_windows_and_all_that_belongs_to_it_are_for_one_processor(windows_python):
    files = [windows_python / "python.exe", *windows_python.glob("*.dll"), *windows_python.glob("DLLs/*.pyd")]
    assert len(files) > 20
    assert {read_header(file) for file in files} == {Header("pe", ("x86_64",), 64)}


@pytest.mark.parametrize(
    ("requirement", "platform", "header"),
    [
        ("markupsafe==2.1.5", "macosx_10_9_universal2", Header("mach-o", ("x86_64", "aarch64"), 64)),
        ("markupsafe==3.0.4", "macosx_11_0_arm64", Header("mach-o", ("aarch64",), 64)),
        ("markupsafe==3.0.4", "manylinux_2_31_armv7l", Header("elf", ("armv7l",), 32)),
        ("frozenlist==1.8.0", "manylinux2014_s390x", Header("elf", ("s390x",), 64)),
    ],
)
def test_extension_modules_of_other_machines_are_for_those(tmp_path, requirement, platform, header):
    with zipfile.ZipFile(download_wheel(requirement, platform, "3.12", tmp_path)) as wheel:
        modules = [wheel.read(name) for name in wheel.namelist() if name.endswith(".so")]
    assert modules
    assert {parse_header(module) for module in modules} == {header}


def test_a_file_that_cannot_be_searched_holds_nothing(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    assert find_in_file(tmp_path / "empty", rb"(x)") == ()
    assert find_in_file(tmp_path, rb"(x)") == ()
    assert find_in_file(tmp_path / "gone", rb"(x)") == ()


@pytest.mark.parametrize("make", [lambda path: None, os.mkdir, os.mkfifo, lambda path: path.symlink_to(path)])
def test_what_is_no_file_is_no_executable(tmp_path, make):
    make(tmp_path / "entry")
    assert read_header(tmp_path / "entry") is None
