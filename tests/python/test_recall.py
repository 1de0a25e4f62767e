"""Live partners: whatever other finders of Pythons report, Holdfast reports, too.

They start every interpreter that they meet; what they list is what works on this machine.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast.discovery.finder import look_over
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from pythons import INSTALLED, copied_prefix, make_environment

FINDPYTHON = """
import json
from findpython import Finder
print(json.dumps([str(python.executable) for python in Finder().find_all(allow_prereleases=True)]))
"""

PYTHON_DISCOVERY = """
import json
from python_discovery import iter_interpreters
print(json.dumps([found.executable for found in iter_interpreters()]))
"""


def run(*command, environ=None, timeout=240) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environ, timeout=timeout
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def of_findpython(environ=None) -> list[str]:
    return json.loads(run(sys.executable, "-c", FINDPYTHON, environ=environ))


def of_python_discovery(environ=None) -> list[str]:
    return json.loads(run(sys.executable, "-c", PYTHON_DISCOVERY, environ=environ))


def of_uv(environ=None) -> list[str]:
    uv = os.path.join(os.path.dirname(sys.executable), "uv")
    options = ["--only-installed", "--offline", "--no-config", "--output-format", "json"]
    return [one["path"] for one in json.loads(run(uv, "python", "list", *options, environ=environ))]


PARTNERS = {"findpython": of_findpython, "python-discovery": of_python_discovery, "uv": of_uv}


def unknown_to_us(executable: str, finding) -> bool:
    """Whether an executable is not ours by any name: as an interpreter, a shim, or an environment's."""
    names = {os.fspath(path) for one in finding.interpreters for path in one.aliases}
    files = {os.path.realpath(name) for name in names}
    environments = [os.path.realpath(one.path) for one in finding.environments]
    folder = os.path.realpath(os.path.dirname(executable))
    return (
        executable not in names
        and os.path.realpath(executable) not in files
        and os.path.dirname(folder) not in environments
    )


@pytest.mark.parametrize("partner", PARTNERS)
def test_whatever_a_partner_finds_on_this_machine_is_found(partner, host):
    if not INSTALLED:
        pytest.skip("no CPython with venv and pip is installed")
    listed = PARTNERS[partner]()
    assert listed, f"{partner} finds nothing here, so this shows nothing"
    finding = look_over(Reader(host))
    assert [executable for executable in listed if unknown_to_us(executable, finding)] == []


@pytest.fixture
def home(tmp_path, newest) -> Path:
    """A home with an interpreter in the place of each manager, and an environment that is active."""
    series = newest.series
    for place in (
        f".pyenv/versions/{series}.1",
        f".asdf/installs/python/{series}.2",
        f".local/share/mise/installs/python/{series}.3",
        f".local/share/uv/python/cpython-{series}.4-linux-x86_64-gnu",
        f".rye/py/cpython@{series}.5",
        "mine",
    ):
        copied_prefix(newest, tmp_path / place)
    (tmp_path / f".local/share/mise/installs/python/{series}").symlink_to(f"./{series}.3")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "python3").symlink_to(f"../mine/bin/{newest.tag}")
    (tmp_path / "links" / "python3.0").symlink_to("../gone/bin/python3.0")
    make_environment(newest, tmp_path / "env")
    return tmp_path


def environment_of(home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "PATH": f"{home}/env/bin:{home}/links",
        "PYENV_ROOT": f"{home}/.pyenv",
        "VIRTUAL_ENV": f"{home}/env",
    }


def host_of(home: Path) -> Host:
    return Host(platform="linux", home=home, env=environment_of(home))


@pytest.mark.parametrize("partner", PARTNERS)
def test_whatever_a_partner_finds_in_a_home_with_every_manager_is_found(partner, home):
    environ = environment_of(home)
    in_home = [path for path in PARTNERS[partner](environ) if path.startswith(str(home))]
    assert in_home, f"{partner} finds nothing in that home, so this shows nothing"
    finding = look_over(Reader(host_of(home)))
    assert [executable for executable in in_home if unknown_to_us(executable, finding)] == []


def test_more_is_found_in_that_home_than_any_partner_finds(home):
    finding = look_over(Reader(host_of(home)))
    usable = {one.interpreter.prefix.folder for one in finding.interpreters if one.interpreter.usable}
    ours = {folder.relative_to(home).parts[0] for folder in usable if folder.is_relative_to(home)}
    assert ours == {".pyenv", ".asdf", ".local", ".rye", "mine"}
    for partner in PARTNERS.values():
        theirs = {
            os.path.realpath(path)
            for path in partner(environment_of(home))
            if path.startswith(str(home)) and not path.startswith(str(home / "env"))
        }
        assert len(theirs) <= len([folder for folder in usable if folder.is_relative_to(home)])
