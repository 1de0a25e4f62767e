"""What was compiled into an interpreter: the prefix where it looks when no landmark is near.

Read from the bytes, and only when a decision needs it. `_sysconfigdata` is no evidence: uv rewrites it.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from holdfast.files.reading import is_folder, is_regular_file, list_folder, same_folder
from holdfast.formats.executable import find_in_file
from holdfast.formats.linkage import Linkage, read_linkage
from holdfast.host import Host
from holdfast.interpreters.landmark import Prefix, has_landmark

Compiled = Callable[[Path, str], Path | None]
"""From the real executable and its tag to the prefix that it was compiled with: asked last, it is slow."""

_ABSOLUTE_TEXT = rb"\0(/[^\0]{1,500})(?=\0)"
"""Begins with plain bytes, which `re` looks for thirty times faster than for anything else."""
_MOST_TEXTS = 50_000
"""A libpython with its debug information has seven thousand; a file made to keep us busy has any number."""
_LOADER_CACHE = "/etc/ld.so.cache"
_LOADER_FOLDERS = ("/lib", "/usr/lib", "/usr/local/lib", "/lib64", "/usr/lib64")
"""Where a loader without a cache looks, that of Alpine among them."""
_PLATLIBS = ("lib", "lib64")
_RUNTIMES = ("libpython", "libpypy")


def absolute_texts(file: Path) -> frozenset[str]:
    """The texts in an executable or library that are absolute paths."""
    return frozenset(os.fsdecode(text) for text in find_in_file(file, _ABSOLUTE_TEXT, _MOST_TEXTS))


def compiled_prefix(executable: Path, tag: str, host: Host) -> Path | None:
    """The prefix that an interpreter was compiled with; None where its standard library is not there.

    `executable` is the real file.
    """
    code = code_file(executable, host)
    return prefix_in(code, tag, host) if code else None


def prefix_in(code: Path, tag: str, host: Host) -> Path | None:
    """The prefix that stands in the file that holds an interpreter's code.

    It is a text among thousands in the bytes, and is told by the library that lies below it.
    """
    # `/` and `//` stand in every libpython and are nobody's prefix, though Debian has `/lib/python3.11`.
    folders = (host.at(text) for text in absolute_texts(code) if text.strip("/."))
    found = [
        folder
        for folder in folders
        if is_folder(folder) and any(has_landmark(folder / lib / tag) for lib in _PLATLIBS)
    ]
    # A longer path is hardly there by chance, as `/usr` may be.
    return max(found, key=lambda prefix: len(os.fspath(prefix)), default=None)


def is_relocatable(prefix: Prefix, compiled: Path | None) -> bool:
    """Whether an interpreter has lost the prefix that it was compiled with, or never had one.

    `prefix` is where it is, `compiled` what `compiled_prefix` answers. It then starts only from its own
    folders: neither through a link to its `bin` alone nor as a copy without the right `home`.
    """
    return compiled is None or not any(
        same_folder(compiled / lib / prefix.tag, prefix.library) for lib in _PLATLIBS
    )


def code_file(executable: Path, host: Host) -> Path | None:
    """The file that holds an interpreter's code: the executable, or the libpython that is loaded for it.

    None where it asks for a libpython that the loader does not find: it cannot start. What is not ELF is
    taken to hold its code.
    """
    linkage = read_linkage(executable)
    name = next((name for name in linkage.needed if name.startswith(_RUNTIMES)), None) if linkage else None
    if linkage is None or name is None:
        return executable
    return next(
        (path for path in _loader_finds(name, linkage, executable, host) if is_regular_file(path)), None
    )


def strange_code_file(executable: Path, host: Host) -> Path | None:
    """The libpython that is loaded although it is in none of the folders that an executable names for it.

    A copy whose installation is gone takes what the system has by that name: that of another build. None
    where it names no folder, or loads what it should.
    """
    linkage, code = read_linkage(executable), code_file(executable, host)
    if linkage is None or not linkage.run_path or code in (None, executable):
        return None
    origin = os.path.dirname(os.path.realpath(executable))
    named = (place for folder in linkage.run_path for place in _meant(folder, origin, host))
    asked = (
        host.at(text) for text in host.env.get("LD_LIBRARY_PATH", "").split(":") if host.is_absolute(text)
    )
    return None if code and any(same_folder(place, code.parent) for place in (*named, *asked)) else code


def _loader_finds(name: str, linkage: Linkage, executable: Path, host: Host) -> Iterator[Path]:
    # Who loads Pythons as modules of a cluster has it set.
    variable = host.env.get("LD_LIBRARY_PATH", "").split(":")
    origin = os.path.dirname(os.path.realpath(executable))  # as the kernel says it: without links
    run_path = (place for folder in linkage.run_path for place in _meant(folder, origin, host))
    for place in (*map(host.at, filter(host.is_absolute, variable)), *run_path):
        yield place / name
    cached = find_in_file(host.at(_LOADER_CACHE), rb"\0(/[^\0]*/%s)\0" % re.escape(os.fsencode(name)))
    yield from (host.at(os.fsdecode(path)) for path in cached)
    for place in map(host.at, _LOADER_FOLDERS):
        yield place / name
        yield from (place / inner / name for inner in list_folder(place) if "-linux-" in inner)  # of Debian


def _meant(folder: str, origin: str, host: Host) -> Iterator[Path]:
    """What a folder of a run path stands for, in which the loader puts in words of its own (ld.so(8))."""
    if "$" not in folder:
        yield host.at(folder)
        return
    for lib in _PLATLIBS if "LIB" in folder else ("",):
        written = re.sub(r"\$(LIB\b|\{LIB\})", lib, folder)
        inside = re.sub(r"^\$(ORIGIN|\{ORIGIN\})", "", written)
        yield host.at(written) if inside == written else Path(origin + inside)


def code_files(executable: Path, tag: str) -> tuple[Path, ...]:
    """The executable and every libpython that it may load: beside it, or on its run path.

    More than `code_file` looks at, for what also a broken or a foreign installation can tell.
    """
    named = (Path(text) for text in absolute_texts(executable))
    beside = executable.parent.parent / "lib"
    folders = dict.fromkeys((beside, *(path for path in named if path.name.startswith("lib"))))
    library = re.compile(rf"lib{re.escape(tag)}[dm]*\.(so|dylib)")  # 3.7 and older: libpython3.7m.so
    return (
        executable,
        *(
            folder / name
            for folder in folders
            if is_folder(folder)
            for name in list_folder(folder)
            if library.match(name)
        ),
    )
