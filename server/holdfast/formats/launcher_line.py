"""The first lines that launchers of Windows read, by the rules of those launchers.

They are not those of `#!` elsewhere; they were read from distlib's PC/launcher.c and setuptools' launcher.c.
"""

import re

from holdfast.typed import Literal
from holdfast.values import NamedTuple

Base = Literal["launcher", "parent", "current", "search"]
"""What a path is relative to: the folder that the launcher is started from, the folder above that, the folder
that is current; `search`: it is a name, which Windows looks up beside the launcher first, and then on PATH.
"""

LONGEST_OF_DISTLIB = 260
"""Bytes before the archive in which distlib's launcher looks for its line (MAX_PATH)."""
LONGEST_OF_SETUPTOOLS = 255
"""Bytes of the script's first line, `#!` included, that setuptools' launcher has room for."""

# The path ends with the first `.exe`, blanks in it or not. What is relative stands behind `<launcher_dir>`.
_OF_DISTLIB = re.compile(
    rb"""
    [#]![ \t]* (?P<whole>
        (?P<quote>")? (?:(?P<beside><launcher_dir>\\)(?P<inner>")?)?
            (?P<path>[^"]+?\.exe) (?(inner)") (?(quote)")
        | /usr/bin/env[ \t]+ (?P<name>[^\s"]+)
    ) (?=\s|\Z)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OF_SETUPTOOLS = re.compile(rb'#!\s*(?P<whole>"(?P<quoted>[^"]+)"|(?P<plain>[^\s"]+))(?=\s|\Z)')


class Line(NamedTuple):
    """What a first line says about the interpreter."""

    interpreter: str
    """To the letter, without quotes and without `<launcher_dir>`."""
    relative_to: Base | None
    """None where the path begins with a drive or a root."""
    start: int
    end: int
    """The bytes from `start` to before `end` are the path with its quotes and its `<launcher_dir>`, or with
    the `/usr/bin/env` before it."""


def parse_distlib_line(line: bytes) -> Line | None:
    """What the line says to distlib's launcher; None where it refuses it."""
    match = _OF_DISTLIB.match(line)
    path = decoded(match["path"] or match["name"]) if match else None
    if match is None or path is None:
        return None
    base: Base = "launcher" if match["beside"] else "current" if re.search(r"[\\/]", path) else "search"
    return Line(path, base if is_relative(path) else None, *match.span("whole"))


def parse_setuptools_line(line: bytes) -> Line | None:
    """What the line says to setuptools' launcher, without `#!` nothing but `python.exe`; None if no more."""
    if not line.startswith(b"#!"):
        return Line("python.exe", "parent", 0, 0)
    match = _OF_SETUPTOOLS.match(line)
    path = decoded(match["quoted"] or match["plain"]) if match else None
    if match is None or path is None:
        return None
    return Line(path, "parent" if is_relative(path) else None, *match.span("whole"))


def decoded(path: bytes) -> str | None:
    """A path as text; None where it is not UTF-8, or holds what no path does."""
    try:
        text = path.decode()
    except UnicodeDecodeError:
        return None
    return None if re.search(r"[\0-\x1f]", text) else text


def is_relative(path: str) -> bool:
    """Whether a path of Windows begins with neither a drive nor a root."""
    return not re.match(r"[A-Za-z]:|[\\/]", path)
