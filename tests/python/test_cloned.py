"""What people clone: repositories with environments in them, and configuration files as they are written."""

import pytest

from git import git, repository
from holdfast.health.check import check
from holdfast.interpreters.reader import Reader
from machines import write

CONFIG = "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.12.1\n"


def told(folder, host):
    return [one for one in check(folder, Reader(host)).problems if one.severity in ("error", "warning")]


@pytest.fixture
def project(tmp_path):
    return repository(tmp_path / "shop")


# Environments that stand in a repository as examples for tests


@pytest.mark.parametrize("config", ["", "home = ~/.pyenv/versions/3.12.1/bin\nversion = 3.12.1\n", CONFIG])
@pytest.mark.parametrize(
    ("content", "what"), [("", "is an empty file"), ("not a program\n", "is no program")]
)
def test_of_an_environment_without_an_interpreter_only_that_is_told(project, host, config, content, what):
    folder = project / "tests" / "data" / ".venv"
    write(folder / "pyvenv.cfg", config)
    write(folder / "bin" / "python", content, 0o755)
    (problem,) = told(folder, host)
    assert (problem.rule, problem.fatal) == ("interpreter-missing", True)
    assert problem.message.startswith(f"bin/python {what}, so this environment has no interpreter.")


def test_where_a_link_leads_to_such_a_file_is_said(project, host):
    folder = project / ".venv"
    write(folder / "pyvenv.cfg", CONFIG)
    write(project / "python3", "", 0o755)
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(project / "python3")
    (problem,) = told(folder, host)
    assert problem.message.startswith(
        f"bin/python leads to {project / 'python3'}, which is an empty file, so"
    )


def test_a_copied_interpreter_that_may_not_be_executed_is_told_by_its_name(project, host):
    folder = project / ".venv"
    write(folder / "pyvenv.cfg", CONFIG)
    write(folder / "bin" / "python", b"\x7fELF", 0o644)
    (folder / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    denied = next(one for one in told(folder, host) if one.rule == "interpreter-denied")
    assert denied.message.startswith("bin/python may not be executed by you (permission is denied at")


# Environments that came with the repository


def test_one_of_another_system_that_git_tracks_is_told_with_the_way_out(project, host):
    folder = project / "env"
    write(folder / "pyvenv.cfg", "home = C:\\Python312\nversion = 3.12.1\n")
    write(folder / "Scripts" / "python.exe", b"MZ")
    write(folder / "Lib" / "site-packages" / "shop.py", "")
    (problem,) = told(folder, host)
    assert "create a second one for this system" in problem.message
    git(project, "add", "--force", "env")
    (problem,) = told(folder, host)
    assert (problem.rule, problem.severity, problem.fatal) == ("foreign-platform", "warning", True)
    assert (
        "was made on another operating system and does not work here. Git tracks 3 files" in problem.message
    )
    assert "`git rm -r --cached env` and add `/env/` to `.gitignore`" in problem.message
    git(project, "rm", "-r", "--cached", "env")
    (problem,) = told(folder, host)
    assert "Git tracks" not in problem.message
