"""A rule about environments that went into a repository."""

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
    """Git tracks files of the environment, which are right in this folder of this machine only."""
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
    text = (
        f"Git tracks {what}, which holds the paths of this folder and of this machine's Python: other clones "
        f"cannot use it. {_way_out(folder, top, shared=shared)}"
    )
    return problem(facts, "environment-committed", text)


def _way_out(folder: Path, top: Path, *, shared: bool) -> str:
    if shared:
        return "Untrack them (`git rm --cached`), and give the environment a folder of its own."
    name = folder.relative_to(top).as_posix()
    command = f"git rm -r --cached {shlex.quote(name)}"
    return f"In {top}, run `{command}` and add `/{name}/` to `.gitignore`: the files on the disk stay."
