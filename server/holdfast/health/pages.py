"""The page that explains a rule, and the list of all."""

import re
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def rule_page(rule: str) -> Path | None:
    """`docs/rules/RULE.md`: in an installed package below it, in the extension and a checkout beside it."""
    for docs in (_PACKAGE / "docs", _PACKAGE.parent.parent / "docs"):
        page = docs / "rules" / f"{rule}.md"
        if page.is_file():
            return page
    return None


def rule_summary(rule: str) -> str | None:
    """What a rule finds, in a few words; None where the list of rules is not at hand."""
    page = rule_page("README")
    text = page.read_text(encoding="utf-8") if page else ""
    row = re.search(rf"^\| \[{rule}\]\S* \| (.*) \|$", text, re.MULTILINE)
    return row[1] if row else None
