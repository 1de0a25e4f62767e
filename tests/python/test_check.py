"""What `holdfast check` tells people and CI, and when it ends with exit code 1."""

import fcntl
import itertools
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from pythons import make_environment

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"


def holdfast(*arguments, cwd, env=None):
    return subprocess.run(
        [sys.executable, "-I", str(LAUNCH), *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
    )


def on_a_terminal(*arguments, cwd, columns, env=None):
    """What a terminal of this width gets to show."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    command = [sys.executable, "-I", str(LAUNCH), *map(str, arguments)]
    environ = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    environ |= {"TERM": "xterm-256color", **(env or {})}
    with subprocess.Popen(command, cwd=cwd, stdin=terminal, stdout=terminal, stderr=terminal, env=environ):
        os.close(terminal)
        shown = b""
        try:
            while part := os.read(controller, 65536):
                shown += part
        except OSError:  # the other end is closed
            pass
    os.close(controller)
    return shown.decode().replace("\r\n", "\n")


def nothing_works(folder: Path) -> Path:
    """An environment without an interpreter."""
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /gone/bin\n")
    return folder


@pytest.fixture
def degraded(newest, tmp_path):
    """An environment that works, and from which no other can be made."""
    environment = make_environment(newest, tmp_path / ".venv")
    config = environment / "pyvenv.cfg"
    config.write_text(config.read_text().replace(f"home = {newest.prefix}", "home = /gone"))
    return environment


def settings(folder: Path, text: str) -> Path:
    file = folder / "pyproject.toml"
    file.write_text(text)
    return file


# For people


def test_colours_are_for_terminals(tmp_path):
    nothing_works(tmp_path / ".venv")
    shown = on_a_terminal("check", cwd=tmp_path, columns=200)
    assert "\033[31merror\033[0m" in shown
    assert " ^^^^^^^^^\033[0m\n" in shown
    for quiet in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert "\033" not in on_a_terminal("check", cwd=tmp_path, columns=200, env=quiet)
    plain = holdfast("check", cwd=tmp_path).stdout
    assert "\033" not in plain
    assert re.sub(r"\033\[\d+m", "", shown) == plain


@pytest.mark.parametrize("columns", [24, 40, 80])
def test_an_excerpt_is_as_wide_as_the_terminal(tmp_path, columns):
    environment = nothing_works(tmp_path / ".venv")
    (environment / "pyvenv.cfg").write_text(f"home = /{'long/' * 100}bin\n")
    shown = re.sub(r"\033\[\d+m", "", on_a_terminal("check", cwd=tmp_path, columns=columns))
    (line,) = re.findall(r"^1 \| .*", shown, re.MULTILINE)
    assert line.startswith("1 | home = /long/")
    assert line.endswith("...")
    assert len(line) <= columns
    marks = re.findall(r"^  \| ( *\^+)$", shown, re.MULTILINE)
    assert all(len(mark) <= columns - 4 for mark in marks)


def test_a_file_that_is_no_text_is_not_shown(tmp_path):
    environment = nothing_works(tmp_path / ".venv")
    (environment / "pyvenv.cfg").write_bytes(b"home = \xff\n")
    lines = holdfast("check", cwd=tmp_path).stdout.splitlines()
    assert [line for line in lines if "config-malformed" in line]
    assert not [line for line in lines if "|" in line]


def test_the_summary_counts_problems_and_environments(degraded, tmp_path):
    nothing_works(tmp_path / "other")
    settings(tmp_path, "[tool.holdfast]\nnear = 1\nfar = 2\n")
    done = holdfast("check", cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "1 error, 3 warnings. 2 environments: 1 broken, 1 degraded."
    settings(tmp_path, '[tool.holdfast.rules]\nhome-missing = "hint"\ninterpreter-missing = "information"\n')
    done = holdfast("check", cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "1 note, 1 hint. 2 environments: 1 broken, 1 healthy."


# Settings of the project


@pytest.mark.parametrize(
    ("severity", "code"), [("error", 1), ("warning", 1), ("information", 0), ("hint", 0), ("off", 0)]
)
def test_the_exit_code_follows_the_severities(degraded, tmp_path, severity, code):
    settings(tmp_path, f'[tool.holdfast.rules]\nhome-missing = "{severity}"\n')
    done = holdfast("check", "--format", "json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert done.returncode == code
    assert [one["severity"] for one in report["problems"]] == [severity] * (severity != "off")
    assert [one["state"] for one in report["environments"]] == ["degraded" if code else "healthy"]
    found = json.loads(holdfast("find", "--environments", "--format", "json", cwd=tmp_path).stdout)
    assert [one["state"] for one in found["environments"] if one["source"] == "here"] == [
        "degraded" if code else "healthy"
    ]


def test_a_broken_environment_is_broken_whatever_is_told_of_it(tmp_path):
    nothing_works(tmp_path / ".venv")
    settings(tmp_path, '[tool.holdfast.rules]\ninterpreter-missing = "off"\n')
    done = holdfast("check", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "1 environment: 1 broken.\n")
    found = json.loads(holdfast("find", "--environments", "--format", "json", cwd=tmp_path).stdout)
    (environment,) = [one for one in found["environments"] if one["source"] == "here"]
    assert (environment["state"], "bin/python" in environment["error"]) == ("broken", True)
    assert "broken" in holdfast("find", "--environments", cwd=tmp_path).stdout


def test_settings_that_are_not_followed_are_told_without_any_environment(tmp_path):
    file = settings(tmp_path, '[tool.holdfast.rules]\ninterpreter-danglin = "off"\n')
    done = holdfast("check", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == (
        "pyproject.toml:2:23: warning: `tool.holdfast.rules.interpreter-danglin` is not a rule, so it is not "
        "followed (did you mean `interpreter-dangling`?). [settings-misread]\n"
        "  |\n"
        '2 | interpreter-danglin = "off"\n'
        "  |                       ^^^^^\n"
        "\n"
        "1 warning. No environments were found.\n"
    )
    (problem,) = json.loads(holdfast("check", "--format", "json", cwd=tmp_path).stdout)["problems"]
    assert (problem["file"], problem["environment"]) == (str(file), str(tmp_path))
    assert holdfast("check", "--ignore", "settings-misread", cwd=tmp_path).returncode == 0
    (tmp_path / "inside").mkdir()
    assert holdfast("check", cwd=tmp_path / "inside").returncode == 1


def test_a_project_is_told_of_once_however_many_paths_lead_into_it(tmp_path):
    settings(tmp_path, "[tool.holdfast]\nnear = 1\n")
    for name in ("one", "two"):
        nothing_works(tmp_path / name / ".venv")
    done = holdfast("check", "one", "two/.venv", "two/.venv/pyvenv.cfg", ".", cwd=tmp_path)
    assert done.stdout.count("[settings-misread]") == 1
    assert done.stdout.count("[interpreter-missing]") == 2


# --all


def test_all_checks_what_tools_keep_beside_what_stands_here_and_each_once(tmp_path):
    here = nothing_works(tmp_path / "work" / ".venv")
    kept = nothing_works(tmp_path / "kept" / "one")
    (tmp_path / "kept" / "two").symlink_to(here)
    settings(tmp_path / "kept", '[tool.holdfast.rules]\ninterpreter-missing = "warning"\n')
    env = {"WORKON_HOME": str(tmp_path / "kept")}

    def checked(*arguments):
        done = holdfast("check", "--format", "json", *arguments, cwd=tmp_path / "work", env=env)
        report = json.loads(done.stdout)
        told = {one["environment"]: one["severity"] for one in report["problems"]}
        return [one["path"] for one in report["environments"]], told

    assert checked()[0] == [str(here)]
    paths, told = checked("--all")
    assert [path for path in paths if path.startswith(str(tmp_path))] == [str(here), str(kept)]
    assert (told[str(here)], told[str(kept)]) == ("error", "warning")
    assert len({os.path.realpath(path) for path in paths}) == len(paths)
    found = holdfast("find", "--environments", "--format", "json", cwd=tmp_path / "work", env=env)
    assert paths == [one["path"] for one in json.loads(found.stdout)["environments"]]


def test_all_runs_nothing(tmp_path):
    kept = nothing_works(tmp_path / "kept" / "one")
    python = kept / "bin" / "python"
    python.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    python.chmod(0o755)
    env = {"WORKON_HOME": str(kept.parent), "PATH": f"{kept}/bin:{os.environ['PATH']}"}
    done = holdfast("check", "--all", cwd=tmp_path, env=env)
    assert str(kept.relative_to(tmp_path)) in done.stdout
    assert not (tmp_path / "ran").exists()


def test_all_says_what_could_not_be_looked_into(as_plain_user):
    closed = as_plain_user / "closed"
    closed.mkdir(mode=0)
    pythons = (sys.executable, "/usr/bin/python3")  # that of a root's pyenv is for root alone
    python = next((one for one in pythons if os.access(one, os.X_OK, effective_ids=True)), None)
    if python is None:
        pytest.skip("no Python here may be started by a plain user")
    done = subprocess.run(
        [python, "-I", str(LAUNCH), "check", "--all"],
        cwd=as_plain_user,
        env={**os.environ, "HOME": str(as_plain_user), "WORKON_HOME": str(closed)},
        capture_output=True,
        text=True,
        user=os.geteuid(),
    )
    assert f"{closed} could not be looked into: permission is denied (" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("mode", [0o000, 0o311], ids=oct)
def test_a_named_folder_that_is_closed_does_not_count_as_one_without_problems(mode, as_plain_user):
    closed = as_plain_user / "closed"
    closed.mkdir()
    closed.chmod(mode)
    pythons = (sys.executable, "/usr/bin/python3")
    python = next((one for one in pythons if os.access(one, os.X_OK, effective_ids=True)), None)
    if python is None:
        pytest.skip("no Python here may be started by a plain user")
    places = (closed, closed / "inside") if mode == 0 else (closed,)
    for command, named in itertools.product(("check", "path"), places):
        done = subprocess.run(
            [python, "-I", str(LAUNCH), command, named],
            cwd=as_plain_user,
            env={**os.environ, "HOME": str(as_plain_user)},
            capture_output=True,
            text=True,
            user=os.geteuid(),
        )
        said = f"holdfast {command}: {named} cannot be looked into: permission is denied.\n"
        assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


def test_a_path_with_dots_is_the_folder_that_it_leads_to(tmp_path):
    nothing_works(tmp_path / "app" / ".venv")
    (tmp_path / "app" / "deep").mkdir()
    (tmp_path / "far" / "inside").mkdir(parents=True)
    (tmp_path / "app" / "link").symlink_to(tmp_path / "far" / "inside")
    app = tmp_path / "app"
    seen = json.loads(holdfast("check", "--format", "json", "..", ".", "../../app", cwd=app / "deep").stdout)
    assert [one["path"] for one in seen["environments"]] == [str(app / ".venv")]
    # The system follows `..` from where a link leads.
    linked = json.loads(holdfast("check", "--format", "json", "link/..", cwd=app).stdout)
    assert linked["environments"] == []
