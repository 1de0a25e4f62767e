"""How serious problems count as: what a project and a person say of the rules."""

from pathlib import Path

import pytest

from holdfast.environments.layout import CONFIG
from holdfast.formats.toml import parse_toml
from holdfast.health.check import check, check_project
from holdfast.health.rules import NAMES
from holdfast.health.surroundings import Surroundings
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.lsp.server import HoldfastServer
from holdfast.workspace.projects import Projects
from holdfast.workspace.settings import project_settings, settings_from, settings_in
from pythons import make_environment

HOME = Path("/home/me")


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def host() -> Host:
    return Host.current()


@pytest.fixture
def degraded(newest, tmp_path):
    """An environment that works, and from which no other can be made."""
    environment = make_environment(newest, tmp_path / "app" / ".venv")
    config = environment / CONFIG
    config.write_text(config.read_text().replace(f"home = {newest.prefix}", "home = /gone"))
    return environment


def verdict(environment, host, severities):
    return check(environment, Reader(host), severities=severities)


# Severities of an environment's problems


def test_a_severity_changes_what_is_told_and_whether_that_is_degraded(degraded, host):
    seen = {}
    for severity in ("error", "warning", "information", "hint"):
        told = verdict(degraded, host, {"home-missing": severity})
        assert [problem.severity for problem in told.problems] == [severity]
        seen[severity] = told.state
    assert seen == {"error": "degraded", "warning": "degraded", "information": "healthy", "hint": "healthy"}


def test_a_rule_that_is_off_finds_nothing(degraded, host):
    assert verdict(degraded, host, {}).state == "degraded"
    told = verdict(degraded, host, {"home-missing": "off"})
    assert (told.state, told.problems) == ("healthy", ())


@pytest.mark.parametrize("severity", ["off", "hint"])
def test_no_severity_makes_a_broken_environment_work(copied, tmp_path, host, severity):
    environment = make_environment(copied, tmp_path / ".venv")
    (environment / "bin" / "python").unlink()
    told = verdict(environment, host, {"interpreter-missing": severity})
    assert told.state == "broken"
    assert "bin/python" in told.reason
    assert [problem.severity for problem in told.problems] == [severity] * (severity != "off")


def test_severities_of_other_rules_change_nothing(degraded, host):
    said = {"interpreter-missing": "off", "no-such-rule": "off"}
    assert verdict(degraded, host, said) == verdict(degraded, host, {})


# Whose word counts


def test_a_person_s_word_wins_rule_by_rule(tmp_path):
    write(
        tmp_path / "pyproject.toml",
        '[tool.holdfast.rules]\nhome-missing = "off"\nconfig-malformed = "hint"\n',
    )
    person = {
        "rules": {"home-missing": "error", "interpreter-loop": "warning", "interpreter-denied": "fatal"}
    }
    merged = settings_from(person, HOME, project_settings(tmp_path))
    assert merged.rules == {
        "home-missing": "error",
        "config-malformed": "hint",
        "interpreter-loop": "warning",
    }
    for nothing in ({}, {"rules": {}}, {"rules": "off"}, {"rules": ["off"]}, {"rules": None}):
        said = settings_from(nothing, HOME, project_settings(tmp_path)).rules
        assert said == {"home-missing": "off", "config-malformed": "hint"}


def test_an_environment_is_judged_by_the_project_in_which_it_stands(tmp_path, host):
    write(tmp_path / "repository" / "pyproject.toml", '[tool.holdfast.rules]\nhome-missing = "off"\n')
    write(tmp_path / "repository" / "nested" / "setup.py", "")
    write(tmp_path / "repository" / "tools" / "run.sh", "")
    write(
        tmp_path / "repository" / "library" / "pyproject.toml", "[tool.holdfast]\nrules.home-missing='hint'\n"
    )
    projects = Projects(host)
    said = {
        name: projects.severities(tmp_path / "repository" / name).get("home-missing")
        for name in (".", "tools", "library", "nested")
    }
    assert said == {".": "off", "tools": "off", "library": "hint", "nested": None}
    person = Projects(host, {"home-missing": "error"})
    assert person.severities(tmp_path / "repository")["home-missing"] == "error"


def test_each_project_is_met_once(tmp_path, host):
    write(tmp_path / "pyproject.toml", "")
    (tmp_path / "a" / "b").mkdir(parents=True)
    found = Projects(host).around_each([tmp_path, tmp_path / "a", tmp_path / "a" / "b"])
    assert [project.folder for project in found] == [tmp_path]


def test_a_project_on_a_disk_that_does_not_answer_has_no_settings(dead_mount, host):
    project = Projects(host).around(dead_mount / "app")
    assert (project.folder, project.settings.values) == (dead_mount / "app", {})


def test_rules_that_a_person_s_settings_name_and_that_are_none_are_in_the_log(host, caplog):
    server = HoldfastServer(host)
    server.configure({"rules": {"home-missing": "off", "home-misssing": "off"}})
    assert [record.getMessage() for record in caplog.records] == [
        "holdfast.rules names home-misssing, which is no rule."
    ]
    assert server.settings.rules["home-missing"] == "off"


# settings-misread


def misread(folder: Path, text: str, **severities) -> list[tuple[str, int, str]]:
    """What is told of a project: the line from 0, the text that is underlined, the message."""
    file = write(folder / "pyproject.toml", text)
    project = Projects(Host.current()).around(folder)
    problems = check_project(project, Surroundings(Reader(Host.current())), severities=severities).problems
    assert all(one.file == file and one.environment == folder and not one.fatal for one in problems)
    assert {one.rule for one in problems} <= {"settings-misread"}
    lines = text.split("\n")
    return [
        (one.span.line, lines[one.span.line][one.span.start : one.span.end], one.message) for one in problems
    ]


def test_what_is_not_followed_is_told_on_its_line(tmp_path):
    text = """\
[project]
name = "x"

[tool.holdfast]
alais = true
links = "hard"
seed = "pip"
searchPaths = ["/opt", "near"]

[tool.holdfast.rules]
interpreter-danglin = "off"
home-missing = "fatal"
config-malformed = "error"
interpreter-loop = false
nothing-like-it = "loud"

[tool.holdfast.rulez]
home-missing = "off"
"""
    other = "`tool.holdfast.rules.interpreter-danglin` is not a rule, so it is not followed"
    named = '"error", "warning", "information", "hint" or "off"'
    assert misread(tmp_path, text) == [
        (
            4,
            "true",
            "`tool.holdfast.alais` is not known, so it is not followed (did you mean `alias`?).",
        ),
        (5, '"hard"', '`tool.holdfast.links` is not "auto", "symlink" or "copy", so it is not followed.'),
        (
            7,
            '"near"',
            "`tool.holdfast.searchPaths` names near, which is not absolute, so it is not followed.",
        ),
        (
            10,
            '"off"',
            f"{other} (did you mean `interpreter-dangling`?).",
        ),
        (11, '"fatal"', f"`tool.holdfast.rules.home-missing` is not {named}, so it is not followed."),
        (13, "false", f"`tool.holdfast.rules.interpreter-loop` is not {named}, so it is not followed."),
        (14, '"loud"', "`tool.holdfast.rules.nothing-like-it` is not a rule, so it is not followed."),
        (
            16,
            "tool.holdfast.rulez",
            "`tool.holdfast.rulez` is not known, so it is not followed (did you mean `rules`?).",
        ),
    ]


@pytest.mark.parametrize(
    ("text", "line", "marked", "why"),
    [
        ("[tool]\nholdfast = 1\n", 1, "1", "`tool.holdfast` is not a table, so it is not followed."),
        ("[tool.holdfast]\nrules = 'off'\n", 1, "'off'", "is not a table of rules"),
        (
            "[tool.holdfast]\nrules = { home-missing = 1 }\n",
            1,
            "1",
            "`tool.holdfast.rules.home-missing` is not",
        ),
        ("[[tool.holdfast]]\nseed = 'pip'\n", 0, "tool.holdfast", "`tool.holdfast` is not a table"),
        (
            "[tool.holdfast]\nseed = pip\n",
            1,
            "",
            "No setting of Holdfast in this file is followed: it is not valid",
        ),
    ],
)
def test_whole_tables_and_files_that_are_none_are_told(tmp_path, text, line, marked, why):
    ((where, underlined, message),) = misread(tmp_path, text)
    assert (where, underlined) == (line, marked)
    assert why in message
    assert message.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[project]\nname = 'x'\n",
        "not toml",
        "[tool.holdfast]\n",
        "[tool.holdfast.rules]\n" + "".join(f'{name} = "error"\n' for name in NAMES),
    ],
)
def test_what_is_followed_or_none_of_ours_is_not_told(tmp_path, text):
    assert misread(tmp_path, text) == []


def test_that_too_has_the_severity_that_it_is_given(tmp_path):
    text = "[tool.holdfast]\nalais = true\nrules.settings-misread = 'off'\n"
    write(tmp_path / "pyproject.toml", text)
    projects = Projects(Host.current())
    project = projects.around(tmp_path)
    surroundings = Surroundings(Reader(projects.host))
    assert check_project(project, surroundings, severities=projects.severities_of(project)).problems == ()
    (problem,) = check_project(project, surroundings, severities={"settings-misread": "error"}).problems
    assert problem.severity == "error"
    assert check_project(project, surroundings, rules={"home-missing"}).problems == ()


def test_a_byte_that_is_not_utf_8_is_told_with_its_line(tmp_path):
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.holdfast]\nenvironment = '\xff'\n")
    host = Host.current()
    (problem,) = check_project(Projects(host).around(tmp_path), Surroundings(Reader(host))).problems
    assert (problem.span.line, "it is not UTF-8 text" in problem.message) == (1, True)


def test_the_names_of_rules_in_any_notation_are_read():
    text = (
        '[tool.holdfast]\nrules.\'home-missing\' = "off"\n[tool.holdfast.rules."interpreter-loop"]\nx = 1\n'
    )
    settings = settings_in(parse_toml(text.encode()))
    assert settings.rules.keys() == {"home-missing", "interpreter-loop"}
