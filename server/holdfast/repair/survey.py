"""Looking at many environments and projects: what is wrong, and what can be done about it."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from holdfast.cancellation import Cancellation
from holdfast.environments.base import recorded_bases
from holdfast.environments.environment import Environment
from holdfast.health.check import ProjectVerdict, Verdict, check, check_project
from holdfast.health.problem import Problem
from holdfast.health.rules import NAMES
from holdfast.interpreters.interpreter import Interpreter
from holdfast.repair.fix import Finding, Fix
from holdfast.repair.machine import Machine
from holdfast.repair.rehome import plan_rehome
from holdfast.repair.relink import plan_relink
from holdfast.workspace.projects import Project, Projects
from holdfast.workspace.settings import AS_THE_RULES_SAY, Severities

_MENDED_BY_RELINKING = frozenset({"interpreter-missing", "interpreter-dangling", "interpreter-loop"})
_MENDED_BY_REHOMING = frozenset({"home-missing", "home-without-stdlib", "home-collision"})


@dataclass(frozen=True)
class Surveyed:
    """One environment: its verdict and its findings."""

    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def path(self) -> Path:
        """The environment's folder."""
        return self.verdict.environment.path


@dataclass(frozen=True)
class SurveyedProject:
    """One project itself: its verdict and its findings."""

    verdict: ProjectVerdict
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Survey:
    """Environments, and the projects in which they stand."""

    environments: tuple[Surveyed, ...]
    projects: tuple[SurveyedProject, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, those about projects first."""
        looked_at: tuple[Surveyed | SurveyedProject, ...] = (*self.projects, *self.environments)
        return tuple(finding for one in looked_at for finding in one.findings)


def survey(  # noqa: PLR0913 - most callers need the first two
    environments: Iterable[Path],
    machine: Machine,
    *,
    rules: Collection[str] = NAMES,
    severities: Callable[[Path], Severities] = lambda _: AS_THE_RULES_SAY,
    cancellation: Cancellation | None = None,
    watched: bool = False,
) -> tuple[Surveyed, ...]:
    """Check environments and plan their fixes. Nothing is executed, nothing is written.

    `severities`: how serious problems are taken in the folder in which an environment stands. `watched`:
    whether it is to be known on which names the verdicts rest.
    """
    surveyed = []
    for path in environments:
        if cancellation:
            cancellation.check()
        verdict = check(
            path,
            machine.reader,
            rules=rules,
            severities=severities(path.parent),
            surroundings=machine.surroundings,
            watched=watched,
        )
        findings = tuple(_finding(problem, verdict, machine) for problem in verdict.problems)
        surveyed.append(Surveyed(verdict, findings))
    return tuple(surveyed)


def survey_projects(
    found: Iterable[Project],
    projects: Projects,
    machine: Machine,
    *,
    rules: Collection[str] = NAMES,
    watched: bool = False,
) -> tuple[SurveyedProject, ...]:
    """Check projects themselves."""
    around = machine.surroundings
    verdicts = (
        check_project(one, around, rules=rules, severities=projects.severities_of(one), watched=watched)
        for one in found
    )
    return tuple(
        SurveyedProject(verdict, tuple(Finding(problem, ()) for problem in verdict.problems))
        for verdict in verdicts
    )


def _finding(problem: Problem, verdict: Verdict, machine: Machine) -> Finding:
    environment = verdict.environment
    waits = environment.home is not None and environment.home.state == "silent"  # it may answer again
    if environment.is_foreign or waits or problem.rule not in _MENDED_BY_RELINKING | _MENDED_BY_REHOMING:
        return Finding(problem, ())
    fix = _plan(problem, verdict, machine)
    return Finding(problem, (fix,)) if fix else Finding(problem, (), _advice(problem, verdict, machine))


def _plan(problem: Problem, verdict: Verdict, machine: Machine) -> Fix | None:
    environment, candidates = verdict.environment, _candidates(verdict.environment, machine)
    if problem.rule in _MENDED_BY_REHOMING:
        return plan_rehome(environment, candidates, machine.reader)
    return None if machine.host.windows else plan_relink(environment, candidates)


def _candidates(environment: Environment, machine: Machine) -> Iterator[Interpreter]:
    """What it may rest on, best first: what it names, what stands beside the gap, what else is installed.

    Each is found out when the one before has not served: the last takes the longest.
    """
    yield from recorded_bases(environment, machine.reader)
    for chain in (environment.python, environment.home):
        if chain and chain.state == "missing":
            yield from machine.beside(chain.stopped_at)
    yield from machine.interpreters


def _advice(problem: Problem, verdict: Verdict, machine: Machine) -> str:
    """What to do where there is no fix."""
    tag = verdict.environment.tag
    is_installed = any(one.usable and one.tag == tag for one in machine.interpreters)
    if problem.rule != "interpreter-dangling" or tag is None or is_installed:
        return "Create the environment again."
    name = tag.replace("python", "Python ").replace("pypy", "PyPy ")
    return f"No {name} is installed here. Install one and repair, or create the environment again."
