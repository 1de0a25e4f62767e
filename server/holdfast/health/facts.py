"""What the rules need to know about one environment, gathered once."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from holdfast.environments.base import linked_base
from holdfast.environments.environment import Environment
from holdfast.files.reading import Unreadable, is_empty_file, is_regular_file, list_folder, same_folder
from holdfast.interpreters.landmark import series_of, tag_of
from holdfast.interpreters.reader import Reader

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
    silent: bool
    """Whether it leads into a disk or share that does not answer."""
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
        has_python=environment.python.state == "silent" or os.path.lexists(environment.interpreter),
        no_program=no_program,
        may_not_execute=no_program is None and _may_not_execute(environment),
        silent=environment.python.state == "silent",
        beside_gap=_beside_gap(environment),
    )


def _needs_home(environment: Environment, reader: Reader) -> bool:
    """Whether the interpreter fails for want of `home`: it does not start, or with a library not its own.

    Its own is that beside the executable that it links to, and that which it was compiled for. The launcher
    of Windows always starts `home`.
    """
    if reader.host.windows or (environment.home and environment.home.state == "silent"):
        return True  # whether it needs it or not, it waits for it
    tag = _tag(environment)
    if tag is None or environment.python.state != "ok":
        return False
    startup = reader.startup(environment.interpreter, tag)
    if startup is None or startup.library is None:
        return startup is not None
    library, linked = startup.library, linked_base(environment, reader)
    if linked and linked.prefix and same_folder(library, linked.prefix.library):
        return False
    compiled = reader.compiled_prefix(environment.python.end, tag)
    return compiled is None or not same_folder(library, compiled / library.parent.name / library.name)


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
