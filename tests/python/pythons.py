"""The interpreters of this machine as tests use them, and installations that may be broken."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from holdfast.discovery.finder import find_interpreters
from holdfast.host import Host

_LEFT_OUT = shutil.ignore_patterns("test", "tests", "idlelib", "tkinter", "config-*", "__pycache__", "*.a")


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
    for found in find_interpreters(Host.current()):
        interpreter = found.interpreter
        makes_environments = ask(interpreter.stable, "import venv, ensurepip") if interpreter.usable else None
        if makes_environments and makes_environments.returncode == 0:
            pythons.append(Python(interpreter.stable, interpreter.prefix.folder, str(interpreter.version)))
    return pythons


INSTALLED = _installed()
SELF_CONTAINED = [python for python in INSTALLED if python.prefix != Path("/usr")]
"""Those whose prefix holds nothing else."""


def copied_prefix(python: Python, to: Path) -> Python:
    """A copy of an installation; large files are hard links where the disk allows."""
    library = python.prefix / "lib" / python.tag
    shutil.copytree(
        library,
        to / "lib" / python.tag,
        ignore=lambda folder, names: (
            set(names)
            if Path(folder).name in ("site-packages", "dist-packages")
            else _LEFT_OUT(folder, names)
        ),
        copy_function=_link_or_copy,
    )
    for shared in (python.prefix / "lib").glob(f"lib{python.tag}*.so*"):
        _link_or_copy(shared, to / "lib" / shared.name)
    (to / "bin").mkdir()
    executable = to / "bin" / python.tag
    _link_or_copy(os.path.realpath(python.path), executable)
    (to / "bin" / "python3").symlink_to(python.tag)
    (to / "bin" / "python").symlink_to(python.tag)
    return Python(executable, to, python.version)


def _link_or_copy(source, target) -> None:
    try:
        os.link(os.path.realpath(source), target)
    except OSError:
        shutil.copy2(source, target)


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
            file.unlink()  # it may be a hard link to the real one
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
