"""Landmarks: the file that proves where an installation's prefix is.

CPython looks for `lib/pythonX.Y/os.py` (or os.pyc) in the executable's folder and every ancestor of it
(Modules/getpath.py).
"""

import re
from dataclasses import dataclass
from pathlib import Path

from holdfast.files.reading import is_regular_file, list_folder

_TAG = re.compile(r"(?:python|pypy)\d+\.\d+t?$")
_NAMED = re.compile(r"(?P<tag>(?:python|pypy)\d+\.\d+t?)d?(?:\.exe)?$")
_PLATLIBS = ("lib", "lib64")


@dataclass(frozen=True)
class Prefix:
    """An installation: the folder that `sys.prefix` names when its interpreter runs."""

    folder: Path
    library: Path
    """The standard library's folder, `lib/python3.12`."""
    tag: str
    """The library's own name: `python3.12`, `python3.13t`, `pypy3.10`."""


def tag_of(executable: str) -> str | None:
    """The tag that an executable's name carries: `python3.12` for `python3.12` and `python3.12d`."""
    match = _NAMED.match(executable)
    return match.group("tag") if match else None


def series_of(tag: str) -> str:
    """The X.Y of a tag: `3.13` for `python3.13t` and for `pypy3.13`."""
    return re.sub(r"^\D+|t$", "", tag)


def find_prefix(executable: Path, *, windows: bool = False) -> Prefix | None:
    """The prefix of an executable that is not in an environment; its path must hold no link.

    The root folder never counts: on merged-/usr systems `/lib/python3.11` is only another name.
    """
    for folder in executable.parents:
        if folder == Path(folder.anchor):
            return None
        found = prefix_at(folder, tag_of(executable.name), windows=windows)
        if found:
            return found
    return None


def prefix_at(folder: Path, tag: str | None, *, windows: bool = False) -> Prefix | None:
    """The installation whose prefix is exactly this folder; of that tag if one is given."""
    if windows:
        return _windows_prefix(folder)
    for platlib in _PLATLIBS:
        names = [tag] if tag else [n for n in list_folder(folder / platlib) if _TAG.match(n)]
        for name in names:
            if has_landmark(folder / platlib / name):
                return Prefix(folder, folder / platlib / name, name)
    return None


def has_landmark(library: Path) -> bool:
    """Whether a folder holds a standard library."""
    return is_regular_file(library / "os.py") or is_regular_file(library / "os.pyc")


def _windows_prefix(folder: Path) -> Prefix | None:
    if not has_landmark(folder / "Lib"):
        return None
    for name in list_folder(folder):  # python312.dll, python313t.dll
        if match := re.match(r"python(\d)(\d+)(t?)\.dll$", name.lower()):
            tag = "python{}.{}{}".format(*match.groups())
            return Prefix(folder, folder / "Lib", tag)
    return None
