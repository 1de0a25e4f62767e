"""Landmarks: the file that proves where an installation's prefix is, `lib/pythonX.Y/os.py` or os.pyc."""

import os
import re
from pathlib import Path

from holdfast.files.reading import is_regular_file
from holdfast.host import Host
from holdfast.interpreters.name import parse_name
from holdfast.typed import Literal
from holdfast.values import NamedTuple

Implementation = Literal["cpython", "pypy", "graalpy", "unknown"]


class Prefix(NamedTuple):
    """An installation: the folder that `sys.prefix` names when its interpreter runs."""

    folder: Path
    library: Path
    """The standard library's folder, `lib/python3.12`: which one it is, is the installation's identity."""
    tag: str
    """What the library of such a version is called on POSIX: `python3.12`, `python3.13t`, `pypy3.10`."""
    implementation: Implementation = "cpython"

    @property
    def landmark(self) -> Path:
        """The file that proves it."""
        source = self.library / "os.py"
        return source if is_regular_file(source) else self.library / "os.pyc"

    @property
    def series(self) -> str:
        """The X.Y of its version."""
        return series_of(self.tag)


def tag_of(executable: str) -> str | None:
    """The tag that an executable's name carries: `python3.12` for `python3.12` and `python3.12d`."""
    name = parse_name(executable)
    return name.tag if name else None


def series_of(tag: str) -> str:
    """The X.Y of a tag: `3.13` for `python3.13t` and for `pypy3.13`."""
    return re.sub(r"^\D+|t$", "", tag)


def has_landmark(library: Path) -> bool:
    """Whether a folder holds a standard library."""
    return any(is_regular_file(Path(os.path.join(library, name))) for name in ("os.py", "os.pyc"))


def is_root(folder: Path, host: Host) -> bool:
    """Whether a folder is the root of a file system, as that machine sees it."""
    return folder == Path(folder.anchor) or folder in host.roots.values()
