"""Checking one environment: its facts, its problems, its state."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from holdfast.environments.base import true_base
from holdfast.environments.environment import Environment, describe_environment
from holdfast.health.facts import gather
from holdfast.health.problem import Problem, State, state_of
from holdfast.health.rules import RULES
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.version import Version


@dataclass(frozen=True)
class Verdict:
    """What was found out about one environment."""

    environment: Environment
    state: State
    problems: tuple[Problem, ...]
    base: Interpreter | None

    @property
    def version(self) -> Version | None:
        """The version of its base; where that is gone, the one that it was made with."""
        return self.base.version if self.base else self.environment.recorded_version

    @property
    def reason(self) -> str | None:
        """Why it does not work; None where it does."""
        return next((problem.message for problem in self.problems if problem.fatal), None)


def check(path: Path, reader: Reader, *, rules: Collection[str] = tuple(RULES)) -> Verdict:
    """Look at the environment at an absolute path. Nothing is executed.

    `rules`: the names of the rules whose problems are reported; the state takes all into account.
    """
    environment = describe_environment(path, reader.host)
    facts = gather(environment, reader)
    found = tuple(problem for rule in RULES.values() if (problem := rule(facts)))
    return Verdict(
        environment=environment,
        state=state_of(found),
        problems=tuple(problem for problem in found if problem.rule in rules),
        base=true_base(environment, reader),
    )
