"""The JSON of `check` and `repair`: the contract of the command line and of the language server."""

from holdfast.formats.pyvenv_cfg import Span
from holdfast.health.check import Verdict
from holdfast.health.problem import Related, Severity, State
from holdfast.repair.fix import Finding, Fix
from holdfast.repair.repairing import Repair
from holdfast.repair.survey import Survey
from holdfast.typed import TypedDict


class PositionJson(TypedDict):
    """Line and character from 0, characters in UTF-16 units."""

    line: int
    character: int


class RangeJson(TypedDict):
    """From the start up to, not including, the end."""

    start: PositionJson
    end: PositionJson


class FixJson(TypedDict):
    """A fix as it is offered."""

    id: str
    title: str
    safe: bool
    preferred: bool


class RelatedJson(TypedDict):
    """Another place that has to do with a problem."""

    file: str
    range: RangeJson
    message: str


class ProblemJson(TypedDict):
    """A problem with its fixes."""

    rule: str
    severity: Severity
    message: str
    file: str
    range: RangeJson
    environment: str
    """Of a project's own problem, the project's folder."""
    fixes: list[FixJson]
    related: list[RelatedJson]


class EnvironmentJson(TypedDict):
    """An environment and its state."""

    path: str
    state: State
    version: str | None
    base: str | None


class CheckJson(TypedDict):
    """The answer of `check`."""

    problems: list[ProblemJson]
    environments: list[EnvironmentJson]


class PlannedJson(TypedDict):
    """A fix and its steps in words."""

    title: str
    steps: list[str]


class RepairJson(TypedDict):
    """The answer of `repair`."""

    environment: str
    planned: list[PlannedJson]
    applied: list[str]
    remaining: list[ProblemJson]
    undo: str | None


def check_json(survey: Survey) -> CheckJson:
    """All problems, those of projects first, and all environments, in the order of the survey."""
    return {
        "problems": [problem_json(finding) for finding in survey.findings],
        "environments": [environment_json(one.verdict) for one in survey.environments],
    }


def problem_json(finding: Finding) -> ProblemJson:
    """One problem."""
    problem = finding.problem
    return {
        "rule": problem.rule,
        "severity": problem.severity,
        "message": finding.message,
        "file": str(problem.file),
        "range": _range_json(problem.span),
        "environment": str(problem.environment),
        "fixes": [fix_json(fix) for fix in finding.fixes],
        "related": [_related_json(one) for one in problem.related],
    }


def environment_json(verdict: Verdict) -> EnvironmentJson:
    """One environment."""
    return {
        "path": str(verdict.environment.path),
        "state": verdict.state,
        "version": str(verdict.version) if verdict.version else None,
        "base": str(verdict.base.stable or verdict.base.path) if verdict.base else None,
    }


def fix_json(fix: Fix) -> FixJson:
    """One fix."""
    return {"id": fix.id, "title": fix.title, "safe": fix.safe, "preferred": fix.preferred}


def planned_json(fix: Fix) -> PlannedJson:
    """What a fix would do."""
    return {"title": fix.title, "steps": [str(step) for step in fix.steps]}


def _related_json(related: Related) -> RelatedJson:
    return {"file": str(related.file), "range": _range_json(related.span), "message": related.message}


def _range_json(span: Span) -> RangeJson:
    return {
        "start": {"line": span.line, "character": span.start},
        "end": {"line": span.line, "character": span.end},
    }


def repair_json(done: Repair) -> RepairJson:
    """The answer of `repair`."""
    return {
        "environment": str(done.environment),
        "planned": [planned_json(fix) for fix in done.planned],
        "applied": [fix.id for fix in done.applied],
        "remaining": [problem_json(finding) for finding in done.remaining],
        "undo": None,
    }
