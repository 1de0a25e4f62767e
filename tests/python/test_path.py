"""`holdfast path`, run as scripts run it: what it prints is started."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from machines import write
from pythons import ask, copied_prefix, facts_of, make_environment

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"


def path(*arguments, cwd, environ=None) -> subprocess.CompletedProcess:
    """The command's answer in bytes."""
    return subprocess.run(
        [sys.executable, "-I", str(LAUNCH), "path", *map(os.fspath, arguments)],
        cwd=cwd,
        env=environ,
        capture_output=True,
        timeout=120,
    )


def printed(done) -> Path:
    """The one path on standard output."""
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(b"\n")
    return Path(os.fsdecode(done.stdout[:-1]))


def told(done) -> str:
    """What was said on standard error by a command that printed nothing and failed."""
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"Traceback" not in done.stderr
    return done.stderr.decode()


@pytest.fixture
def project(tmp_path) -> Path:
    write(tmp_path / "app" / "pyproject.toml", '[project]\nname = "app"\n')
    (tmp_path / "app" / "src").mkdir()
    return tmp_path / "app"


def test_a_projects_environment_is_printed_and_can_be_run(project, newest):
    environment = make_environment(newest, project / ".venv")
    for arguments, cwd in [
        ((), project),
        ((".",), project / "src"),
        ((project,), "/"),
        ((environment,), "/"),
    ]:
        python = printed(path(*arguments, cwd=cwd))
        assert python == environment / "bin" / "python"
        assert Path(facts_of(python)["prefix"]).samefile(environment)


def test_its_base_is_printed_by_its_stable_path(project, newest):
    environment = make_environment(newest, project / ".venv")
    for arguments in (("--base",), ("--base", environment), ("--base", environment / "bin" / "python")):
        python = printed(path(*arguments, cwd=project))
        assert python == newest.path
        assert facts_of(python)["version"] == newest.version


def test_without_an_environment_it_is_what_the_files_ask_for(project, newest):
    write(project / ".python-version", newest.series)
    assert facts_of(printed(path(cwd=project)))["version"].startswith(f"{newest.series}.")
    write(project / ".python-version", newest.version)
    assert facts_of(printed(path(cwd=project / "src")))["version"] == newest.version


def test_settings_of_the_project_count(project, newest):
    write(project / "pyproject.toml", f'[tool.holdfast]\nenvironment = "env"\npython = "{newest.version}"\n')
    assert facts_of(printed(path(cwd=project)))["version"] == newest.version
    environment = make_environment(newest, project / "env")
    make_environment(newest, project / "other")
    assert printed(path(cwd=project)) == environment / "bin" / "python"


def test_search_paths_of_the_project_are_searched(tmp_path, project, copied):
    write(project / "pyproject.toml", f'[tool.holdfast]\nsearchPaths = ["{copied.prefix}"]\n')
    write(project / ".python-version", copied.version)
    found = json.loads(path("--format", "json", cwd=project, environ={"HOME": str(tmp_path)}).stdout)
    assert found["version"] == copied.version


def test_an_executable_is_answered_by_its_stable_path(tmp_path, newest):
    copy = copied_prefix(newest, tmp_path / "versions" / f"{newest.series}.77")
    (tmp_path / "versions" / newest.series).symlink_to(copy.prefix.name)
    for name in (copy.path, tmp_path / "versions" / newest.series / "bin" / "python"):
        python = printed(path(name, cwd=tmp_path))
        assert python == tmp_path / "versions" / newest.series / "bin" / newest.tag
        assert ask(python, "pass").returncode == 0


def test_a_redirect_file_leads_to_the_environment(tmp_path, project, newest):
    make_environment(newest, tmp_path / "envs" / "app")
    write(project / ".venv", "../envs/app\n")
    assert Path(facts_of(printed(path(cwd=project)))["prefix"]).samefile(tmp_path / "envs" / "app")


def test_what_contradicts_is_said_beside_the_path(project, newest):
    make_environment(newest, project / ".venv")
    write(project / ".python-version", "2.7\nban ana\n")
    done = path(cwd=project)
    assert printed(done) == project / ".venv" / "bin" / "python"
    reason = "“ban ana” is no version and no name of an installation"
    assert done.stderr.decode().splitlines() == [
        f"holdfast path: `.python-version` asks for 2.7, but `.venv` has Python {newest.version}.",
        f"holdfast path: `.python-version` is not followed: {reason}.",
    ]


@pytest.mark.parametrize("arguments", [(), ("--base",), ("--format", "json")])
def test_of_a_broken_environment_nothing_is_printed(project, copied, arguments):
    make_environment(copied, project / ".venv")
    copied.prefix.rename(copied.prefix.with_name("gone"))
    message = told(path(*arguments, cwd=project))
    assert f"{project / '.venv'} is broken: " in message
    assert told(path(*arguments, project / ".venv", cwd="/")) == message


@pytest.mark.parametrize("kind", ["link", "redirect", "python", "files"])
def test_what_is_on_a_dead_mount_is_waited_for_once(project, dead_mount, newest, kind):
    if kind == "link":
        (project / ".venv").symlink_to(dead_mount / "env")
    elif kind == "redirect":
        write(project / ".venv", f"{dead_mount}/env\n")
    elif kind == "python":
        environment = make_environment(newest, project / ".venv")
        (environment / "bin" / "python").unlink()
        (environment / "bin" / "python").symlink_to(dead_mount / "bin" / "python3")
    else:
        (project / ".python-version").symlink_to(dead_mount / "version")
        write(project / ".pdm-python", f"{dead_mount}/bin/python3\n")
    start = time.perf_counter()
    done = path(cwd=project)
    assert time.perf_counter() - start < 5
    assert f"{dead_mount}" in done.stderr.decode()
    assert (done.returncode == 0) == (kind == "files")


@pytest.mark.parametrize("target", ["gone", ".venv"])
def test_a_venv_that_leads_nowhere_is_broken(project, target):
    (project / ".venv").symlink_to(target)
    assert "is broken" in told(path(cwd=project))


def test_a_redirect_to_nothing_is_broken(project):
    write(project / ".venv", "../gone\n")
    assert "is broken" in told(path(cwd=project))


def test_where_nothing_fits_it_is_said_what_is_required(project):
    write(project / "pyproject.toml", '[project]\nrequires-python = ">=3.99"\n')
    assert told(path(cwd=project)) == (
        "holdfast path: No installed Python fits: `pyproject.toml` requires >=3.99. "
        "Install one; `holdfast find` lists what there is.\n"
    )


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda file: write(file, "#!/bin/sh\n", 0o755), "it is a script, not an interpreter"),
        (lambda file: write(file, "text"), "cannot be used"),
        (lambda file: write(file, os.urandom(1000), 0o755), "cannot be used"),
    ],
)
def test_what_is_no_interpreter_is_refused_with_the_reason(tmp_path, make, reason):
    make(tmp_path / "python")
    assert reason in told(path(tmp_path / "python", cwd=tmp_path))


@pytest.mark.parametrize("name", ["gone", "fifo", "loop", "x" * 300, "a\0b"[:1] + "/gone/" + "y" * 4000])
def test_what_is_not_there_is_a_wrong_call(tmp_path, name):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to("loop")
    done = path(name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"holdfast path: ")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "name", [b"caf\xe9", b"with space", b"line\nbreak", b"ends in one\n", b"\x1b[31mred", "é✨".encode()]
)
def test_a_script_gets_the_exact_bytes(tmp_path, newest, name):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    folder.mkdir()
    make_environment(newest, tmp_path / ".venv").rename(folder / ".venv")
    done = path(folder, cwd=tmp_path)
    assert done.stdout == os.fsencode(folder / ".venv" / "bin" / "python") + b"\n"
    assert ask(printed(done), "pass").returncode == 0


def test_a_shell_can_take_it(project, newest):
    make_environment(newest, project / ".venv")
    line = f'"$({shlex.quote(sys.executable)} -I {LAUNCH} path)" -c "import sys; print(sys.prefix)"'
    done = subprocess.run(line, shell=True, cwd=project, capture_output=True, text=True)
    assert done.stdout == f"{project / '.venv'}\n", done.stderr


def test_it_speaks_json(project, newest):
    write(project / ".python-version", f"{newest.series}\n")
    write(
        project / "pyproject.toml",
        '[project]\nrequires-python = ">=3.6,<3.7"\n[tool.poetry.dependencies]\npython = "*"\n',
    )
    environment = make_environment(newest, project / ".venv")
    done = path("--format", "json", cwd=project)
    assert json.loads(done.stdout) == {
        "path": str(environment / "bin" / "python"),
        "stable": str(newest.path),
        "environment": str(environment),
        "version": newest.version,
        "source": "environment",
        "reason": "it is the project's own environment",
        "requests": [
            {"text": newest.series, "file": str(project / ".python-version"), "line": 0}
            | {"reader": "pyenv and uv", "fits": True},
            {"text": ">=3.6,<3.7", "file": str(project / "pyproject.toml"), "line": 1}
            | {"reader": "pip and uv", "fits": False},
            {"text": "*", "file": str(project / "pyproject.toml"), "line": 3}
            | {"reader": "poetry", "fits": True},
        ],
    }
    assert done.stderr == b""


def test_the_json_of_a_folder_without_files(tmp_path, newest):
    found = json.loads(
        path("--format", "json", cwd=tmp_path, environ={"PATH": str(newest.prefix / "bin")}).stdout
    )
    assert (found["environment"], found["requests"]) == (None, [])
    assert found["reason"] == "nothing asks for a version, and it is what PATH starts"
    assert found["path"] == found["stable"] == str(newest.path)


def alone(newest, path):
    """A copy of an executable of which only a start can tell that it is a Python: it would be believed."""
    path.parent.mkdir(parents=True)
    shutil.copy2(newest.path.resolve(), path)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".pdm-python", "{program}\n"),
        (".python-version", "path:{program}\n"),
        ("pyproject.toml", '[tool.holdfast]\nsearchPaths = ["{program.parent}"]\npython = "3"\n'),
    ],
)
@pytest.mark.parametrize("where", ["app", "elsewhere"])
def test_nothing_that_the_project_names_is_started(project, newest, name, content, where):
    """Whether it is called from the project, from a folder in it or from another one."""
    program = alone(newest, project.parent / where / "tools" / "python3")
    write(project / name, content.format(program=program))
    environ = {"HOME": str(project.parent), "PATH": "/usr/bin"}
    for arguments, cwd in (((), project), ((), project / "src"), ((project,), "/"), ((program,), "/")):
        done = path(*arguments, cwd=cwd, environ=environ)
        assert os.fsencode(program) not in done.stdout
        assert b"Traceback" not in done.stderr


def test_modules_in_the_project_do_not_run(tmp_path):
    for name in ("tomllib", "tomli", "packaging", "holdfast"):
        write(tmp_path / f"{name}.py", f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    write(tmp_path / "pyproject.toml", '[project]\nrequires-python = ">=3"\n')
    assert path(cwd=tmp_path).returncode == 0
    assert not (tmp_path / "ran").exists()


def test_a_closed_output_is_no_trace(tmp_path):
    line = f"{shlex.quote(sys.executable)} -I {LAUNCH} path >&-"
    done = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
