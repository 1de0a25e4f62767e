"""Problems for a person at a terminal."""

import shlex

from holdfast.cli.excerpt import excerpt
from holdfast.cli.output import paint, say, width
from holdfast.cli.paths import relative
from holdfast.repair.fix import Finding
from holdfast.repair.survey import Survey

_COLOURS = {"error": "red", "warning": "yellow", "information": "blue", "hint": "dim"}
_NARROWEST, _WIDEST = 20, 200
"""Columns of an excerpt, the latter where there is no terminal."""
_NOUNS = {"error": "error", "warning": "warning", "information": "note", "hint": "hint"}


def print_problems(found: Survey) -> None:
    """Each problem with the line on which it stands, then what was looked at."""
    for finding in found.findings:
        _print_problem(finding)
    say(" ".join(filter(None, (_problems(found), _environments(found)))))


def _print_problem(finding: Finding) -> None:
    problem = finding.problem
    line, start, _ = problem.span
    place = paint(f"{relative(str(problem.file))}:{line + 1}:{start + 1}", "bold")
    severity = paint(problem.severity, _COLOURS[problem.severity])
    say(f"{place}: {severity}: {finding.message} [{problem.rule}]")
    number = str(line + 1)
    margin, bar = " " * len(number), paint("|", "dim")
    columns = max(_NARROWEST, width(_WIDEST) - len(f"{number} | "))
    if seen := excerpt(problem.file, problem.span, columns):
        say(f"{margin} {bar}")
        say(f"{paint(number, 'dim')} {bar} {seen.line}")
        say(f"{margin} {bar} {paint(seen.mark, _COLOURS[problem.severity])}")
    for one in problem.related:
        there = f"{relative(str(one.file))}:{one.span.line + 1}:{one.span.start + 1}"
        say(f"{margin} {paint('=', 'dim')} {paint('note', 'blue')}: {there}: {one.message}")
    for fix in finding.fixes:
        command = f"holdfast repair {shlex.quote(relative(str(fix.environment)))}"
        say(f"{margin} {paint('=', 'dim')} {paint('help', 'green')}: {fix.title}: {command}")
    say()


def _problems(found: Survey) -> str:
    severities = [finding.problem.severity for finding in found.findings]
    counts = [_count(severities.count(one), noun) for one, noun in _NOUNS.items() if one in severities]
    return f"{', '.join(counts)}." if counts else ""


def _environments(found: Survey) -> str:
    states = [one.verdict.state for one in found.environments]
    counts = [f"{states.count(one)} {one}" for one in ("broken", "degraded", "healthy") if one in states]
    if not states:
        return "No environments were found."
    return f"{_count(len(states), 'environment')}: {', '.join(counts)}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
