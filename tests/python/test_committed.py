"""Environments that git tracks, and those that it does not."""

import os
import shutil

import pytest

from git import git, listed, repository, written
from holdfast.files.reading import is_regular_file
from holdfast.health.check import check
from holdfast.interpreters.reader import Reader
from holdfast.repair.machine import Machine
from holdfast.repair.survey import survey
from holdfast.workspace.repositories import Repositories
from makers import MAKERS, by_stdlib
from pythons import make_environment

RULE = "environment-committed"


def found(environment, host):
    """The problem, if there is one, of an environment that has no other that is serious."""
    problems = check(environment, Reader(host)).problems
    serious = [one for one in problems if one.severity in ("error", "warning")]
    assert {one.rule for one in serious} <= {RULE}
    return next(iter(serious), None)


@pytest.fixture
def project(tmp_path):
    return repository(tmp_path / "the project")


@pytest.mark.parametrize("maker", MAKERS)
def test_an_environment_that_was_added_by_force_is_committed(project, newest, host, maker):
    environment = project / ".venv"
    maker(newest.path, environment)
    assert found(environment, host) is None
    git(project, "add", "--force", ".venv")
    problem = found(environment, host)
    assert (problem.severity, problem.fatal) == ("warning", False)
    assert f"Git tracks {len(listed(project))} files" in problem.message
    assert "`git rm -r --cached .venv`" in problem.message
    assert problem.file == environment / "pyvenv.cfg"
    line = problem.file.read_text().splitlines()[problem.span.line]
    assert line[problem.span.start : problem.span.end]
    git(project, "commit", "-qm", "x")
    assert found(environment, host) == problem
    git(project, "rm", "-r", "-q", "--cached", ".venv")
    assert found(environment, host) is None
    assert is_regular_file(environment / "pyvenv.cfg")


@pytest.mark.parametrize("maker", MAKERS)
def test_adding_everything_commits_only_what_brings_no_gitignore(project, newest, host, maker):
    environment = project / ".venv"
    maker(newest.path, environment)
    git(project, "add", ".")
    assert bool(found(environment, host)) == bool(listed(project))
    assert bool(listed(project)) != (environment / ".gitignore").exists()


def test_the_command_that_the_message_names_does_what_it_says(project, newest, host):
    environment = project / "tools" / "an env's"
    make_environment(newest, environment)
    git(project, "add", "-f", ".")
    message = found(environment, host).message
    command, line = message.split("`")[1], message.split("`")[3]
    os.system(f"cd '{project}' && {command} > /dev/null")
    (project / ".gitignore").write_text(f"{line}\n")
    git(project, "add", ".")
    assert listed(project) == (b".gitignore",)
    assert found(environment, host) is None


def test_a_single_file_of_it_is_enough(project, newest, host):
    environment = make_environment(newest, project / ".venv")
    git(project, "add", "-f", ".venv/pyvenv.cfg")
    assert "Git tracks 1 file of" in found(environment, host).message


def test_a_place_that_is_kept_for_an_environment_is_none(project, newest, host):
    environment = make_environment(newest, project / ".venv")
    written(environment, ".gitkeep", ".gitignore", "README")
    git(project, "add", "-f", ".venv/.gitkeep", ".venv/.gitignore", ".venv/README")
    assert listed(project)
    assert found(environment, host) is None


def test_a_project_that_is_an_environment_itself_keeps_its_own_files(project, newest, host):
    make_environment(newest, project)
    written(project, "pyproject.toml", "bin/deploy.sh", "lib/util.js", "src/app.py")
    git(project, "add", "-f", "pyproject.toml", "bin/deploy.sh", "lib/util.js", "src/app.py")
    assert found(project, host) is None
    git(project, "add", "-f", "pyvenv.cfg", "bin/activate")
    message = found(project, host).message
    assert "Git tracks 2 files" in message
    assert "rm -r" not in message


def test_beside_a_committed_environment_another_one_is_right(project, newest, host):
    for name in (".venv", ".venv-2", "a/.venv"):
        make_environment(newest, project / name)
    git(project, "add", "-f", ".venv-2")
    assert [name for name in (".venv", ".venv-2", "a/.venv") if found(project / name, host)] == [".venv-2"]


def test_a_clone_has_it_too_and_there_it_is_broken_or_not(project, newest, tmp_path, host):
    by_stdlib(newest.path, project / ".venv")
    git(project, "add", "-f", ".venv")
    git(project, "commit", "-qm", "x")
    git(tmp_path, "clone", "-q", project, "clone")
    rules = [one.rule for one in check(tmp_path / "clone" / ".venv", Reader(host)).problems]
    assert RULE in rules


def test_an_environment_behind_a_link_belongs_to_the_repository_in_which_it_really_is(
    project, newest, tmp_path, host
):
    other = repository(tmp_path / "other")
    make_environment(newest, other / "env")
    (project / ".venv").symlink_to(other / "env")
    assert found(project / ".venv", host) is None
    git(other, "add", "-f", "env")
    assert f"In {other}, run" in found(project / ".venv", host).message


def test_a_link_that_leads_out_of_the_repository_is_right_nowhere_else(project, newest, tmp_path, host):
    environment = make_environment(newest, tmp_path / "env")
    for number, text in enumerate((environment, "../../env")):
        (project / "sub").mkdir(exist_ok=True)
        link = project / "sub" / f"env {number}"
        link.symlink_to(text)
        assert found(link, host) is None
        git(project, "add", link)
        message = found(link, host).message
        assert f"the link env {number}, which leads to {environment}" in message
        command = message.split("`")[1]
        os.system(f"cd '{project}' && {command} > /dev/null")
        assert found(link, host) is None
        assert link.is_symlink()


def test_a_link_within_the_repository_is_right_everywhere(project, newest, host):
    make_environment(newest, project / "env")
    (project / "link").symlink_to("env")
    git(project, "add", "link")
    assert found(project / "link", host) is None


def test_an_environment_outside_of_any_repository_or_with_a_broken_one_is_right(tmp_path, newest, host):
    environment = make_environment(newest, tmp_path / ".venv")
    repository(tmp_path)
    git(tmp_path, "add", "-f", ".venv")
    assert found(environment, host)
    index = tmp_path / ".git" / "index"
    index.write_bytes(index.read_bytes()[:200])
    assert found(environment, host) is None
    shutil.rmtree(tmp_path / ".git")
    assert found(environment, host) is None


def test_the_index_is_read_once_for_many_environments(project, newest, host, monkeypatch):
    first = make_environment(newest, project / "env-0")
    many = [first, *(project / f"env-{number}" for number in range(1, 30))]
    for one in many[1:]:
        shutil.copytree(first, one, symlinks=True)
    git(project, "add", "-f", ".")
    reads = []
    real = Repositories._at

    def at(self, folder):
        reads.append(folder)
        return real(self, folder)

    monkeypatch.setattr(Repositories, "_at", at)
    surveyed = survey(many, Machine(host))
    assert all(RULE in {f.problem.rule for f in one.findings} for one in surveyed)
    assert reads.count(str(project)) == 1
