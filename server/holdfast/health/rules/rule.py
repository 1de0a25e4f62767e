"""What a rule is: a pure function from facts to problems, of an environment to at most one."""

from collections.abc import Callable, Iterable
from pathlib import Path

from holdfast.files.reading import Unreadable
from holdfast.formats.pyvenv_cfg import START, Span
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem, Related, Severity
from holdfast.health.project import ProjectFacts

Rule = Callable[[EnvironmentFacts], Problem | None]
ProjectRule = Callable[[ProjectFacts], Iterable[Problem]]


def problem(  # noqa: PLR0913 - all but the first three are for few rules
    facts: EnvironmentFacts,
    rule: str,
    message: str,
    *,
    fatal: bool = False,
    severity: Severity | None = None,
    span: Span | None = None,
    file: Path | None = None,
    related: tuple[Related, ...] = (),
) -> Problem:
    """A problem on the value of `home`, where the base of an environment is written down.

    An error where it is fatal to the interpreter, else a warning, if no severity is named. `span`: of another
    value in pyvenv.cfg, or in `file`.
    """
    environment = facts.environment
    on_config = facts.anchor == environment.config_path
    usual = (environment.home_span if span is None else span) if on_config else START
    return Problem(
        rule=rule,
        severity=severity or ("error" if fatal else "warning"),
        message=message,
        file=file or facts.anchor,
        span=usual if file is None else span or START,
        environment=environment.path,
        fatal=fatal,
        related=related,
    )


def span_of(facts: EnvironmentFacts, *keys: str) -> Span | None:
    """Where the value of the first of these keys stands that pyvenv.cfg has."""
    config = facts.environment.config
    if isinstance(config, Unreadable):
        return None
    entries = (config.get(key) for key in keys)
    return next((entry.span for entry in entries if entry), None)


def python_name(facts: EnvironmentFacts) -> str:
    """`bin/python`, as this system writes it."""
    layout = facts.environment.layout
    separator = "\\" if layout.python.endswith(".exe") else "/"
    return f"{layout.scripts}{separator}{layout.python}"


def python_that(facts: EnvironmentFacts) -> str:
    """The subject of a sentence about the file that `bin/python` is, or to which it leads."""
    chain = facts.environment.python
    name = python_name(facts)
    return name if chain.end == chain.start else f"{name} leads to {chain.end}, which"
