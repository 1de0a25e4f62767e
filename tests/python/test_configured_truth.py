"""What is told of a setting is what happens when its path is run; on the command line as in the editor."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from configured import INTERPRETER, environment, launch, problems, settings
from git import git, repository
from holdfast.host import Host
from makers import MAKERS
from pythons import make_environment

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"
FOLDER = "${workspaceFolder}"


def machine(folder: Path) -> Host:
    return Host.current()._replace(
        home=folder / "home", env={"PATH": os.environ["PATH"], "VENVS": str(folder / "venvs")}
    )


def runs(text: str, app: Path, host: Host) -> bool:
    """Whether what a setting names starts; a folder stands for its `bin/python`."""
    text = text.replace(FOLDER, str(app)).replace("${userHome}", str(host.home))
    text = text.replace("${env:VENVS}", host.env["VENVS"])
    text = str(host.home) + text[1:] if text.startswith("~") else text
    path = os.path.join(app, text) if "/" in text else text
    command = os.path.join(path, "bin", "python") if os.path.isdir(path) else path
    try:
        return subprocess.run([command, "-I", "-c", ""], env=host.env, capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.mark.parametrize(
    "text",
    [
        f"{FOLDER}/.venv/bin/python",
        f"{FOLDER}/.venv/bin/python3",
        f"{FOLDER}/.venv/bin/python2.7",
        f"{FOLDER}/.venv/Scripts/python.exe",
        f"{FOLDER}/.venv",
        f"{FOLDER}/.venv/lib",
        f"{FOLDER}/venv/bin/python",
        f"{FOLDER}/linked/bin/python",
        f"{FOLDER}/../app/.venv/bin/python",
        f"{FOLDER}//.venv/./bin/python",
        "./.venv/bin/python",
        ".venv/bin/python",
        ".venv",
        "${userHome}/env/bin/python",
        "~/env/bin/python",
        "~/gone/bin/python",
        "${env:VENVS}/env/bin/python",
        "${env:VENVS}/gone/bin/python",
        "/usr/bin/python3",
        "/usr/bin/python1.5",
        "python3",
        "python1.5",
        "C:\\Python312\\python.exe",
        f"{FOLDER}\\.venv\\bin\\python",
    ],
)
def test_a_setting_is_told_where_its_path_does_not_run(newest, tmp_path, text):
    host, app = machine(tmp_path), tmp_path / "app"
    for path in (app / ".venv", tmp_path / "home" / "env", tmp_path / "venvs" / "env"):
        make_environment(newest, path)
    (app / "linked").symlink_to("../venvs/env")
    settings(app, interpreter=text)
    told = [one.rule for one in problems(app, host)]
    assert told == ["setting-interpreter-missing"] * (not runs(text, app, host))


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
def test_nothing_is_told_of_paths_into_a_healthy_environment(newest, tmp_path, maker):
    app = repository(tmp_path / "app")
    (app / "pyproject.toml").write_text("[tool.holdfast]\nalias = true\n")
    maker(newest.path, app / ".venv")
    settings(app, interpreter=f"{FOLDER}/.venv/bin/python")
    launch(app, python=f"{FOLDER}/.venv/bin/python")
    (app / "pyrightconfig.json").write_text('{"venvPath": ".", "venv": ".venv"}')
    (app / "ty.toml").write_text("[environment]\npython = '.venv'\n")
    git(app, "add", "pyproject.toml", ".vscode", "pyrightconfig.json", "ty.toml")
    assert problems(app) == []


# On the command line


def check(folder: Path, *arguments) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-I", LAUNCH, "check", *arguments], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture
def committed(tmp_path) -> Path:
    """A repository whose settings are right on Linux and macOS only."""
    app = repository(tmp_path / "app")
    settings(app, interpreter=f"{FOLDER}/.venv/bin/python")
    git(app, "add", "--all")
    environment(app / ".venv", Host.current())
    return app


def test_a_repository_whose_path_works_on_some_systems_only_fails_in_ci(committed):
    done = check(committed, "--select", "setting-not-portable")
    assert done.returncode == 1
    head, _, rest = done.stdout.partition("\n")
    assert head == (
        ".vscode/settings.json:2:36: warning: `python.defaultInterpreterPath` names "
        "${workspaceFolder}/.venv/bin/python for everybody who has this repository, and works on Linux and "
        r"macOS, not on Windows: there it is `Scripts\python.exe`. Name the environment itself: "
        "${workspaceFolder}/.venv. [setting-not-portable]"
    )
    assert '2 |   "python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python"' in rest
    assert f"{' ' * 35}{'^' * 37}" in rest
    (committed / "pyproject.toml").write_text("[tool.holdfast]\nalias = true\n")
    assert check(committed, "--select", "setting-not-portable").returncode == 0
    (committed / "pyproject.toml").unlink()
    settings(committed, **{INTERPRETER: f"{FOLDER}/.venv"})
    assert check(committed, "--select", "setting-not-portable").returncode == 0


def test_what_is_told_stands_in_every_format(committed):
    annotations = check(committed, "--format", "github", "--select", "setting-not-portable").stdout
    assert annotations.startswith("::warning file=.vscode/settings.json,line=2,")
    (found,) = json.loads(check(committed, "--format", "json", "--select", "setting-not-portable").stdout)[
        "problems"
    ]
    assert (found["rule"], found["environment"]) == ("setting-not-portable", str(committed))
    assert found["range"] == {"start": {"line": 1, "character": 35}, "end": {"line": 1, "character": 72}}


def test_a_project_may_decide_how_serious_it_is(committed):
    (committed / "pyproject.toml").write_text("[tool.holdfast.rules]\nsetting-not-portable = 'off'\n")
    done = check(committed, "--select", "setting-not-portable")
    assert (done.returncode, "setting-not-portable" in done.stdout) == (0, False)


def test_a_folder_in_a_repository_is_looked_into_where_it_is_named(tmp_path):
    root = repository(tmp_path / "root")
    settings(root / "services" / "api", **{INTERPRETER: f"{FOLDER}/.venv/bin/python"})
    assert "setting-interpreter-missing" not in check(root).stdout
    assert "setting-interpreter-missing" in check(root, "services/api").stdout
