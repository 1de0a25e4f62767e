"""What the editor's look sees of projects after a change is what a look at everything sees."""

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from git import git
from holdfast.cancellation import Cancellation
from holdfast.host import Host
from holdfast.interpreters.memory import Memory
from holdfast.lsp.looking import Ground, look, look_again
from holdfast.lsp.marks import changed_since
from holdfast.workspace.settings import project_settings, settings_from
from pythons import make_environment


def told(seen):
    """Each problem: its rule, the file on which it stands, and what is said."""
    found = sorted((one.problem.rule, one.problem.file, one.message) for one in seen.findings)
    return found, [(one.path, one.verdict.state) for one in seen.environments]


def write(file: Path, text: str):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return [file]


def committed(project, newest):
    git(project, "init", "-q")
    yield [project / ".git"]
    git(project, "add", "-f", ".venv")
    yield [project / ".git" / "index"]
    git(project, "rm", "-rq", "--cached", ".venv")
    yield [project / ".git" / "index"]


def asked_for(project, newest):
    yield write(project / ".python-version", "2.6\n")
    yield write(project / ".python-version", f"{newest.series}\n")
    yield write(project / ".tool-versions", "python 2.5\n")
    (project / ".tool-versions").unlink()
    yield [project / ".tool-versions"]
    yield write(project / "pyproject.toml", '[tool.holdfast]\npython = "2.6"\n')


def required(project, newest):
    yield write(project / "pyproject.toml", '[project]\nrequires-python = "<3"\n')
    yield write(project / "pyproject.toml", '[project]\nrequires-python = ">=3"\n')


def set_by_a_file(project, newest):
    yield write(project / ".env", "PYTHONHOME=/gone\n")
    yield write(project / ".env", "OTHER=/gone\n")
    launch = {"configurations": [{"type": "debugpy", "envFile": "${workspaceFolder}/debug.env"}]}
    yield write(project / ".vscode" / "launch.json", json.dumps(launch))
    yield write(project / "debug.env", "PYTHONUTF8=x\n")
    yield write(project / "debug.env", "PYTHONUTF8=1\n")
    yield write(project / "debug.env", "PYTHONUTF8=y\n")


def halfway(project, newest):
    config = project / ".venv" / "pyvenv.cfg"
    text = config.read_text()
    config.unlink()
    yield [config]
    yield write(config, text)


def redirected(project, newest):
    other = project.parent / "elsewhere"
    (project / ".venv").rename(other)
    (project / ".venv").symlink_to(other)
    yield [project / ".venv"]
    shutil.move(other, project.parent / "away")
    yield [other]
    (project / ".venv").unlink()
    yield write(project / ".venv", "../elsewhere\n")
    shutil.move(project.parent / "away", other)
    yield [other]


STORIES = {
    committed: "environment-committed",
    asked_for: "python-version-unavailable",
    required: "requires-python-unmet",
    set_by_a_file: "environment-variable-breaks",
    halfway: "config-missing",
    redirected: "redirect-broken",
}


@pytest.mark.parametrize("story", STORIES)
def test_after_each_event_a_look_again_sees_what_a_look_sees(tmp_path, newest, story):
    project = tmp_path / "workspace" / "project"
    make_environment(newest, project / ".venv")
    (project / "pyproject.toml").touch()
    host = Host.current()._replace(env={"PATH": "/usr/bin:/bin"})
    settings = lambda folder: settings_from({}, host.home, project_settings(folder))  # noqa: E731
    ground = Ground(host, (tmp_path / "workspace",), settings, {}, Memory())
    seen = look(ground, Cancellation())
    comes_and_goes = [False]
    for number, events in enumerate(story(project, newest)):
        assert changed_since(seen.marks), f"step {number} goes unnoticed where no event tells of it"
        seen = look_again(ground, Cancellation(), seen, frozenset(map(str, events)))
        assert told(seen) == told(look(ground, Cancellation())), f"step {number}"
        comes_and_goes.append(STORIES[story] in {one.problem.rule for one in seen.findings})
    assert {(False, True), (True, False)} <= set(pairwise(comes_and_goes))
