"""Installations in the layouts of Windows.

`Lib/os.py` is the landmark, and the version stands in the name of a DLL: `python312.dll`. MSYS2 and, from
3.15 on, conda have a folder `lib` as on POSIX. Names count in any case, also where the tree of a Windows
machine stands on another system.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import is_folder, list_folder
from holdfast.interpreters.landmark import Implementation, Prefix, has_landmark, series_of
from holdfast.interpreters.name import ANY, ExecutableName, parse_name
from holdfast.interpreters.patchlevel import read_patchlevel
from holdfast.interpreters.pypy import old_prefix

_DLL = r"(?i)python(\d)(\d+)(t?)(_d)?\.dll$"
_PYPY_DLL = r"(?i)libpypy(\d\.\d+)?-c\.dll$"
_ZIP = r"(?i)python(\d)(\d+)\.zip$"


def windows_prefix(folder: Path, name: ExecutableName, executable: Path | None) -> Prefix | None:
    """The installation whose prefix is exactly this folder."""
    libraries = named(folder, "Lib")
    if libraries is None:
        return old_prefix(folder, name)
    library = next((place for place in _libraries(libraries) if has_landmark(place)), None)
    if library is None:
        return None
    folders = dict.fromkeys((folder, executable.parent if executable else folder))
    beside = [file for place in folders for file in list_folder(place)]
    implementation, tag = _of_dll(beside, name) or _of_graalpy(folder) or _of_names(folder, library, name)
    return Prefix(folder, library, tag, implementation) if tag else None


def named(folder: Path, name: str) -> Path | None:
    """A folder in another one, by its name in any case."""
    if is_folder(folder / name):
        return folder / name
    found = (folder / other for other in list_folder(folder) if other.lower() == name.lower())
    return next((path for path in found if is_folder(path)), None)


def embedded_series(executable: Path) -> str | None:
    """The X.Y of an embeddable distribution: `python312.zip` and `python312._pth` beside an executable.

    None where it is none. Its library is in the zip file, and the `._pth` file switches off what environments
    need: `site` and the search for a prefix (PC/layout, Modules/getpath.py).
    """
    names = {name.lower() for name in list_folder(executable.parent)}
    zips = (match for name in names if (match := re.match(_ZIP, name)))
    return next(
        (".".join(found.groups()) for found in zips if f"{found[0].removesuffix('.zip')}._pth" in names), None
    )


def _libraries(libraries: Path) -> Iterator[Path]:
    """Where a landmark may be: in `Lib` itself, in `lib/python3.12` (MSYS2), in `lib/python` (conda)."""
    yield libraries
    for name in list_folder(libraries):
        if re.match(r"python(\d+\.\d+t?)?$", name):
            yield libraries / name


def _of_dll(names: list[str], name: ExecutableName) -> tuple[Implementation, str | None] | None:
    """By the DLLs; of several in one folder, the one that an executable of that name loads.

    `python3.dll` is only a front to the others. python.org installs `python313t.dll` beside `python313.dll`.
    """
    pypy = next((match for file in names if (match := re.match(_PYPY_DLL, file))), None)
    if pypy:
        series = pypy[1] or name.series
        return ("pypy", f"pypy{series}") if series else None
    found = [match for file in names if (match := re.match(_DLL, file))]
    fitting = [m for m in found if name.series in (None, f"{m[1]}.{m[2]}")]
    wanted = (name.free_threaded, name.debug)
    best = max(fitting, key=lambda m: ((bool(m[3]), bool(m[4])) == wanted, not m[3]), default=None)
    return ("cpython", f"python{best[1]}.{best[2]}{best[3].lower()}") if best else None


def _of_graalpy(folder: Path) -> tuple[Implementation, str | None] | None:
    """By `lib-graalpython`, its own library; the header says of which version it is."""
    if not is_folder(folder / "lib-graalpython"):
        return None
    header = read_patchlevel(folder)
    return ("graalpy", f"python{header.version.series}") if header else None


def _of_names(folder: Path, library: Path, name: ExecutableName) -> tuple[Implementation, str | None]:
    """Without a DLL: by the library's folder, the executable's name, or the header."""
    implementation: Implementation = "pypy" if name.kind == "pypy" else "cpython"
    in_library = parse_name(library.name) or ANY
    header = read_patchlevel(folder)
    tag = in_library.tag or name.tag or (f"python{header.version.series}" if header else None)
    return implementation, f"pypy{series_of(tag)}" if tag and implementation == "pypy" else tag
