"""Problems: what a rule found."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from holdfast.formats.pyvenv_cfg import Span
from holdfast.typed import Literal
from holdfast.workspace.settings import Severities

Severity = Literal["error", "warning", "information", "hint"]
State = Literal["healthy", "degraded", "broken"]


@dataclass(frozen=True)
class Related:
    """Another place that has to do with a problem."""

    file: Path
    """A regular text file, which an editor can open."""
    span: Span
    message: str
    """What stands there, in a few words: `names /gone/bin/python`."""


@dataclass(frozen=True)
class Problem:
    """One finding of one rule."""

    rule: str
    severity: Severity
    message: str
    """What is broken, why, and what is there instead."""
    file: Path
    """A regular text file, which an editor can open."""
    span: Span
    environment: Path
    """Of a project's own problem, the project's folder."""
    fatal: bool
    """Whether the environment's interpreter does not work because of it."""
    related: tuple[Related, ...] = ()
    """Other places, the most telling first."""


def with_severities(problems: Iterable[Problem], severities: Severities) -> tuple[Problem, ...]:
    """The problems as serious as they are taken for, without those of rules that are off."""
    return tuple(
        replace(problem, severity=severity)
        for problem in problems
        if (severity := severities.get(problem.rule, problem.severity)) != "off"
    )


def state_of(found: Iterable[Problem], told: Iterable[Problem]) -> State:
    """The state of an environment that has these problems, of which some are told, with these severities.

    Whether it works does not depend on what anybody thinks of it.
    """
    if any(problem.fatal for problem in found):
        return "broken"
    if any(problem.severity in ("error", "warning") for problem in told):
        return "degraded"
    return "healthy"
