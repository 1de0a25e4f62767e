"""Rules about environments that are not where they were made: in another folder, or on another system."""

import os

from holdfast.files.reading import Unreadable
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.committed import files_tracked
from holdfast.health.rules.rule import problem

_KINDS = {"elf": "Linux", "mach-o": "macOS", "pe": "Windows"}
_NATIVE = {"linux": "elf", "darwin": "mach-o", "windows": "pe"}


def foreign_platform(facts: EnvironmentFacts) -> Problem | None:
    """It was made on another system, in a container or in WSL, where it may be right.

    The only problem of an environment that has it, and never repaired: that would break it there. Where git
    tracks it, that is how it came here.
    """
    where = _made_on(facts)
    if where is None:
        return None
    what_to_do = files_tracked(facts) or (
        "It may be right there: leave it, and create a second one for this system under another name."
    )
    text = f"This environment was made {where} and does not work here. {what_to_do}"
    return problem(facts, "foreign-platform", text, severity="warning", fatal=True)


def _made_on(facts: EnvironmentFacts) -> str | None:
    """Where an environment that cannot work here was made; None where nothing tells of another system."""
    chain = facts.environment.python
    if chain.state == "ok":
        header = facts.header
        if header is None or header.kind == _NATIVE[facts.reader.host.platform]:
            return None
        return f"on another operating system ({chain.end.name} is a program for {_KINDS[header.kind]})"
    return _made_where(facts) if chain.state == "missing" else None


def _made_where(facts: EnvironmentFacts) -> str | None:
    """Where an environment says that it was made whose interpreter is not there."""
    environment, host = facts.environment, facts.reader.host
    if environment.is_foreign and not facts.has_python:
        return "on another operating system"
    config = environment.config
    home = None if isinstance(config, Unreadable) or config.home is None else config.home.value
    said = (*(hop.target for hop in environment.python.hops[-1:]), *((home,) if home else ()))
    named = next((text for text in said if host.is_foreign(text)), None)
    if named:
        return f"on another operating system (it names {named})"
    if facts.origin and facts.origin.is_another_system:
        return f"in a container or on another machine (in {facts.origin.folder})"
    return None


def environment_moved(facts: EnvironmentFacts) -> Problem | None:
    """Its scripts name another folder: it was moved or copied, or a folder above it was renamed."""
    origin = facts.origin
    if origin is None or not origin.is_named:
        return None
    stale = _counted(origin.stale_scripts, is_activated=origin.is_activated)
    there = (
        "They use what stands there now."
        if os.path.lexists(origin.folder)
        else "That folder no longer exists, so they do not work."
    )
    text = (
        f"This environment was made in {origin.folder}, and {stale} still "
        f"{'name' if stale != '1 script' else 'names'} "
        f"it. {there} Move it back, or create it again."
    )
    return problem(facts, "environment-moved", text, span=origin.span)


def _counted(scripts: int, *, is_activated: bool) -> str:
    parts = [f"{scripts} script{'' if scripts == 1 else 's'}"] if scripts else []
    if is_activated:
        parts.append("its activation scripts")
    return " and ".join(parts)
