"""A rule about environment variables that keep Python from starting."""

from collections.abc import Iterator

from holdfast.health.breaking import Breaking
from holdfast.health.problem import Problem
from holdfast.health.project import ProjectFacts


def environment_variable_breaks(facts: ProjectFacts) -> Iterator[Problem]:
    """The terminal, the editor or a file sets a variable with which the environment does not work."""
    for one in facts.breaking_variables:
        yield Problem(
            rule="environment-variable-breaks",
            severity="error",
            message=_message(one),
            file=one.file,
            span=one.span,
            environment=facts.project.folder,
            fatal=False,
        )


def _message(one: Breaking) -> str:
    what = f"{one.name} is set to “{one.value}”"
    if not one.is_of_process:
        return f"{what} here. With that, {one.environment} does not work: {one.effect}. Take it out."
    more = f" So it is with {one.others} more of this project." if one.others else ""
    return (
        f"{what} in this terminal or editor: {one.effect}. The environment itself is right.{more} Unset the "
        "variable, also where your shell or system sets it."
    )
