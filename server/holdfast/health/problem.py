"""Problems: what a rule found."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from holdfast.formats.pyvenv_cfg import Span

Severity = Literal["error", "warning", "information", "hint"]
State = Literal["healthy", "degraded", "broken"]


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
    fatal: bool
    """Whether the environment's interpreter does not work because of it."""


def state_of(problems: tuple[Problem, ...]) -> State:
    """The state of an environment that has these problems."""
    if any(problem.fatal for problem in problems):
        return "broken"
    if any(problem.severity in ("error", "warning") for problem in problems):
        return "degraded"
    return "healthy"
