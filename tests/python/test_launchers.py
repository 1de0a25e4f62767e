"""Launchers of Windows: real programs of every generation, whole, damaged and hostile."""

import os
import struct
import time
import zipimport
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.files.reading import Unreadable
from holdfast.formats.content import content_of
from holdfast.formats.launcher import (
    Damaged,
    Launcher,
    Place,
    parse_launcher,
    read_launcher,
    script_beside,
)
from holdfast.formats.launcher_line import parse_distlib_line, parse_setuptools_line
from holdfast.formats.pe import find_resources, read_image
from launchers import (
    DISTLIB,
    SETUPTOOLS,
    UV,
    archive,
    uv_with_resources,
    uv_with_trailer,
    written_by_distlib,
    written_by_setuptools,
)
from pe_files import HIGH, end_of, resource_entry, sections_of, with_resources

PYTHON = r"C:\env\Scripts\python.exe"
LINE = rb"#!C:\env\Scripts\python.exe" + b"\n"
OTHER = r"D:\Program Files\zwölf\env\Scripts\python.exe"


class Whole(dict):
    """Launchers by name, whose bytes no failing test prints."""

    def __repr__(self):
        return "the launchers"


class Expected(NamedTuple):
    """What a launcher says: the fields of `Launcher` of these names, but for `place`."""

    kind: str
    starts: str | None = "script"
    interpreter: str | None = PYTHON
    relative_to: str | None = None
    through_link: str = "works"
    windowed: bool = False


BESIDE = {"interpreter": "python.exe", "relative_to": "launcher", "through_link": "fails"}
TRAILER, RESOURCE = Expected("uv-trailer"), Expected("uv-resource")
EXPECTED = {
    "distlib t64": Expected("distlib"),
    "distlib t32": Expected("distlib"),
    "distlib t64-arm": Expected("distlib"),
    "distlib w64": Expected("distlib", windowed=True),
    "distlib, quoted": Expected("distlib", interpreter=r"C:\an env\python.exe"),
    "distlib, blanks without quotes": Expected("distlib", interpreter=r"C:\an env\python.exe"),
    "distlib, options": Expected("distlib"),
    "distlib, CR LF": Expected("distlib"),
    "distlib, beside": Expected("distlib", **BESIDE),
    "distlib, beside and quoted": Expected("distlib", **BESIDE),
    "distlib, quoted beside": Expected("distlib", **BESIDE),
    "distlib, a name": Expected("distlib", "script", "python.exe", "search", "depends"),
    "distlib, env": Expected("distlib", "script", "python3", "search", "depends"),
    "distlib, current folder": Expected("distlib", "script", r"env\python.exe", "current", "depends"),
    "distlib, one with its archive": Expected("distlib"),
    "distlib, longest line": Expected("distlib"),
    "uv 0.1.6": Expected("uv-beside", interpreter=None, through_link="fails"),
    "uv 0.1.6 windowed": Expected("uv-beside", interpreter=None, through_link="fails", windowed=True),
    "uv 0.1.8": TRAILER,
    "uv 0.1.8 windowed": TRAILER._replace(windowed=True),
    "uv 0.4.30": TRAILER,
    "uv 0.4.30 windowed": TRAILER._replace(windowed=True),
    "uv 0.4.30 relative": TRAILER._replace(**BESIDE),
    "uv 0.4.30 python": TRAILER._replace(starts="python", through_link="base"),
    "uv 0.13.8": RESOURCE,
    "uv 0.13.8 windowed": RESOURCE._replace(windowed=True),
    "uv 0.13.8 relative": RESOURCE._replace(**BESIDE),
    "uv 0.13.8 python": RESOURCE._replace(starts="python", through_link="base"),
    "uv 0.13.8 in place": RESOURCE,
    "uv 0.13.8 python in place": RESOURCE._replace(starts="python", through_link="base"),
}
WITHOUT_A_PLACE = ("uv 0.1.6", "uv 0.1.6 windowed")


@pytest.fixture(scope="session")
def whole(uv):
    """The launchers, by name."""
    t64 = DISTLIB["t64"]
    lines = {
        "quoted": rb'#!"C:\an env\python.exe"',
        "blanks without quotes": rb"#!C:\an env\python.exe -E",
        "options": LINE[:-1] + b"  -E -s",
        "CR LF": LINE[:-1] + b"\r",
        "beside": rb"#!<launcher_dir>\python.exe",
        "beside and quoted": rb'#!<launcher_dir>\"python.exe" -E',
        "quoted beside": rb'#!"<launcher_dir>\python.exe"',
        "a name": rb"#! python.exe",
        "env": rb"#!/usr/bin/env python3 -E",
        "current folder": rb"#!env\python.exe",
        "longest line": LINE[:-1].ljust(259),
    }
    return Whole(
        {
            **{
                f"distlib {name}": DISTLIB[name] + LINE + archive()
                for name in ("t64", "t32", "t64-arm", "w64")
            },
            **{f"distlib, {name}": t64 + line + b"\n" + archive() for name, line in lines.items()},
            "distlib, one with its archive": t64 + archive(LINE),
            **{f"uv 0.1.6{end}": uv[f"0.1.6{end}"] + archive() for end in ("", " windowed")},
            **{
                f"uv 0.1.8{end}": uv_with_trailer(uv[f"0.1.8{end}"], b"UVUV", PYTHON)
                for end in ("", " windowed")
            },
            **{
                f"uv 0.4.30{end}": uv_with_trailer(uv[f"0.4.30{end}"], b"UVSC", PYTHON)
                for end in ("", " windowed")
            },
            "uv 0.4.30 relative": uv_with_trailer(uv["0.4.30"], b"UVSC", "python.exe"),
            "uv 0.4.30 python": uv_with_trailer(uv["0.4.30"], b"UVPY", PYTHON),
            **{
                f"uv 0.13.8{end}": uv_with_resources(uv[f"0.13.8{end}"], 1, PYTHON)
                for end in ("", " windowed")
            },
            "uv 0.13.8 relative": uv_with_resources(uv["0.13.8"], 1, "python.exe"),
            "uv 0.13.8 python": uv_with_resources(uv["0.13.8"], 2, PYTHON),
            "uv 0.13.8 in place": uv_with_resources(uv["0.13.8"], 1, PYTHON, in_place=True),
            "uv 0.13.8 python in place": uv_with_resources(uv["0.13.8"], 2, PYTHON, in_place=True),
        }
    )


def said(found: Launcher) -> Expected:
    assert isinstance(found, Launcher), found
    return Expected(*(getattr(found, field) for field in Expected._fields))


def written(found: Launcher, content: bytes) -> bytes:
    return content[found.place.offset : found.place.offset + found.place.length]


def rewritten(content: bytes, place: Place, text: bytes) -> bytes:
    """A file with another text in a place, by the rules of `Place`."""
    assert len(text) <= place.room
    after = place.offset + place.length
    if place.size_at is not None:
        edited = content[: place.size_at] + struct.pack("<I", len(text)) + content[place.size_at + 4 :]
        if place.room == place.length:
            text = text.ljust(place.length, b"\0")
        return edited[: place.offset] + text + edited[after:]
    if place.room == place.length:
        text = text.ljust(place.length)
    return content[: place.offset] + text + content[after:]


def python_finds_its_script(content: bytes, path: Path) -> bool:
    """Whether Python runs `__main__` of a file that is given to it."""
    path.write_bytes(content)
    try:
        importer = zipimport.zipimporter(str(path))
        return importer.find_spec("__main__") is not None and importer.get_code("__main__") is not None
    except zipimport.ZipImportError:
        return False
    finally:
        zipimport._zip_directory_cache.clear()  # type: ignore[attr-defined]


def test_every_launcher_is_looked_for(whole):
    assert set(whole) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_launcher_says_which_interpreter_it_starts(whole, name, tmp_path):
    path = tmp_path / "launcher.exe"
    path.write_bytes(whole[name])
    assert said(parse_launcher(whole[name])) == EXPECTED[name]
    assert read_launcher(path) == parse_launcher(whole[name])


@pytest.mark.parametrize("name", EXPECTED)
def test_a_launcher_that_is_cut_off_anywhere_is_refused(whole, name):
    content = whole[name]
    lengths = {*range(0, len(content), 1024), *range(end_of(content), len(content)), *range(0, 1024, 16)}
    answers = {length: parse_launcher(content[:length]) for length in sorted(lengths)}
    assert {length for length, answer in answers.items() if isinstance(answer, Launcher)} == set()
    assert {answer for length, answer in answers.items() if length > 1024 and answer is None} == set()


@pytest.mark.parametrize("name", [name for name in EXPECTED if name not in WITHOUT_A_PLACE])
def test_what_stands_in_its_place_is_what_it_names_and_another_may_stand_there(whole, name, tmp_path):
    content = whole[name]
    found = parse_launcher(content)
    assert found.interpreter.encode() in written(found, content)
    quoted = found.kind == "distlib"
    texts = [OTHER, r"\p.exe", "C:\\" + "x" * 300 + ".exe"]
    fitting = [text for text in texts if len(text.encode()) + 2 * quoted <= found.place.room]
    assert fitting
    for text in fitting:
        new = rewritten(content, found.place, f'"{text}"'.encode() if quoted else text.encode())
        assert parse_launcher(new).interpreter == text
        assert parse_launcher(new).relative_to is None
        if found.starts == "script":
            assert python_finds_its_script(new, tmp_path / "launcher.exe")


def test_the_longest_text_that_fits_is_understood_and_no_longer_one(whole):
    content = whole["distlib, options"]
    place = parse_launcher(content).place
    longest = b"C:\\" + b"x" * (place.room - 7) + b".exe"
    assert parse_launcher(rewritten(content, place, longest)).interpreter == longest.decode()
    one_more = rewritten(content, place._replace(room=place.room + 1), b"C" + longest)
    assert isinstance(parse_launcher(one_more), Damaged)


@pytest.mark.parametrize("name", ["distlib t64", "uv 0.1.6"])
def test_data_behind_the_archive_harm_as_far_as_they_harm_python(whole, name, tmp_path):
    for size in (1, 300, 1001, 1002, 1003, 1024, 60_000, 65_535, 65_536, 70_000, 200_000):
        content = whole[name] + b"x" * size
        runs = python_finds_its_script(content, tmp_path / "launcher.exe")
        assert isinstance(parse_launcher(content), Launcher) == runs, size
    assert not runs


@pytest.mark.parametrize("size", [1, 1000, 1001, 1002, 1003, 65_535])
def test_a_comment_of_the_archive_may_be_as_long_as_one_can_be(size, tmp_path):
    content = DISTLIB["t64"] + LINE + archive(comment=b"c" * size)
    assert python_finds_its_script(content, tmp_path / "launcher.exe")
    assert parse_launcher(content).interpreter == PYTHON


def test_the_last_archive_counts_and_the_last_end_record(tmp_path):
    other = rb"#!D:\python.exe" + b"\n"
    twice = DISTLIB["t64"] + other + archive() + LINE + archive()
    assert parse_launcher(twice).interpreter == PYTHON
    assert python_finds_its_script(twice, tmp_path / "launcher.exe")
    pretended = DISTLIB["t64"] + LINE + archive(comment=b"PK\5\6" + bytes(18))
    assert isinstance(parse_launcher(pretended), Damaged)
    assert not python_finds_its_script(pretended, tmp_path / "launcher.exe")


def test_a_line_longer_than_the_launcher_looks_at_is_refused():
    assert parse_launcher(DISTLIB["t64"] + LINE[:-1].ljust(260) + b"\n" + archive()).kind == "distlib"
    assert isinstance(parse_launcher(DISTLIB["t64"] + archive(LINE[:-1].ljust(260) + b"\n")), Damaged)


@pytest.mark.parametrize(
    "line",
    [
        b"#!/home/me/env/bin/python",
        b"#!",
        b"#!   ",
        rb'#!"C:\env\python.exe',
        rb"#!C:\env\python.exeX",
        rb'#!C:\env\python.exe"',
        b"#!/usr/bin/env",
        b"#!C:\\\xff\\python.exe",
        b"#!C:\\a\0b\\python.exe",
        b"#!<launcher_dir>/python",
    ],
)
def test_a_line_that_the_launcher_refuses_is_refused(line):
    assert parse_distlib_line(line) is None
    assert isinstance(parse_launcher(DISTLIB["t64"] + line + b"\n" + archive()), Damaged)


@pytest.mark.parametrize("name", ["t32", "t64", "t64-arm", "w32", "w64", "w64-arm"])
def test_a_launcher_without_what_is_appended_to_it_is_damaged(name):
    assert parse_launcher(DISTLIB[name]) == Damaged(
        "distlib", "the archive with its script is missing or cut off"
    )


@pytest.mark.parametrize("version", UV)
def test_a_launcher_of_uv_without_its_data_is_damaged(uv, version):
    kind = {"0.1.6": "uv-beside", "0.13.8": "uv-resource"}.get(version, "uv-trailer")
    for program in (uv[version], uv[f"{version} windowed"]):
        assert parse_launcher(program).kind == kind
        assert isinstance(parse_launcher(program), Damaged)


def test_a_launcher_of_uv_to_whose_trailer_something_was_appended_is_damaged(whole):
    for name in ("uv 0.1.8", "uv 0.4.30", "uv 0.4.30 python"):
        assert parse_launcher(whole[name] + b"x") == Damaged("uv-trailer", "it names no interpreter")


@pytest.mark.parametrize(
    ("length", "path"),
    [
        (0, b""),
        (4, b"C:\xff\xfe"),
        (4, b"C:\0x"),
        (0xFFFFFFFF, b"x"),
        (32 * 1024 + 1, b"x" * 40_000),
        (30_000, b"x"),
    ],
)
@pytest.mark.parametrize("magic", [b"UVUV", b"UVSC", b"UVPY"])
def test_a_trailer_that_names_no_path_is_refused(uv, magic, length, path):
    content = uv["0.4.30"] + (b"" if magic == b"UVPY" else archive()) + path
    assert isinstance(parse_launcher(content + struct.pack("<I", length) + magic), Damaged)


def test_a_trailer_may_not_reach_into_the_program_or_the_archive(uv):
    program, script, path = uv["0.4.30"][:-4] + b"AAAA", archive(), PYTHON.encode()
    for reaching in (1, 20, len(script)):
        content = program + script + path + struct.pack("<I", len(path) + reaching) + b"UVSC"
        assert isinstance(parse_launcher(content), Damaged)
    for reaching in range(1, 5):
        content = program + path + struct.pack("<I", len(path) + reaching) + b"UVPY"
        assert isinstance(parse_launcher(content), Damaged)


def test_a_trailer_is_appended_to_the_program_and_no_part_of_it():
    assert parse_launcher(DISTLIB["t64"][:-4] + b"UVSC").kind == "distlib"


@pytest.mark.parametrize("magic", [b"UVUV", b"UVSC"])
def test_a_trailer_of_a_script_wants_a_script(uv, magic):
    trailer = PYTHON.encode() + struct.pack("<I", len(PYTHON)) + magic
    assert isinstance(parse_launcher(uv["0.4.30"] + trailer), Damaged)
    assert isinstance(parse_launcher(uv["0.4.30"] + archive()[:-1] + trailer), Damaged)


@pytest.mark.parametrize(
    "data",
    [
        {"UV_TRAMPOLINE_KIND": b"\3", "UV_PYTHON_PATH": b"C:\\p"},
        {"UV_TRAMPOLINE_KIND": b"\2"},
        {"UV_TRAMPOLINE_KIND": b"\1", "UV_PYTHON_PATH": b"C:\\p"},
        {"UV_TRAMPOLINE_KIND": b"\2", "UV_PYTHON_PATH": b"C:\\\xff"},
        {"UV_TRAMPOLINE_KIND": b"\2", "UV_PYTHON_PATH": b"x" * 40_000},
        {"UV_PYTHON_PATH": b"C:\\p"},
    ],
)
def test_resources_that_are_not_all_there_are_refused(uv, data):
    found = parse_launcher(with_resources(uv["0.13.8"], 10, data, in_place=False))
    assert isinstance(found, Damaged)
    assert found.kind == "uv-resource"


def test_a_resource_of_another_kind_counts_for_nothing(uv):
    data = {"UV_TRAMPOLINE_KIND": b"\2", "UV_PYTHON_PATH": b"C:\\p"}
    assert isinstance(parse_launcher(with_resources(uv["0.13.8"], 11, data, in_place=False)), Damaged)


def test_resources_are_found_among_many(uv):
    many = {f"A{number:03}": b"x" for number in range(60)} | {f"Z{number:03}": b"x" for number in range(60)}
    own = {"UV_TRAMPOLINE_KIND": b"\2", "UV_PYTHON_PATH": b"C:\\p"}
    content = with_resources(uv["0.13.8"], 10, many | own, in_place=False)
    assert parse_launcher(content).interpreter == "C:\\p"


def test_tables_of_resources_that_lead_astray_are_answered_at_once(whole):
    content = whole["uv 0.13.8"]
    (section,) = (one for one in sections_of(content) if one.name == b".pedata")
    # Tables as long as they say they can be, of entries that all lead to the table itself, or to names that
    # begin like those that are looked for.
    everywhere = struct.pack("<12xHH", 0xFFFF, 0xFFFF)
    name = struct.pack("<H", 18) + "UV_TRAMPOLINE_KIN".encode("utf-16-le")
    started = time.monotonic()
    for key in (10, HIGH, HIGH | 16, 0xFFFFFFFF, HIGH | 65_000):
        for to in (HIGH, HIGH | 16, 0, 16, 0x7FFFFFFF, 0xFFFFFFFF):
            body = (everywhere + name).ljust(64, b"\0") + struct.pack("<II", key, to) * 16_000
            hostile = content[: section.offset] + body[: section.size].ljust(section.size, b"\0")
            header = bytearray(hostile + body)
            struct.pack_into("<I", header, section.header + 16, len(header) - section.offset)
            assert isinstance(parse_launcher(bytes(header)), Damaged)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("address", [1, 4096, 61439, 1 << 31, 0xFFFFFFFF])
def test_resources_that_stand_elsewhere_are_not_followed(whole, address):
    content = bytearray(whole["uv 0.13.8 python"])
    struct.pack_into("<I", content, resource_entry(content), address)
    assert isinstance(parse_launcher(bytes(content)), Damaged)


@pytest.mark.parametrize("size", [0, 5_000, 0xFFFFFFFF])
@pytest.mark.parametrize("name", ["UV_TRAMPOLINE_KIND", "UV_PYTHON_PATH", "UV_SCRIPT_DATA"])
def test_a_resource_that_is_empty_or_reaches_out_of_its_section_is_none(whole, name, size):
    content = whole["uv 0.13.8"]
    source = content_of(content)
    found = find_resources(source, read_image(source), 10, [name])
    at = found[name].size_at
    edited = content[:at] + struct.pack("<I", size) + content[at + 4 :]
    assert isinstance(parse_launcher(edited), Damaged)
    assert parse_launcher(content).interpreter == PYTHON


@pytest.mark.parametrize("offset", [0x3C, 0x3D, 0x3F])
def test_a_header_that_stands_beyond_the_file_makes_it_no_executable(whole, offset):
    content = bytearray(whole["distlib t64"])
    content[offset] = 0xFF
    assert parse_launcher(bytes(content)) is None


def test_an_archive_that_begins_before_the_file_or_in_the_program_is_none(whole, tmp_path):
    content = whole["distlib t64"]
    assert isinstance(parse_launcher(archive(DISTLIB["t64"] + LINE)), Damaged)
    at = content.rfind(b"PK\5\6")
    for size, offset in (
        (0xFFFFFFFF, 0),
        (0, 0xFFFFFFFF),
        (0xFFFFFFFF, 0xFFFFFFFF),
        (57, 1000),
        (0, 0),
        (57, 0),
    ):
        edited = content[: at + 12] + struct.pack("<II", size, offset) + content[at + 20 :]
        (tmp_path / "launcher.exe").write_bytes(edited)
        assert isinstance(parse_launcher(edited), Damaged)
        assert isinstance(read_launcher(tmp_path / "launcher.exe"), Damaged)


def test_launchers_that_distlib_itself_writes(tmp_path):
    paths = {
        "a": r"C:\Python\python.exe",
        "b": r"C:\Program Files\zwölf\python.exe",
        "cw": r"D:\env\python.exe",
    }
    written_by_distlib(tmp_path, paths)
    found = {name: read_launcher(tmp_path / f"{name}.exe") for name in paths}
    assert [launcher.interpreter for launcher in found.values()] == [
        paths["a"],
        paths["b"],
        r"D:\env\pythonw.exe",
    ]
    assert [launcher.windowed for launcher in found.values()] == [False, False, True]
    assert {launcher.kind for launcher in found.values()} == {"distlib"}


def test_launchers_that_pip_wrote_on_windows(windows_python):
    scripts = sorted((windows_python / "Scripts").glob("*.exe"))
    assert len(scripts) > 5
    for script in scripts:
        assert said(read_launcher(script)) == Expected("distlib", "script", "python.exe", "search", "depends")


def test_the_redirectors_of_the_standard_library(windows_python):
    folder = windows_python / "Lib" / "venv" / "scripts" / "nt"
    expected = Expected("venv", "python", None, None, "fails")
    assert said(read_launcher(folder / "python.exe")) == expected
    assert said(read_launcher(folder / "pythonw.exe")) == expected._replace(windowed=True)
    content = (folder / "python.exe").read_bytes()
    assert all(
        isinstance(parse_launcher(content[:length]), Damaged) for length in range(1024, end_of(content), 1024)
    )


def test_other_executables_of_windows_are_no_launchers(windows_python):
    files = [
        windows_python / "python.exe",
        windows_python / "pythonw.exe",
        windows_python / "python311.dll",
        *windows_python.glob("Lib/site-packages/setuptools/_distutils/command/*.exe"),
    ]
    assert len(files) > 5
    for file in files:
        assert said(read_launcher(file))[:5] == Expected("none", None, None)[:5]


@pytest.mark.parametrize(("name", "python"), [("demo", "python.exe"), ("demow", "pythonw.exe")])
def test_launchers_that_setuptools_itself_writes(setuptools, tmp_path, name, python):
    written_by_setuptools(setuptools["84.2.1"], tmp_path, name, rf"C:\Program Files\env\{python}")
    path = tmp_path / f"{name}.exe"
    found = read_launcher(path)
    assert said(found) == Expected("setuptools", interpreter=rf"C:\Program Files\env\{python}")
    beside = script_beside(path, found)
    assert beside == tmp_path / f"{name}-script.py{'w' * (name == 'demow')}"
    script = beside.read_bytes()
    assert written(found, script) == rf'"C:\Program Files\env\{python}"'.encode()
    beside.write_bytes(rewritten(script, found.place, f'"{OTHER}"'.encode()))
    assert read_launcher(path).interpreter == OTHER


@pytest.mark.parametrize("version", SETUPTOOLS)
@pytest.mark.parametrize("program", ["cli-32", "cli-64", "cli-arm64", "gui-32", "gui-64", "gui-arm64"])
def test_every_launcher_of_setuptools_finds_its_script_by_its_own_rule(
    setuptools, version, program, tmp_path
):
    folder, outside = tmp_path / "Scripts", tmp_path / "bin"
    folder.mkdir()
    outside.mkdir()
    content = (setuptools[version] / "setuptools" / f"{program}.exe").read_bytes()
    (folder / "a.b.exe").write_bytes(content)
    (outside / "link.exe").symlink_to("../Scripts/a.b.exe")
    gui = program.startswith("gui")
    script = folder / f"a.b-script.py{'w' * gui}"
    assert read_launcher(folder / "a.b.exe").reason == f"its script {script.name} is not beside it"
    script.write_bytes(LINE)
    link = "works" if version == "84.2.1" else "fails"
    windowed = gui and version == "65.5.0"  # those that are newer open a console
    assert said(read_launcher(folder / "a.b.exe")) == Expected(
        "setuptools", windowed=windowed, through_link=link
    )
    through = read_launcher(outside / "link.exe")
    assert isinstance(through, Launcher) == (link == "works")
    assert all(
        not isinstance(parse_launcher(content[:length]), Launcher) for length in range(0, len(content), 1024)
    )


@pytest.mark.parametrize(
    ("script", "interpreter", "relative_to"),
    [
        (LINE, PYTHON, None),
        (LINE[:-1], PYTHON, None),
        (b'#! "C:\\a b\\python.exe" -E\r\n', r"C:\a b\python.exe", None),
        (b"#!python.exe\n", "python.exe", "parent"),
        (b"import sys\n", "python.exe", "parent"),
        (b"", "python.exe", "parent"),
        (LINE[:-1].ljust(255) + b"\n", PYTHON, None),
    ],
)
def test_the_script_of_setuptools_is_read_as_its_launcher_does(
    setuptools, tmp_path, script, interpreter, relative_to
):
    (tmp_path / "a.exe").write_bytes((setuptools["84.2.1"] / "setuptools" / "cli-64.exe").read_bytes())
    (tmp_path / "a-script.py").write_bytes(script)
    found = read_launcher(tmp_path / "a.exe")
    assert (found.interpreter, found.relative_to) == (interpreter, relative_to)
    assert (found.place is None) == (not script.startswith(b"#!"))


@pytest.mark.parametrize(
    "line",
    [b"#!", b"#!  \n", b'#!"C:\\a', b'#!C:\\"a b"\\python.exe', b"#!C:\\\xff.exe", LINE[:-1].ljust(256)],
)
def test_a_script_that_the_launcher_of_setuptools_cannot_follow_is_refused(setuptools, tmp_path, line):
    (tmp_path / "a.exe").write_bytes((setuptools["84.2.1"] / "setuptools" / "cli-64.exe").read_bytes())
    (tmp_path / "a-script.py").write_bytes(line + b"\n")
    assert isinstance(read_launcher(tmp_path / "a.exe"), Damaged)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_a_script_that_is_no_file_is_none(setuptools, tmp_path, make):
    (tmp_path / "a.exe").write_bytes((setuptools["84.2.1"] / "setuptools" / "cli-64.exe").read_bytes())
    make(tmp_path / "a-script.py")
    assert isinstance(read_launcher(tmp_path / "a.exe"), Damaged)


def bytes_read_by(action):
    """What an action returns, and how many bytes it read from files."""
    before = _bytes_read()
    result = action()
    return result, _bytes_read() - before


def _bytes_read() -> int:
    fields = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(fields["rchar"])


@pytest.mark.parametrize("name", ["distlib t64", "uv 0.4.30", "uv 0.13.8"])
def test_little_of_a_launcher_is_read(whole, name, tmp_path):
    (tmp_path / "launcher.exe").write_bytes(whole[name])
    found, count = bytes_read_by(lambda: read_launcher(tmp_path / "launcher.exe"))
    assert said(found) == EXPECTED[name]
    assert count < 48_000


def test_little_of_a_huge_file_is_read(whole, tmp_path):
    path = tmp_path / "huge.exe"
    for name in ("distlib t64", "uv 0.4.30", "uv 0.13.8"):
        path.write_bytes(whole[name])
        os.truncate(path, 50_000_000_000)
        found, count = bytes_read_by(lambda: read_launcher(path))
        assert found is not None
        assert count < 1_300_000


def test_a_program_that_is_larger_than_any_launcher_is_not_searched(tmp_path):
    content = bytearray(DISTLIB["t64"])
    last = sections_of(content)[-1]
    struct.pack_into("<I", content, last.header + 16, 100_000_000)
    path = tmp_path / "large.exe"
    path.write_bytes(content)
    os.truncate(path, 200_000_000)
    found, count = bytes_read_by(lambda: read_launcher(path))
    assert found.kind == "none"
    assert count < 200_000


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: None, "missing"),
        (os.mkdir, "folder"),
        (os.mkfifo, "special"),
        (lambda path: path.symlink_to(path), "loop"),
        (lambda path: path.symlink_to("/dev/zero"), "special"),
    ],
)
def test_what_is_no_file_is_no_launcher(tmp_path, make, why):
    make(tmp_path / "entry.exe")
    assert read_launcher(tmp_path / "entry.exe") == Unreadable(why)


@pytest.mark.parametrize(
    "content", [b"", b"M", b"MZ", b"MZ" * 40, b"#!/bin/sh\n", b"PK\5\6" + bytes(18), b"UVSC"]
)
def test_what_is_no_executable_of_windows_is_none(tmp_path, content):
    (tmp_path / "entry.exe").write_bytes(content)
    assert read_launcher(tmp_path / "entry.exe") is None
    assert parse_launcher(content) is None


def judge(content: bytes, path: Path) -> None:
    """Whatever the bytes are, the answer is whole, or a reason; and that of a file is the same."""
    found = parse_launcher(content)
    path.write_bytes(content)
    assert read_launcher(path) == found
    if isinstance(found, Damaged):
        assert found.reason
    elif isinstance(found, Launcher) and found.place:
        assert found.interpreter.encode() in written(found, content)
        assert 0 < found.place.length <= found.place.room <= 32 * 1024
        assert found.place.offset + found.place.length <= len(content)
        assert found.place.size_at is None or found.place.size_at + 4 <= len(content)


fuzzed = settings(
    max_examples=300, deadline=1000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NUMBERS = st.sampled_from([0, 1, 2, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]) | st.integers(
    0, 0xFFFFFFFF
)


def of_interest(content: bytes) -> list[range]:
    """Where a change is most likely to be noticed: the header, the resources, and what is appended."""
    end = end_of(content)
    own = [one for one in sections_of(content) if one.name in {b".rsrc", b".pedata"}]
    return [
        range(0x3C, 0x40),
        range(sections_of(content)[0].header - 240, sections_of(content)[-1].header + 40),
        *(range(one.offset, min(one.offset + 600, len(content))) for one in own),
        *([range(end, len(content))] if end < len(content) else []),
    ]


@fuzzed
@given(name=st.sampled_from(sorted(EXPECTED)), data=st.data())
def test_any_damage_to_a_launcher_is_answered(whole, tmp_path, name, data):
    content = bytearray(whole[name])
    for _ in range(data.draw(st.integers(1, 6))):
        part = data.draw(st.sampled_from(of_interest(whole[name])))
        at = min(data.draw(st.integers(part.start, part.stop - 1)), len(content) - 4)
        if data.draw(st.booleans()):
            content[at] = data.draw(st.integers(0, 255))
        else:
            struct.pack_into("<I", content, at, data.draw(NUMBERS))
    judge(bytes(content), tmp_path / "launcher.exe")


@fuzzed
@given(name=st.sampled_from(sorted(EXPECTED)), data=st.data())
def test_pieces_of_launchers_in_any_order_are_answered(whole, tmp_path, name, data):
    content = whole[name]
    pieces = [archive(), LINE, PYTHON.encode(), b"UVSC", b"UVPY", b"UVUV", b"#!", b"PK\5\6", b"\0", content]
    tail = b"".join(data.draw(st.lists(st.sampled_from(pieces) | st.binary(max_size=40), max_size=6)))
    judge(content[: end_of(content)] + tail, tmp_path / "launcher.exe")
    judge(content + tail, tmp_path / "launcher.exe")


@given(st.binary(max_size=300))
def test_any_line_is_answered(line):
    for said in (parse_distlib_line(b"#!" + line), parse_setuptools_line(b"#!" + line)):
        if said is not None:
            assert said.interpreter.encode() in (b"#!" + line)[said.start : said.end]
