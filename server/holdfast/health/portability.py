"""Paths in configuration files that are right on this machine or system only, and what is so everywhere."""

import os
from pathlib import Path

from holdfast.environments.layout import POSIX, WINDOWS
from holdfast.files.reading import plain, same_folder
from holdfast.health.missing import environment_in
from holdfast.health.project import ProjectFacts
from holdfast.values import NamedTuple
from holdfast.workspace.configured.systems import Fitness, fitness_of, is_absolute
from holdfast.workspace.configured.written import ALL, SYSTEMS, System, WrittenPath

_OF_EDITOR = ("settings", "launch", "variable")


class Fault(NamedTuple):
    """Why a path is not right everywhere."""

    message: str
    """What is wrong, and what to do: it ends the sentence that names the path."""
    cause: object
    """The same for all paths that become right by the same."""


def fault_of(one: WrittenPath, facts: ProjectFacts) -> Fault | None:
    """Why a path is not right everywhere, and what would be; None where it is."""
    if not _is_of_environment(one) or _is_told(one, facts) or not one.counts or one.is_former:
        return None
    if is_absolute(one.text):
        text = "but an absolute path is right only where everything is in the same place."
        return Fault(f"{text} {_from_here_on(one)}".rstrip(), one)
    fitness = fitness_of(one, alias=_has_alias(one, facts))
    others = tuple(system for system in one.read_on if system not in fitness.systems)
    if not others:
        return None
    text = f"and {_where(fitness.systems, others)}: {fitness.why}. {_way_out(one, fitness, facts)}"
    return Fault(text.rstrip(), (fitness.why, _environment_of(one)))


def _where(systems: tuple[System, ...], others: tuple[System, ...]) -> str:
    return f"works on {_listed(systems)}, not on {_listed(others)}" if systems else "is right on no system"


def _from_here_on(one: WrittenPath) -> str:
    """How an absolute path into the folder of its file is written; else where it belongs."""
    if one.tool == "env":
        return "Leave it out, or keep this file out of the repository."
    folder = one.file.parent.parent if one.file.parent.name == ".vscode" else one.file.parent
    places = (plain(place) for place in one.places)
    inside = next((place for place in places if place.is_relative_to(folder)), None)
    if inside is None:
        return "Keep it in your own settings." if one.tool == "settings" else ""
    start = "${workspaceFolder}/" if one.tool in _OF_EDITOR else ""
    return f"Name it from here on: {start}{inside.relative_to(folder).as_posix()}."


def _way_out(one: WrittenPath, fitness: Fitness, facts: ProjectFacts) -> str:
    if fitness.portable is None:
        return ""
    if one.role == "inside":
        linked = "`site-packages-link = true` in `[tool.holdfast]`"
        return f"With {linked}, {fitness.portable} is right everywhere."
    whole = f"Name the environment itself: {fitness.portable.rpartition('/bin/')[0]}."
    if one.tool == "ty":
        return whole
    if fitness_of(one._replace(text=fitness.portable), alias=_has_alias(one, facts)).systems == ALL:
        return f"{fitness.portable} is right everywhere."
    return whole if one.tool == "settings" else _with_alias(one, fitness.portable, facts)


def _with_alias(one: WrittenPath, portable: str, facts: ProjectFacts) -> str:
    """What an alias makes of a path into an environment of the project."""
    environment = _environment_of(one)
    if environment is None or not environment.is_relative_to(facts.project.folder):
        return ""
    name = "it" if portable == one.text else portable
    return f"With an alias (`alias = true` in `[tool.holdfast]`), {name} is right everywhere."


def _has_alias(one: WrittenPath, facts: ProjectFacts) -> bool:
    """Whether the environment that is named has, or is to have, the names of all systems."""
    if facts.project.settings.values.get("alias") is True:
        return True
    environment = _environment_of(one)
    if environment is None or not os.path.lexists(environment / WINDOWS.scripts):
        return False
    return same_folder(environment / POSIX.scripts, environment / WINDOWS.scripts)


def _listed(systems: tuple[System, ...]) -> str:
    return " and ".join(systems)


def _is_of_environment(one: WrittenPath) -> bool:
    return one.role != "command" and (one.role != "inside" or bool(_environment_of(one)))


def _environment_of(one: WrittenPath) -> Path | None:
    return next((found for place in one.places if (found := environment_in(place))), None)


def _is_told(one: WrittenPath, facts: ProjectFacts) -> bool:
    """Whether it leads nowhere here for the same reason, which is a problem already."""
    missing = (told for found in facts.missing for told in (found.written, *found.followers))
    if one not in missing:
        return False
    here = SYSTEMS[facts.host.platform]
    return is_absolute(one.text) or here not in fitness_of(one, alias=_has_alias(one, facts)).systems
