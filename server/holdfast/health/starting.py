"""What comes of starting an environment's interpreter: its own standard library, another one or none."""

import os
from pathlib import Path

from holdfast.environments.environment import Environment
from holdfast.files.reading import Unreadable, read_start, same_folder
from holdfast.interpreters.compiled import code_file, strange_code_file
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.reader import Reader
from holdfast.values import NamedTuple

_HEAD = 4096
"""Bytes; linkers put the number of a build there."""


class Start(NamedTuple):
    """What an interpreter finds."""

    is_right: bool
    """Whether it starts, with its own standard library."""
    library: Path | None = None
    """The standard library that it finds."""
    own: Path | None = None
    """The one that it should find, where that is known."""
    lacks_runtime: bool = False
    """Whether the libpython that it was linked to is not found."""
    strange_runtime: Path | None = None
    """The libpython of another installation that is loaded in its place."""
    gives_up: str = ""
    """Why it stops at its start, in words."""


_RIGHT = Start(is_right=True)


def start_of(
    environment: Environment, reader: Reader, linked: Interpreter | None, tag: str | None
) -> Start | None:
    """Predict the start of an interpreter that is there; None of what is not CPython, or is not known.

    Nothing is predicted for the many whose `home` is the folder of the very executable that they link to.
    """
    if _is_plain(environment, linked):
        return _RIGHT
    without_runtime = None if reader.host.windows else _of_runtime(environment, reader)
    if without_runtime:
        return without_runtime
    found = reader.startup(environment.interpreter, tag) if tag else None
    if found is None:
        return None
    if found.library is None or found.gives_up:
        return Start(is_right=False, own=_own_library(linked), gives_up=found.gives_up)
    own = _own_library(linked)
    if own is None:
        return _of_copy(environment, reader, found.library, tag or "")
    is_right = same_folder(found.library, own) or _is_built_for(environment, reader, found.library, tag or "")
    return Start(is_right=is_right, library=found.library, own=own)


def _is_built_for(environment: Environment, reader: Reader, library: Path, tag: str) -> bool:
    """Whether a library is the one that an executable was compiled for, wherever it links to."""
    compiled = reader.compiled_prefix(environment.python.end, tag)
    return compiled is not None and same_folder(compiled / library.parent.name / library.name, library)


def _of_runtime(environment: Environment, reader: Reader) -> Start | None:
    """A start that fails for want of the libpython; None where it is there, or none is needed."""
    end = environment.python.end
    if code_file(end, reader.host) is None:
        return Start(is_right=False, lacks_runtime=True)
    stranger = strange_code_file(end, reader.host) if environment.holds_own_executable else None
    return Start(is_right=False, strange_runtime=stranger) if stranger else None


def _is_plain(environment: Environment, linked: Interpreter | None) -> bool:
    home = environment.home
    return (
        linked is not None
        and linked.usable
        and home is not None
        and home.state == "ok"
        and home.end == linked.real.parent
        and not isinstance(environment.config, Unreadable)
        and environment.config.home == environment.config.get("home")
    )


def _own_library(linked: Interpreter | None) -> Path | None:
    return linked.prefix.library if linked and linked.prefix else None


def _of_copy(environment: Environment, reader: Reader, found: Path, tag: str) -> Start:
    """What a copied executable makes of the library that it finds.

    The executable from which it was copied stands by its own library, wherever that was moved. Where it is
    gone, the library counts for which the copy was compiled; a build that lost its place has only `home`.
    """
    if environment.has_home and _is_twin(found.parent.parent / "bin" / tag, environment.python.end):
        return Start(is_right=True, library=found)
    compiled = reader.compiled_prefix(environment.python.end, tag)
    if compiled is None:
        return Start(is_right=environment.has_home, library=found)
    own = compiled / found.parent.name / found.name
    return Start(is_right=same_folder(own, found), library=found, own=own)


def _is_twin(one: Path, other: Path) -> bool:
    """Whether two executables are of one build: of one size, with the same headers and notes at the start."""
    try:
        same_size = os.stat(one).st_size == os.stat(other).st_size
    except OSError:
        return False
    return same_size and read_start(one, _HEAD) == read_start(other, _HEAD)
