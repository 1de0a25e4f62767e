"""Where `explain` says that scripts and launchers lead, and what becomes of them when they are called."""

import subprocess

import pytest

from holdfast.environments.explanation import explain
from holdfast.environments.verdict import leads_somewhere, verdict
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.links.written import Surroundings
from launchers import (
    archive,
    uv_with_resources,
    uv_with_trailer,
    written_by_distlib,
    written_by_setuptools,
)
from machines import WindowsMachine, link, write
from pythons import make_environment

OF_UV_0_3 = """#!/bin/sh
'''exec' "$(CDPATH= cd -- "$(dirname -- "$0")" && echo "$PWD")"/'python' "$0" "$@"
' '''
import sys
print(sys.prefix)
"""
"""As uv 0.3.0 and 0.4.0 write it into an environment that may be moved."""
OF_UV = OF_UV_0_3.replace(
    """CDPATH= cd -- "$(dirname -- "$0")" && echo "$PWD\"""", """dirname -- "$(realpath -- "$0")\""""
)
"""As uv writes it today."""


@pytest.fixture
def windows(tmp_path):
    """A Windows with an environment at `C:\\code\\.venv`."""
    machine = WindowsMachine(tmp_path)
    base = machine.install("C:\\Python312", "3.12.4")
    scripts = machine.at("C:\\code\\.venv\\Scripts")
    write(scripts / "python.exe", base.read_bytes())
    write(scripts.parent / "pyvenv.cfg", "home = C:\\Python312\nversion = 3.12.4\n")
    return machine


def explained(path, host=None, folder=None):
    host = host or Host.current()
    return explain(path, Surroundings(host, folder or path.parent), Reader(host))


def hops(explanation):
    return [(leg.hop.kind, leg.hop.target, leg.state) for leg in explanation.trail.legs]


@pytest.mark.parametrize("maker", ["distlib", "uv 0.1.8", "uv 0.4.30", "uv 0.13.8"])
def test_a_launcher_leads_to_its_interpreter_and_on(windows, uv, maker):
    python = "C:\\code\\.venv\\Scripts\\python.exe"
    scripts = windows.at("C:\\code\\.venv\\Scripts")
    match maker.split():
        case ["distlib"]:
            written_by_distlib(scripts, {"tool": python})
        case ["uv", "0.13.8"]:
            write(scripts / "tool.exe", uv_with_resources(uv["0.13.8"], 1, python))
        case ["uv", version]:
            magic = b"UVUV" if version == "0.1.8" else b"UVSC"
            write(scripts / "tool.exe", uv_with_trailer(uv[version], magic, python))
    found = explained(scripts / "tool.exe", windows.host())
    assert hops(found) == [("launcher", python, "ok"), ("config", "C:\\Python312", "ok")]
    assert found.environment.path == scripts.parent
    assert verdict(found).startswith("It is a script in the environment ")
    assert leads_somewhere(found)
    link(windows.home / ".rye" / "shims" / "tool.exe", str(scripts / "tool.exe"))
    through = explained(windows.home / ".rye" / "shims" / "tool.exe", windows.host())
    assert hops(through)[1:] == hops(found)
    assert leads_somewhere(through)


def test_a_launcher_that_looks_beside_itself_does_not_find_its_python_through_a_link(windows, uv):
    scripts = windows.at("C:\\code\\.venv\\Scripts")
    write(scripts / "pycowsay.exe", uv["0.1.6"] + archive())
    shim = link(windows.home / ".rye" / "shims" / "pycowsay.exe", str(scripts / "pycowsay.exe"))
    assert hops(explained(scripts / "pycowsay.exe", windows.host()))[0] == ("launcher", "python.exe", "ok")
    found = explained(shim, windows.host())
    assert hops(found)[-1] == ("launcher", "python.exe", "missing")
    assert found.trail.end == shim.with_name("python.exe")
    assert not leads_somewhere(found)
    assert f"{shim.with_name('python.exe')} does not exist" in verdict(found)


def test_a_launcher_of_setuptools_leads_where_its_script_says(windows, setuptools):
    scripts = windows.at("C:\\code\\.venv\\Scripts")
    python = "C:\\code\\.venv\\Scripts\\python.exe"
    written_by_setuptools(setuptools["84.2.1"], scripts, "tool", python)
    hop = explained(scripts / "tool.exe", windows.host()).trail.legs[0].hop
    assert (hop.kind, hop.target, hop.link.name, hop.line) == ("launcher", python, "tool-script.py", 0)


def test_a_launcher_of_an_environment_on_a_shared_disk_is_foreign_here(uv, tmp_path):
    file = write(tmp_path / "tool.exe", uv_with_resources(uv["0.13.8"], 1, "C:\\env\\Scripts\\python.exe"))
    found = explained(file)
    assert hops(found) == [("launcher", "C:\\env\\Scripts\\python.exe", "foreign")]
    assert not leads_somewhere(found)


@pytest.mark.parametrize("name", ["python.exe", "other.exe"])
def test_a_program_of_windows_that_is_no_launcher_leads_no_further(windows_python, tmp_path, name):
    file = write(tmp_path / name, (windows_python / "python.exe").read_bytes())
    assert hops(explained(file)) == []


@pytest.mark.parametrize(("script", "works"), [(OF_UV, True), (OF_UV_0_3, False)])
def test_a_link_to_a_script_that_may_be_moved_is_explained_as_it_runs(newest, tmp_path, script, works):
    environment = make_environment(newest, tmp_path / "env")
    tool = write(environment / "bin" / "tool", script, 0o755)
    assert hops(explained(tool))[0][::2] == ("shebang", "ok")
    assert subprocess.check_output([tool], text=True) == f"{environment}\n"
    shim = link(tmp_path / "shims" / "tool", str(tool))
    done = subprocess.run([shim], capture_output=True, text=True)
    assert (done.stdout == f"{environment}\n") == works
    assert leads_somewhere(explained(shim)) == works
