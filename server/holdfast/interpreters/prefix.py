"""Finding the prefix of an executable: the folder above it that holds its standard library.

CPython looks for the landmark in the executable's folder and every ancestor of it (Modules/getpath.py), PyPy
in the same way for `lib/pypyX.Y` (pypy/module/sys/initpath.py).
"""

import os
import re
from pathlib import Path

from holdfast.files.reading import is_folder, list_folder, same_file
from holdfast.formats.executable import find_in_file
from holdfast.host import Host
from holdfast.interpreters.landmark import Implementation, Prefix, has_landmark, is_root, series_of
from holdfast.interpreters.name import ANY, ExecutableName, parse_name
from holdfast.interpreters.pypy import old_prefix

_TAG = re.compile(r"(?:python|pypy)\d+\.\d+t?$")
_PLATLIBS = ("lib", "lib64")


def find_prefix(executable: Path, host: Host) -> Prefix | None:
    """The prefix of an executable that is not in an environment; its path must hold no link.

    The root folder of POSIX never counts: on merged-/usr systems `/lib/python3.11` is only another name.
    """
    name = parse_name(executable.name) or ANY
    for folder in executable.parents:
        last = is_root(folder, host)
        if not last or host.windows:
            found = _prefix_at(folder, name, executable, windows=host.windows)
            if found:
                return found
        if last:
            break
    return None


def prefix_at(folder: Path, tag: str | None, *, windows: bool = False) -> Prefix | None:
    """The installation whose prefix is exactly this folder; of that tag if one is given."""
    name = (parse_name(tag) if tag else None) or ANY
    return _prefix_at(folder, name, None, windows=windows)


def _prefix_at(
    folder: Path, name: ExecutableName, executable: Path | None, *, windows: bool
) -> Prefix | None:
    if windows:
        from holdfast.interpreters.windows import windows_prefix  # noqa: PLC0415 - other systems do without

        return windows_prefix(folder, name, executable)
    for platlib in _PLATLIBS:
        libraries = Path(os.path.join(folder, platlib))
        if not is_folder(libraries):  # so it is with most folders on the way up
            continue
        found = [tag for tag in _tags(libraries, name, executable) if has_landmark(libraries / tag)]
        if tag := _best_of(found, executable):
            return Prefix(folder, libraries / tag, tag, _implementation(tag, name))
    return old_prefix(folder, name)


def _tags(libraries: Path, name: ExecutableName, executable: Path | None) -> tuple[str, ...]:
    """The names that the library of such an executable may have, in a folder of libraries."""
    if name.tag is None:
        kind = "pypy" if name.kind == "pypy" else "python"
        return tuple(n for n in list_folder(libraries) if n.startswith(kind) and _TAG.match(n))
    if not name.free_threaded and _is_free_threaded(name.tag, libraries, executable):
        return (f"{name.tag}t",)
    return (name.tag,)


def _is_free_threaded(tag: str, libraries: Path, executable: Path | None) -> bool:
    """Whether a `python3.13` is a free-threaded build: `make install` gives `python3.13t` that name, too."""
    if not has_landmark(libraries / f"{tag}t"):
        return False
    if executable is None or not has_landmark(libraries / tag):
        return True
    return same_file(executable, executable.with_name(f"{tag}t"))


def _best_of(tags: list[str], executable: Path | None) -> str | None:
    """The tag that fits; of several, the one whose version or library an executable names in its bytes.

    Only executables whose own name says no version need that. A folder alone stands for its newest.
    """
    if len(tags) <= 1:
        return tags[0] if tags else None
    if executable is None:
        return max(tags, key=lambda tag: [int(number) for number in series_of(tag).split(".")])
    for tag in tags:
        series = re.escape(series_of(tag).encode())
        if find_in_file(executable, rb"(%s\.\d|libpy(?:thon|py)%s)" % (series, series), most=1):
            return tag
    return None


def _implementation(tag: str, name: ExecutableName) -> Implementation:
    """GraalPy names its library as CPython does, so its executable has to tell."""
    if tag.startswith("pypy"):
        return "pypy"
    return "graalpy" if name.kind == "graalpy" else "cpython"
