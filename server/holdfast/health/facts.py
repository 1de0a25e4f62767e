"""What the rules need to know about one environment, gathered once."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from holdfast.environments.environment import Environment
from holdfast.environments.layout import foreign_layout
from holdfast.files.reading import Unreadable, is_folder, is_regular_file, list_folder
from holdfast.interpreters.compiled import starts_without_home
from holdfast.interpreters.landmark import tag_of

_NEW_GETPATH = 11
"""The minor version that brought Modules/getpath.py in place of getpath.c."""


@dataclass(frozen=True)
class EnvironmentFacts:
    """An environment and its surroundings."""

    environment: Environment
    anchor: Path
    """The text file on which problems stand: pyvenv.cfg, or another where that is none."""
    needs_home: bool
    """Whether its interpreter cannot start without the folder that `home` names. Only looked into where
    that folder is missing."""
    refuses_large_config: bool
    """Whether its interpreter is one that does not start on a large pyvenv.cfg: CPython 3.11 and newer."""
    foreign: bool
    """Whether it has the folders of the other platform and not those of this one."""
    may_not_execute: bool
    """Whether the interpreter, or a folder on the way to it, denies access."""
    beside_gap: tuple[str, ...]
    """What stands beside the first missing folder of the interpreter's path and names the same X.Y."""


def gather(environment: Environment, *, windows: bool = False) -> EnvironmentFacts:
    """Look at what the rules will ask about."""
    native = is_folder(environment.path / environment.layout.scripts)
    other = is_folder(environment.path / foreign_layout(windows=windows).scripts)
    return EnvironmentFacts(
        environment=environment,
        anchor=_anchor(environment),
        needs_home=_needs_home(environment, windows=windows),
        refuses_large_config=(_minor(environment) or _NEW_GETPATH) >= _NEW_GETPATH,
        foreign=other and not native,
        may_not_execute=_may_not_execute(environment),
        beside_gap=_beside_gap(environment),
    )


def _needs_home(environment: Environment, *, windows: bool) -> bool:
    """Whether `home` is missing and load-bearing.

    The redirector of Windows always starts `home`. On POSIX, CPython 3.11+ and every copied executable look
    for the standard library from `home` on and then in the prefix that they were compiled with
    (Modules/getpath.py); older ones that are links look beside the file that the link leads to.
    """
    if environment.home is None or environment.home.state == "ok":
        return False
    if windows:
        return True
    if environment.python.state != "ok":
        return False
    tag, minor = _tag(environment), _minor(environment)
    if tag is None or minor is None:
        return False
    if minor < _NEW_GETPATH and not environment.holds_own_executable:
        return False
    return not starts_without_home(environment.python.end, tag)


def _tag(environment: Environment) -> str | None:
    return tag_of(environment.python.end.name) or environment.tag


def _minor(environment: Environment) -> int | None:
    match = re.search(r"\.(\d+)", _tag(environment) or "")
    return int(match.group(1)) if match else None


def _may_not_execute(environment: Environment) -> bool:
    chain = environment.python
    return chain.state == "denied" or (chain.state == "ok" and not os.access(chain.end, os.X_OK))


def _beside_gap(environment: Environment) -> tuple[str, ...]:
    chain, tag = environment.python, environment.tag
    if chain.state != "missing" or tag is None:
        return ()
    series = tag.removeprefix("python").removeprefix("pypy").rstrip("t")
    same = re.compile(rf"(?<![\d.]){re.escape(series)}(?!\d)")
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
