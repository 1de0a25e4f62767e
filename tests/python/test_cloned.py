"""What people clone: repositories with environments in them, and configuration files as they are written."""

import json
from pathlib import Path

import pytest

from configured import environment, launch, marked, problems, settings
from git import git, repository
from holdfast.health.check import check
from holdfast.interpreters.reader import Reader
from machines import PosixMachine, write
from makers import MAKERS, by_stdlib

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


# Configuration files


@pytest.fixture
def machine(tmp_path) -> PosixMachine:
    return PosixMachine(tmp_path)


@pytest.fixture
def app(machine) -> Path:
    folder = repository(machine.at("/home/ada/app"))
    environment(folder / ".venv", machine.host())
    return folder


def test_further_imports_of_another_system_are_told_where_they_are_packages(machine, app):
    paths = ["E:\\py\\Lib\\site-packages", "E:\\tools\\ocr"]
    write(app / "pyrightconfig.json", json.dumps({"extraPaths": paths}))
    (problem,) = problems(app, machine.host())
    assert marked(problem) == json.dumps(paths[0])
    assert problem.message.endswith("a path of Windows. pyright finds no packages there.")


def test_for_packages_elsewhere_no_interpreter_is_offered(machine, app):
    write(app / "pyrightconfig.json", '{"extraPaths": ["/opt/robots/lib/python3.10/site-packages"]}')
    (problem,) = problems(app, machine.host())
    assert problem.message.endswith(f"but there is no {machine.at('/opt')}. pyright finds no packages there.")


def test_a_folder_of_environments_of_another_system_is_one_problem(machine, app):
    write(app / "pyrightconfig.json", '{"venvPath": "C:\\\\Users\\\\ada\\\\Envs", "venv": "shop"}')
    (problem,) = problems(app, machine.host())
    assert "`venvPath` names C:\\Users\\ada\\Envs, a path of Windows." in problem.message


def test_a_configuration_that_attaches_starts_no_interpreter(machine, app):
    gone = {"type": "debugpy", "python": "/gone/bin/python", "env": {"PYTHONHASHSEED": "bogus"}}
    launch(app, {**gone, "request": "attach", "connect": {"port": 5678}})
    assert problems(app, machine.host()) == []
    launch(app, {**gone, "request": "launch"})
    assert [one.rule for one in problems(app, machine.host())] == ["tool-path-missing"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("${workspaceFolder}/.venv/bin/python", "${workspaceFolder}/.venv"),
        ("./.venv/bin/python3", "${workspaceFolder}/.venv"),
        ("${env:CONDA_PREFIX}/bin/python", "${env:CONDA_PREFIX}"),
    ],
)
def test_the_folder_of_an_environment_is_right_everywhere(machine, app, text, whole):
    (app / ".venv" / "bin" / "python3").symlink_to("python")
    settings(app, interpreter=text)
    git(app, "add", ".vscode")
    (problem,) = problems(app, machine.host())
    assert problem.rule == "setting-not-portable"
    assert problem.message.endswith(f" Name the environment itself: {whole}.")
    settings(app, interpreter=whole)
    assert problems(app, machine.host()) == []


def test_conda_has_its_interpreter_elsewhere_on_windows(machine, app):
    settings(app, interpreter="${env:CONDA_PREFIX}/bin/python")
    git(app, "add", ".vscode")
    (problem,) = problems(app, machine.host())
    assert "not on Windows: there conda has `python.exe` in the environment's own folder." in problem.message


def test_an_alias_is_offered_for_environments_of_the_project_only(machine, app):
    environment(machine.home / "shared", machine.host())
    launch(app, python="${workspaceFolder}/.venv/bin/python")
    git(app, "add", ".vscode")
    (problem,) = problems(app, machine.host())
    assert problem.message.endswith("`[tool.holdfast]`), it is right everywhere.")
    launch(app, python="${userHome}/shared/bin/python")
    (problem,) = problems(app, machine.host())
    assert problem.message.endswith(r"not on Windows: there it is `Scripts\python.exe`.")


@pytest.mark.parametrize(
    "line", ["PYTHONHASHSEED=$SEED", 'PYTHONUTF8="${UTF8:-1}"', "PYTHONIOENCODING=${ENCODING}"]
)
def test_a_variable_within_a_value_is_known_to_its_reader_only(project, newest, host, line):
    by_stdlib(newest.path, project / ".venv")
    write(project / ".env", f"{line}\n")
    assert problems(project, host) == []
    write(project / ".env", f"{line.replace('$', '')}\n")
    assert [one.rule for one in problems(project, host)] == ["environment-variable-breaks"]


def test_a_table_of_which_nothing_is_read_is_one_problem(machine, app):
    table = "venvPath = '.'\nvenv = '.venv'\nextraPaths = ['src', 'lib']\n"
    write(app / "pyproject.toml", f"[tool.pyright]\n{table}\n[tool.ruff]\nextend = '../ruff.toml'\n")
    write(app / "pyrightconfig.json", "{}")
    write(app / "ruff.toml", "")
    of_pyright, of_ruff = problems(app, machine.host(), rule="setting-shadowed")
    assert (marked(of_pyright), marked(of_ruff)) == ("'.'", "'../ruff.toml'")
    assert [one.file.name for one in of_pyright.related] == ["pyrightconfig.json", *["pyproject.toml"] * 3]


# Folders whose names shells and Python write in other words


@pytest.mark.parametrize(
    "name", ["Jürgen", "a\\b", "hello!", "tab\there", "it's", "$HOME", "{{cookiecutter.slug}}"]
)
@pytest.mark.parametrize("maker", MAKERS)
def test_an_environment_in_a_folder_with_an_unusual_name_is_right(maker, newest, tmp_path, host, name):
    folder = tmp_path / name
    folder.mkdir()
    maker(newest.path, folder / ".venv")
    assert told(folder / ".venv", host) == []


@pytest.mark.parametrize("maker", MAKERS)
def test_when_it_is_moved_that_is_told_all_the_same(maker, newest, tmp_path, host):
    maker(newest.path, tmp_path / "Jürgen" / ".venv")
    (tmp_path / "Jürgen").rename(tmp_path / "Peter")
    (problem,) = told(tmp_path / "Peter" / ".venv", host)
    assert problem.rule == "environment-moved"
    assert f"made in {tmp_path}/Jürgen/.venv" in problem.message


# The former setting


def test_a_setting_that_hardly_anything_reads_is_worth_knowing(machine, app):
    settings(app, **{"python.pythonPath": "venv/bin/python"})
    git(app, "add", ".vscode")
    (problem,) = problems(app, machine.host())
    assert (problem.rule, problem.severity) == ("setting-interpreter-missing", "information")
    assert "which reads `python.defaultInterpreterPath`. .venv/bin/python is there." in problem.message
    settings(app, **{"python.pythonPath": ".venv/bin/python"})
    assert problems(app, machine.host()) == []


def test_what_else_names_the_same_is_told_before_it(machine, app):
    settings(app, **{"python.pythonPath": "venv/bin/python"})
    write(app / "pyrightconfig.json", '{"venvPath": ".", "venv": "venv"}')
    (problem,) = problems(app, machine.host())
    assert (problem.rule, problem.severity) == ("tool-path-missing", "warning")
    assert [one.file.name for one in problem.related] == ["settings.json"]
