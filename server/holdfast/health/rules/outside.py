"""Rules about links that lead to an environment's programs from outside."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from holdfast.environments.layout import POSIX, WINDOWS
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem
from holdfast.interpreters.name import parse_name
from holdfast.links.outside import OutsideLink

_MOST_NAMED = 3
_FOLDERS = (POSIX.scripts, WINDOWS.scripts)


def interpreter_link_escapes(facts: EnvironmentFacts) -> Problem | None:
    """A link to its Python, or to the folder in which that is, starts the base without the environment."""
    if facts.environment.python.state != "ok" or facts.no_program:
        return None
    escaping = [link for link in _links(facts) if _is_folder(link, facts) or parse_name(link.inside.name)]
    if not escaping:
        return None
    first = escaping[0]
    folder = _is_folder(first, facts)
    what = "the folder of programs" if folder else first.inside.name
    text = (
        f"{first.path} is a link to {what} of this environment{_others(escaping)}: "
        f"{'`python` in it ' if folder else 'it '}{_effect(first, facts)}, for Python looks for pyvenv.cfg "
        f"beside the path by which it is called. Call {facts.environment.interpreter} itself."
    )
    return problem(facts, "interpreter-link-escapes", text)


def launcher_relative_link(facts: EnvironmentFacts) -> Problem | None:
    """A link to a script that looks for its Python beside the name by which it is called, and finds none."""
    failing = [link for link in _links(facts) if _looks_beside_itself(link, facts)]
    if not failing:
        return None
    first = failing[0]
    text = (
        f"{first.path} is a link to {first.inside.name} of this environment, which looks for its Python "
        f"beside the name by which it is called, and does not find it there{_others(failing)}. "
        f"Call {facts.scripts.folder / first.inside.name} itself, or install its package again with a newer "
        "installer."
    )
    return problem(facts, "launcher-relative-link", text)


def _links(facts: EnvironmentFacts) -> Iterator[OutsideLink]:
    """Those that lead to its programs or their folder, not to something else in it."""
    for link in facts.outside_links:
        programs = facts.environment.real / facts.environment.layout.scripts
        if link.inside.parent == programs or _is_folder(link, facts):
            yield link


def _is_folder(link: OutsideLink, facts: EnvironmentFacts) -> bool:
    """Whether it leads to the folder of programs, by its name or by its alias."""
    return link.inside.parent == facts.environment.real and link.inside.name in _FOLDERS


def _effect(link: OutsideLink, facts: EnvironmentFacts) -> str:
    """What becomes of the Python that is called by a link."""
    called = link.path / facts.environment.layout.python if _is_folder(link, facts) else link.path
    if facts.reader.host.windows:
        from holdfast.formats.launcher import Launcher, read_launcher  # noqa: PLC0415 - only of Windows

        found = read_launcher(facts.environment.interpreter)
        fails = isinstance(found, Launcher) and found.kind == "venv"
    else:
        fails = _does_not_start(called, facts)
    if fails:
        return "does not start"
    base = facts.base.title if facts.base else "the base interpreter"
    return f"starts {base} without what is installed here"


def _does_not_start(called: Path, facts: EnvironmentFacts) -> bool:
    """Whether a copied interpreter finds no library without `home`; links lead to the base's."""
    if not facts.environment.holds_own_executable or facts.tag is None:
        return False
    startup = facts.reader.startup(called, facts.tag)
    return startup is not None and not startup.starts


def _looks_beside_itself(link: OutsideLink, facts: EnvironmentFacts) -> bool:
    if not facts.reader.host.windows:
        return any(
            link.inside.name in one.names and one.shebang and one.shebang.relative_to == "called"
            for one in facts.scripts.all
        )
    if parse_name(link.inside.name):
        return False
    from holdfast.formats.launcher import Launcher, read_launcher  # noqa: PLC0415 - only of Windows

    found = read_launcher(link.inside)
    return isinstance(found, Launcher) and found.starts == "script" and found.through_link == "fails"


def _others(links: Sequence[OutsideLink]) -> str:
    paths = [os.fspath(link.path) for link in links[1:]]
    if not paths:
        return ""
    more = ", …" if len(paths) > _MOST_NAMED else ""
    return f" (and {len(paths)} more: {', '.join(paths[:_MOST_NAMED])}{more})"
