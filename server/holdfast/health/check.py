"""Checking an environment, or a project: the facts, the problems, the state."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from holdfast.environments.environment import Environment, describe_environment
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.footing import NO_FOOTING, Footing, footing_of, footing_of_project
from holdfast.health.problem import Problem, State, state_of, with_severities
from holdfast.health.project import ProjectFacts
from holdfast.health.rules import DECISIVE, NAMES, PROJECT_RULES, RULES
from holdfast.health.surroundings import Surroundings
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.version import Version
from holdfast.workspace.projects import Project
from holdfast.workspace.settings import AS_THE_RULES_SAY, Severities


@dataclass(frozen=True)
class Verdict:
    """What was found out about one environment."""

    environment: Environment
    state: State
    problems: tuple[Problem, ...]
    base: Interpreter | None
    reason: str | None
    """Why it does not work, be that told among the problems or not; None where it does."""
    footing: Footing
    """On which names it rests, where that was asked for."""

    @property
    def version(self) -> Version | None:
        """The version of its base; where that is gone, the one that it was made with."""
        return self.base.version if self.base else self.environment.recorded_version


@dataclass(frozen=True)
class ProjectVerdict:
    """What was found out about a project itself."""

    project: Project
    problems: tuple[Problem, ...]
    footing: Footing


def check(  # noqa: PLR0913 - most callers need the first two
    path: Path,
    reader: Reader,
    *,
    rules: Collection[str] = NAMES,
    severities: Severities = AS_THE_RULES_SAY,
    surroundings: Surroundings | None = None,
    watched: bool = False,
) -> Verdict:
    """Look at the environment at an absolute path. Nothing is executed.

    `rules`: the names of the rules whose problems are told; the state takes all into account.
    `surroundings`: those of the look in which many environments are checked. `watched`: whether it is to be
    known on which names the verdict rests.
    """
    around = surroundings or Surroundings(reader)
    facts = EnvironmentFacts(describe_environment(path, reader.host), reader, around)
    found = _problems(facts)
    told = with_severities(found, severities)
    return Verdict(
        environment=facts.environment,
        state=state_of(found, told),
        problems=tuple(problem for problem in told if problem.rule in rules),
        base=facts.base,
        reason=next((problem.message for problem in found if problem.fatal), None),
        footing=footing_of(facts) if watched else NO_FOOTING,
    )


def _problems(facts: EnvironmentFacts) -> tuple[Problem, ...]:
    """What the rules find. Of an environment that is elsewhere, or right elsewhere, only that is said."""
    elsewhere = next((found for name in DECISIVE if (found := RULES[name](facts))), None)
    if elsewhere:
        return (elsewhere,)
    others = (rule for name, rule in RULES.items() if name not in DECISIVE)
    return tuple(problem for rule in others if (problem := rule(facts)))


def check_project(
    project: Project,
    surroundings: Surroundings,
    *,
    rules: Collection[str] = NAMES,
    severities: Severities = AS_THE_RULES_SAY,
    watched: bool = False,
) -> ProjectVerdict:
    """Look at a project itself, whatever environments it has. Nothing is executed."""
    facts = ProjectFacts(project, NAMES, surroundings)
    found = (problem for rule in PROJECT_RULES.values() for problem in rule(facts))
    told = tuple(problem for problem in with_severities(found, severities) if problem.rule in rules)
    return ProjectVerdict(project, told, footing_of_project(facts) if watched else NO_FOOTING)
