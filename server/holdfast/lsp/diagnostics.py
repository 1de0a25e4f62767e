"""Problems as LSP shows them: diagnostics, and the quick fixes that belong to them."""

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from holdfast.formats.pyvenv_cfg import Span
from holdfast.health.pages import rule_page
from holdfast.health.problem import Related
from holdfast.lsp.protocol import REPAIR_COMMAND
from holdfast.lsp.uris import uri_of
from holdfast.repair.fix import Finding, Fix

SOURCE = "Holdfast"

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


def by_file(findings: Iterable[Finding]) -> dict[Path, list[Finding]]:
    """The findings of each file."""
    files: dict[Path, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.problem.file, []).append(finding)
    return files


def diagnostic(finding: Finding) -> types.Diagnostic:
    """One problem; its code leads to the rule's page."""
    problem = finding.problem
    page = rule_page(problem.rule)
    return types.Diagnostic(
        range=_range(problem.span),
        message=finding.message,
        severity=_SEVERITIES[problem.severity],
        code=problem.rule,
        code_description=types.CodeDescription(href=uri_of(page)) if page else None,
        source=SOURCE,
        related_information=[_related(one) for one in problem.related] or None,
    )


def quick_fixes(findings: Iterable[Finding], file: Path, where: types.Range) -> list[types.CodeAction]:
    """The fixes of the problems that touch a range of a file."""
    return [
        _quick_fix(finding, fix)
        for finding in findings
        if finding.problem.file == file and _touch(_range(finding.problem.span), where)
        for fix in finding.fixes
    ]


def _quick_fix(finding: Finding, fix: Fix) -> types.CodeAction:
    return types.CodeAction(
        title=fix.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic(finding)],
        is_preferred=fix.preferred,
        command=types.Command(
            title=fix.title, command=REPAIR_COMMAND, arguments=[str(fix.environment), fix.id]
        ),
    )


def _related(related: Related) -> types.DiagnosticRelatedInformation:
    location = types.Location(uri_of(related.file), _range(related.span))
    return types.DiagnosticRelatedInformation(location=location, message=related.message)


def _range(span: Span) -> types.Range:
    return types.Range(start=types.Position(span.line, span.start), end=types.Position(span.line, span.end))


def _touch(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end
