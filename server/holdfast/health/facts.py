"""What the rules need to know about one environment, gathered once."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from holdfast.environments.base import linked_base
from holdfast.environments.environment import Environment
from holdfast.files.reading import Unreadable, is_empty_file, is_regular_file, list_folder, same_folder
from holdfast.interpreters.landmark import has_landmark, series_of, tag_of
from holdfast.interpreters.reader import Reader
from holdfast.links.chain import LinkChain

_NEW_GETPATH = 11
"""The minor version that brought Modules/getpath.py in place of getpath.c."""


@dataclass(frozen=True)
class EnvironmentFacts:
    """An environment and its surroundings."""

    environment: Environment
    anchor: Path
    """The text file on which problems stand: pyvenv.cfg, or another where that is none."""
    needs_home: bool
    """Whether its interpreter does not work without the folder that `home` should name. Only looked into
    where there is no such folder."""
    refuses_large_config: bool
    """Whether its interpreter is one that does not start on a large pyvenv.cfg: CPython 3.11 and newer."""
    has_python: bool
    """Whether there is something by the name `bin/python`, if only a link."""
    no_program: str | None
    """What `bin/python` leads to where that cannot be a program, in words; None where it can."""
    may_not_execute: bool
    """Whether the interpreter, or a folder on the way to it, denies access."""
    beside_gap: tuple[str, ...]
    """What stands beside the first missing folder of the interpreter's path and names the same X.Y."""


def gather(environment: Environment, reader: Reader) -> EnvironmentFacts:
    """Look at what the rules will ask about."""
    no_program = _no_program(environment)
    return EnvironmentFacts(
        environment=environment,
        anchor=_anchor(environment),
        needs_home=not environment.has_home and _needs_home(environment, reader),
        refuses_large_config=(_minor(environment) or _NEW_GETPATH) >= _NEW_GETPATH,
        has_python=os.path.lexists(environment.interpreter),
        no_program=no_program,
        may_not_execute=no_program is None and _may_not_execute(environment),
        beside_gap=_beside_gap(environment),
    )


def _needs_home(environment: Environment, reader: Reader) -> bool:
    """Whether the interpreter fails for want of `home`.

    The redirector of Windows always starts `home`. On POSIX, CPython 3.11+ and every copied executable look
    for the standard library in the ancestors of `home`, also of one that is missing, and then in the prefix
    that they were compiled with; older ones that are links look beside the file that the link leads to
    (Modules/getpath.py, and getpath.c before it). Without a `home` at all, links are looked behind, too.
    """
    if reader.host.windows:
        return True
    tag, minor = _tag(environment), _minor(environment)
    if environment.python.state != "ok" or tag is None or minor is None:
        return False
    if minor >= _NEW_GETPATH and _is_in_the_way(environment.home):
        return True
    linked = linked_base(environment, reader)
    names_home = isinstance(environment.config, Unreadable) or environment.config.home is not None
    if linked and (minor < _NEW_GETPATH or not names_home):
        return False
    compiled = reader.compiled_libraries(environment.python.end, tag)
    if met := _library_above(environment.home.start if environment.home else None, tag):
        own = {linked.prefix.library} if linked and linked.prefix else compiled
        return not any(same_folder(met, library) for library in own)
    return not compiled


def _is_in_the_way(home: LinkChain | None) -> bool:
    """Whether looking into `home` fails by more than "no such file": Modules/getpath.py gives up then."""
    if home is None or home.state in ("denied", "loop"):
        return home is not None
    return is_regular_file(home.end if home.state == "ok" else home.stopped_at.parent)


def _library_above(home: Path | None, tag: str) -> Path | None:
    """The standard library that is met on the way up from `home`; the root folder is not looked at."""
    if home is None:
        return None
    folders = (folder / "lib" / tag for folder in (home, *home.parents[:-1]))
    return next((library for library in folders if has_landmark(library)), None)


def _tag(environment: Environment) -> str | None:
    return tag_of(environment.python.end.name) or environment.tag


def _minor(environment: Environment) -> int | None:
    tag = _tag(environment)
    return int(series_of(tag).partition(".")[2]) if tag else None


def _no_program(environment: Environment) -> str | None:
    chain = environment.python
    if chain.state != "ok":
        return None
    if not is_regular_file(chain.end):
        return "not a file"
    return "an empty file" if is_empty_file(chain.end) else None


def _may_not_execute(environment: Environment) -> bool:
    chain = environment.python
    return chain.state == "denied" or (chain.state == "ok" and not os.access(chain.end, os.X_OK))


def _beside_gap(environment: Environment) -> tuple[str, ...]:
    chain, tag = environment.python, environment.tag
    if chain.state != "missing" or tag is None:
        return ()
    same = re.compile(rf"(?<![\d.]){re.escape(series_of(tag))}(?!\d)")
    gap = chain.stopped_at
    if not same.search(gap.name):
        return ()
    return tuple(name for name in list_folder(gap.parent) if same.search(name))


def _anchor(environment: Environment) -> Path:
    """A regular text file for an editor to open: a folder, a FIFO or a huge file gives an error page."""
    config = environment.config
    if not isinstance(config, Unreadable) or config.why == "encoding":
        return environment.config_path
    inside = (environment.path / ".gitignore", environment.path / "bin" / "activate")
    project = environment.path.parent
    around = (
        project / "pyproject.toml",
        project / ".vscode" / "settings.json",
        project / ".gitignore",
        *(project / name for name in list_folder(project) if _looks_like_text(name)),
    )
    found = (path for path in (*inside, *around) if is_regular_file(path))
    return next(found, environment.config_path)


def _looks_like_text(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in (".md", ".txt", ".toml", ".cfg", ".py", ".json")
