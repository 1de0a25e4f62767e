"""Environments that Holdfast makes for tests, what may be missing in them, and what is left beside."""

import json
import os
import shutil
import subprocess
import time
import zipfile
from functools import cache
from pathlib import Path

from holdfast.creation.base import choose_base
from holdfast.creation.create import Created, create
from holdfast.creation.plan import Request
from holdfast.creation.site import Site
from holdfast.errors import HoldfastError
from holdfast.health.check import check
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from pythons import Python, ask, works

NEEDED = ("ssl", "_ssl", "_struct", "ctypes", "venv", "zlib", "hashlib", "json", "subprocess", "socket")
"""What every base here has."""
OPTIONAL = ("sqlite3", "bz2", "lzma", "readline", "curses", "dbm.gnu", "tkinter", "uuid", "multiprocessing")
"""What a base may have been built without."""
_QUESTION = """
import importlib, json, os, platform, sys
here = []
for name in {names}:
    try:
        importlib.import_module(name)
    except ImportError:
        continue
    here.append(name)
print(json.dumps({{
    "prefix": sys.prefix, "base": sys.base_prefix, "library": os.path.dirname(os.__file__),
    "version": platform.python_version(), "modules": here,
}}))
"""


def make(base: Path, path: Path, **options) -> Created:
    """An environment of the interpreter at a path, made in this process."""
    host = Host.current()
    return create(Request(path, choose_base(str(base), Reader(host)), **options), host)


def assert_whole(made: Created, *, scripts: bool = True) -> None:
    """It starts, has all that its base has, is healthy, and its commands run under each of their names.

    `scripts`: whether programs may be started where it stands.
    """
    environment = made.environment
    said, base = _answer(made.interpreter), _answer_of_base(made.base.path)
    assert os.path.samefile(said["prefix"], environment)
    assert os.path.samefile(said["base"], base["prefix"])
    assert os.path.samefile(said["library"], base["library"])
    assert said["version"] == base["version"]
    assert set(NEEDED) <= set(said["modules"])
    assert set(base["modules"]) - {"pip"} == set(said["modules"]) - {"pip"}
    assert ("pip" in said["modules"]) is bool(made.seeded)
    verdict = check(environment, Reader(Host.current()))
    assert (verdict.state, verdict.problems) == ("healthy", ())
    if made.seeded:
        _assert_has_pip(made, scripts=scripts)
    if made.alias:
        for name in ("Scripts/python.exe", "bin/python.exe", "Scripts/python"):
            assert ask(environment / name, "import sys; print(sys.prefix)").stdout.strip() == said["prefix"]


def assert_carries_another(made: Created, folder: Path) -> None:
    """Stdlib venv, run by the environment, makes a working one in a folder that is not there."""
    command = [made.interpreter, "-I", "-m", "venv", "--without-pip", folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert works(folder)


def _assert_has_pip(made: Created, *, scripts: bool) -> None:
    program = [made.environment / "bin" / "pip"] if scripts else [made.interpreter, "-m", "pip"]
    done = subprocess.run(
        [*program, "list", "--local", "--format=json"],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    assert done.returncode == 0, done.stderr
    listed = {one["name"]: one["version"] for one in json.loads(done.stdout)}
    assert listed == {wheel.name: wheel.version for wheel in made.seeded}


@cache
def _answer_of_base(path: Path) -> dict:
    return _answer(path)


def _answer(python: Path) -> dict:
    done = ask(python, _QUESTION.format(names=(*NEEDED, *OPTIONAL, "pip")))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


Content = dict[str, str | bytes | None]


def content_of(folder: Path) -> Content | None:
    """All that is in a folder, by its path: the text of a link, the bytes of a file, None for a folder.

    None where the folder is not there.
    """
    if not folder.exists():
        return None
    content: Content = {}
    for parent, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(parent, name)
            what = path.read_bytes() if path.is_file() else None
            content[os.path.relpath(path, folder)] = os.readlink(path) if path.is_symlink() else what
    return content


def leftovers(folder: Path) -> list[str]:
    """What creations have left in a folder."""
    return [name for name in os.listdir(folder) if name.startswith(".holdfast-")] if folder.exists() else []


def next_run(destination: Path) -> None:
    """What the next creation does first; then it makes nothing.

    What a killed program was just starting has its lock for a moment more, until it is another program.
    """
    deadline = time.monotonic() + 10
    while True:
        try:
            with Site(destination, Host.current(), replace=False):
                return
        except HoldfastError as error:
            if "is an environment already" in str(error):
                return
            if "right now" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


class Bench:
    """A place where the same environment is made again and again."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.folder = folder / "project"
        self.destination = self.folder / "new" / ".venv"
        self._base = choose_base(str(python), Reader(Host.current()))
        self.clear()

    def make(self, prompt: str, **options) -> None:
        create(Request(self.destination, self._base, prompt=prompt, alias=True, **options), Host.current())

    def made(self, prompt: str, **options) -> Content | None:
        """What a creation makes that nothing disturbs."""
        self.make(prompt, **options)
        content = content_of(self.destination)
        shutil.copytree(self.destination, self.folder.with_name(prompt), symlinks=True)
        self.clear()
        return content

    def put(self, prompt: str) -> None:
        """Let something that was made before be at the destination."""
        shutil.copytree(self.folder.with_name(prompt), self.destination, symlinks=True)

    def clear(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()


def small_pip(python: Python, depth: int = 1) -> None:
    """Let an installation bring a pip of few files: what is done to them is the same.

    `depth`: that of the folders whose modules stay.
    """
    (bundled,) = (python.prefix / "lib" / python.tag / "ensurepip" / "_bundled").glob("pip-*.whl")
    with zipfile.ZipFile(bundled) as wheel:
        files = {name: wheel.read(name) for name in wheel.namelist() if "_vendor" not in name}
    bundled.unlink()  # another copy shares it
    with zipfile.ZipFile(bundled, "w") as wheel:
        for name, content in files.items():
            if name.count("/") <= depth or "dist-info" in name:
                wheel.writestr(name, content)
