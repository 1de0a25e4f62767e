"""Rules about paths in configuration files: for whom else they are right, and what wins over them."""

from collections.abc import Iterator
from dataclasses import replace

from holdfast.health.problem import Problem, Related, Severity
from holdfast.health.project import ProjectFacts
from holdfast.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.workspace.configured.written import WrittenPath


def setting_not_portable(facts: ProjectFacts) -> Iterator[Problem]:
    """A file that git tracks names a path that is right on this machine, or under one system, only."""
    if not facts.configured:
        return
    from holdfast.health.portability import fault_of  # noqa: PLC0415 - few projects name any

    found: dict[object, Problem] = {}
    for one in facts.configured:
        fault = fault_of(one, facts) if facts.repositories.tracked(one.file) else None
        if fault is None:
            continue
        first = found.get(fault.cause)
        if first:
            related = Related(one.file, one.span, f"`{one.key}` is right there only, too")
            found[fault.cause] = replace(first, related=(*first.related, related))
            continue
        text = f"`{one.key}` names {one.text} for everybody who has this repository, {fault.message}"
        found[fault.cause] = _problem(facts, "setting-not-portable", "warning", text, one)
    yield from found.values()


def setting_shadowed(facts: ProjectFacts) -> Iterator[Problem]:
    """Another setting wins over this one."""
    found: dict[object, Problem] = {}
    for one in facts.configured:
        if one.winner is None:
            continue
        first = found.get((one.file, one.winner))
        if first:
            related = Related(one.file, one.span, f"so it is with `{one.key}`")
            found[one.file, one.winner] = replace(first, related=(*first.related, related))
            continue
        effect = "It has no effect" if one.winner.always else "It does not always count"
        text = f"`{one.key}` names {one.text}. {effect}: {one.winner.why}."
        related = Related(one.winner.file, one.winner.span, f"wins over `{one.key}`")
        found[one.file, one.winner] = _problem(facts, "setting-shadowed", "information", text, one, related)
    yield from found.values()


def _problem(
    facts: ProjectFacts, rule: str, severity: Severity, text: str, one: "WrittenPath", *related: Related
) -> Problem:
    return Problem(
        rule=rule,
        severity=severity,
        message=text,
        file=one.file,
        span=one.span,
        environment=facts.project.folder,
        fatal=False,
        related=related,
    )
