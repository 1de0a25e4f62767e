"""The search for the standard library that CPython makes when it starts, step by step.

Modules/getpath.c and PC/getpathp.c up to 3.10, Modules/getpath.py from 3.11 on. Whether a build keeps its
library in `lib` or in `lib64` was compiled in; here the one that is there counts.
"""

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from holdfast.files.reading import Unreadable, is_regular_file, read_bounded
from holdfast.host import Host
from holdfast.interpreters.landmark import has_landmark, is_root
from holdfast.interpreters.startup_config import NEW_LOGIC

Compiled = Callable[[Path, str], Path | None]
"""From the real executable and its tag to the prefix that it was compiled with: asked last, it is slow."""

_PTH_LIMIT = 32 * 1024 - 1
_HARMLESS = (errno.ENOENT, errno.EACCES, errno.EPERM)


@dataclass(frozen=True)
class Program:
    """An interpreter about to be started."""

    called: Path
    """`sys.executable`."""
    real: Path
    """What the path logic takes for the executable behind the links; the kernel may think otherwise."""
    file: Path
    """The file that runs."""
    tag: str
    version: tuple[int, int]
    host: Host
    compiled: Compiled

    @property
    def new(self) -> bool:
        """Whether its path logic is that of 3.11 and newer."""
        return self.version >= NEW_LOGIC

    @property
    def compact(self) -> str:
        """`python312`, as DLLs and zip files are called."""
        return self.tag.replace(".", "")


@dataclass(frozen=True)
class Found:
    """An installation."""

    prefix: Path
    library: Path
    """The folder of the standard library, or a zip file that holds it."""


def search(program: Program, folder: Path | None) -> Found | None:
    """The installation that is found from `folder` on, which is None where nobody knows it beforehand."""
    above = tuple(_upwards(folder, program.host)) if folder else ()
    return (
        _beside_runtime(program)
        or _zipped_above(program, above)
        or _first(_landmark_at(program, place) for place in above)
        or _compiled_in(program)
    )


def why_in_the_way(folder: Path) -> str:
    """Why the new logic gives up on a folder; empty where it does not.

    It looks there for the mark of a build tree, and is prepared for "no such file" and "denied" only.
    """
    try:
        os.stat(folder / "pybuilddir.txt")
    except OSError as error:
        return "" if error.errno in _HARMLESS else f"{folder} cannot be looked into: {error.strerror}"
    except ValueError:  # a NUL in the name
        return ""
    return ""


def has_dll(program: Program, folder: Path) -> bool:
    """Whether Python itself lies in a folder of Windows, and not just a launcher."""
    return is_regular_file(folder / f"{program.compact}.dll")


def _beside_runtime(program: Program) -> Found | None:
    """By the folder of the runtime library: the DLL of Windows, or the framework of macOS."""
    if program.host.platform == "darwin" and (framework := _framework_of(program.real)):
        return _zipped_at(program, framework) or _landmark_at(program, framework)
    folder = program.real.parent
    if program.host.windows and has_dll(program, folder):
        return _zipped_at(program, folder) or (_landmark_at(program, folder) if program.new else None)
    return None


def _framework_of(executable: Path) -> Path | None:
    """`Python.framework/Versions/3.12` above an executable."""
    versions = (folder for folder in executable.parents if folder.parent.name == "Versions")
    return next((folder for folder in versions if folder.parent.parent.suffix == ".framework"), None)


def _zipped_above(program: Program, above: tuple[Path, ...]) -> Found | None:
    """On Windows only in the first of the folders."""
    if not program.new:
        return None
    return _first(_zipped_at(program, place) for place in (above[:1] if program.host.windows else above))


def _zipped_at(program: Program, folder: Path) -> Found | None:
    """An installation whose library is a zip file; a library's folder beside it goes first."""
    for library in _libraries(program, folder):
        archive = (folder if program.host.windows else library.parent) / f"{program.compact}.zip"
        if is_regular_file(archive):
            return Found(folder, library if has_landmark(library) else archive)
    return None


def _landmark_at(program: Program, folder: Path) -> Found | None:
    libraries = _libraries(program, folder)
    return _first(Found(folder, library) if has_landmark(library) else None for library in libraries)


def _libraries(program: Program, folder: Path) -> Iterator[Path]:
    names = ("Lib",) if program.host.windows else (f"lib/{program.tag}", f"lib64/{program.tag}")
    return (normal(folder / name) if program.new else folder / name for name in names)


def _upwards(folder: Path, host: Host) -> Iterator[Path]:
    """A folder and those above it. The root does not count on POSIX: C takes the folder of `/bin` for ""."""
    yield folder
    yield from (above for above in _within(folder.parents, host) if host.windows or not is_root(above, host))


def _within(folders: Iterable[Path], host: Host) -> Iterator[Path]:
    for folder in folders:
        yield folder
        if is_root(folder, host):
            return


def _compiled_in(program: Program) -> Found | None:
    prefix = None if program.host.windows else program.compiled(program.file, program.tag)
    return _landmark_at(program, prefix) if prefix else None


def _first(found: Iterable[Found | None]) -> Found | None:
    return next(filter(None, found), None)


def pth_file(program: Program) -> Path | None:
    """The `._pth` file that says all of `sys.path`: beside the runtime library or either executable."""
    if not program.new and not program.host.windows:
        return None
    named = [program.called, program.real]
    if program.host.windows:
        named = [_bare(path) for path in (program.real.with_name(f"{program.compact}.dll"), *named)]
    files = (path.with_name(f"{path.name}._pth") for path in named)
    return next((file for file in files if is_regular_file(file)), None)


def _bare(path: Path) -> Path:
    return path.with_suffix("") if path.suffix.lower() in (".exe", ".dll") else path


def found_by_pth(pth: Path, host: Host) -> Found | None:
    """The installation that a `._pth` file makes of its folder; None where it names no library."""
    content = read_bounded(pth, _PTH_LIMIT)
    if isinstance(content, Unreadable):
        return None
    lines = (line.partition("#")[0].strip() for line in content.decode("utf-8", "replace").splitlines())
    places = (_named(line, pth.parent, host) for line in lines if line)
    return _first(
        Found(pth.parent, place) if has_landmark(place) or is_zip(place) else None for place in places
    )


def _named(line: str, folder: Path, host: Host) -> Path:
    if host.is_absolute(line):
        return host.at(line)
    return normal(folder.joinpath(*re.split(r"[\\/]+" if host.windows else "/+", line)))


def is_zip(path: Path) -> bool:
    """Whether a library is a zip file."""
    return path.suffix == ".zip" and is_regular_file(path)


def normal(path: Path) -> Path:
    """Without `..`, by the letters alone: CPython does not ask whether a link stands before it."""
    return Path(os.path.normpath(path))
