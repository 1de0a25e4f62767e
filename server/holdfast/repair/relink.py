"""The fix of an environment whose interpreter is gone: link it to another one of the same X.Y."""

import os
from collections.abc import Iterable
from pathlib import Path

from holdfast.environments.base import interpreter_names
from holdfast.environments.environment import Environment
from holdfast.files.reading import have_same_bytes, is_folder, link_text, same_folder
from holdfast.interpreters.interpreter import Interpreter
from holdfast.links.chain import follow
from holdfast.repair.fix import Fix
from holdfast.repair.rebase import fitting, record_base, stays_inside
from holdfast.repair.steps import PlaceLink, Step


def plan_relink(environment: Environment, interpreters: Iterable[Interpreter]) -> Fix | None:
    """A plan that rests a POSIX environment on the best of these interpreters; None where none fits.

    The interpreters come best first.
    """
    base = next(fitting(environment, interpreters), None)
    if base is None or base.stable is None:
        return None
    links = _link_steps(environment, base, base.stable)
    config = record_base(environment, base, base.stable)
    if not links or config is None:
        return None
    steps: tuple[Step, ...] = (*links, *config)
    if not all(stays_inside(environment, step.touches) for step in steps):
        return None
    return Fix(
        id=f"relink:{base.stable}",
        title=f"Link to Python {base.version} ({base.stable})",
        environment=environment.path,
        steps=steps,
    )


def _link_steps(environment: Environment, base: Interpreter, target: Path) -> tuple[PlaceLink, ...]:
    """Renew the names of the interpreter that lead nowhere or to another base.

    A name that leads to a renewed one stays. None where a name that would have to be renewed is no link:
    what stands there is not ours to replace.
    """
    folder = environment.path / environment.layout.scripts
    if not is_folder(folder):
        return ()
    renewed: dict[str, PlaceLink] = {}
    for name in interpreter_names(environment):
        if name != environment.layout.python and not os.path.lexists(folder / name):
            continue
        if _leads_to(folder / name, base):
            continue
        last = _last_inner_name(folder, name, frozenset(renewed))
        if last not in renewed:
            if os.path.lexists(folder / last) and not os.path.islink(folder / last):
                return ()
            renewed[last] = PlaceLink(folder / last, os.fspath(target), link_text(folder / last))
    return tuple(renewed.values())


def _leads_to(path: Path, base: Interpreter) -> bool:
    """Whether a name is a link to this base, or a copy of its executable beside it."""
    chain = follow(path)
    if chain.state != "ok":
        return False
    is_copy = same_folder(chain.end.parent, path.parent)
    return chain.end == base.real or (is_copy and have_same_bytes(chain.end, base.real))


def _last_inner_name(folder: Path, name: str, stop_at: frozenset[str]) -> str:
    """Where the links from `name` leave the folder; `name` itself where they run in a circle in it."""
    current, passed = name, {name}
    while current not in stop_at:
        said = link_text(folder / current)
        if said is None or os.path.dirname(said):
            return current
        if said in passed:
            return name
        passed.add(said)
        current = said
    return current
