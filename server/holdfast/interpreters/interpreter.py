"""One interpreter, described without running it."""

import os
from pathlib import Path

from holdfast.files.reading import is_empty_file, is_regular_file, same_file
from holdfast.formats.executable import read_architecture
from holdfast.host import Host
from holdfast.interpreters.compiled import Compiled, code_file, compiled_prefix
from holdfast.interpreters.landmark import Prefix, is_root
from holdfast.interpreters.memory import Memory
from holdfast.interpreters.name import ANY, parse_name
from holdfast.interpreters.prefix import find_prefix, prefix_at
from holdfast.interpreters.release import read_release
from holdfast.interpreters.stable import StablePath, stable_path
from holdfast.interpreters.version import Version, parse_version
from holdfast.interpreters.wrappers import wrapper_of
from holdfast.links.chain import LinkChain, follow
from holdfast.typed import Literal
from holdfast.values import NamedTuple

OLDEST = (3, 6)
"""The oldest version whose environments are tested."""

_TITLES = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalPy"}

State = Literal["ok", "shim", "environment", "broken", "denied"]


class Interpreter(NamedTuple):
    """What is known of an executable that is, or was meant to be, an interpreter."""

    path: Path
    chain: LinkChain
    state: State
    error: str | None = None
    """Why the state is not `ok`, in words."""
    prefix: Prefix | None = None
    version: Version | None = None
    """Of the language."""
    implementation: str = "unknown"
    """`cpython`, `pypy` or `graalpy`."""
    own_version: str | None = None
    """Of the implementation, where it has its own: `7.3.17` of PyPy."""
    architecture: str | None = None
    free_threaded: bool = False
    """Whether it is a build without the global interpreter lock."""
    debug: bool = False
    """Whether it is a debug build, whose compiled modules are not those of others."""
    best: StablePath | None = None
    """The name that stays right across patch upgrades, and why."""
    is_unclear: bool = False
    """Whether its files leave open if it is a Python, or which: only starting it could tell."""

    @property
    def stable(self) -> Path | None:
        """The path that stays right across patch upgrades."""
        return self.best.path if self.best else None

    @property
    def title(self) -> str:
        """`CPython 3.12.1`, `CPython 3.13.0 (free-threaded)`, `PyPy 3.10.14`."""
        kinds = ((self.free_threaded, "free-threaded"), (self.debug, "a debug build"))
        more = ", ".join(text for is_so, text in kinds if is_so)
        name = f"{_TITLES.get(self.implementation, 'Python')} {self.version or 'of unknown version'}"
        return f"{name} ({more})" if more else name

    @property
    def real(self) -> Path:
        """The file that the path leads to."""
        return self.chain.end

    @property
    def tag(self) -> str:
        """The name of its library folder: `python3.12`; empty where it has none."""
        return self.prefix.tag if self.prefix else ""

    @property
    def carries_environments(self) -> bool:
        """Whether Holdfast makes environments of it: from the oldest version that is tested on."""
        version = self.version
        return (
            self.usable
            and self.implementation in ("cpython", "pypy")
            and version is not None
            and (version.major, version.minor) >= OLDEST
        )

    @property
    def usable(self) -> bool:
        """Whether an environment can be based on it."""
        return self.state == "ok"


def describe(
    path: Path, host: Host, memory: Memory | None = None, compiled: Compiled | None = None
) -> Interpreter:
    """What an executable is. `path` is absolute; nothing is executed.

    `memory` keeps what was read of large files; `compiled` says what prefix an executable was compiled with.
    """
    chain = follow(path, host.mounts)
    if refused := _not_reached(chain) or _not_a_program(path, chain, host) or _not_a_base(chain, host):
        state, error = refused
        return Interpreter(path, chain, state, error)
    compiled = compiled or (lambda executable, tag: compiled_prefix(executable, tag, host))
    prefix = find_prefix(chain.end, host) or _compiled_in(chain.end, host, compiled)
    if prefix is None:
        return _without_library(path, chain, host)
    release = read_release(prefix, chain.end, host, memory or Memory())
    starts = code_file(chain.end, host) is not None
    interpreter = Interpreter(
        path=path,
        chain=chain,
        state="ok" if starts else "broken",
        error=None if starts else "the libpython that it was linked to is not found",
        prefix=prefix,
        version=release.version,
        implementation=prefix.implementation,
        own_version=release.own,
        architecture=read_architecture(chain.end),
        free_threaded=prefix.tag.endswith("t"),
        debug=_is_debug(chain.end, prefix.tag),
        is_unclear=starts and (release.version is None or release.version.micro < 0),
    )
    return with_best(interpreter, host, compiled)


def with_best(interpreter: Interpreter, host: Host, compiled: Compiled) -> Interpreter:
    """An interpreter with its stable path, where it can have one and has none yet."""
    prefix = interpreter.prefix
    if interpreter.best or not interpreter.usable or prefix is None:
        return interpreter
    best = stable_path(interpreter.chain, prefix, interpreter.version, host, compiled)
    return interpreter._replace(best=best)


def _not_reached(chain: LinkChain) -> tuple[State, str] | None:
    if chain.state == "denied":
        return "denied", f"permission is denied at {chain.stopped_at}"
    if chain.state == "silent":
        return "broken", f"{chain.stopped_at} does not answer"
    if chain.state == "loop":
        return "broken", f"its links run in a circle at {chain.stopped_at}"
    if chain.state == "missing":
        return "broken", f"{chain.stopped_at} does not exist"
    return None


def _not_a_program(path: Path, chain: LinkChain, host: Host) -> tuple[State, str] | None:
    if not is_regular_file(chain.end):
        return "broken", "it is not a file"
    if wrapper := wrapper_of(path, chain.end, host):
        return "shim", f"it is {wrapper}"
    if not parse_name(chain.end.name):
        return "broken", "its name is not that of a Python interpreter"
    if is_empty_file(chain.end):
        return "broken", "it is an empty file"
    return None


def _not_a_base(chain: LinkChain, host: Host) -> tuple[State, str] | None:
    if not host.windows and not os.access(chain.end, os.X_OK):
        return "denied", "it may not be executed"
    if owner := owning_environment(chain, host):
        return "environment", f"it belongs to the environment {owner}"
    return None


def owning_environment(chain: LinkChain, host: Host) -> Path | None:
    """The environment that an executable is started in; None for a base interpreter.

    CPython looks for pyvenv.cfg beside the executable and one folder above, for the path as it was
    called. A stray pyvenv.cfg in a real installation, whose landmark is there too, makes no environment.
    """
    for spelling in chain.spellings if chain.state != "silent" else ():
        for folder in (spelling.parent, spelling.parent.parent):
            is_marked = is_regular_file(Path(os.path.join(folder, "pyvenv.cfg")))
            if is_marked and not _is_installation(folder, chain, host):
                return folder
    return None


def _is_installation(folder: Path, chain: LinkChain, host: Host) -> bool:
    prefix = find_prefix(chain.end, host)
    return prefix is not None and os.path.realpath(prefix.folder) == os.path.realpath(folder)


def _compiled_in(executable: Path, host: Host, compiled: Compiled) -> Prefix | None:
    """The prefix that a copied executable falls back on, having no landmark near it."""
    name = parse_name(executable.name) or ANY
    if host.windows or name.tag is None or name.kind != "python":
        return None
    folder = compiled(executable, name.tag)
    return prefix_at(folder, name.tag) if folder and not is_root(folder, host) else None


def _without_library(path: Path, chain: LinkChain, host: Host) -> Interpreter:
    architecture = read_architecture(chain.end)
    if series := _embedded_series(chain.end, host):
        return Interpreter(
            path,
            chain,
            "broken",
            "it is an embeddable Python, which cannot carry environments",
            version=parse_version(series),
            implementation="cpython",
            architecture=architecture,
        )
    return Interpreter(
        path,
        chain,
        "broken",
        "no standard library is near it",
        architecture=architecture,
        is_unclear=architecture is not None,
    )


def _embedded_series(executable: Path, host: Host) -> str | None:
    if not host.windows:
        return None
    from holdfast.interpreters.windows import embedded_series  # noqa: PLC0415 - other systems do without

    return embedded_series(executable)


def _is_debug(executable: Path, tag: str) -> bool:
    """By its name; `make install` gives a debug build the plain name, too, by a hard link."""
    name = parse_name(executable.name)
    if name and name.debug:
        return True
    return any(same_file(executable.with_name(f"{tag}{flags}"), executable) for flags in ("d", "dm"))
