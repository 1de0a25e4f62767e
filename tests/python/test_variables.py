"""Environment variables that break Python: what is told of each, and what really happens with it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from configured import launch, settings, workspace
from holdfast.health.check import check_project
from holdfast.health.surroundings import Surroundings
from holdfast.health.variables import NAMES
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.workspace.projects import Projects
from machines import write
from pythons import INSTALLED, make_environment

RULE = "environment-variable-breaks"
SERVER = Path(__file__).parents[2] / "server"
CODE = "import sys, os, ssl, _struct; print(sys.prefix); print(os.path.dirname(os.__file__))"
PLAIN = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}


def problems(folder: Path, variables=None):
    """What is told in a project, by a process with these variables."""
    host = Host.current()._replace(env={**PLAIN, **(variables or {})})
    project = Projects(host).around_each([folder])[0]
    found = check_project(project, Surroundings(Reader(host))).problems
    return [one for one in found if one.rule == RULE]


def works(environment: Path, library: Path, variables) -> bool:
    """Whether its interpreter starts, as its own, with its own library."""
    run = subprocess.run(
        [environment / "bin" / "python", "-c", CODE],
        env={**PLAIN, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        return False
    prefix, found = run.stdout.splitlines()
    return prefix == str(environment) and os.path.samefile(found, library)


def values(python, environment, library):
    """Each variable with values that are right and others that are not."""
    other = next(one for one in INSTALLED if one.series != python.series)
    same = [one for one in INSTALLED if one.series == python.series and one.prefix != python.prefix]
    strange = other.prefix / "lib" / f"python{other.series}"
    yield from (
        ("PYTHONHOME", value) for value in ("/gone", "relative", str(environment), f"{python.prefix}")
    )
    yield from (("PYTHONHOME", value) for value in (f"{python.prefix}:{python.prefix}", str(other.prefix)))
    yield ("PYTHONHOME", str(python.prefix))
    yield from (("PYTHONHOME", str(one.prefix)) for one in same)
    yield from (("PYTHONPLATLIBDIR", value) for value in ("", "lib", "lib/", "bogus"))
    yield from (
        ("PYTHONPATH", value) for value in ("", "/gone", str(library), str(strange), f"/gone:{strange}")
    )
    yield from (("PYTHONPATH", str(environment)), ("PYTHONPATH", "src:."))
    for name in ("PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"):
        inside = (environment / "bin" / "python", environment / "bin" / "other", environment / "python")
        yield from ((name, str(value)) for value in (*inside, "", "/gone", "relative", python.path))
    numbers = ("", "0", "1", "639", " 700", "-1", "4294967295", "4294967296", "1x")
    for name in ("PYTHONHASHSEED", "PYTHONINTMAXSTRDIGITS", "PYTHON_CPU_COUNT", "PYTHON_GIL", "PYTHONUTF8"):
        yield from ((name, value) for value in (*numbers, "random", "default"))
    yield from (("PYTHONTRACEMALLOC", value) for value in ("", "1", "25", "x", "-1", "1x"))
    allocators = (
        "",
        "debug",
        "malloc",
        "pymalloc",
        "pymalloc_debug",
        "malloc_debug",
        "mimalloc",
        "bogus",
        "x_debug",
    )
    yield from (("PYTHONMALLOC", value) for value in allocators)
    yield from (("PYTHON_FROZEN_MODULES", value) for value in ("", "on", "off", "On", "x"))
    encodings = (
        "",
        "utf8",
        "latin1",
        ":replace",
        "utf-8:",
        "utf-8:bogus",
        "bogus",
        "bogus:strict",
        "no such",
    )
    yield from (("PYTHONIOENCODING", value) for value in encodings)


def test_what_is_told_of_a_variable_is_what_happens(tmp_path, python):
    """Of every installed CPython."""
    environment = make_environment(python, tmp_path / ".venv")
    library = next(
        one for one in (python.prefix / "lib").glob(f"python{python.series}") if (one / "os.py").exists()
    )
    write(tmp_path / "pyproject.toml", "")
    wrong = []
    seen = {True: 0, False: 0}
    for name, value in values(python, environment, library):
        told = bool(problems(tmp_path, {name: value}))
        breaks = not works(environment, library, {name: value})
        seen[told] += 1
        if told != breaks and not is_known(name, value, python):
            wrong.append((name, value, "told" if told else "missed"))
    assert wrong == []
    assert min(seen.values()) > 15


def is_known(name, value, python) -> bool:
    """What is not told though it breaks: old releases took PYTHONINTMAXSTRDIGITS over in a patch version."""
    minor = int(python.series.partition(".")[2])
    return name == "PYTHONINTMAXSTRDIGITS" and 7 <= minor < 11


def test_every_variable_that_is_judged_is_tried(tmp_path, newest):
    tried = {name for name, _ in values(newest, tmp_path, tmp_path)}
    assert tried == NAMES


@pytest.fixture
def project(tmp_path, newest):
    make_environment(newest, tmp_path / "app" / ".venv")
    write(tmp_path / "app" / "pyproject.toml", "")
    return tmp_path / "app"


def test_one_of_the_process_is_told_once_in_a_project(project, newest):
    for name in ("a", "b"):
        make_environment(newest, project / name / ".venv")
    host = Host.current()._replace(env={**PLAIN, "PYTHONHOME": "/gone"})
    places = (project, project / "a", project / "b")
    (found,) = Projects(host).around_each(places)
    told = [one for one in check_project(found, Surroundings(Reader(host))).problems if one.rule == RULE]
    (problem,) = told
    assert (problem.severity, problem.file) == ("error", project / ".venv" / "pyvenv.cfg")
    assert "PYTHONHOME is set to “/gone” in this terminal or editor" in problem.message
    assert "2 more of this project" in problem.message
    line = problem.file.read_text().splitlines()[problem.span.line]
    assert line[problem.span.start : problem.span.end] == str(newest.path.parent)


def test_one_of_the_process_is_told_of_any_environment_that_stands_there(project, newest):
    (project / ".venv").rename(project / "whole")
    (project / ".venv").symlink_to("gone")
    (problem,) = problems(project, {"PYTHONHOME": "/gone"})
    assert problem.file == project / "whole" / "pyvenv.cfg"
    assert "more of this project" not in problem.message


def test_the_command_tells_it_of_its_own_terminal(project):
    command = [sys.executable, "-I", str(SERVER / "launch.py"), "check", "--format", "json", str(project)]
    env = {**PLAIN, "PYTHONHOME": "/gone"}
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    document = json.loads(run.stdout)
    assert run.returncode == 1
    assert [one["rule"] for one in document["problems"]] == [RULE]
    assert [one["state"] for one in document["environments"]] == ["healthy"]
    run = subprocess.run(command, env=PLAIN, capture_output=True, text=True, check=False)
    assert (run.returncode, json.loads(run.stdout)["problems"]) == (0, [])


def marked(problem) -> str:
    """The text on which a problem stands."""
    line = problem.file.read_text().splitlines()[problem.span.line]
    return line[problem.span.start : problem.span.end]


def test_one_in_an_env_file_is_told_on_its_line(project, newest):
    write(project / ".env", 'DEBUG=1\nexport PYTHONHOME="/gone" # of the CAD\nPYTHONPATH=src\n')
    (problem,) = problems(project)
    assert (problem.file, marked(problem)) == (project / ".env", "/gone")
    assert f"{project}/.venv does not work" in problem.message
    write(
        project / ".env", f"PYTHONHOME={newest.prefix}\nPYTHONUTF8=1\nPYTHONHASHSEED=0\n# PYTHONHOME=/gone\n"
    )
    assert problems(project) == []
    write(project / ".env", "PYTHONHOME=$CAD/python\nPYTHONHOME=\nNOT_PYTHONHOME=/gone\n")
    assert problems(project) == []


def test_one_in_a_launch_configuration_is_told_on_its_value(project):
    configurations = [
        {"type": "debugpy", "env": {"PYTHONHOME": "${workspaceFolder}/gone", "A": "1"}},
        {
            "type": "debugpy",
            "linux": {"env": {"PYTHONHASHSEED": "bogus"}},
            "windows": {"env": {"PYTHONUTF8": "x"}},
        },
        {"type": "node", "env": {"PYTHONHOME": "/gone"}},
        {"type": "debugpy", "env": {"PYTHONHOME": "${env:CAD}", "PYTHONUTF8": 1}},
        {"type": "debugpy", "envFile": "${workspaceFolder}/debug.env"},
    ]
    write(project / ".vscode" / "launch.json", json.dumps({"configurations": configurations}, indent=2))
    write(project / "debug.env", "PYTHONMALLOC=bogus\n")
    told = [(one.file.name, marked(one)) for one in problems(project)]
    assert told == [
        ("launch.json", '"${workspaceFolder}/gone"'),
        ("launch.json", '"bogus"'),
        ("debug.env", "bogus"),
    ]


def test_the_part_of_a_configuration_for_this_system_wins_as_a_whole(project):
    broken, right = {"PYTHONHOME": "/gone"}, {"DEBUG": "1"}
    for general, own, is_told in ((broken, right, False), (right, broken, True), (broken, None, True)):
        launch(project, env=general, linux={"env": own})
        assert bool(problems(project)) == is_told, (general, own)


def test_what_a_configuration_sets_for_a_python_of_its_own_is_right_for_that(project):
    write(project / "cad.env", "PYTHONHOME=/opt/cad\n")
    rest = {"env": {"PYTHONHOME": "/opt/cad"}, "envFile": "${workspaceFolder}/cad.env"}
    own = (
        "${workspaceFolder}/.venv/bin/python",
        f"{project}/.venv/bin/python",
        "${command:python.interpreterPath}",
    )
    others = ("/usr/bin/python3", "python3", "${env:CAD}/python", "${config:cad.python}")
    for key in ("python", "pythonPath"):
        for text in (*own, *others):
            launch(project, **{key: text}, **rest)
            assert len(problems(project)) == 2 * (text in own), (key, text)
    launch(project, python=own[0], pythonPath=others[0], **rest)
    assert len(problems(project)) == 2
    launch(project, python=own[0], linux={"python": others[0]}, **rest)
    assert problems(project) == []


def test_one_in_the_file_that_the_settings_name_is_told_on_its_line(project, newest):
    settings(project, **{"python.envFile": "${workspaceFolder}/config/dev.env"})
    assert problems(project) == []
    write(project / "config" / "dev.env", "DEBUG=1\nPYTHONHOME=/gone\n")
    (problem,) = problems(project)
    assert (problem.file, marked(problem)) == (project / "config" / "dev.env", "/gone")
    write(project / "config" / "dev.env", f"PYTHONHOME={newest.prefix}\nPYTHONPATH=src\n")
    assert problems(project) == []


def test_one_that_terminals_are_given_is_told_on_its_value(project, newest):
    values = {"PYTHONHOME": "${workspaceFolder}/gone:x", "PYTHONUTF8": "yes", "VIRTUAL_ENV": "/gone"}
    settings(project, **{"terminal.integrated.env.linux": values})
    assert [marked(one) for one in problems(project)] == ['"${workspaceFolder}/gone:x"', '"yes"']
    right = {
        "PYTHONPATH": "${workspaceFolder}/src:${env:PYTHONPATH}",
        "PYTHONHOME": "${env:CAD}/python",
        "PYTHONHASHSEED": "${env:SEED}",
        "PYTHONUTF8": "1",
        "PYTHONMALLOC": None,
        "PYTHONIOENCODING": "",
    }
    of_others = {f"terminal.integrated.env.{name}": values for name in ("osx", "windows")}
    settings(project, **{"terminal.integrated.env.linux": right, **of_others})
    assert problems(project) == []
    settings(project, **{"terminal.integrated.env.linux": {"PYTHONHOME": str(newest.prefix)}})
    assert problems(project) == []


def test_one_that_a_workspace_sets_is_told_of_the_first_folder_that_has_an_environment(project, newest):
    (project / "lib").mkdir()
    make_environment(newest, project / "api" / ".venv")
    terminal = {"terminal.integrated.env.linux": {"PYTHONHASHSEED": "x"}}
    debug = [{"type": "debugpy", "env": {"PYTHONHOME": "${workspaceFolder:api}/gone"}}]
    file = workspace(project / "all.code-workspace", ["../elsewhere", "lib", "api"], debug, **terminal)
    told = [(one.file, marked(one), str(project / ".venv") in one.message) for one in problems(project)]
    assert told == [(file, '"x"', True), (file, '"${workspaceFolder:api}/gone"', True)]
    workspace(file, ["../elsewhere"], debug, **terminal)
    assert problems(project) == []
    workspace(file, ["api"], debug, **terminal)
    assert all(str(project / "api" / ".venv") in one.message for one in problems(project))


def test_without_an_environment_that_works_nothing_is_told(tmp_path, project):
    write(tmp_path / "bare" / "pyproject.toml", "")
    write(tmp_path / "bare" / ".env", "PYTHONHOME=/gone\n")
    assert problems(tmp_path / "bare", {"PYTHONHOME": "/gone"}) == []
    (project / ".venv" / "bin" / "python").unlink()
    (project / ".venv" / "pyvenv.cfg").write_text("home = /gone\n")
    assert problems(project, {"PYTHONHOME": "/gone"}) == []


def test_what_the_system_sets_on_macos_is_nobody_s_mistake(project):
    host = Host.current()._replace(
        platform="darwin", env={**PLAIN, "__PYVENV_LAUNCHER__": "/usr/bin/python3"}
    )
    found = check_project(Projects(host).around_each([project])[0], Surroundings(Reader(host))).problems
    assert [one for one in found if one.rule == RULE] == []


def test_files_that_are_anything_break_nothing(project):
    for content in (
        b"PYTHONHOME=\xff\n",
        b"PYTHONHOME=" + b"x" * 2_000_000,
        b"PYTHONHOME=a\0b\n",
        b"\xff\xfeP\0",
    ):
        (project / ".env").write_bytes(content)
        assert {one.rule for one in problems(project)} <= {RULE}
    (project / ".env").unlink()
    os.mkfifo(project / ".env")
    (project / ".vscode").mkdir()
    (project / ".vscode" / "launch.json").write_text('{"configurations": [{"type": "python", "env": 3}, 4]}')
    assert problems(project) == []
