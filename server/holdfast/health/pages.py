"""The page that explains a rule."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def rule_page(rule: str) -> Path | None:
    """`docs/rules/RULE.md`: in an installed package below it, in the extension and a checkout beside it."""
    for docs in (_PACKAGE / "docs", _PACKAGE.parent.parent / "docs"):
        page = docs / "rules" / f"{rule}.md"
        if page.is_file():
            return page
    return None
