"""`holdfast check --format sarif`, held against the schema of SARIF 2.1.0."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema
import pytest

from holdfast.health.rules import NAMES
from npm_packages import unpack_pinned
from pythons import make_environment

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"
SCHEMA = (
    "@microsoft/jest-sarif@1.0.0-beta.0",
    "sha512-A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A==",
)
"""A package that carries the schema, the one that code scanning applies."""


@pytest.fixture(scope="session")
def schema(tmp_path_factory):
    files = unpack_pinned(*SCHEMA, tmp_path_factory.mktemp("sarif") / "schema")
    return json.loads((files / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json").read_text())


@pytest.fixture
def check(schema):
    """The one run of a log that the schema accepts."""

    def check(folder, *arguments):
        command = [sys.executable, "-I", str(LAUNCH), "check", "--format", "sarif", *map(str, arguments)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
        assert "Traceback" not in done.stderr
        log = json.loads(done.stdout)
        validator = jsonschema.validators.validator_for(schema)
        assert validator is jsonschema.Draft4Validator
        validator(schema).validate(log)
        assert log["version"] == "2.1.0"
        (run,) = log["runs"]
        return run

    return check


@pytest.fixture
def broken(copied, tmp_path):
    environment = make_environment(copied, tmp_path / "project" / ".venv")
    copied.prefix.rename(copied.prefix.with_name(f"{copied.series}.99"))
    return environment


def place(run, result):
    """The file and the region of a result."""
    physical = result["locations"][0]["physicalLocation"]
    return resolve(run, physical["artifactLocation"]), physical.get("region")


def resolve(run, artifact) -> Path:
    """The path that an artifact's location leads to, as a reader of the log finds it."""
    base = artifact.get("uriBaseId")
    start = run["originalUriBaseIds"][base]["uri"] if base else ""
    assert start == "" or start.endswith("/")
    assert urlsplit(artifact["uri"]).scheme == ("" if base else "file")
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(start + artifact["uri"]).path)))


def text_in(file: Path, region) -> str:
    """The text of a region, by lines from 1 and columns in UTF-16 units from 1."""
    lines = file.read_bytes().decode("utf-8-sig").splitlines(keepends=True)
    first, last = region["startLine"] - 1, region["endLine"] - 1
    units = "".join(lines[first : last + 1]).encode("utf-16-le")
    before_last = len("".join(lines[first:last]).encode("utf-16-le"))
    return units[2 * (region["startColumn"] - 1) : before_last + 2 * (region["endColumn"] - 1)].decode(
        "utf-16-le"
    )


def test_a_project_without_environments_has_no_results(check, tmp_path):
    run = check(tmp_path)
    assert run["results"] == []
    assert run["columnKind"] == "utf16CodeUnits"
    driver = run["tool"]["driver"]
    assert driver["name"] == "Holdfast"
    assert [rule["id"] for rule in driver["rules"]] == list(NAMES)
    for rule in driver["rules"]:
        assert 10 < len(rule["shortDescription"]["text"]) < 200
        assert rule["fullDescription"]["text"].endswith(".")
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}\n")


def test_a_result_says_what_is_wrong_and_where(check, broken, tmp_path):
    run = check(tmp_path)
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("interpreter-dangling", "error")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "interpreter-dangling"
    assert result["message"]["text"].startswith("bin/python leads to ")
    file, region = place(run, result)
    assert file == broken / "pyvenv.cfg"
    assert text_in(file, region) == file.read_text().splitlines()[0].removeprefix("home = ")
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "project/.venv/pyvenv.cfg", "uriBaseId": "%SRCROOT%"}
    assert "fixes" not in result  # it makes links, too


def test_levels_follow_the_severities(check, broken, tmp_path):
    levels = {}
    for severity in ("error", "warning", "information", "hint"):
        settings = f'[tool.holdfast.rules]\ninterpreter-dangling = "{severity}"\n'
        (tmp_path / "project" / "pyproject.toml").write_text(settings)
        (result,) = check(tmp_path)["results"]
        levels[severity] = result["level"]
    assert levels == {"error": "error", "warning": "warning", "information": "note", "hint": "note"}


def test_rules_that_were_not_asked_are_not_listed(check, broken, tmp_path):
    run = check(tmp_path, "--select", "settings-misread", "--select", "interpreter-dangling")
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [
        "interpreter-dangling",
        "settings-misread",
    ]
    assert [result["ruleIndex"] for result in run["results"]] == [0]


def test_a_fix_that_only_rewrites_text_is_told_as_such(check, newest, tmp_path):
    environment = make_environment(newest, tmp_path / ".venv")
    config = environment / "pyvenv.cfg"
    config.write_text(config.read_text().replace(f"home = {newest.prefix}", "home = /gone").rstrip("\n"))
    run = check(tmp_path)
    (result,) = run["results"]
    assert result["ruleId"] == "home-missing"
    ((change,),) = [fix["artifactChanges"] for fix in result["fixes"]]
    assert resolve(run, change["artifactLocation"]) == config
    text = config.read_text()
    for replacement in reversed(change["replacements"]):
        old = text_in(config, replacement["deletedRegion"])
        assert text.count(old) == 1
        text = text.replace(old, replacement["insertedContent"]["text"])
    subprocess.run(
        [sys.executable, "-I", LAUNCH, "repair", "--yes", environment], check=True, capture_output=True
    )
    assert config.read_text() == text
    assert check(tmp_path)["results"] == []


def test_a_fingerprint_stays_while_lines_move_and_words_change(check, broken, copied, tmp_path):
    settings = tmp_path / "project" / "pyproject.toml"
    twice = '[tool.holdfast]\nnear = 1\n[tool.holdfast.rules]\nfar = "off"\nwide = "off"\n'
    settings.write_text(twice)
    before = prints(check(tmp_path))
    assert len(set(before.values())) == len(before) == 4
    settings.write_text("[project]\nname = 'x'\n\n" + twice)
    prefix = copied.prefix.with_name(f"{copied.series}.99")
    prefix.rename(prefix.with_name(f"{copied.series}.100"))  # another one stands there now, says the message
    after = prints(check(tmp_path))
    assert list(after.values()) == list(before.values())
    assert list(after) != list(before)


def prints(run):
    """The fingerprints by where the results stand and what they say."""
    return {
        json.dumps([result["locations"], result["message"]]): result["partialFingerprints"]["problem/v1"]
        for result in run["results"]
    }


def test_two_problems_that_look_alike_have_two_fingerprints(check, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "bin").mkdir(parents=True)
        (tmp_path / name / "pyvenv.cfg").write_text("home = /gone/bin\n")
    text = "[tool.holdfast]\nsearchPaths = [\n  'near',\n  'near',\n]\n"
    (tmp_path / "pyproject.toml").write_text(text)
    found = prints(check(tmp_path))
    assert len(set(found.values())) == len(found) == 4


def test_names_of_all_kinds_become_uris_that_lead_to_their_files(check, tmp_path):
    names = [b"a b", "日本".encode(), b"caf\xe9", b"100%#?", b"c:d", b"back\\slash"]
    for name in names:
        environment = tmp_path / os.fsdecode(name)
        (environment / "bin").mkdir(parents=True)
        (environment / "pyvenv.cfg").write_text("home = /gone/bin\n")
    run = check(tmp_path)
    assert {place(run, result)[0] for result in run["results"]} == {
        tmp_path / os.fsdecode(name) / "pyvenv.cfg" for name in names
    }


def test_what_is_outside_of_the_root_is_named_whole(check, broken, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    for argument in (tmp_path / "project", "../project"):
        run = check(tmp_path / "elsewhere", argument)
        (result,) = run["results"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri == (broken / "pyvenv.cfg").as_uri()


def test_a_problem_of_a_whole_file_stands_on_its_first_line(check, tmp_path):
    (tmp_path / "env" / "bin").mkdir(parents=True)
    (tmp_path / "env" / ".gitignore").touch()
    (tmp_path / "env" / "pyvenv.cfg").mkdir()
    run = check(tmp_path)
    (found,) = [result for result in run["results"] if result["ruleId"] == "config-malformed"]
    assert place(run, found) == (tmp_path / "env" / ".gitignore", {"startLine": 1})


def test_places_that_are_related_are_named(check, newest, tmp_path):
    environment = make_environment(newest, tmp_path / ".venv")
    (environment / "lib" / newest.tag / "site-packages" / "shop").mkdir()
    for name in ("first", "second"):
        (environment / "bin" / name).write_text("#!/gone/bin/python\n")
    run = check(tmp_path)
    (result,) = run["results"]
    (related,) = result["relatedLocations"]
    assert related["message"]["text"] == "names /gone/bin/python"
    file, region = place(run, {"locations": [related]})
    assert (file, text_in(file, region)) == (environment / "bin" / "second", "/gone/bin/python")
