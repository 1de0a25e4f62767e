"""What a rule is: a pure function from facts to problems, of an environment to at most one."""

from collections.abc import Callable, Iterable

from holdfast.formats.pyvenv_cfg import START
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.project import ProjectFacts

Rule = Callable[[EnvironmentFacts], Problem | None]
ProjectRule = Callable[[ProjectFacts], Iterable[Problem]]


def problem(facts: EnvironmentFacts, rule: str, message: str, *, fatal: bool) -> Problem:
    """A problem on the value of `home`, where the base of an environment is written down.

    An error where it is fatal to the interpreter, else a warning.
    """
    environment = facts.environment
    on_config = facts.anchor == environment.config_path
    return Problem(
        rule=rule,
        severity="error" if fatal else "warning",
        message=message,
        file=facts.anchor,
        span=environment.home_span if on_config else START,
        environment=environment.path,
        fatal=fatal,
    )
