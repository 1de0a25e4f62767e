"""Problems as a SARIF 2.1.0 log, the form in which code scanning takes them.

OASIS, Static Analysis Results Interchange Format Version 2.1.0; the numbers in comments are its sections.
"""

import difflib
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from holdfast import __version__
from holdfast.cli.excerpt import source_line
from holdfast.files.reading import plain
from holdfast.formats.span import START, Span, span_in
from holdfast.health.pages import rule_page, rule_summary
from holdfast.health.problem import Related
from holdfast.host import working_folder
from holdfast.repair.fix import Finding, Fix
from holdfast.repair.steps import RewriteFile
from holdfast.typed import Any

_ROOT = "%SRCROOT%"
_LEVELS = {"error": "error", "warning": "warning", "information": "note", "hint": "note"}
_PARAGRAPHS = re.compile(r"\n\s*\n")

Json = dict[str, Any]


def sarif_log(findings: Iterable[Finding], rules: Sequence[str]) -> Json:
    """The log of one run that has asked these rules."""
    root = working_folder()
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Holdfast",
                        "semanticVersion": __version__,
                        "rules": [_rule(name) for name in rules],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "originalUriBaseIds": {_ROOT: {"uri": root.as_uri().rstrip("/") + "/"}},
                "results": list(_results(findings, rules, root)),
            }
        ],
    }


def _rule(name: str) -> Json:
    """What the list of rules and the rule's page say of it."""
    page = rule_page(name)
    text = page.read_text(encoding="utf-8") if page else f"# {name}\n\n{name}"
    _, first, *_ = _PARAGRAPHS.split(text)
    return {
        "id": name,
        "shortDescription": {"text": rule_summary(name) or name},
        "fullDescription": {"text": " ".join(first.split())},
        "help": {"text": text, "markdown": text},
    }


def _results(findings: Iterable[Finding], rules: Sequence[str], root: Path) -> Iterator[Json]:
    seen: Counter[str] = Counter()
    for finding in findings:
        problem = finding.problem
        location = _artifact(problem.file, root)
        mark = _fingerprint(finding, location)
        seen[mark] += 1
        result: Json = {
            "ruleId": problem.rule,
            "ruleIndex": rules.index(problem.rule),
            "level": _LEVELS[problem.severity],
            "message": {"text": _readable(finding.message)},
            "locations": [_location(location, problem.span)],
            "partialFingerprints": {"problem/v1": f"{mark}:{seen[mark]}"},
        }
        if related := [_related(one, root) for one in problem.related]:
            result["relatedLocations"] = related
        if fixes := [fix for one in finding.fixes if (fix := _fix(one, root))]:
            result["fixes"] = fixes
        yield result


def _location(artifact: Json, span: Span) -> Json:
    return {"physicalLocation": {"artifactLocation": artifact, "region": _region(span)}}


def _related(related: Related, root: Path) -> Json:
    place = _location(_artifact(related.file, root), related.span)
    return {**place, "message": {"text": _readable(related.message)}}


def _artifact(file: Path, root: Path) -> Json:
    """Relative to the root where it is below it, without any `..` (3.10.2); else as it is."""
    file = plain(file)
    if not file.is_relative_to(root):
        return {"uri": file.as_uri()}
    return {"uri": quote(os.fsencode(file.relative_to(root).as_posix())), "uriBaseId": _ROOT}


def _region(span: Span) -> Json:
    """Lines and columns from 1; the end is behind the last character (3.30)."""
    if span == START:  # the file as a whole, in which there may be no character
        return {"startLine": 1}
    line = span.line + 1
    return {"startLine": line, "startColumn": span.start + 1, "endLine": line, "endColumn": span.end + 1}


def _fingerprint(finding: Finding, location: Json) -> str:
    """What stays as long as the problem does: not its line's number, nor the words of its message."""
    problem = finding.problem
    line = source_line(problem.file, problem.span.line) or ""
    told = "\0".join((problem.rule, location["uri"], line.strip()))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _fix(fix: Fix, root: Path) -> Json | None:
    """A fix that only rewrites text; a log cannot say that links are made."""
    if not fix.safe or not fix.steps:
        return None
    changes = []
    for step in fix.steps:
        replacements = _replacements(step) if isinstance(step, RewriteFile) else None
        if replacements is None:
            return None
        changes.append({"artifactLocation": _artifact(step.path, root), "replacements": replacements})
    return {"description": {"text": _readable(fix.title)}, "artifactChanges": changes}


def _replacements(step: RewriteFile) -> list[Json] | None:
    try:
        old, new = (_lines(content.decode("utf-8-sig")) for content in (step.old, step.new))
    except UnicodeDecodeError:
        return None
    changed = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        {
            "deletedRegion": _lines_from(old, first, last),
            "insertedContent": {"text": "".join(new[start:end])},
        }
        for kind, first, last, start, end in changed
        if kind != "equal"
    ]


def _lines_from(lines: Sequence[str], first: int, last: int) -> Json:
    """The region of some lines, up to the start of the next one, or to the end of the file."""
    end, column = last + 1, 1
    if last == len(lines) > 0 and not lines[-1].endswith(("\r", "\n")):
        end, column = last, span_in(lines[-1], last, 0, len(lines[-1])).end + 1
    return {"startLine": first + 1, "startColumn": 1, "endLine": end, "endColumn": column}


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


def _readable(text: str) -> str:
    """Bytes of a name that are not UTF-8 as escapes: not every reader takes half a character."""
    return text.encode("utf-8", "backslashreplace").decode()
