"""Environment variables that keep an interpreter from starting, or from being that of its environment.

What is told here was found by starting every CPython from 3.6 to 3.13 with them, and a test holds it.
"""

import codecs
import re
from collections.abc import Callable
from pathlib import Path

from holdfast.environments.environment import Environment
from holdfast.files.reading import is_regular_file, same_folder
from holdfast.host import Host
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.landmark import Prefix
from holdfast.values import NamedTuple

Locate = Callable[[str], Path | None]
"""Where a path in a value leads; None where only the program that sets it knows."""

_LAUNCHERS = ("PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__")
_LAUNCHERS_COUNT_SINCE = 11
"""The minor version from which on they do not count on macOS alone (Modules/getpath.py)."""
_PLATLIBDIR_SINCE = 9
_BETWEEN = re.compile(r":(?![^{}:]*\})")
"""Between the folders of a list, and not in a variable: VS Code has `${workspaceFolder:NAME}`."""
_ALLOCATORS_SINCE = 13


class Choice(NamedTuple):
    """A variable that takes certain values only: with another one Python refuses to start."""

    since: int
    """The minor version that brought it."""
    words: frozenset[str]
    numbers: range
    said: str
    """What it takes, in words."""

    def takes(self, value: str) -> bool:
        """Whether Python starts with a value; an empty one is as good as none."""
        is_number = _NUMBER.fullmatch(value) is not None
        return value in ("", *self.words) or (is_number and int(value) in self.numbers)


_NUMBER = re.compile(r"\s*\+?\d{1,15}", re.ASCII)
"""As strtol of C reads one: blanks may stand before it and nothing behind it."""
_NONE = range(0)
_MOST = 2**31
"""Above what fits into a number of C."""

CHOICES = {
    "PYTHONHASHSEED": Choice(6, frozenset({"random"}), range(2**32), "`random` or a number below 4294967296"),
    "PYTHONUTF8": Choice(7, frozenset({"0", "1"}), _NONE, "0 or 1"),
    "PYTHONMALLOC": Choice(
        6,
        frozenset({"default", "debug", "malloc", "malloc_debug", "pymalloc", "pymalloc_debug"}),
        _NONE,
        "`default`, `debug`, `malloc`, `pymalloc`, `malloc_debug` or `pymalloc_debug`",
    ),
    "PYTHONTRACEMALLOC": Choice(6, frozenset(), range(65536), "a number of frames"),
    "PYTHONINTMAXSTRDIGITS": Choice(11, frozenset({"0"}), range(640, _MOST), "0 or a number from 640 on"),
    "PYTHON_GIL": Choice(13, frozenset({"1"}), _NONE, "1 or, in a free-threaded build, 0"),
    "PYTHON_CPU_COUNT": Choice(
        13, frozenset({"default"}), range(1, _MOST), "`default` or a number from 1 on"
    ),
    "PYTHON_FROZEN_MODULES": Choice(13, frozenset({"on", "off"}), _NONE, "`on` or `off`"),
}
_NEW_ALLOCATORS = frozenset({"mimalloc", "mimalloc_debug"})
"""Of CPython 3.13."""

OF_PATHS = frozenset({"PYTHONHOME", "PYTHONPATH", *_LAUNCHERS})
NAMES = frozenset({"PYTHONPLATLIBDIR", "PYTHONIOENCODING", *OF_PATHS, *CHOICES})
"""Of all variables that are judged."""


class Started(NamedTuple):
    """The interpreter of an environment, and what it should find at its start."""

    environment: Environment
    base: Interpreter
    prefix: Prefix
    minor: int
    host: Host


def started_by(environment: Environment, base: Interpreter | None, host: Host) -> Started | None:
    """What an environment starts; None of what does not work, and of what is no CPython."""
    if base is None or base.prefix is None or base.implementation != "cpython" or base.version is None:
        return None
    if environment.python.state != "ok" or base.version.major != 3:  # noqa: PLR2004 - there is no other now
        return None
    return Started(environment, base, base.prefix, base.version.minor, host)


def effect_of(name: str, value: str, locate: Locate, started: Started) -> str | None:
    """What comes of a variable, as half a sentence; None where that is nothing bad, or nobody knows."""
    if name in CHOICES:
        return _of_choice(name, value, started)
    if not value:
        return None
    if name in _LAUNCHERS:
        return _of_launcher(value, locate, started)
    effects = {
        "PYTHONHOME": _of_home,
        "PYTHONPLATLIBDIR": _of_platlibdir,
        "PYTHONPATH": _of_path,
        "PYTHONIOENCODING": _of_encoding,
    }
    return effects[name](value, locate, started) if name in effects else None


def _of_choice(name: str, value: str, started: Started) -> str | None:
    choice = CHOICES[name]
    if started.minor < choice.since or choice.takes(value) or _takes_more(name, value, started):
        return None
    return f"Python takes {choice.said} there and does not start with anything else"


def _takes_more(name: str, value: str, started: Started) -> bool:
    """Whether a value is one that some builds take."""
    if name == "PYTHON_GIL":
        return value == "0" and started.base.free_threaded
    return name == "PYTHONMALLOC" and value in _NEW_ALLOCATORS and started.minor >= _ALLOCATORS_SINCE


def _of_home(value: str, locate: Locate, started: Started) -> str | None:
    """Two folders may stand there: one for the library, one for its compiled part."""
    library = started.prefix.library
    home = locate(_listed(value, started)[0])
    inside = library.relative_to(started.prefix.folder)
    if home is None or started.host.mounts.silent(home) or same_folder(home / inside, library):
        return None
    return f"Python looks for the standard library of {started.base.title} there, in vain, and does not start"


def _of_platlibdir(value: str, _: Locate, started: Started) -> str | None:
    library = started.prefix.library
    named = started.prefix.folder / value / library.name
    if started.host.windows or started.minor < _PLATLIBDIR_SINCE or same_folder(named, library):
        return None
    own = library.parent.name
    return f"Python looks for its standard library in {value} and not in {own}, and does not start"


def _of_path(value: str, locate: Locate, started: Started) -> str | None:
    """A standard library among the folders is imported from in the place of Python's own."""
    folders = (locate(text) for text in _listed(value, started) if text)
    other = next((one for one in folders if one and _is_other_library(one, started)), None)
    if other is None:
        return None
    return f"{other} is the standard library of another Python, and {started.base.title} then imports from it"


def _listed(value: str, started: Started) -> list[str]:
    return value.split(";") if started.host.windows else _BETWEEN.split(value)


def _is_other_library(folder: Path, started: Started) -> bool:
    if started.host.mounts.silent(folder) or not is_regular_file(folder / "os.py"):
        return False
    is_whole = is_regular_file(folder / "encodings" / "__init__.py")
    return is_whole and not same_folder(folder, started.prefix.library)


def _of_launcher(value: str, locate: Locate, started: Started) -> str | None:
    """Python takes itself for that program, and looks for pyvenv.cfg beside it and one folder above."""
    if started.minor < _LAUNCHERS_COUNT_SINCE and started.host.platform != "darwin":
        return None
    program = locate(value)
    if program is None or same_folder(program.parent.parent, started.environment.real):
        return None
    return "Python takes itself for that program and finds nothing that is installed in the environment"


def _of_encoding(value: str, _: Locate, started: Started) -> str | None:
    encoding = value.partition(":")[0]
    if not encoding or started.host.windows:  # which has more of them
        return None
    try:
        codecs.lookup(encoding)
    except (LookupError, ValueError):
        return f"Python knows no encoding {encoding} and does not start"
    return None


def is_set_by_system(name: str, host: Host) -> bool:
    """Whether a variable may stand in the environment of each program without having been set by anybody.

    The `python3` of a framework build of macOS starts the real one, with its own path in this variable.
    """
    return host.platform == "darwin" and name == "__PYVENV_LAUNCHER__"
