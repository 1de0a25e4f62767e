"""What is said of the rules in several places is the same everywhere."""

import json
import re
from pathlib import Path

import pytest

from holdfast.health.pages import rule_page
from holdfast.health.rules import NAMES
from protocol_schema import SCHEMA_FILE

ROOT = Path(__file__).parents[2]
INDEX = ROOT / "docs" / "rules" / "README.md"


def test_the_index_lists_every_rule_in_order():
    listed = re.findall(r"^\| \[([a-z0-9-]+)\]\(\1\.md\) \| [^|]+ \|$", INDEX.read_text(), re.MULTILINE)
    assert tuple(listed) == NAMES, f"List the rules in {INDEX} in the order of health/rules/__init__.py."


def test_the_settings_of_the_editor_complete_the_names_of_all_rules():
    manifest = json.loads((ROOT / "package.json").read_text())
    setting = manifest["contributes"]["configuration"]["properties"]["holdfast.rules"]
    assert tuple(setting["propertyNames"]["enum"]) == NAMES, (
        "List the rules in package.json, at holdfast.rules, in the order of health/rules/__init__.py."
    )
    helper = json.loads(SCHEMA_FILE.read_text())["$defs"]["Settings"]["properties"]["rules"]
    assert setting["additionalProperties"]["enum"] == helper["additionalProperties"]["enum"]


@pytest.mark.parametrize("rule", NAMES)
def test_every_rule_has_its_page(rule):
    page = rule_page(rule)
    assert page is not None
    text = page.read_text()
    assert text.startswith(f"# {rule}\n")
    for heading in ("## How it comes about", "## How Holdfast mends it", "## How to silence it"):
        assert heading in text
    silencing = text.partition("## How to silence it")[2]
    assert f'`{rule} = "off"`' in silencing
    assert f"`holdfast check --ignore {rule}`" in silencing


def test_every_page_is_of_a_rule():
    pages = {page.stem for page in INDEX.parent.glob("*.md")} - {INDEX.stem}
    assert pages == set(NAMES)


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/**/*.md")), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    for path, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text()):
        target = (page.parent / path) if path else page
        assert target.exists(), path
        if anchor:
            headings = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings]
