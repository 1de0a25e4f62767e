"""A `.venv` that is a link or a redirect file and leads to no environment is told, with where it leads."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast.discovery.walk import walk_environments
from holdfast.health.check import check
from holdfast.interpreters.reader import Reader
from pythons import make_environment

RULE = "redirect-broken"


@pytest.fixture
def project(tmp_path) -> Path:
    folder = tmp_path / "work" / "project"
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").touch()
    return folder


def link(project, target):
    (project / ".venv").symlink_to(target)


def redirect(project, target):
    (project / ".venv").write_text(f"{target}\n")


BOTH = pytest.mark.parametrize("lead", [link, redirect])


def told(project, host):
    """The problems of what the walk finds, and those of `.venv` alone."""
    found = list(walk_environments(project, host))
    return [problem for path in found for problem in check(path, Reader(host)).problems]


def message(project, host) -> str:
    (problem,) = told(project, host)
    assert (problem.rule, problem.severity, problem.fatal) == (RULE, "error", True)
    assert problem.environment == project / ".venv"
    assert problem.file.is_file()
    if problem.file.name == ".venv":
        line = problem.file.read_text().splitlines()[0]
        assert (problem.span.line, problem.span.start, problem.span.end) == (0, 0, len(line))
    else:
        assert problem.file == project / "pyproject.toml"
    return problem.message


@BOTH
def test_one_that_leads_to_an_environment_is_right(project, newest, tmp_path, host, lead):
    make_environment(newest, tmp_path / "envs" / "app")
    lead(project, "../../envs/app")
    assert len(list(walk_environments(project, host))) == 1
    assert told(project, host) == []


@BOTH
def test_a_relative_way_is_told_as_where_it_leads(project, tmp_path, host, lead):
    lead(project, "../../envs/app")
    assert f"leads to {tmp_path}/envs/app, which" in message(project, host)


@BOTH
def test_what_is_gone_is_told_with_what_stands_beside_it(project, tmp_path, host, newest, lead):
    make_environment(newest, tmp_path / "envs" / "app-2")
    lead(project, tmp_path / "envs" / "app")
    said = message(project, host)
    assert f"leads to {tmp_path}/envs/app, which does not exist." in said
    assert f"In {tmp_path}/envs there is the environment app-2." in said
    assert ("The link .venv" in said) == (lead is link)
    assert ("The redirect file .venv" in said) == (lead is redirect)


@BOTH
def test_the_first_missing_folder_is_named(project, tmp_path, host, lead):
    lead(project, tmp_path / "gone" / "far" / "app")
    assert f"which does not exist: there is no {tmp_path}/gone." in message(project, host)


@BOTH
def test_every_step_of_the_way_is_named(project, tmp_path, host, lead):
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("three")
    lead(project, tmp_path / "one")
    assert f"leads over {tmp_path}/one and {tmp_path}/two to {tmp_path}/three, which" in message(
        project, host
    )


def test_a_circle_is_one(project, tmp_path, host):
    link(project, "a")
    (project / "a").symlink_to(".venv")
    assert "in a circle" in message(project, host)
    (project / ".venv").unlink()
    link(project, ".venv")
    assert "in a circle" in message(project, host)
    (project / ".venv").unlink()
    other = project.parent / "other"
    other.mkdir()
    redirect(project, "../other/.venv")
    redirect(other, "../project/.venv")
    assert "in a circle" in message(project, host)


@BOTH
def test_what_is_no_environment_is_told_as_what_it_is(project, tmp_path, host, lead):
    lead(project, tmp_path / "target")
    (tmp_path / "target").mkdir()
    assert "no environment: that folder is empty" in message(project, host)
    (tmp_path / "target" / "x").touch()
    assert "no environment: that folder has no pyvenv.cfg" in message(project, host)
    (tmp_path / "target" / "x").unlink()
    (tmp_path / "target").rmdir()
    (tmp_path / "target").write_text("Dear diary")
    assert "which is a file and no environment" in message(project, host)


def test_a_path_of_another_system_is_told_as_that(project, host):
    redirect(project, r"C:\envs\app")
    assert r"C:\envs\app, which is a path of another operating system" in message(project, host)


@BOTH
def test_where_one_may_not_look_is_told_as_that(as_plain_user, host, lead):
    project, closed = as_plain_user / "project", as_plain_user / "closed"
    project.mkdir()
    (project / "pyproject.toml").touch()
    (closed / "app").mkdir(parents=True)
    lead(project, closed / "app")
    closed.chmod(0)
    said = message(project, host)
    closed.chmod(0o755)
    (closed / "app").chmod(0)
    again = message(project, host)
    assert "permission is denied" in said
    assert "permission is denied" in again


@BOTH
def test_the_environment_further_up_that_some_tools_use_is_named(project, newest, tmp_path, host, lead):
    make_environment(newest, tmp_path / "work" / ".venv")
    lead(project, "../gone/app")
    assert f"use {tmp_path}/work/.venv, which stands further up" in message(project, host)


def test_uv_does_use_the_one_further_up(project, newest, tmp_path):
    """uv #20433, seen with its newest release where there is a redirect file; a link it refuses by now."""
    make_environment(newest, tmp_path / "work" / ".venv")
    redirect(project, "../gone/app")
    uv = os.path.join(os.path.dirname(sys.executable), "uv")
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [uv, "--no-config", "--offline", "pip", "list"]
    run = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=True)
    assert f"{tmp_path}/work/.venv" in run.stderr


def test_a_name_in_such_a_file_is_none_of_ours(project, host):
    """pipenv and plugins of shells keep the name of an environment there."""
    for content in ("project-x3Df\n", "env", "", "\n\n", "\0/x", "VIRTUAL=1\n"):
        (project / ".venv").write_text(content)
        assert told(project, host) == []
    (project / "env").mkdir()
    (project / ".venv").write_text("env\n")
    assert told(project, host) == []


@BOTH
def test_an_environment_of_conda_is_one(project, tmp_path, host, lead):
    (tmp_path / "conda" / "conda-meta").mkdir(parents=True)
    (tmp_path / "conda" / "conda-meta" / "history").touch()
    lead(project, tmp_path / "conda")
    assert told(project, host) == []


@BOTH
def test_a_disk_that_does_not_answer_is_no_broken_way(project, dead_mount, host, lead):
    lead(project, dead_mount / "bin")
    assert told(project, host) == []


def test_links_of_other_names_and_folders_are_left_alone(project, host):
    (project / "venv").symlink_to("gone")
    (project / "docs").symlink_to("/gone")
    (project / ".venv").mkdir()
    assert told(project, host) == []


def test_a_file_that_is_anything_is_read_in_bounds(project, host):
    for content in (b"\xff\xfe/\0x\0", b"/" * 100_000, b"/\xff/\xfe\n", "/ünï/\U0001f40d\n".encode()):
        (project / ".venv").write_bytes(content)
        for problem in told(project, host):
            assert problem.rule == RULE
    (project / ".venv").unlink()
    os.mkfifo(project / ".venv")
    assert told(project, host) == []


def test_each_project_with_the_same_broken_way_is_told(project, tmp_path, host):
    for name in ("a", "b"):
        (project / name).mkdir()
        redirect(project / name, tmp_path / "gone")
    (project / "c").mkdir()
    link(project / "c", tmp_path / "gone")
    run = subprocess.run(
        [sys.executable, "-m", "holdfast", "check", "--format", "json", str(project)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "server")},
        capture_output=True,
        text=True,
        check=False,
    )
    document = json.loads(run.stdout)
    assert run.returncode == 1
    assert sorted(one["environment"] for one in document["problems"]) == [
        str(project / name / ".venv") for name in "abc"
    ]
    assert {one["state"] for one in document["environments"]} == {"broken"}


def test_a_repair_of_all_passes_over_what_leads_nowhere_and_says_so(project, newest, tmp_path):
    """It has no fix for that, and mends the others."""
    broken = make_environment(newest, project / "sub" / ".venv")
    (broken / "bin" / "python").unlink()
    half = make_environment(newest, project / "half")
    (half / "pyvenv.cfg").unlink()
    link(project, "../gone")
    (project / "file").mkdir()
    redirect(project / "file", "/gone/app")
    launch = Path(__file__).parents[2] / "server" / "launch.py"
    command = [sys.executable, "-I", str(launch), "repair", "--all", "--yes"]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (1, "")
    assert run.stdout.count(f"[{RULE}]") == 2
    assert "[config-missing]" in run.stdout
    assert (broken / "bin" / "python").exists()


def test_a_repair_of_one_says_what_is_wrong_with_it(project, tmp_path):
    link(project, "../gone")
    launch = Path(__file__).parents[2] / "server" / "launch.py"
    command = [sys.executable, "-I", str(launch), "repair", "--dry-run"]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert f"{tmp_path}/work/gone, which does not exist. " in run.stdout
