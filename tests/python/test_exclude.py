"""What the commands look into: not what the project excludes, as in the editor."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast.discovery.walk import walk_environments
from holdfast.host import Host
from holdfast.workspace.settings import project_settings, settings_from
from pythons import make_environment

SERVER = Path(__file__).parents[2] / "server"


def holdfast(folder, *arguments):
    """The exit code, and the JSON that a command prints when it is run in a folder."""
    env = {**os.environ, "PYTHONPATH": str(SERVER), "PWD": str(folder)}
    command = [sys.executable, "-m", "holdfast", *map(str, arguments), "--format", "json"]
    run = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return run.returncode, json.loads(run.stdout) if run.stdout else run.stderr


def checked(folder, *paths):
    return sorted(one["path"] for one in holdfast(folder, "check", *paths)[1]["environments"])


@pytest.fixture
def project(tmp_path, newest):
    folder = tmp_path / "project"
    for name in (".venv", "old/env", "sub/old/env", "sub/new/env"):
        make_environment(newest, folder / name)
    (folder / "pyproject.toml").write_text('[tool.holdfast]\nexclude = ["old"]\n')
    return folder


def test_check_and_find_leave_out_what_the_project_excludes(project):
    told = [str(project / name) for name in (".venv", "sub/new/env")]
    assert checked(project) == told
    _, found = holdfast(project, "find", "--environments")
    assert sorted(one["path"] for one in found["environments"] if one["source"] == "here") == told


def test_the_editor_leaves_out_the_same(project):
    exclude = settings_from({}, Path.home(), project_settings(project)).exclude
    assert sorted(map(str, walk_environments(project, Host.current(), exclude=exclude))) == checked(project)


def test_a_folder_in_a_project_is_of_the_project(project):
    assert checked(project / "sub") == [str(project / "sub" / "new" / "env")]


def test_what_is_named_is_looked_into_though_it_is_excluded(project):
    assert checked(project, "old") == [str(project / "old" / "env")]
    assert checked(project, "old/env", "old/env/pyvenv.cfg") == [str(project / "old" / "env")]


def test_a_setting_that_cannot_be_followed_excludes_nothing(project):
    (project / "pyproject.toml").write_text('[tool.holdfast]\nexclude = "old"\n')
    assert len(checked(project)) == 4


def test_a_link_or_redirect_file_that_leads_nowhere_may_be_named(project, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / ".venv").symlink_to("gone")
    code, document = holdfast(other, "check", ".venv")
    assert (code, [one["rule"] for one in document["problems"]]) == (1, ["redirect-broken"])
    (other / ".venv").unlink()
    (other / ".venv").write_text("../gone\n")
    code, document = holdfast(other, "check", ".venv")
    assert (code, [one["rule"] for one in document["problems"]]) == (1, ["redirect-broken"])
    (other / ".venv").write_text("../project/.venv\n")
    code, document = holdfast(other, "check", ".venv")
    assert (code, [one["state"] for one in document["environments"]]) == (0, ["healthy"])
    (other / "gone").symlink_to("away")
    assert holdfast(other, "check", "gone")[0] == 2
    assert holdfast(other, "repair", ".venv")[0] in (1, 2)
