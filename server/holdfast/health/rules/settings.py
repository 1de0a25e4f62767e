"""Rules about the settings that a project gives Holdfast."""

from collections.abc import Iterable, Iterator

from holdfast.formats.span import Span
from holdfast.health.problem import Problem
from holdfast.health.project import ProjectFacts
from holdfast.workspace.settings import NAMES, NOT_KNOWN, TABLE, Misread


def settings_misread(facts: ProjectFacts) -> Iterator[Problem]:
    """`[tool.holdfast]` in pyproject.toml says something that is not followed."""
    settings = facts.project.settings
    if settings.malformed:
        text = f"No setting of Holdfast in this file is followed: {settings.malformed.reason}."
        yield _problem(facts, text, settings.malformed.span)
    unknown = {f"rules.{name}": span for name, span in settings.rules.items() if name not in facts.rules}
    misread = [one for one in settings.misread if one.key not in unknown]
    misread += [Misread(key, "is not a rule", span) for key, span in unknown.items()]
    for one in sorted(misread, key=lambda one: one.span):
        yield _problem(facts, _message(one, facts.rules), one.span)


def _message(misread: Misread, rules: Iterable[str]) -> str:
    name = ".".join(filter(None, (*TABLE, misread.key)))
    known = {NOT_KNOWN: NAMES, "is not a rule": rules}.get(misread.reason, ())
    return f"`{name}` {misread.reason}, so it is not followed{_meant(misread.key, known)}."


def _problem(facts: ProjectFacts, message: str, span: Span) -> Problem:
    return Problem(
        rule="settings-misread",
        severity="warning",
        message=message,
        file=facts.project.file,
        span=span,
        environment=facts.project.folder,
        fatal=False,
    )


def _meant(name: str, known: Iterable[str]) -> str:
    """What was probably meant; nothing where nothing is like it."""
    import difflib  # noqa: PLC0415 - only a misspelt name pays for it

    like = difflib.get_close_matches(name.removeprefix("rules."), known, 1)
    return f" (did you mean `{like[0]}`?)" if like else ""
