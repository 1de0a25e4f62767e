"""Problems as annotations of a GitHub workflow: commands on standard output, which the runner reads."""

from collections.abc import Iterable

from holdfast.cli.output import say
from holdfast.cli.paths import relative
from holdfast.repair.fix import Finding

_LEVELS = {"error": "error", "warning": "warning", "information": "notice", "hint": "notice"}


def print_annotations(findings: Iterable[Finding]) -> None:
    """A line for each."""
    for finding in findings:
        problem = finding.problem
        properties = {
            "file": relative(str(problem.file)),
            "line": problem.span.line + 1,
            "endLine": problem.span.line + 1,
            "col": problem.span.start + 1,
            "endColumn": problem.span.end + 1,
            "title": f"Holdfast {problem.rule}",
        }
        told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        say(f"::{_LEVELS[problem.severity]} {told}::{_escaped(finding.message)}")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
