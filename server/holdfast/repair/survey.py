"""Looking at many environments: their verdicts, and what can be done about their problems."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from holdfast.cancellation import Cancellation
from holdfast.discovery.beside import find_beside
from holdfast.discovery.finder import find_interpreters
from holdfast.health.check import Verdict, check
from holdfast.health.problem import Problem
from holdfast.health.rules import RULES
from holdfast.host import Host
from holdfast.interpreters.interpreter import Interpreter
from holdfast.repair.fix import Finding, Fix
from holdfast.repair.relink import plan_relink

_MENDED_BY_RELINKING = frozenset(
    {"interpreter-missing", "interpreter-dangling", "interpreter-loop", "home-missing"}
)


@dataclass(frozen=True)
class Surveyed:
    """One environment: its verdict and its findings."""

    verdict: Verdict
    findings: tuple[Finding, ...]


class Machine:
    """The interpreters of a machine, looked for when a fix first needs one."""

    def __init__(self, host: Host, search: Iterable[Path] = ()) -> None:
        self.host = host
        self._search = tuple(search)

    @cached_property
    def interpreters(self) -> tuple[Interpreter, ...]:
        """All of them, best first."""
        return tuple(found.interpreter for found in find_interpreters(self.host, self._search))


def survey(
    environments: Iterable[Path],
    machine: Machine,
    *,
    rules: Collection[str] = tuple(RULES),
    cancellation: Cancellation | None = None,
) -> tuple[Surveyed, ...]:
    """Check environments and plan their fixes. Nothing is executed, nothing is written."""
    surveyed = []
    for path in environments:
        if cancellation:
            cancellation.check()
        verdict = check(path, windows=machine.host.windows, rules=rules)
        findings = tuple(_finding(problem, verdict, machine) for problem in verdict.problems)
        surveyed.append(Surveyed(verdict, findings))
    return tuple(surveyed)


def _finding(problem: Problem, verdict: Verdict, machine: Machine) -> Finding:
    if problem.rule not in _MENDED_BY_RELINKING:
        return Finding(problem, ())
    fix = _relink(verdict, machine)
    return Finding(problem, (fix,)) if fix else Finding(problem, (), _advice(problem, verdict))


def _relink(verdict: Verdict, machine: Machine) -> Fix | None:
    environment, windows = verdict.environment, machine.host.windows
    gaps = [c.stopped_at for c in (environment.python, environment.home) if c and c.state == "missing"]
    beside = [base for gap in gaps for base in find_beside(gap, windows=windows)]
    return plan_relink(environment, (*beside, *machine.interpreters), windows=windows)


def _advice(problem: Problem, verdict: Verdict) -> str:
    tag = verdict.environment.tag
    if problem.rule == "interpreter-missing" or tag is None:
        return "Create the environment again."
    name = tag.replace("python", "Python ").replace("pypy", "PyPy ")
    return f"No {name} is installed here. Install one and repair, or create the environment again."
