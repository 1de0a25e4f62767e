"""`holdfast check`."""

import argparse
import shlex

from holdfast.cli.output import paint, print_json, say
from holdfast.cli.paths import environments_below, relative
from holdfast.errors import UsageError
from holdfast.health.rules import RULES
from holdfast.host import Host
from holdfast.interpreters.memory import user_memory
from holdfast.repair.machine import Machine
from holdfast.repair.report import CheckJson, ProblemJson, check_json
from holdfast.repair.survey import survey

_COLOURS = {"error": "red", "warning": "yellow", "information": "blue", "hint": "dim"}
_GITHUB = {"error": "error", "warning": "warning", "information": "notice", "hint": "notice"}


def run(options: argparse.Namespace) -> int:
    """Check every environment below the paths; 1 where something is an error or a warning."""
    rules = _rules(options.select, options.ignore)
    environments = environments_below(options.paths)
    answer = check_json(survey(environments, Machine(Host.current(), memory=user_memory()), rules=rules))
    {"json": print_json, "github": _print_github, "text": _print_text}[options.format](answer)
    serious = any(problem["severity"] in ("error", "warning") for problem in answer["problems"])
    return 1 if serious else 0


def _rules(selected: list[str], ignored: list[str]) -> frozenset[str]:
    for name in (*selected, *ignored):
        if name not in RULES:
            raise UsageError(f"There is no rule “{name}”. The rules are {', '.join(RULES)}.")
    return frozenset(selected or RULES) - frozenset(ignored)


def _print_text(answer: CheckJson) -> None:
    for problem in answer["problems"]:
        _print_problem(problem)
    environments = answer["environments"]
    counts = {
        state: sum(environment["state"] == state for environment in environments)
        for state in ("broken", "degraded", "healthy")
    }
    if not environments:
        say("No environments were found.")
        return
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    say(f"{_count(len(environments), 'environment')}: {told}.")


def _print_problem(problem: ProblemJson) -> None:
    start = problem["range"]["start"]
    place = f"{relative(problem['file'])}:{start['line'] + 1}:{start['character'] + 1}"
    severity = paint(problem["severity"], _COLOURS[problem["severity"]])
    say(f"{paint(place, 'bold')}: {severity}: {problem['message']} [{problem['rule']}]")
    for fix in problem["fixes"]:
        environment = shlex.quote(relative(problem["environment"]))
        say(f"  {paint('fix', 'green')}: {fix['title']}: holdfast repair {environment}")
    say()


def _print_github(answer: CheckJson) -> None:
    """Workflow commands of GitHub Actions, which show as annotations."""
    for problem in answer["problems"]:
        start = problem["range"]["start"]
        message = _escaped(problem["message"])
        say(
            f"::{_GITHUB[problem['severity']]} file={_property(relative(problem['file']))},"
            f"line={start['line'] + 1},col={start['character'] + 1},"
            f"title=Holdfast {problem['rule']}::{message}"
        )


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
