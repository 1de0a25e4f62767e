"""`holdfast check`."""

import argparse
import os
from collections.abc import Collection, Iterable
from pathlib import Path

from holdfast.cli.output import print_json, warn
from holdfast.cli.paths import elsewhere, environments_below, folder_at
from holdfast.environments.layout import CONFIG
from holdfast.errors import UsageError
from holdfast.health.rules import NAMES
from holdfast.host import Host
from holdfast.interpreters.memory import user_memory
from holdfast.repair.machine import Machine
from holdfast.repair.report import check_json
from holdfast.repair.survey import Survey, survey, survey_projects
from holdfast.workspace.projects import Projects


def run(options: argparse.Namespace) -> int:
    """Check environments and their projects; 1 where a problem is told as an error or a warning."""
    rules = _rules(options.select, options.ignore)
    machine = Machine(Host.current(), memory=user_memory())
    environments = list(environments_below(options.paths))
    if options.all:
        environments += _known_elsewhere(environments, machine)
    places = (*map(_place, options.paths), *(path.parent for path in environments))
    found = _survey(environments, places, machine, rules)
    _print(found, options.format, rules)
    serious = any(finding.problem.severity in ("error", "warning") for finding in found.findings)
    return 1 if serious else 0


def _rules(selected: list[str], ignored: list[str]) -> frozenset[str]:
    for name in (*selected, *ignored):
        if name not in NAMES:
            raise UsageError(f"There is no rule “{name}”. The rules are {', '.join(NAMES)}.")
    return frozenset(selected or NAMES) - frozenset(ignored)


def _known_elsewhere(here: Iterable[Path], machine: Machine) -> Iterable[Path]:
    """The other environments that are known on this machine; what could not be looked into is told."""
    from holdfast.cli.find import worth_telling  # noqa: PLC0415 - `find` brings its own

    inventory = machine.inventory
    for one in worth_telling(inventory.skipped, machine.host):
        warn(f"{one.path} could not be looked into: {one.reason} ({one.source}).")
    return [one.path for one in elsewhere(inventory.environments, here)]


def _place(text: str) -> Path:
    """The folder whose project a path on the command line means."""
    folder = folder_at(text)
    return folder.parent if os.path.lexists(folder / CONFIG) else folder


def _survey(
    environments: Iterable[Path], places: Iterable[Path], machine: Machine, rules: Collection[str]
) -> Survey:
    """The environments, and the projects to which these places belong."""
    projects = Projects(machine.host)
    surveyed = survey(environments, machine, rules=rules, severities=projects.severities)
    return Survey(surveyed, survey_projects(projects.around_each(places), projects, machine, rules=rules))


def _print(found: Survey, form: str, rules: Collection[str]) -> None:
    """Each form is imported when it is asked for."""
    if form == "json":
        print_json(check_json(found))
    elif form == "sarif":
        from holdfast.cli.sarif import sarif_log  # noqa: PLC0415

        print_json(sarif_log(found.findings, [name for name in NAMES if name in rules]))
    elif form == "github":
        from holdfast.cli.github import print_annotations  # noqa: PLC0415

        print_annotations(found.findings)
    else:
        from holdfast.cli.problems import print_problems  # noqa: PLC0415

        print_problems(found)
