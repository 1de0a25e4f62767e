"""Launchers of Windows: small executables that start an interpreter, and where each says which one.

They are read from their bytes, so that those on a shared disk are understood on any system. What looks like a
whim is one of the launcher's own: the rules were read from distlib's PC/launcher.c, setuptools' launcher.c,
uv's crates/uv-trampoline (0.1.6, 0.1.8, 0.4.30, 0.9.7 and later) and CPython's PC/venvlauncher.c.
"""

import os
import re
import struct
import sys
from pathlib import Path

from holdfast.files.reading import Unreadable, is_regular_file, open_regular, read_start, why_of
from holdfast.formats.content import Content, content_of
from holdfast.formats.launcher_line import (
    LONGEST_OF_DISTLIB,
    LONGEST_OF_SETUPTOOLS,
    Base,
    decoded,
    is_relative,
    parse_distlib_line,
    parse_setuptools_line,
)
from holdfast.formats.pe import Image, find_resources, read_image
from holdfast.formats.zip_tail import archive_start
from holdfast.typed import Literal
from holdfast.values import NamedTuple

Kind = Literal["distlib", "setuptools", "uv-beside", "uv-trailer", "uv-resource", "venv", "none"]
"""By who made it and where it says which interpreter it starts:

- `distlib`, which pip and others use: a line before the archive that is appended to it;
- `setuptools`: the first line of the script beside it;
- `uv-beside`, uv up to 0.1.7: nowhere, it takes the `python.exe` or `pythonw.exe` beside it;
- `uv-trailer`, uv 0.1.8 to 0.9.8: the end of the file;
- `uv-resource`, uv from 0.9.9 on: a resource;
- `venv`, the redirector of the standard library, which stands for `python.exe`: `home` in pyvenv.cfg;
- `none`: it is an executable, but none of these.
"""

Starts = Literal["script", "python"]

_LONGEST_OF_UV = 32 * 1024
"""Bytes of the longest path in a trailer; Windows knows none that is longer."""
_LARGEST_PROGRAM = 1 << 20
"""Bytes of the largest program that is searched for marks; the largest redirector seen has 275,000."""

_TRAILERS: dict[bytes, Starts] = {b"UVUV": "script", b"UVSC": "script", b"UVPY": "python"}
_RCDATA = 10
_UV_KIND, _UV_PATH, _UV_SCRIPT = "UV_TRAMPOLINE_KIND", "UV_PYTHON_PATH", "UV_SCRIPT_DATA"
_UV_KINDS: dict[bytes, Starts] = {b"\1": "script", b"\2": "python"}

_MARKS: tuple[tuple[Kind, tuple[bytes, ...]], ...] = (
    ("uv-resource", (b"uv.Trampoline", _UV_PATH.encode("utf-16-le"))),
    ("uv-trailer", (b"uv.Trampoline", b"Magic number 'UV")),
    ("uv-beside", (b"uv.Trampoline",)),
    ("setuptools", (b"#!python.exe", b"-script.py")),
    ("distlib", (b"Unable to find an appended archive",)),
    ("venv", ("pyvenv.cfg".encode("utf-16-le"), "__PYVENV_LAUNCHER__".encode("utf-16-le"))),
)
"""What the programs of launchers hold and no others do."""

_CUT_OFF = "it is cut off"
_NO_ARCHIVE = "the archive with its script is missing or cut off"
_NAMES_NONE = "it names no interpreter"
_UNREADABLE = "what it names as its interpreter is no path"


class Place(NamedTuple):
    """Where the interpreter is written, for whoever writes another one there."""

    offset: int
    length: int
    """Bytes that another text replaces: the path, its quotes, and what says that it is relative."""
    room: int
    """Bytes that the other text may have. What follows moves with its end, unless `room` is `length`: then
    nothing may move, and after `#!` blanks fill the gap."""
    size_at: int | None = None
    """Where 32 bits, little endian, say the length: they change with it, and move if they follow the text."""


class Launcher(NamedTuple):
    """What an executable of Windows says about the interpreter that it starts."""

    kind: Kind
    windowed: bool
    """Whether it starts without a console, like pythonw.exe."""
    starts: Starts | None = None
    """What it has the interpreter run: its own script, or whatever python.exe would; None of kind `none`."""
    interpreter: str | None = None
    """To the letter, without quotes and without `<launcher_dir>`; None where it names none."""
    relative_to: Base | None = None
    """None where the interpreter's path begins with a drive or a root."""
    needs_own_folder: bool = False
    """Whether it takes something from the folder that it is started from, be it that of a link to it."""
    place: Place | None = None
    script: str | None = None
    """How the name of the file beside it ends, instead of `.exe`, that names the interpreter in its stead:
    `place` stands in that one. See `script_beside`."""

    @property
    def through_link(self) -> Literal["works", "fails", "base", "depends"]:
        """What a link to it does that stands in another folder, outside of its environment.

        `base`: the interpreter starts, but not as that of the environment. `depends`: on PATH, or on the
        current folder, as without a link.
        """
        if self.needs_own_folder:
            return "fails"
        if self.starts == "python":
            return "base"
        return "depends" if self.relative_to in ("current", "search") else "works"


class Damaged(NamedTuple):
    """An executable of Windows that cannot start what it was made for."""

    kind: Kind | None
    """None where that can no longer be told."""
    reason: str
    """Half a sentence."""


def read_launcher(path: Path) -> Launcher | Damaged | Unreadable | None:
    """What an executable of Windows says about its interpreter; None where the file is no such executable.

    Never blocks. Of most launchers it reads a few kB, of no file more than 1.2 MB.
    """
    file = open_regular(path, sys.maxsize)
    if isinstance(file, Unreadable):
        return file

    def read_at(offset: int, count: int) -> bytes:
        file.seek(offset)
        return file.read(count) or b""  # None, where a pseudo file would have to be waited for

    try:
        with file:
            found = _parse(Content(os.fstat(file.fileno()).st_size, read_at))
    except OSError as error:
        return why_of(error)
    script = script_beside(path, found) if isinstance(found, Launcher) else None
    return _with_script(found, script) if isinstance(found, Launcher) and script else found


def parse_launcher(content: bytes) -> Launcher | Damaged | None:
    """The same of a file's content. A launcher of setuptools names no interpreter then: its script does."""
    return _parse(content_of(content))


def script_beside(path: Path, launcher: Launcher) -> Path | None:
    """The file that names the interpreter for the launcher at a path; None where it does so itself."""
    if launcher.script is None:
        return None
    own = path if launcher.needs_own_folder else Path(os.path.realpath(path))
    return own.with_name(own.name.rpartition(".")[0] + launcher.script)


def _parse(content: Content) -> Launcher | Damaged | None:
    image = read_image(content)
    if image is None:
        return None
    if image.end > content.size:
        return Damaged(None, _CUT_OFF)
    return _by_resources(content, image) or _by_trailer(content, image) or _by_line(content, image)


def _by_resources(content: Content, image: Image) -> Launcher | Damaged | None:
    found = find_resources(content, image, _RCDATA, (_UV_KIND, _UV_PATH, _UV_SCRIPT))
    if _UV_KIND not in found:
        return None
    starts = _UV_KINDS.get(content.read_at(found[_UV_KIND].offset, 1))
    if starts is None:
        return Damaged("uv-resource", "it does not say what it starts")
    if starts == "script" and _UV_SCRIPT not in found:
        return Damaged("uv-resource", _NO_ARCHIVE)
    if _UV_PATH not in found or found[_UV_PATH].size > _LONGEST_OF_UV:
        return Damaged("uv-resource", _NAMES_NONE)
    offset, size, size_at = found[_UV_PATH]
    # What stands behind is the next resource: the writers leave no gap.
    place = Place(offset, size, size, size_at)
    return _of_uv("uv-resource", content.read_at(offset, size), starts, image, place)


def _by_trailer(content: Content, image: Image) -> Launcher | Damaged | None:
    size_at = content.size - 8
    if size_at < image.end:
        return None
    size, magic = struct.unpack("<I4s", content.read_at(size_at, 8).ljust(8, b"\0"))
    starts = _TRAILERS.get(magic)
    if starts is None:
        return None
    offset = size_at - size
    if size > _LONGEST_OF_UV or offset < image.end:
        return Damaged("uv-trailer", "the length of its interpreter's path is wrong")
    if starts == "script" and archive_start(content, image.end, offset) is None:
        return Damaged("uv-trailer", _NO_ARCHIVE)
    place = Place(offset, size, _LONGEST_OF_UV, size_at)
    return _of_uv("uv-trailer", content.read_at(offset, size), starts, image, place)


def _of_uv(kind: Kind, written: bytes, starts: Starts, image: Image, place: Place) -> Launcher | Damaged:
    path = decoded(written)
    if not path:
        return Damaged(kind, _NAMES_NONE if path == "" else _UNREADABLE)
    relative = is_relative(path)
    return Launcher(
        kind,
        image.windowed,
        starts,
        interpreter=path,
        relative_to="launcher" if relative else None,
        needs_own_folder=relative,
        place=place,
    )


def _by_line(content: Content, image: Image) -> Launcher | Damaged:
    """By the line before the appended archive; where there is none, by the program itself."""
    start = archive_start(content, image.end, content.size) if content.size > image.end else None
    if start is None:
        return _by_program(content, image, has_archive=False)
    lowest = max(image.end, start - LONGEST_OF_DISTLIB)
    before = content.read_at(lowest, start - lowest + LONGEST_OF_DISTLIB)
    into = start - lowest
    if before.startswith(b"#!", into):  # the archive counts its offsets from the line on, as zipapp's do
        return _of_distlib(before[into:], start, image, counted=True)
    at = before.rfind(b"#!", 0, into)
    if at < 0:
        return _by_program(content, image, has_archive=True)
    return _of_distlib(before[at:into], lowest + at, image, counted=False)


def _of_distlib(head: bytes, offset: int, image: Image, *, counted: bool) -> Launcher | Damaged:
    """By what begins with the line, which stands at `offset`; without `counted` it ends with the archive."""
    line, *rest = re.split(rb"[\r\n]", head, maxsplit=1)
    if not rest:
        return Damaged("distlib", "the line that names its interpreter has no end")
    said = parse_distlib_line(line)
    if said is None:
        return Damaged("distlib", "the line before its archive names no program that ends in .exe")
    length = said.end - said.start
    return Launcher(
        "distlib",
        image.windowed,
        "script",
        interpreter=said.interpreter,
        relative_to=said.relative_to,
        needs_own_folder=said.relative_to == "launcher",
        place=Place(
            offset + said.start, length, length if counted else LONGEST_OF_DISTLIB - len(head) + length
        ),
    )


def _by_program(content: Content, image: Image, *, has_archive: bool) -> Launcher | Damaged:
    program = content.read_at(0, image.end) if image.end <= _LARGEST_PROGRAM else b""
    fitting = (kind for kind, marks in _MARKS if all(mark in program for mark in marks))
    kind: Kind = next(fitting, "none")
    if kind == "setuptools":
        # Those of setuptools before 68 look for their script beside the link that they are started by.
        beside = b"GetFinalPathNameByHandle" not in program
        # Those from 68 on have a console even if they are made for pythonw.exe: the header does not tell.
        script = "-script.pyw" if b"-script.pyw" in program else "-script.py"
        return Launcher(kind, image.windowed, "script", needs_own_folder=beside, script=script)
    if kind == "venv":
        return Launcher(kind, image.windowed, "python", needs_own_folder=True)
    if kind == "none":
        return Launcher(kind, image.windowed)
    if kind == "uv-beside" and has_archive:
        return Launcher(kind, image.windowed, "script", needs_own_folder=True)
    wants_archive = kind in ("distlib", "uv-beside") and not has_archive
    return Damaged(kind, _NO_ARCHIVE if wants_archive else _NAMES_NONE)


def _with_script(launcher: Launcher, script: Path) -> Launcher | Damaged:
    """A launcher of setuptools with what its script says."""
    if not is_regular_file(script):
        return Damaged("setuptools", f"its script {script.name} is not beside it")
    line = re.split(rb"[\r\n\0]", read_start(script, LONGEST_OF_SETUPTOOLS + 1), maxsplit=1)[0]
    said = parse_setuptools_line(line) if len(line) <= LONGEST_OF_SETUPTOOLS else None
    if said is None:
        return Damaged(
            "setuptools", f"the first line of its script {script.name} is too long or names no path"
        )
    length = said.end - said.start
    return launcher._replace(
        interpreter=said.interpreter,
        relative_to=said.relative_to,
        place=Place(said.start, length, LONGEST_OF_SETUPTOOLS - len(line) + length) if length else None,
    )
