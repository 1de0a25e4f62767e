"""Links from outside to what stands in environments: what is said of them, and what they start."""

import os
import shutil
import subprocess
import sys
import time

import pytest

from downloads import PIP_WHEEL, unavailable
from holdfast.health.check import check
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from launchers import (
    archive,
    uv_with_resources,
    uv_with_trailer,
    written_by_distlib,
    written_by_setuptools,
)
from machines import WindowsMachine, link, write
from makers import by_holdfast_copies, by_stdlib, by_stdlib_copies, by_uv
from pythons import make_environment
from test_catalogue import rules, text_at, the_only_problem
from test_scripts import prefix_of, put
from test_scripts_explained import OF_UV, OF_UV_0_3

ESCAPES = [("interpreter-link-escapes", "warning")]


def prefix_by(python) -> str | None:
    """`sys.prefix` of a Python that is called by a path; None where it does not start."""
    try:
        done = subprocess.run([python, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


@pytest.fixture
def environment(newest, tmp_path):
    environment = make_environment(newest, tmp_path / "project" / ".venv")
    (environment / "lib" / newest.tag / "site-packages" / "shop").mkdir()
    return environment


@pytest.fixture
def person(tmp_path):
    """This machine, for somebody with a home folder of their own."""
    return Host.current()._replace(home=tmp_path / "home")


# Links to the interpreter


@pytest.mark.parametrize("maker", [by_stdlib, by_stdlib_copies, by_holdfast_copies])
def test_a_link_to_the_interpreter_starts_the_base_wherever_it_is(python, tmp_path, maker):
    environment = tmp_path / "project" / ".venv"
    environment.parent.mkdir()
    maker(python.path, environment)
    assert prefix_by(environment / "bin" / "python") == str(environment)
    assert rules(environment) == []
    for place in ("", "bin", "scripts", "tools"):
        called = link(environment.parent / place / "mypython", f"{environment}/bin/python")
        assert os.path.samefile(prefix_by(called), python.prefix)
        problem = the_only_problem(environment)
        assert (problem.rule, problem.severity) == ESCAPES[0]
        assert (
            f"{called} is a link to python of this environment: it starts CPython {python.series}"
            in problem.message
        )
        assert text_at(problem) in (environment / "pyvenv.cfg").read_text().splitlines()[0]
        called.unlink()


def test_a_link_to_the_interpreter_of_pypy_starts_the_base(tmp_path):
    pypy = shutil.which("pypy3.9") or shutil.which("pypy3")
    if pypy is None:
        unavailable("there is no pypy3 here")
    by_stdlib(os.path.realpath(pypy), tmp_path / ".venv")
    called = link(tmp_path / "python", ".venv/bin/python")
    assert prefix_by(called) not in (None, str(tmp_path / ".venv"))
    assert rules(tmp_path / ".venv") == ESCAPES


def test_a_link_to_a_copy_that_lost_its_library_starts_nothing(relocated, tmp_path):
    by_holdfast_copies(relocated.path, tmp_path / ".venv")
    called = link(tmp_path / "python", ".venv/bin/python")
    assert prefix_by(tmp_path / ".venv" / "bin" / "python") == str(tmp_path / ".venv")
    assert prefix_by(called) is None
    problem = the_only_problem(tmp_path / ".venv")
    assert f"{called} is a link to python of this environment: it does not start" in problem.message


def test_links_in_the_folders_of_shims_are_found_over_other_links(environment, tmp_path, person):
    home = tmp_path / "home"
    direct = link(home / ".local" / "bin" / "python-shop", f"{environment}/bin/python3")
    link(tmp_path / "between", f"{environment}/bin/python")
    over = link(home / "bin" / "py", "../../between")
    rye = link(home / ".rye" / "shims" / "python", f"{environment}/bin/python")
    for called in (direct, over, rye):
        assert prefix_by(called) not in (None, str(environment))
    problem = the_only_problem(environment, person)
    assert problem.message.startswith(
        f"{direct} is a link to python3 of this environment (and 2 more: {over}, {rye})"
    )
    assert rules(environment) == []  # of another person


def test_links_in_the_project_of_an_environment_that_stands_deeper_are_found(newest, tmp_path):
    project = tmp_path / "project"
    environment = make_environment(newest, project / "environments" / "tests")
    write(project / "pyproject.toml")
    assert rules(environment) == []
    called = link(project / "tools" / "python", "../environments/tests/bin/python")
    assert prefix_by(called) not in (None, str(environment))
    assert rules(environment) == ESCAPES


@pytest.mark.parametrize("target", [".venv/bin", ".venv/Scripts"])
@pytest.mark.parametrize("name", ["bin", "tools", "programs"])
def test_a_link_to_the_folder_of_programs_starts_the_base(environment, target, name):
    link(environment / "Scripts", "bin")
    folder = link(environment.parent / name, target)
    tool = put(environment, "tool", f"#!{environment}/bin/python")
    assert prefix_by(folder / "python") not in (None, str(environment))
    assert prefix_of(folder / "tool") == prefix_of(tool) == str(environment)
    problem = the_only_problem(environment)
    assert (problem.rule, problem.severity) == ESCAPES[0]
    assert (
        f"{folder} is a link to the folder of programs of this environment: `python` in it starts"
        in problem.message
    )


def test_a_folder_of_shims_that_is_a_link_to_programs_is_one(environment, tmp_path, person):
    folder = link(tmp_path / "home" / "bin", f"{environment}/bin")
    assert prefix_by(folder / "python") not in (None, str(environment))
    assert rules(environment, person) == ESCAPES


def test_links_that_lead_into_an_environment_rightly_have_no_problem(environment, tmp_path, person, newest):
    project, home = environment.parent, tmp_path / "home"
    whole = link(project / "venv", ".venv")
    tool = put(environment, "tool", f"#!{environment}/bin/python")
    shim = link(home / ".local" / "bin" / "tool", str(tool))
    link(project / "config", ".venv/pyvenv.cfg")
    link(project / "lib", ".venv/lib")
    link(project / "gone", ".venv/bin/gone")
    link(project / "circle", "circle")
    link(home / ".local" / "bin" / "python3", str(newest.path))
    write(home / "bin", b"no folder")
    second = make_environment(newest, project / "bin" / "second")
    inside = link(second / "bin" / "first", str(environment / "bin" / "python"))
    assert prefix_by(whole / "bin" / "python") == str(whole)
    assert prefix_of(shim) == str(environment)
    assert prefix_by(inside) == str(second)
    assert rules(environment, person) == []
    assert rules(second, person) == []


def test_links_to_a_broken_environment_are_no_second_problem(copied, tmp_path):
    environment = make_environment(copied, tmp_path / ".venv")
    link(tmp_path / "python", ".venv/bin/python")
    assert rules(environment) == ESCAPES
    shutil.rmtree(copied.prefix)
    assert rules(environment) == [("interpreter-dangling", "error")]


def test_an_environment_that_is_itself_behind_a_link_is_met_by_its_real_folder(environment, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    linked = link(tmp_path / "elsewhere" / ".venv", str(environment))
    called = link(tmp_path / "elsewhere" / "python", ".venv/bin/python")
    assert prefix_by(called) not in (None, str(environment), str(linked))
    assert rules(linked) == ESCAPES


def test_a_disk_that_does_not_answer_is_not_touched(environment, dead_mount, person, tmp_path):
    link(tmp_path / "home" / ".local" / "bin" / "python", str(dead_mount / "bin" / "python"))
    link(tmp_path / "home" / "bin", str(dead_mount / "bin"))
    link(environment.parent / "bin", str(dead_mount / "bin"))
    started = time.monotonic()
    assert rules(environment, person) == []
    assert time.monotonic() - started < 10


# Links to scripts that look beside themselves


@pytest.mark.parametrize(("script", "works"), [(OF_UV, True), (OF_UV_0_3, False)])
def test_a_script_that_may_be_moved_works_through_a_link_if_it_follows_that(
    environment, tmp_path, person, script, works
):
    tool = write(environment / "bin" / "tool", script, 0o755)
    assert prefix_of(tool) == str(environment)
    assert rules(environment, person) == []
    shim = link(tmp_path / "home" / ".local" / "bin" / "tool", str(tool))
    assert (prefix_of(shim) == str(environment)) == works
    assert rules(environment, person) == ([] if works else [("launcher-relative-link", "warning")])


def test_a_script_that_uv_writes_today_works_through_a_link(newest, tmp_path, person):
    environment = tmp_path / "project" / ".venv"
    uv = os.path.join(os.path.dirname(sys.executable), "uv")
    by_uv(newest.path, environment)
    install = [uv, "pip", "install", "--offline", "--no-cache", "--no-config", "--no-deps", "--python"]
    subprocess.run([*install, environment / "bin" / "python", PIP_WHEEL], check=True, capture_output=True)
    shim = link(tmp_path / "home" / ".local" / "bin" / "pip", str(environment / "bin" / "pip"))
    assert str(environment) in subprocess.check_output([shim, "--version"], text=True)
    assert rules(environment, person) == []


# Launchers of Windows


PYTHON = "C:\\code\\.venv\\Scripts\\python.exe"


@pytest.fixture
def windows(tmp_path, windows_python):
    """A Windows with an environment at `C:\\code\\.venv`, whose python.exe is that of venv."""
    machine = WindowsMachine(tmp_path)
    base = machine.install("C:\\Python312", "3.12.4")
    write(base.with_name("Lib") / "encodings" / "__init__.py")  # without it Python does not start
    scripts = machine.at("C:\\code\\.venv\\Scripts")
    redirector = windows_python / "Lib" / "venv" / "scripts" / "nt" / "python.exe"
    write(scripts / "python.exe", redirector.read_bytes(), 0o755)
    write(scripts.parent / "pyvenv.cfg", "home = C:\\Python312\nversion = 3.12.4\n")
    write(scripts.parent / "Lib" / "site-packages" / "shop" / "__init__.py")
    return machine


def judged(machine, path="C:\\code\\.venv"):
    found = check(machine.at(path), Reader(machine.host())).problems
    return [(one.rule, one.severity) for one in found]


@pytest.fixture
def launcher(windows, uv, setuptools):
    """Writes a launcher of a kind into the environment; its path."""

    def launcher(kind, python=PYTHON):
        scripts = windows.at("C:\\code\\.venv\\Scripts")
        file = scripts / "pycowsay.exe"
        match kind.split():
            case ["distlib"]:
                written_by_distlib(scripts, {"pycowsay": python})
            case ["distlib", "beside"]:
                written_by_distlib(scripts, {"pycowsay": "<launcher_dir>\\python.exe"})
            case ["setuptools", version]:
                written_by_setuptools(setuptools["84.2.1"], scripts, "pycowsay", python)
                if version != "84.2.1":
                    shutil.copyfile(setuptools[version] / "setuptools" / "cli-64.exe", file)
            case ["uv", "0.1.6"]:
                write(file, uv["0.1.6"] + archive())
            case ["uv", "0.13.8"]:
                write(file, uv_with_resources(uv["0.13.8"], 1, python))
            case ["uv", version]:
                write(file, uv_with_trailer(uv[version], b"UVUV" if version == "0.1.8" else b"UVSC", python))
        return file

    return launcher


RIGHT = ["distlib", "setuptools 84.2.1", "uv 0.1.8", "uv 0.4.30", "uv 0.13.8"]
BESIDE = ["distlib beside", "setuptools 65.5.0", "uv 0.1.6"]


@pytest.mark.parametrize("kind", RIGHT + BESIDE)
def test_a_launcher_that_is_called_by_its_own_name_has_no_problem(windows, launcher, kind):
    assert launcher(kind).exists()
    assert judged(windows) == []


@pytest.mark.parametrize("kind", RIGHT)
def test_a_launcher_with_a_whole_path_works_through_a_link(windows, launcher, kind):
    link(windows.home / ".rye" / "shims" / "pycowsay.exe", str(launcher(kind)))
    assert judged(windows) == []


@pytest.mark.parametrize("kind", BESIDE)
def test_a_launcher_that_looks_beside_itself_fails_through_a_link(windows, launcher, kind):
    shim = link(windows.home / ".rye" / "shims" / "pycowsay.exe", str(launcher(kind)))
    (problem,) = check(windows.at("C:\\code\\.venv"), Reader(windows.host())).problems
    assert (problem.rule, problem.severity) == ("launcher-relative-link", "warning")
    assert f"{shim} is a link to pycowsay.exe of this environment" in problem.message
    assert problem.file == windows.at("C:\\code\\.venv\\pyvenv.cfg")
    assert text_at(problem) == "C:\\Python312"


@pytest.mark.parametrize("kind", ["uv 0.4.30", "uv 0.13.8"])
def test_a_launcher_of_uv_with_a_relative_path_fails_through_a_link(windows, launcher, kind):
    file = launcher(kind, "python.exe")
    assert judged(windows) == []
    link(windows.home / ".local" / "bin" / "pycowsay.exe", str(file))
    assert judged(windows) == [("launcher-relative-link", "warning")]


def test_a_link_to_python_exe_of_windows_is_told(windows):
    link(windows.at("C:\\code") / "python.exe", str(windows.at(PYTHON)))
    assert judged(windows) == ESCAPES


@pytest.mark.parametrize("kind", RIGHT)
@pytest.mark.parametrize(
    ("python", "expected"),
    [
        ("C:\\gone\\python.exe", "error"),
        ("C:\\other\\.venv\\Scripts\\python.exe", "warning"),
        ("C:\\Python312\\python.exe", None),
    ],
)
def test_a_launcher_is_held_against_the_python_that_it_names(windows, launcher, kind, python, expected):
    other = windows.at("C:\\other\\.venv")
    write(other / "Scripts" / "python.exe", b"MZ", 0o755)
    write(other / "pyvenv.cfg", "home = C:\\Python312\n")
    launcher(kind, python)
    found = check(windows.at("C:\\code\\.venv"), Reader(windows.host())).problems
    told = [("script-interpreter-missing", expected)] if expected else []
    assert [(one.rule, one.severity) for one in found] == told
    if expected == "error":
        assert found[0].message.startswith("Scripts\\pycowsay.exe names ")
        assert found[0].file == windows.at("C:\\code\\.venv\\pyvenv.cfg")


@pytest.mark.parametrize("kind", ["distlib", "uv 0.1.8", "uv 0.4.30"])
def test_a_launcher_that_is_cut_off_starts_nothing(windows, launcher, kind):
    file = launcher(kind)
    file.write_bytes(file.read_bytes()[:-40])
    assert judged(windows) == [("script-shebang-unusable", "error")]


def test_launchers_of_a_moved_environment_are_counted(windows, launcher):
    launcher("distlib")
    write(windows.at("C:\\code\\.venv\\Scripts\\activate.bat"), '@set "VIRTUAL_ENV=C:\\code\\.venv"\r\n')
    config = windows.at("C:\\code\\.venv\\pyvenv.cfg")
    config.write_text(config.read_text() + "command = C:\\Python312\\python.exe -m venv C:\\code\\.venv\n")
    assert judged(windows) == []
    windows.at("C:\\code").rename(windows.at("C:\\moved"))
    (problem,) = check(windows.at("C:\\moved\\.venv"), Reader(windows.host())).problems
    assert (problem.rule, problem.severity) == ("environment-moved", "warning")
    assert "1 script still names it" in problem.message


def test_an_activation_script_of_windows_that_names_another_folder_is_told(windows):
    config = windows.at("C:\\code\\.venv\\pyvenv.cfg")
    config.write_text(config.read_text() + "command = C:\\Python312\\python.exe -m venv C:\\code\\.venv\n")
    file = windows.at("C:\\code\\.venv\\Scripts\\activate.bat")
    write(file, '@echo off\r\n@set "VIRTUAL_ENV=C:\\gone\\.venv"\r\n')
    (problem,) = check(windows.at("C:\\code\\.venv"), Reader(windows.host())).problems
    assert (problem.rule, problem.file, text_at(problem)) == ("activate-stale", file, "C:\\gone\\.venv")
