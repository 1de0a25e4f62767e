"""The interpreters of this machine as tests use them, and installations that may be broken."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from holdfast.discovery.finder import find_interpreters
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from shared import made_once

_LEFT_OUT = shutil.ignore_patterns("test", "tests", "idlelib", "tkinter", "config-*", "*.a")


@dataclass(frozen=True)
class Python:
    """An installation: its executable under its stable name, and its prefix."""

    path: Path
    prefix: Path
    version: str

    @property
    def series(self) -> str:
        return self.version.rpartition(".")[0]

    @property
    def tag(self) -> str:
        return f"python{self.series}"

    def __str__(self) -> str:
        return f"{self.version}-{self.prefix.parent.name}"


def ask(python, code, *, environ=None) -> subprocess.CompletedProcess:
    """Run an interpreter, isolated, on a line of code."""
    return subprocess.run(
        [str(python), "-I", "-c", code],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=environ,
        timeout=60,
    )


def facts_of(python) -> dict:
    """What an interpreter says of itself."""
    code = (
        "import json, os, platform, sys; print(json.dumps({'version': platform.python_version(), "
        "'prefix': sys.prefix, 'base': sys.base_prefix, 'library': os.path.dirname(os.__file__), "
        "'machine': platform.machine()}))"
    )
    done = ask(python, code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def works(environment: Path) -> bool:
    """The truth about an environment: does its interpreter start, in it, with what it needs?"""
    code = f"import os, ssl, sys, _struct; sys.exit(not os.path.samefile(sys.prefix, {str(environment)!r}))"
    try:
        return ask(environment / "bin" / "python", code).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _installed() -> list[Python]:
    pythons = []
    for found in find_interpreters(Reader(Host.current())):
        interpreter = found.interpreter
        if not interpreter.carries_environments or interpreter.debug:
            continue
        if interpreter.implementation != "cpython":  # its layout is another; it has tests of its own
            continue
        if ask(interpreter.stable, "import venv, ensurepip").returncode == 0:
            pythons.append(Python(interpreter.stable, interpreter.prefix.folder, str(interpreter.version)))
    return pythons


INSTALLED = _installed()
SELF_CONTAINED = [python for python in INSTALLED if python.prefix != Path("/usr")]
"""Those whose prefix holds nothing else."""


def copied_prefix(python: Python, to: Path) -> Python:
    """A copy of an installation that a test may break.

    Its files are hard links to one real copy a run, never to the installation itself: a test that writes
    into a file must not reach the machine. On another disk than that copy they are copies, too.
    """
    pristine = _pristine_copy(python)
    to.parent.mkdir(parents=True, exist_ok=True)
    same_disk = pristine.stat().st_dev == to.parent.stat().st_dev
    shutil.copytree(pristine, to, symlinks=True, copy_function=os.link if same_disk else shutil.copy2)
    return Python(to / "bin" / python.path.name, to, python.version)


@cache
def _pristine_copy(python: Python) -> Path:
    return made_once(f"copy of {python}", lambda to: _copy(python, to))


def _copy(python: Python, to: Path) -> None:
    library = Path("lib", python.tag)
    shutil.copytree(python.prefix / library, to / library, ignore=_without_packages)
    for shared in (python.prefix / "lib").glob(f"lib{python.tag}*.so*"):
        shutil.copy2(shared, to / "lib" / shared.name)
    (to / "bin").mkdir()
    shutil.copy2(python.path, to / "bin" / python.path.name)
    for name in ("python3", "python"):
        (to / "bin" / name).symlink_to(python.path.name)


def _without_packages(folder, names) -> set[str]:
    if Path(folder).name in ("site-packages", "dist-packages"):
        return set(names)
    return _LEFT_OUT(folder, names)


def hang(python: Python) -> None:
    """Let every start of a copied installation take longer than a test."""
    module = python.prefix / "lib" / python.tag / "sitecustomize.py"
    module.unlink(missing_ok=True)  # Debian has one, and other copies share it
    module.write_text("import time; time.sleep(100)\n")


def relocated_prefix(python: Python, to: Path) -> Python:
    """A copy whose compiled-in prefix names a folder that does not exist.

    The replacement has the same length and tail, since compilers merge strings that end alike.
    """
    copy = copied_prefix(python, to)
    built = os.fsencode(python.prefix)
    nowhere = b"/nowhere".ljust(len(built) - len(os.fsencode(python.prefix.name)) - 1, b"x")
    gone = nowhere + b"/" + os.fsencode(python.prefix.name)
    assert len(gone) == len(built), (gone, built)
    run_path = b"$ORIGIN/../lib".ljust(len(built) + 4, b"\0")
    files = [copy.path, *(to / "lib").glob(f"lib{python.tag}*.so*")]
    for file in files:
        content = file.read_bytes()
        changed = content.replace(built + b"/lib\0", run_path + b"\0").replace(built, gone)
        if changed != content:
            file.unlink()  # it is a hard link to the pristine copy
            file.write_bytes(changed)
            file.chmod(0o755)
    return copy


def make_environment(python: Python, path: Path, *options: str) -> Path:
    """An environment by stdlib venv, without pip unless asked for."""
    subprocess.run(
        [str(python.path), "-I", "-m", "venv", "--without-pip", *options, str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return path


def environment_by_venv(python: Path) -> Path:
    """An environment with pip that stdlib venv made, one of each interpreter a run: that takes seconds.

    Tests must not write into it. What stdlib venv of an interpreter cannot make is a CalledProcessError.
    """

    def make(path: Path) -> None:
        subprocess.run([python, "-I", "-m", "venv", path], check=True, capture_output=True, timeout=300)

    return made_once("venv of " + str(python).strip("/").replace("/", "-"), make)
