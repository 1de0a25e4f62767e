"""A rule about environments that went into a repository."""

import os
import re
import shlex
from pathlib import Path

from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem

_OWN = re.compile(
    r"pyvenv\.cfg$"
    r"|(bin|Scripts)/(python|pypy|graalpy|pip|[aA]ctivate|deactivate)[^/]*$"
    r"|lib(64)?/(python|pypy|graalpy)[\d.]+t?/site-packages/"
    r"|Lib/site-packages/"
)
"""What nothing but an environment has: a `.gitkeep` in a folder that waits for one is none of it."""
_PARTS = re.compile(
    r"(pyvenv\.cfg|bin|Scripts|lib|lib64|Lib|include|Include|share|etc|man|src|site-packages|\.lock"
    r"|\.gitignore|\.gitkeep|\.keep|CACHEDIR\.TAG|pip-selfcheck\.json)(/|$)"
)
"""What a folder holds that is an environment and nothing else."""


def environment_committed(facts: EnvironmentFacts) -> Problem | None:
    """Git tracks what is right in this folder of this machine only: files of it, or a link to it."""
    text = files_tracked(facts) or _tracked_link(facts)
    return problem(facts, "environment-committed", text) if text else None


def files_tracked(facts: EnvironmentFacts) -> str | None:
    """That git tracks files of an environment, and how to change that; None where it does not."""
    folder = facts.environment.real
    repositories = facts.surroundings.repositories
    tracked = repositories.tracked_below(folder)
    top = repositories.around(folder) if tracked else None
    own = [name for name in tracked if _OWN.match(name)]
    if not own or top is None:
        return None
    shared = folder == top or not all(map(_PARTS.match, tracked))
    number = len(own if shared else tracked)
    what = f"{number} file{'' if number == 1 else 's'} of this environment"
    return (
        f"Git tracks {what}, which holds the paths of the folder and the machine on which it was made: other "
        f"clones cannot use it. {_way_out(folder, top, shared=shared)}"
    )


def _tracked_link(facts: EnvironmentFacts) -> str | None:
    """A link that leads out of the repository; one within it leads to the same in every clone."""
    path, repositories = facts.environment.path, facts.surroundings.repositories
    if not os.path.islink(path) or not repositories.tracked(path):
        return None
    top = repositories.around(path.parent)
    if top is None or facts.environment.real.is_relative_to(top):
        return None
    name = (Path(os.path.realpath(path.parent)) / path.name).relative_to(top).as_posix()
    command = f"git rm --cached {shlex.quote(name)}"
    return (
        f"Git tracks the link {path.name}, which leads to {facts.environment.real}: in other clones it leads "
        f"nowhere. In {top}, run `{command}` and add `/{name}` to `.gitignore`: the link stays on the disk."
    )


def _way_out(folder: Path, top: Path, *, shared: bool) -> str:
    if shared:
        return "Untrack them (`git rm --cached`), and give the environment a folder of its own."
    name = folder.relative_to(top).as_posix()
    command = f"git rm -r --cached {shlex.quote(name)}"
    return f"In {top}, run `{command}` and add `/{name}/` to `.gitignore`: the files on the disk stay."
