"""Rules about the Python that a project asks for: its environment has another one, or none is there."""

from collections.abc import Iterable, Iterator

from holdfast.discovery.finder import Found
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.project import ProjectFacts
from holdfast.health.rules.rule import problem

_MOST_NAMED = 5


def requires_python_unmet(facts: EnvironmentFacts) -> Problem | None:
    """The project's own environment has a version that the project does not support."""
    unmet, base = facts.unmet_requirement, facts.base
    if unmet is None or base is None or facts.environment.python.state != "ok":
        return None
    name = facts.environment.path.name
    text = (
        f"This project requires Python {unmet.text}, but its environment {name} has {base.version}: "
        f"{unmet.reader} will not install the project in it. Create the environment again with a Python that "
        "fits, or change what is required."
    )
    return problem(facts, "requires-python-unmet", text, file=unmet.file, span=unmet.span)


def python_version_unavailable(facts: ProjectFacts) -> Iterator[Problem]:
    """A version file asks for a Python that is not installed."""
    for folder, one in facts.unavailable:
        text = (
            f"{one.text} is asked for here, but it is not installed on this machine"
            f"{_installed(facts.surroundings.installed)}. Install it, or ask for one that is there."
        )
        yield Problem(
            rule="python-version-unavailable",
            severity="warning",
            message=text,
            file=one.file,
            span=one.span,
            environment=folder,
            fatal=False,
        )


def _installed(found: Iterable[Found]) -> str:
    """The versions that are there, the newest first, as a clause."""
    usable = (one.interpreter for one in found if one.interpreter.usable)
    names = list(dict.fromkeys(interpreter.title for interpreter in usable))
    if not names:
        return ", as no Python is"
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f", only {', '.join(names[:_MOST_NAMED])}{more}"
