"""What an interpreter finds when it is started by a path, predicted without running it.

A model of what CPython does, version by version: its path logic, and after it Lib/site.py. It leaves out
what is set from outside (PYTHONHOME, the registry), build trees and embedding.
"""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from holdfast.files.reading import is_folder, is_regular_file, link_text
from holdfast.host import Host
from holdfast.interpreters.compiled import code_file, compiled_prefix
from holdfast.interpreters.startup_config import (
    NEW_LOGIC,
    StartConfig,
    read_by_launcher,
    read_by_site,
    read_for_paths,
)
from holdfast.interpreters.startup_search import (
    Compiled,
    Found,
    Program,
    found_by_pth,
    has_dll,
    is_zip,
    normal,
    pth_file,
    search,
    why_in_the_way,
)
from holdfast.links.chain import MOST_HOPS

_TAG = re.compile(r"python(\d+)\.(\d+)t?")
_OWN_PREFIX_SINCE = (3, 14)
"""From here on getpath.py itself, and not `site`, makes `sys.prefix` the environment."""


@dataclass(frozen=True)
class Startup:
    """What Python will see; paths as they are seen from here."""

    executable: Path
    """`sys.executable`."""
    prefix: Path | None = None
    """`sys.prefix`: the environment, or the installation. None where no library is found."""
    base_prefix: Path | None = None
    """`sys.base_prefix`: the installation."""
    library: Path | None = None
    """The folder of the `os` module that is loaded, or a zip file; None where none is found."""
    gives_up: str = ""
    """Why it does not start although there may be a library, in words."""
    pth: Path | None = None
    """The `._pth` file that says all of `sys.path`."""

    @property
    def starts(self) -> bool:
        """Whether the interpreter gets as far as running code."""
        return self.library is not None and not self.gives_up


def predict_startup(path: Path, host: Host, tag: str, compiled: Compiled | None = None) -> Startup | None:
    """What the interpreter at an absolute path finds when it is started by that very path.

    `tag` says what it is: `python3.12`, `python3.13t`. None for what is not CPython: PyPy and GraalPy look
    for their library by rules of their own. A relative `home` counts as one where nothing is: it means the
    working folder, which nobody knows beforehand.
    """
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    version = (int(match.group(1)), int(match.group(2)))
    called = normal(path) if version >= NEW_LOGIC else path
    if not is_regular_file(path) or not (host.windows or os.access(path, os.X_OK)):
        return Startup(called, gives_up=f"{path} is no program that can be started")
    file = Path(os.path.realpath(path))
    compiled = compiled or (lambda executable, tag: compiled_prefix(executable, tag, host))
    program = Program(called, _behind_links(called, version), file, tag, version, host, compiled)
    return _of_windows(program) if host.windows else _of_posix(program)


def _behind_links(path: Path, version: tuple[int, int]) -> Path:
    """The file at the end of the links in the last place; a link among the folders stays as it is."""
    for _ in range(MOST_HOPS):
        target = link_text(path)
        if target is None:
            break
        path = path.parent / target
        if version >= NEW_LOGIC and not os.path.isabs(target):
            path = normal(path)
    return path


def _of_posix(program: Program) -> Startup:
    if code_file(program.file, program.host) is None:
        return Startup(program.called, gives_up="the libpython that it was linked to is not found")
    # The old logic looks where the links lead, and leaves an environment of links to `site`.
    config = read_for_paths((program.called if program.new else program.real).parent, program.version)
    return _started(program, config)


def _of_windows(program: Program) -> Startup:
    """An environment's python.exe is mostly a launcher, told by its lack of Python's DLL.

    Each launcher passes its own path on, so that the environment of the last one counts.
    """
    called = running = program.called
    for _ in range(MOST_HOPS):
        config = None if has_dll(program, running.parent) else read_by_launcher(running.parent)
        if config is None:
            break
        name = "pythonw.exe" if running.stem.endswith("w") else "python.exe"
        base = program.host.at(config.home or "") / name
        if config.stops or not is_regular_file(base):
            return Startup(called, gives_up=config.stops or f"there is no {base} to start")
        called, running = running, base
    else:
        return Startup(called, gives_up=f"{called} and others start each other in a circle")
    file = Path(os.path.realpath(running))
    program = replace(program, called=called, real=file, file=file)
    return _started(program, read_for_paths(called.parent, program.version))


def _started(program: Program, config: StartConfig | None) -> Startup:
    """From the pyvenv.cfg that the path logic reads to the library, and to what `site` makes of it."""
    if config and config.stops:
        return Startup(program.called, gives_up=config.stops)
    if pth := pth_file(program):
        found = found_by_pth(pth, program.host)
        return Startup(program.called, pth.parent, pth.parent, found.library if found else None, pth=pth)
    folder = _start_folder(program, config)
    if folder and program.new and (why := why_in_the_way(folder)):
        return Startup(program.called, gives_up=why)
    found = search(program, folder)
    return _in_environment(program, config, found) if found else Startup(program.called)


def _start_folder(program: Program, config: StartConfig | None) -> Path | None:
    """Where the search begins: in `home`, or else where the executable is. None where nobody knows."""
    if config is None or config.home is None:
        return program.real.parent
    if not config.home:  # an empty one makes CPython forget the folder of what is not a link
        return program.real.parent if program.real != program.called else None
    return program.host.at(config.home) if program.host.is_absolute(config.home) else None


def _in_environment(program: Program, config: StartConfig | None, found: Found) -> Startup:
    folder = normal(program.called).parent
    site = read_by_site(folder, program.version)
    if program.version >= _OWN_PREFIX_SINCE:
        prefix = config.folder if config else found.prefix
    else:  # the folder above, also where the file stands beside the executable
        prefix = folder.parent if site else found.prefix
    library = normal(found.library)  # so does `site` with all of sys.path, links or not
    why = site.stops if site else ""
    if not is_zip(library) and not is_folder(library / "encodings"):
        why = f"{library} lacks `encodings`, without which Python does not start"
    return Startup(program.called, prefix, found.prefix, library, why)
