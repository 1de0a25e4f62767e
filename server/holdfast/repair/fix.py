"""Fixes: plans that mend a problem."""

from dataclasses import dataclass
from pathlib import Path

from holdfast.health.problem import Problem
from holdfast.repair.steps import Step


@dataclass(frozen=True)
class Fix:
    """A plan of steps that mends an environment."""

    id: str
    title: str
    environment: Path
    steps: tuple[Step, ...]
    safe: bool = True
    """Whether it keeps the meaning and can be taken back."""
    preferred: bool = True


@dataclass(frozen=True)
class Finding:
    """A problem and what can be done about it."""

    problem: Problem
    fixes: tuple[Fix, ...]
    advice: str | None = None
    """What to do where there is no fix."""

    @property
    def message(self) -> str:
        """The problem and, where Holdfast cannot mend it, what to do."""
        return f"{self.problem.message} {self.advice}" if self.advice else self.problem.message
