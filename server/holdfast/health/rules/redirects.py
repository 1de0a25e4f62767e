"""A rule about a `.venv` that is a link or a redirect file to an environment elsewhere."""

import os
from pathlib import Path

from holdfast.environments.layout import CONFIG
from holdfast.environments.redirection import is_denied
from holdfast.files.reading import is_folder, list_folder, plain, read_start
from holdfast.formats.span import Span, span_in
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem
from holdfast.links.trail import Trail
from holdfast.workspace.root import upward

_MOST_NAMES = 3
_MOST_BESIDE = 200
_LONGEST_LINE = 8192


def redirect_broken(facts: EnvironmentFacts) -> Problem | None:
    """It leads nowhere, in a circle, or to what is no environment."""
    way = facts.lost_way
    if way is None:
        return None
    redirect = facts.environment.redirect
    what = "redirect file" if redirect else "link"
    text = (
        f"The {what} {way.start.name} leads {_steps(way)}{_end(way)}.{_beside(way)}{_instead(facts)} "
        f"Remove the {what} and create the environment again, or let it lead to one that is there."
    )
    span = _first_line(redirect) if redirect else None
    return problem(facts, "redirect-broken", text, fatal=True, file=redirect, span=span)


def _steps(way: Trail) -> str:
    """`to A`, or `over A and B to C`."""
    spellings = list(dict.fromkeys(str(plain(leg.hop.after)) for leg in way.legs))
    if way.state == "foreign":
        spellings[-1] = way.legs[-1].hop.target
    *over, last = spellings
    shown = over if len(over) <= _MOST_NAMES else [*over[:_MOST_NAMES], f"{len(over) - _MOST_NAMES} more"]
    return f"{f'over {_listed(shown)} ' if over else ''}to {last}"


def _end(way: Trail) -> str:
    """What is there, as a clause behind its path."""
    chain = way.chain
    if way.state == "loop":
        return ", and so in a circle"
    if way.state == "foreign":
        return ", which is a path of another operating system"
    if way.state == "denied" or is_denied(way.end):
        return ", into which you may not look: permission is denied"
    if way.state == "missing":
        gap = chain.stopped_at
        return ", which does not exist" + (f": there is no {gap}" if gap != chain.end else "")
    if not is_folder(way.end):
        return ", which is a file and no environment"
    empty = "is empty" if not list_folder(way.end) else f"has no {CONFIG}"
    return f", which is no environment: that folder {empty}"


def _beside(way: Trail) -> str:
    """The environments that stand beside the gap."""
    if way.state != "missing":
        return ""
    folder = way.chain.stopped_at.parent
    names = list_folder(folder)[:_MOST_BESIDE]
    found = [name for name in names if os.path.lexists(folder / name / CONFIG)][:_MOST_NAMES]
    verb = "is the environment" if len(found) == 1 else "are the environments"
    return f" In {folder} there {verb} {_listed(found)}." if found else ""


def _instead(facts: EnvironmentFacts) -> str:
    """What stands further up: uv, for one, passes over such a file (uv #20433)."""
    path = facts.environment.path
    above = upward(path.parent, facts.reader.host)[1:]
    other = next((one / path.name for one in above if os.path.lexists(one / path.name / CONFIG)), None)
    return f" Some tools then use {other}, which stands further up." if other else ""


def _listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _first_line(file: Path) -> Span:
    line = read_start(file, _LONGEST_LINE).decode("utf-8-sig", "replace").splitlines()[0]
    return span_in(line, 0, 0, len(line))
