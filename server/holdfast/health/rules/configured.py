"""Rules about paths in configuration files that lead nowhere."""

from collections.abc import Iterator

from holdfast.health.problem import Problem, Related, Severity
from holdfast.health.project import ProjectFacts
from holdfast.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.health.missing import MissingPath
    from holdfast.workspace.configured.written import WrittenPath

_EFFECTS = {
    "settings": "Pylance and pyright find nothing there",
    "launch": "This configuration does not start",
    "pyright": "pyright finds no packages there",
    "ty": "ty does not start",
    "ruff": "ruff does not start",
    "variable": "What is started with that looks for an environment there",
    "env": "The terminals and programs that read this file look for an environment there",
}
_FORMER = (
    "Only pyright reads this setting, where the Python extension is not installed, which reads "
    "`python.defaultInterpreterPath`."
)


def setting_interpreter_missing(facts: ProjectFacts) -> Iterator[Problem]:
    """The interpreter that the settings of VS Code name does not exist on this machine."""
    for missing in facts.missing:
        if _is_setting(missing.written):
            is_former = missing.written.is_former
            text = f"`{missing.written.key}` names {missing.written.text}, {missing.why}."
            severity: Severity = "information" if is_former else "error"
            text += f" {_FORMER}" if is_former else ""
            yield _problem(facts, "setting-interpreter-missing", severity, text, missing)


def tool_path_missing(facts: ProjectFacts) -> Iterator[Problem]:
    """A tool, a debugger or an `.env` file names a path in an environment that is not there."""
    for missing in facts.missing:
        one = missing.written
        if not _is_setting(one):
            text = f"`{one.key}` names {one.text}, {missing.why}. {_EFFECTS[one.tool]}."
            yield _problem(facts, "tool-path-missing", "warning", text, missing)


def _is_setting(written: "WrittenPath") -> bool:
    """Whether it is the interpreter that VS Code is to select."""
    return written.tool == "settings" and written.role != "inside"


def _problem(
    facts: ProjectFacts, rule: str, severity: Severity, text: str, missing: "MissingPath"
) -> Problem:
    written = missing.written
    return Problem(
        rule=rule,
        severity=severity,
        message=f"{text} {missing.instead}".rstrip(),
        file=written.file,
        span=written.span,
        environment=facts.project.folder,
        fatal=False,
        related=tuple(
            Related(one.file, one.span, f"`{one.key}` leads there, too") for one in missing.followers
        ),
    )
