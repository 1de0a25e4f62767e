"""Launchers of Windows, started by CPython for Windows under Wine: by their name and through a link."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from downloads import unavailable
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
from machines import link, write

SCRIPT = b"import sys\nprint(sys.prefix)\n"


class Wine:
    """A Windows whose drive Z: is the root of this machine, and an environment on it."""

    def __init__(self, place: Path, python: Path):
        self.environ = {**os.environ, "WINEPREFIX": str(place / "prefix"), "WINEDEBUG": "-all"}
        self.environment = place / "code" / ".venv"
        self.host = Host("windows", place / "home", {}, {"Z:\\": Path("/")})
        self.scripts = self.environment / "Scripts"
        self.shims = self.host.home / ".local" / "bin"
        self.shims.mkdir(parents=True)
        self.environment.parent.mkdir()
        code, said = self.run(python, "-m", "venv", "--without-pip", self.text(self.environment))
        assert code == 0, said
        write(
            self.environment / "Lib" / "site-packages" / "demo.py",
            b"def main():\n    import sys\n    print(sys.prefix)\n",
        )

    def text(self, path: Path) -> str:
        return "Z:" + str(path).replace("/", "\\")

    def run(self, program: Path, *arguments: str) -> tuple[int, str]:
        """The exit code, and what was said.

        Python refuses a file for its output there; a pipe is kept open by services that Wine starts, so its
        end is not waited for.
        """
        end, start = os.pipe()
        done = subprocess.run(
            ["wine", program, *arguments],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=start,
            stderr=subprocess.DEVNULL,
            timeout=120,
        )
        os.close(start)
        os.set_blocking(end, False)
        with open(end, "rb", buffering=0) as output:
            return done.returncode, (output.read(65536) or b"").decode()

    def works(self, program: Path, *arguments: str) -> bool:
        """Whether a program runs in the environment."""
        code, said = self.run(program, *arguments)
        return code == 0 and self.text(self.environment) in said

    def rules(self):
        found = check(self.environment, Reader(self.host)).problems
        return [(one.rule, one.severity) for one in found if one.severity in ("error", "warning")]


@pytest.fixture(scope="module")
def wine(tmp_path_factory, windows_python):
    if shutil.which("wine") is None:
        unavailable("there is no wine here")
    started = Wine(tmp_path_factory.mktemp("wine"), windows_python / "python.exe")
    yield started
    subprocess.run(["wineserver", "-k", "-w"], env=started.environ, timeout=60, check=False)


@pytest.fixture
def launcher(wine, uv, setuptools):
    """Puts a launcher into the environment; its path."""
    python = wine.text(wine.scripts / "python.exe")
    file = wine.scripts / "tool.exe"

    def by_setuptools():
        written_by_setuptools(setuptools["84.2.1"], wine.scripts, "tool", python)
        script = wine.scripts / "tool-script.py"
        script.write_bytes(script.read_bytes() + b"\n" + SCRIPT)

    def by_old_setuptools():
        by_setuptools()
        shutil.copyfile(setuptools["65.5.0"] / "setuptools" / "cli-64.exe", file)

    makers = {
        "distlib": lambda: written_by_distlib(wine.scripts, {"tool": python}),
        "distlib beside": lambda: written_by_distlib(wine.scripts, {"tool": "<launcher_dir>\\python.exe"}),
        "setuptools": by_setuptools,
        "setuptools before 68": by_old_setuptools,
        "uv 0.1.6": lambda: write(file, uv["0.1.6"] + archive()),
        "uv 0.1.8": lambda: write(file, uv_with_trailer(uv["0.1.8"], b"UVUV", python)),
        "uv 0.4.30": lambda: write(file, uv_with_trailer(uv["0.4.30"], b"UVSC", python)),
        "uv 0.4.30 relative": lambda: write(file, uv_with_trailer(uv["0.4.30"], b"UVSC", "python.exe")),
        "uv 0.13.8": lambda: write(file, uv_with_resources(uv["0.13.8"], 1, python)),
        "uv 0.13.8 relative": lambda: write(file, uv_with_resources(uv["0.13.8"], 1, "python.exe")),
    }

    def launcher(kind):
        makers[kind]()
        file.chmod(0o755)
        return file

    yield launcher
    for path in (*wine.scripts.glob("tool*"), *wine.shims.iterdir()):
        path.unlink()


@pytest.mark.parametrize(
    ("kind", "works_through_a_link"),
    [
        ("distlib", True),
        ("distlib beside", False),
        ("setuptools", True),
        ("setuptools before 68", False),
        ("uv 0.1.6", False),
        ("uv 0.1.8", True),
        ("uv 0.4.30", True),
        ("uv 0.4.30 relative", False),
        ("uv 0.13.8", True),
        ("uv 0.13.8 relative", False),
    ],
)
def test_what_is_said_of_a_launcher_is_what_it_does(wine, launcher, kind, works_through_a_link):
    file = launcher(kind)
    assert wine.works(file)
    assert wine.rules() == []
    shim = link(wine.shims / file.name, str(file))
    assert wine.works(shim) == works_through_a_link
    assert wine.rules() == ([] if works_through_a_link else [("launcher-relative-link", "warning")])


def test_a_link_to_the_interpreter_does_not_start(wine, launcher):
    code = ("-c", "import sys; print(sys.prefix)")
    assert wine.works(wine.scripts / "python.exe", *code)
    shim = link(wine.shims / "python.exe", str(wine.scripts / "python.exe"))
    assert wine.run(shim, *code)[0] == 106
    (problem,) = (
        one for one in check(wine.environment, Reader(wine.host)).problems if one.severity == "warning"
    )
    assert problem.rule == "interpreter-link-escapes"
    assert "does not start" in problem.message


@pytest.mark.parametrize("kind", ["distlib", "uv 0.1.8", "uv 0.13.8"])
def test_a_launcher_whose_python_is_gone_does_not_start(wine, launcher, kind):
    file = launcher(kind)
    scripts = os.fsencode(wine.text(wine.scripts))
    file.write_bytes(file.read_bytes().replace(scripts, scripts[:-1] + b"z"))
    assert not wine.works(file)
    assert wine.rules() == [("script-interpreter-missing", "error")]
