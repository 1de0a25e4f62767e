"""The rules about paths in configuration files: what they tell, and what they leave in peace."""

import json
import os
import shutil
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from configured import environment, launch, marked, problems, settings, told, workspace
from git import git
from holdfast.host import Host
from holdfast.workspace.recording import record_interpreter
from machines import MacMachine, PosixMachine, WindowsMachine, write
from pythons import make_environment

MISSING, TOOL = "setting-interpreter-missing", "tool-path-missing"
PORTABLE, SHADOWED = "setting-not-portable", "setting-shadowed"
GONE = {"type": "debugpy", "python": "/gone/bin/python"}
USUAL = "${workspaceFolder}/.venv/bin/python"


@pytest.fixture
def machine(tmp_path) -> PosixMachine:
    return PosixMachine(tmp_path)


@pytest.fixture
def app(machine) -> Path:
    folder = machine.at("/home/ada/app")
    write(folder / "pyproject.toml", "[project]\nname = 'app'\n")
    return folder


@pytest.fixture
def windows(tmp_path) -> WindowsMachine:
    return WindowsMachine(tmp_path)


def only(folder: Path, machine, rule: str | None = None):
    (problem,) = problems(folder, machine.host(), rule=rule)
    return problem


def tracked(folder: Path) -> Path:
    """A folder all of which git tracks."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    return folder


# setting-interpreter-missing


def test_an_environment_that_was_not_made_yet_is_one_problem_whoever_names_it(machine, app):
    settings(app, interpreter=USUAL)
    launch(app, python=USUAL)
    write(app / "pyrightconfig.json", '{"venvPath": ".", "venv": ".venv"}')
    write(app / "ty.toml", "[environment]\npython = '.venv'\n")
    write(app / "ruff.toml", "extend = '.venv/lib/python3.12/site-packages/shared/ruff.toml'\n")
    write(app / ".env", f"VIRTUAL_ENV={machine.text(app)}/.venv\n")
    problem = only(app, machine)
    assert (problem.rule, problem.severity, problem.fatal) == (MISSING, "error", False)
    assert problem.message == (
        "`python.defaultInterpreterPath` names ${workspaceFolder}/.venv/bin/python, but there is no .venv. "
        "Create it, or name another one."
    )
    assert marked(problem) == f'"{USUAL}"'
    assert (problem.file, problem.environment) == (app / ".vscode" / "settings.json", app)
    assert [(one.file.name, one.message) for one in problem.related] == [
        ("launch.json", "`python` leads there, too"),
        ("pyrightconfig.json", "`venv` leads there, too"),
        ("ty.toml", "`environment.python` leads there, too"),
        ("ruff.toml", "`extend` leads there, too"),
        (".env", "`VIRTUAL_ENV` leads there, too"),
    ]


def test_an_environment_of_another_name_is_named(machine, app):
    settings(app, interpreter=USUAL)
    environment(app / "env", machine.host())
    assert only(app, machine).message.endswith("but there is no .venv. env/bin/python is there.")


@pytest.mark.parametrize(
    "text", ["${workspaceFolder}/.venv/Scripts/python.exe", "./.venv/Scripts/python.exe"]
)
def test_the_layout_of_windows_is_told_elsewhere(machine, app, text):
    settings(app, interpreter=text)
    environment(app / ".venv", machine.host())
    assert only(app, machine).message.endswith(
        "which does not exist. Here the interpreter of this environment is .venv/bin/python."
    )


def test_the_layout_of_the_others_is_told_on_windows(windows):
    app = windows.at("C:\\work\\app")
    settings(app, interpreter=USUAL)
    environment(app / ".venv", windows.host())
    assert only(app, windows).message.endswith(
        "Here the interpreter of this environment is .venv/Scripts/python.exe."
    )
    shutil.rmtree(app / ".venv")
    environment(app / ".venv", windows.host(), alias=True)
    assert problems(app, windows.host()) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [("C:\\Python\\python.exe", "a path of Windows"), ("\\\\server\\py.exe", "a path of Windows")],
)
def test_a_path_of_windows_means_nothing_elsewhere(machine, app, text, why):
    settings(app, interpreter=text)
    environment(app / ".venv", machine.host())
    assert only(app, machine).message.endswith(f"{text}, {why}. .venv/bin/python is there.")


def test_a_path_of_the_others_means_nothing_on_windows(windows):
    app = windows.at("C:\\work\\app")
    settings(app, interpreter="/usr/bin/python3")
    assert only(app, windows).message.endswith("/usr/bin/python3, a path of Linux and macOS.")


def test_another_name_of_the_interpreter_is_told(machine, app):
    settings(app, interpreter="${workspaceFolder}/.venv/bin/python3.11")
    environment(app / ".venv", machine.host())
    (app / ".venv" / "bin" / "python3.12").symlink_to("python")
    assert only(app, machine).message.endswith(
        "which does not exist. .venv/bin/python and .venv/bin/python3.12 are there."
    )


def test_an_interpreter_that_was_removed_is_told_with_those_beside_it(machine, app):
    machine.standalone("/usr", "3.11.2")
    settings(app, interpreter="/usr/bin/python3.10")
    message = only(app, machine).message
    assert "which does not exist" in message
    assert str(machine.at("/usr/bin/python3.11")) in message


def test_a_folder_will_do_where_it_has_an_interpreter(machine, app):
    settings(app, interpreter="${workspaceFolder}/.venv")
    environment(app / ".venv", machine.host())
    assert problems(app, machine.host()) == []
    settings(app, interpreter="${workspaceFolder}/.vscode")
    assert only(app, machine).message.endswith("a folder without an interpreter. .venv/bin/python is there.")


def test_a_name_is_looked_for_on_path(machine, app):
    machine.standalone("/usr", "3.11.2")
    for name in ("python3.11", "python3", "python"):
        settings(app, interpreter=name)
        assert problems(app, machine.host()) == []
    settings(app, interpreter="python3.14")
    problem = only(app, machine)
    assert problem.message == (
        "`python.defaultInterpreterPath` names python3.14, which no folder of PATH has. "
        "python, python3 and python3.11 are there."
    )
    windows_name = Host("windows", machine.home, {"PATH": "C:\\Python"}, {"C:\\": machine.at("/c")})
    write(machine.at("/c/Python/python3.14.exe"))
    assert problems(app, windows_name) == []


@pytest.mark.parametrize(
    "text",
    [
        "${command:python.interpreterPath}",
        "${env:NOT_SET}/bin/python",
        "${config:mine}/python",
        "${workspaceFolder:nobody}/.venv/bin/python",
    ],
)
def test_what_only_the_editor_knows_is_left_in_peace(machine, app, text):
    settings(app, interpreter=text)
    launch(app, python=text)
    assert problems(app, machine.host()) == []


def break_link(place):
    (place / "bin" / "python").unlink()
    (place / "bin" / "python").symlink_to("/gone/python")


def remove_python(place):
    (place / "bin" / "python").unlink()


def remove_scripts(place):
    shutil.rmtree(place / "bin")


def remove_config(place):
    (place / "pyvenv.cfg").unlink()


def make_foreign(place):
    (place / "bin").rename(place / "Scripts")
    (place / "Scripts" / "python").rename(place / "Scripts" / "python.exe")


def dangle(place):
    shutil.rmtree(place)
    place.symlink_to("gone")


def redirect_to_nowhere(place):
    shutil.rmtree(place)
    place.write_text("/gone/.venv\n")


@pytest.mark.parametrize(
    "damage",
    [break_link, remove_python, remove_scripts, remove_config, make_foreign, dangle, redirect_to_nowhere],
)
def test_a_broken_environment_speaks_for_itself(machine, app, damage):
    settings(app, interpreter=USUAL, **{"python.analysis.extraPaths": [".venv/lib/python3.9/site-packages"]})
    damage(environment(app / ".venv", machine.host()))
    assert problems(app, machine.host()) == []


def test_what_is_left_of_an_environment_and_is_none_is_told(machine, app):
    settings(app, interpreter=USUAL)
    shutil.rmtree(environment(app / ".venv", machine.host()) / "lib")
    remove_config(app / ".venv")
    remove_python(app / ".venv")
    assert only(app, machine).message.endswith(
        "names ${workspaceFolder}/.venv/bin/python, which does not exist."
    )


def test_one_outside_of_the_project_does_not(machine, app):
    break_link(environment(machine.at("/home/ada/venvs/app"), machine.host()))
    settings(app, interpreter="~/venvs/app/bin/python")
    assert told(problems(app, machine.host())) == [(MISSING, '"~/venvs/app/bin/python"')]


def test_behind_a_redirect_file_the_environment_is_named(machine, app):
    elsewhere = environment(machine.at("/home/ada/venvs/app"), machine.host())
    write(app / ".venv", f"{machine.text(elsewhere)}\n")
    settings(app, interpreter=USUAL)
    assert only(app, machine).message.endswith(f"which does not exist. {elsewhere}/bin/python is there.")


def test_a_workspace_has_to_lead_somewhere_in_one_of_its_folders(machine, app):
    file = workspace(app / "all.code-workspace", ["api", "web"], interpreter=USUAL)
    environment(app / "api" / ".venv", machine.host())
    assert problems(app, machine.host()) == []
    shutil.rmtree(app / "api" / ".venv")
    problem = only(app, machine)
    assert (problem.rule, problem.file) == (MISSING, file)


def test_folders_of_a_look_below_the_project_are_looked_into(machine, app):
    settings(app / "services" / "api", interpreter=USUAL)
    assert problems(app, machine.host()) == []
    (problem,) = problems(app, machine.host(), app / "services" / "api")
    assert problem.message.endswith("but there is no services/api/.venv. Create it, or name another one.")


def test_it_is_the_same_on_a_mac(tmp_path):
    machine = MacMachine(tmp_path)
    machine.brew("/opt/homebrew", "3.12.4", "aarch64")
    app = machine.at("/Users/ada/app")
    settings(app, interpreter="/opt/homebrew/bin/python3.12")
    assert problems(app, machine.host()) == []
    settings(app, interpreter="/opt/homebrew/Cellar/python@3.12/3.12.3/bin/python3.12")
    assert only(app, machine).rule == MISSING


def test_what_may_not_be_looked_at_is_left_in_peace(as_plain_user):
    app, closed = as_plain_user / "app", as_plain_user / "closed"
    closed.mkdir()
    settings(app, interpreter=str(closed / ".venv" / "bin" / "python"))
    closed.chmod(0)
    found = problems(app)
    closed.chmod(0o700)
    assert found == []


def test_a_disk_that_does_not_answer_is_left_in_peace(dead_mount, tmp_path):
    settings(tmp_path / "app", interpreter=str(dead_mount / "bin" / "python"))
    write(tmp_path / "app" / "ty.toml", f"environment.python = '{dead_mount}/.venv'\n")
    assert problems(tmp_path / "app") == []


def test_a_loop_is_missing(machine, app):
    (app / "a").symlink_to("b")
    (app / "b").symlink_to("a")
    settings(app, interpreter="${workspaceFolder}/a/bin/python")
    assert only(app, machine).rule == MISSING


def test_a_real_environment_that_was_recorded_has_no_problem(newest, tmp_path):
    make_environment(newest, tmp_path / "app" / ".venv")
    record_interpreter(tmp_path / "app", tmp_path / "app" / ".venv", Host.current(), alias=False)
    launch(tmp_path / "app", python=USUAL)
    series = newest.series
    write(tmp_path / "app" / "pyrightconfig.json", '{"venvPath": ".", "venv": ".venv"}')
    write(tmp_path / "app" / "ty.toml", "environment.python = '.venv/bin/python'\n")
    write(tmp_path / "app" / ".env", f"VIRTUAL_ENV={tmp_path}/app/.venv\n")
    preset = tmp_path / "app" / ".venv" / "lib" / f"python{series}" / "site-packages" / "x.toml"
    write(preset)
    write(tmp_path / "app" / "ruff.toml", f"extend = '{preset.relative_to(tmp_path / 'app')}'\n")
    assert problems(tmp_path / "app") == []


# tool-path-missing


@pytest.mark.parametrize(
    ("name", "content", "mark", "ending"),
    [
        (
            "pyrightconfig.json",
            '{"venvPath": ".", "venv": "gone"}',
            '"gone"',
            "but there is no gone. pyright finds no packages there. .venv/bin/python is there.",
        ),
        (
            "pyrightconfig.json",
            '{"venvPath": "gone", "venv": ".venv"}',
            '"gone"',
            "which does not exist. pyright",
        ),
        (
            "pyrightconfig.json",
            '{"extraPaths": [".venv/lib/python3.11/site-packages"]}',
            '".venv/lib/python3.11/site-packages"',
            "which does not exist. pyright finds no packages there. .venv/lib/python3.12 is there.",
        ),
        ("ty.toml", "environment.python = 'gone'", "'gone'", "ty does not start. .venv/bin/python is there."),
        (
            "ruff.toml",
            "extend = '.venv/lib/python3.12/site-packages/shared/ruff.toml'",
            "'.venv/lib/python3.12/site-packages/shared/ruff.toml'",
            "which does not exist. ruff does not start.",
        ),
        (
            "pyproject.toml",
            "[tool.ruff]\nextend = '.venv/site-packages/shared/ruff.toml'",
            "'.venv/site-packages/shared/ruff.toml'",
            "which does not exist. ruff does not start.",
        ),
        (".env", "VIRTUAL_ENV=/gone/.venv", "/gone/.venv", ".venv/bin/python is there."),
        (
            ".vscode/launch.json",
            '{"configurations": [{"type": "debugpy", "python": "/gone/bin/python"}]}',
            '"/gone/bin/python"',
            "This configuration does not start. .venv/bin/python is there.",
        ),
        (
            ".vscode/launch.json",
            '{"configurations": [{"type": "debugpy", "env": {"VIRTUAL_ENV": "/gone"}}]}',
            '"/gone"',
            "What is started with that looks for an environment there. .venv/bin/python is there.",
        ),
        (
            "a.code-workspace",
            json.dumps({"folders": [{"path": "."}], "launch": {"configurations": [GONE]}}),
            '"/gone/bin/python"',
            "This configuration does not start. .venv/bin/python is there.",
        ),
        (
            ".vscode/settings.json",
            '{"terminal.integrated.env.linux": {"VIRTUAL_ENV": "/gone"}}',
            '"/gone"',
            "What is started with that looks for an environment there. .venv/bin/python is there.",
        ),
    ],
)
def test_a_tool_s_path_that_is_not_there_is_told(machine, app, name, content, mark, ending):
    environment(app / ".venv", machine.host())
    write(app / name, content)
    problem = only(app, machine)
    assert (problem.rule, problem.severity, problem.file) == (TOOL, "warning", app / name)
    assert marked(problem) == mark
    assert ending in problem.message


def test_an_environment_that_a_file_named_by_the_settings_makes_active_is_told_where_it_is_not(machine, app):
    environment(app / ".venv", machine.host())
    settings(app, **{"python.envFile": "${workspaceFolder}/dev.env"})
    assert problems(app, machine.host()) == []  # the Python extension takes no offence either
    write(app / "dev.env", "VIRTUAL_ENV=.venv\n")
    assert problems(app, machine.host()) == []
    write(app / "dev.env", "VIRTUAL_ENV=gone\n")
    assert told([only(app, machine)]) == [(TOOL, "gone")]


def test_an_environment_of_one_folder_of_a_workspace_will_do(machine, app):
    environment(app / "api" / ".venv", machine.host())
    values = {"terminal.integrated.env.linux": {"VIRTUAL_ENV": "${workspaceFolder}/.venv"}}
    file = workspace(app / "a.code-workspace", ["web", "api"], **values)
    assert problems(app, machine.host()) == []
    workspace(file, ["web"], **values)
    assert only(app, machine).file == file


@pytest.mark.parametrize(
    "text", ["${env:VENVS}/x", "${workspaceFolder}/.venv", ".venv", "~/.venv", "${input:x}"]
)
def test_what_only_the_terminal_knows_is_left_in_peace(machine, app, text):
    environment(app / ".venv", machine.host())
    settings(app, **{"terminal.integrated.env.linux": {"VIRTUAL_ENV": text, "PYTHONPATH": "/gone"}})
    launch(app, env={"VIRTUAL_ENV": text})
    assert problems(tracked(app), machine.host()) == []


def test_on_windows_terminals_are_given_what_is_for_windows(windows):
    app = windows.at("C:\\work\\app")
    write(app / "pyproject.toml")
    environment(app / ".venv", windows.host())
    others = {f"terminal.integrated.env.{name}": {"VIRTUAL_ENV": "/gone"} for name in ("linux", "osx")}
    for text, found in (("${workspaceFolder}\\.venv", []), ("C:\\gone", [TOOL]), ("/gone", [TOOL])):
        settings(app, **{"terminal.integrated.env.windows": {"VIRTUAL_ENV": text}}, **others)
        assert [one.rule for one in problems(app, windows.host())] == found


def test_what_lies_in_no_environment_is_left_in_peace(machine, app):
    write(app / "ruff.toml", "extend = '../gone.toml'\n")
    write(app / "pyrightconfig.json", '{"extraPaths": ["gone", "src/gone"], "venvPath": "gone"}')
    settings(app, **{"python.analysis.extraPaths": ["gone"]})
    assert problems(app, machine.host()) == []


def test_a_broken_environment_that_tools_name_speaks_for_itself(machine, app):
    break_link(environment(app / ".venv", machine.host()))
    write(app / "ruff.toml", "extend = '.venv/lib/python3.9/site-packages/x.toml'\n")
    write(app / "pyrightconfig.json", '{"venvPath": ".", "venv": ".venv"}')
    launch(app, python=USUAL)
    assert problems(app, machine.host()) == []


def test_two_tools_that_name_the_same_are_one_problem(machine, app):
    write(app / "pyrightconfig.json", '{"venvPath": ".", "venv": "gone"}')
    write(app / "ty.toml", "environment.python = './gone'\n")
    problem = only(app, machine)
    assert problem.file.name == "pyrightconfig.json"
    assert [one.file.name for one in problem.related] == ["ty.toml"]


# setting-not-portable


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (USUAL, r"works on Linux and macOS, not on Windows: there it is `Scripts\python.exe`"),
        (
            "./.venv/bin/python3",
            r"works on Linux and macOS, not on Windows: there it is `Scripts\python.exe`",
        ),
        ("~/.venv/bin/python", "works on Linux and macOS, not on Windows"),
        ("${env:VENVS}/x/bin/python", "works on Linux and macOS, not on Windows"),
        ("/usr/bin/python3", "an absolute path is right only where everything is in the same place"),
    ],
)
def test_a_committed_path_of_one_system_is_told(machine, app, text, why):
    machine.standalone("/usr", "3.11.2")
    for place in (app / ".venv", machine.home / ".venv"):
        environment(place, machine.host())
        (place / "bin" / "python3").symlink_to("python")
    settings(app, interpreter=text)
    problem = only(tracked(app), machine)
    assert (problem.rule, problem.severity, marked(problem)) == (PORTABLE, "warning", f'"{text}"')
    assert why in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "${workspaceFolder}/.venv",
        "python3",
        "${command:python.interpreterPath}",
        "${workspaceFolder}/tools/python-for-us",
    ],
)
def test_what_is_right_everywhere_is_left_in_peace(machine, app, text):
    machine.standalone("/usr", "3.11.2")
    write(app / "tools" / "python-for-us")
    environment(app / ".venv", machine.host())
    settings(app, interpreter=text)
    assert problems(tracked(app), machine.host()) == []


def test_a_configuration_may_have_parts_for_single_systems(machine, app):
    environment(app / ".venv", machine.host())
    windows = {"python": "${workspaceFolder}\\.venv\\Scripts\\python.exe"}
    launch(app, python=USUAL, windows=windows)
    assert problems(tracked(app), machine.host()) == []
    launch(app, python=windows["python"], linux={"python": USUAL}, osx={"python": USUAL})
    assert problems(app, machine.host()) == []
    launch(app, python=USUAL, osx={"python": "/opt/python"})
    assert "works on Linux and macOS, not on Windows" in only(app, machine).message


def test_what_git_does_not_track_is_one_person_s_own(machine, app):
    environment(app / ".venv", machine.host())
    tracked(app)
    settings(app, interpreter=USUAL)
    assert problems(app, machine.host()) == []
    assert told(problems(tracked(app), machine.host())) == [(PORTABLE, f'"{USUAL}"')]


@pytest.mark.parametrize("asked", [True, False], ids=["asked for", "there"])
@pytest.mark.parametrize("folder", ["bin", "Scripts"])
@pytest.mark.parametrize("name", ["python", "python.exe"])
def test_a_path_through_the_alias_is_right_everywhere(machine, app, asked, folder, name):
    environment(app / ".venv", machine.host(), alias=True)
    settings(app, interpreter=f"${{workspaceFolder}}/.venv/{folder}/{name}")
    if asked:
        write(app / "pyproject.toml", "[tool.holdfast]\nalias = true\n")
    assert problems(tracked(app), machine.host()) == []


def test_the_alias_has_no_other_names(machine, app):
    environment(app / ".venv", machine.host(), alias=True)
    (app / ".venv" / "bin" / "python3").symlink_to("python")
    settings(app, interpreter="./.venv/bin/python3")
    assert only(tracked(app), machine).message.endswith(
        "not on Windows: the alias has only `python` and `python.exe`. "
        "${workspaceFolder}/.venv/bin/python is right everywhere."
    )


def test_a_separator_of_windows_is_none_elsewhere(windows):
    app = windows.at("C:\\work\\app")
    environment(app / ".venv", windows.host())
    settings(app, interpreter="${workspaceFolder}\\.venv")
    assert only(tracked(app), windows).message.endswith(
        r"elsewhere `\` is no separator. ${workspaceFolder}/.venv is right everywhere."
    )


def test_a_program_of_windows_is_none_elsewhere(windows):
    app = windows.at("C:\\work\\app")
    write(app / "embedded" / "python.exe")
    settings(app, interpreter="${workspaceFolder}/embedded/python.exe")
    assert only(tracked(app), windows).message.endswith(
        "works on Windows, not on Linux and macOS: there a program is not called `.exe`."
    )


def test_a_relative_path_is_none_on_windows(machine, app):
    environment(app / ".venv", machine.host(), alias=True)
    settings(app, interpreter=".venv/bin/python")
    assert only(tracked(app), machine).message.endswith(
        "works on Linux and macOS, not on Windows: there it is taken for a program on PATH. "
        "${workspaceFolder}/.venv/bin/python is right everywhere."
    )


def test_a_folder_without_a_separator_is_taken_for_a_program(machine, app):
    environment(app / ".venv", machine.host())
    settings(app, interpreter=".venv")
    assert only(app, machine).message == (
        "`python.defaultInterpreterPath` names .venv, which no folder of PATH has. "
        "To name the folder, write ${workspaceFolder}/.venv."
    )


def test_on_windows_the_others_are_judged(windows):
    app = windows.at("C:\\work\\app")
    environment(app / ".venv", windows.host(), alias=True)
    settings(app, interpreter="${workspaceFolder}\\.venv\\Scripts\\python.exe")
    assert only(tracked(app), windows).message.endswith(
        r"works on Windows, not on Linux and macOS: elsewhere `\` is no separator. "
        "${workspaceFolder}/.venv/bin/python is right everywhere."
    )
    settings(app, interpreter="${workspaceFolder}/.venv/Scripts/python.exe")
    assert problems(app, windows.host()) == []
    (app / ".venv" / "bin").unlink()
    assert "works on Windows, not on Linux and macOS: there it is `bin/python`" in only(app, windows).message


def test_an_absolute_path_into_the_project_is_told_with_what_to_write(machine, app):
    environment(app / ".venv", machine.host())
    settings(app, interpreter=f"{machine.text(app)}/.venv/bin/python")
    write(app / "ty.toml", f"environment.python = '{machine.text(app)}/.venv'\n")
    write(app / "pyrightconfig.json", f'{{"venvPath": "{machine.text(app)}", "venv": ".venv"}}')
    found = problems(tracked(app), machine.host())
    assert [one.message.partition("place. ")[2] for one in found] == [
        "Name it from here on: ${workspaceFolder}/.venv/bin/python.",
        "Name it from here on: ..",
        "Name it from here on: .venv.",
    ]


def test_what_leads_nowhere_because_of_its_system_is_told_once(machine, app):
    environment(app / ".venv", machine.host())
    for text in ("${workspaceFolder}/.venv/Scripts/python.exe", "/gone/bin/python", "C:\\x\\python.exe"):
        settings(app, interpreter=text)
        assert only(tracked(app), machine).rule == MISSING


def test_what_is_not_made_yet_is_another_thing(machine, app):
    settings(app, interpreter=USUAL)
    assert [rule for rule, _ in told(problems(tracked(app), machine.host()))] == [MISSING, PORTABLE]


def test_packages_have_other_places_on_other_systems(machine, app):
    environment(app / ".venv", machine.host())
    inside = ".venv/lib/python3.12/site-packages"
    write(app / inside / "shared" / "ruff.toml")
    write(app / "ruff.toml", f"extend = '{inside}/shared/ruff.toml'\n")
    settings(app, **{"python.analysis.extraPaths": [inside]})
    problem = only(tracked(app), machine)
    assert problem.message.endswith(
        r"works on Linux and macOS, not on Windows: there it is `Lib\site-packages`. With "
        "`site-packages-link = true` in `[tool.holdfast]`, .venv/site-packages is right everywhere."
    )
    assert [one.file.name for one in problem.related] == ["ruff.toml"]
    (app / ".venv" / "site-packages").symlink_to("lib/python3.12/site-packages")
    write(app / "ruff.toml", "extend = '.venv/site-packages/shared/ruff.toml'\n")
    settings(app, **{"python.analysis.extraPaths": [".venv/site-packages"]})
    assert problems(app, machine.host()) == []


def test_ty_may_name_the_environment_itself(machine, app):
    environment(app / ".venv", machine.host())
    write(app / "ty.toml", "environment.python = './.venv/bin/python'\n")
    assert only(tracked(app), machine).message.endswith("Name the environment itself: ./.venv.")
    write(app / "ty.toml", "environment.python = './.venv'\n")
    assert problems(app, machine.host()) == []


def test_variables_of_an_env_file_that_is_committed_are_told(machine, app):
    environment(app / ".venv", machine.host())
    write(app / ".env", f"VIRTUAL_ENV={machine.text(app)}/.venv\n")
    assert problems(app, machine.host()) == []
    assert only(tracked(app), machine).message.endswith("keep this file out of the repository.")


def test_variables_in_the_files_of_the_editor_that_are_committed_are_told_with_what_to_write(machine, app):
    environment(app / ".venv", machine.host())
    value = {"VIRTUAL_ENV": f"{machine.text(app)}/.venv"}
    ending = "Name it from here on: ${workspaceFolder}/.venv."
    file = settings(app, **{"terminal.integrated.env.linux": value})
    assert only(tracked(app), machine).message.endswith(ending)
    file.unlink()
    launch(app, env=value)
    assert only(tracked(app), machine).message.endswith(ending)


# setting-shadowed


def test_settings_of_a_folder_win_over_those_of_its_workspace(machine, app):
    for name in ("api", "web"):
        environment(app / name / ".venv", machine.host())
    file = workspace(app / "all.code-workspace", ["api", "web"], interpreter="${workspaceFolder}/.venv")
    settings(app / "api", interpreter=USUAL)
    problem = only(app, machine)
    assert (problem.rule, problem.severity, problem.file) == (SHADOWED, "information", file)
    assert "It does not always count: the settings of api say otherwise" in problem.message
    assert [one.file for one in problem.related] == [app / "api" / ".vscode" / "settings.json"]
    settings(app / "web", interpreter=USUAL)
    assert "It has no effect: the settings of api, web say otherwise" in only(app, machine).message


def test_the_same_value_in_both_is_no_problem(machine, app):
    environment(app / "api" / ".venv", machine.host())
    workspace(app / "all.code-workspace", ["api"], interpreter=USUAL)
    settings(app / "api", interpreter=USUAL)
    assert problems(app, machine.host()) == []


def test_what_has_no_effect_is_told_and_not_judged(machine, app):
    environment(app / "api" / ".venv", machine.host())
    workspace(app / "all.code-workspace", ["api"], interpreter="/gone/bin/python")
    settings(app / "api", interpreter="${workspaceFolder}/.venv")
    assert told(problems(tracked(app), machine.host())) == [(SHADOWED, '"/gone/bin/python"')]


def test_the_former_setting_is_read_no_longer_beside_the_new_one(machine, app):
    environment(app / ".venv", machine.host())
    settings(app, **{"python.pythonPath": "/gone/python"}, interpreter="${workspaceFolder}/.venv")
    assert told(problems(app, machine.host())) == [(SHADOWED, '"/gone/python"')]
    settings(app, **{"python.pythonPath": "/gone/bin/python"})
    assert told(problems(app, machine.host())) == [(MISSING, '"/gone/bin/python"')]
    settings(app, **{"python.pythonPath": "./.venv"}, interpreter="./.venv")
    assert problems(app, machine.host()) == []


@pytest.mark.parametrize(
    ("extra", "is_told"),
    [
        ({"python-envs.defaultEnvManager": "ms-python.python:conda"}, True),
        ({"python-envs.defaultEnvManager": ""}, False),
        ({"python-envs.pythonProjects": [{"path": ".", "envManager": "ms-python.python:venv"}]}, True),
        ({"python-envs.pythonProjects": [{"path": "api", "envManager": "ms-python.python:venv"}]}, False),
        ({"python-envs.pythonProjects": [{"path": "."}]}, False),
        ({"python-envs.pythonProjects": []}, False),
    ],
)
def test_managers_win_over_the_path_of_an_interpreter(machine, app, extra, is_told):
    environment(app / ".venv", machine.host())
    settings(app, interpreter="${workspaceFolder}/.venv", **extra)
    found = problems(app, machine.host())
    assert told(found) == [(SHADOWED, '"${workspaceFolder}/.venv"')] * is_told
    assert all("where the Python Environments extension selects" in one.message for one in found)


def test_a_tool_s_own_file_wins_over_pyproject(machine, app):
    write(app / "pyproject.toml", "[tool.ty.environment]\npython = 'gone'\n")
    assert [rule for rule, _ in told(problems(app, machine.host()))] == [TOOL]
    write(app / "ty.toml", "")
    problem = only(app, machine)
    assert (problem.rule, marked(problem)) == (SHADOWED, "'gone'")
    assert problem.message.endswith("ty.toml is there, and ty then reads nothing of this table.")
    assert os.path.isfile(problem.related[0].file)


# Whatever stands there


VARIABLES = ["${workspaceFolder}", "${userHome}", "${env:HOME}", "${command:x}", "~"]
NAMES = ["..", ".venv", "bin", "Scripts", "lib", "Lib", "python3.12", "site-packages", "python", "python.exe"]
PIECES = st.lists(
    st.sampled_from([*VARIABLES, *NAMES, "/", "\\", "C:", "ä😀", "\0", "\1"]), min_size=1, max_size=9
)


@hypothesis.settings(deadline=None, max_examples=60)
@hypothesis.given(PIECES, st.sampled_from(["", "/"]), st.booleans())
def test_whatever_is_named_is_judged_in_whole_sentences_on_its_place(tmp_path_factory, pieces, glue, commits):
    folder = tmp_path_factory.mktemp("any")
    text = glue.join(pieces)
    quoted = json.dumps(text, ensure_ascii=False)
    for machine in (MacMachine(folder / "mac"), WindowsMachine(folder / "windows")):
        app = machine.home / "app"
        environment(app / ".venv", machine.host())
        settings(app, interpreter=text, **{"python.analysis.extraPaths": [text]})
        launch(app, python=text)
        write(app / "pyrightconfig.json", json.dumps({"venvPath": text, "venv": text, "extraPaths": [text]}))
        write(app / "ty.toml", f"environment.python = {quoted}\n")
        write(app / "ruff.toml", f"extend = {quoted}\n")
        write(app / ".env", f"VIRTUAL_ENV='{text}'\n")
        if commits:
            tracked(app)
        for problem in problems(app, machine.host()):
            assert problem.message.endswith(".")
            mark = marked(problem)
            assert (mark if problem.file.name == ".env" else json.loads(mark)) == text
