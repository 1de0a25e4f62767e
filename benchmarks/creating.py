"""Creating the same environment by Holdfast, its running helper, venv, virtualenv and uv."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contest import Result, output, timed
from helper import Helper

BIN = "Scripts" if os.name == "nt" else "bin"


@dataclass(frozen=True)
class Creator:
    """A way to create an environment: `make` creates it at a path and says how many seconds that took."""

    name: str
    make: Callable[[Path], float]


def measure_creation(
    base: str, holdfast: tuple[str, ...], work: Path, rounds: int, *, pip: bool
) -> list[Result]:
    """Time the creators in turn, each at a destination that is new, in a folder of its own below `work`.

    The first round fills caches and only shows that all of them work. What they make stays until the
    caller removes it: an ext4 without a journal looks for other inodes than those that were freed in the last
    minutes (`recently_deleted` in fs/ext4/ialloc.c), and whoever creates next would pay for what was removed
    just before, which may be another's.
    """
    with Helper([*holdfast, "server"]) as helper:
        helper.initialize()
        helper.notify("workspace/didChangeConfiguration", {"settings": {} if pip else {"seed": "none"}})
        creators = [_by_command("holdfast", _holdfast(base, holdfast, pip=pip)), _by_helper(helper, base)]
        creators += [_by_command(name, command) for name, command in _peers(base, pip=pip).items()]
        times: dict[str, list[float]] = {creator.name: [] for creator in creators}
        place = work / ("with-pip" if pip else "without-pip")
        place.mkdir()
        for number in range(rounds + 1):
            # Another one begins each round.
            turn = number % len(creators)
            for creator in creators[turn:] + creators[:turn]:
                folder = place / f"{creator.name.replace(' ', '-')}-{number}"
                took = creator.make(folder)
                if number == 0:
                    prove(folder, pip=pip)
                else:
                    times[creator.name].append(took)
    return [Result(name, tuple(values)) for name, values in times.items()]


def _by_command(name: str, command: tuple[str, ...]) -> Creator:
    """Create it by a command, whose last argument the folder becomes."""
    return Creator(name, lambda folder: timed([*command, str(folder)]))


def _by_helper(helper: Helper, base: str) -> Creator:
    """Create it by a request, as an editor does: from the request to the answer."""

    def make(folder: Path) -> float:
        order = {"folder": folder.parent.as_uri(), "name": folder.name, "python": base}
        begin = time.perf_counter()
        helper.request("holdfast/create", {**order, "replace": False, "redirect": False, "install": []})
        return time.perf_counter() - begin

    return Creator("holdfast, running helper", make)


def _holdfast(base: str, holdfast: tuple[str, ...], *, pip: bool) -> tuple[str, ...]:
    return (*holdfast, "create", "--python", base, *([] if pip else ["--no-pip"]))


def _peers(base: str, *, pip: bool) -> dict[str, tuple[str, ...]]:
    # For Pythons below 3.12 virtualenv adds more than pip, unless it is told not to.
    only_pip = ("--no-setuptools", "--no-wheel") if virtualenv_knows_setuptools() else ()
    by_virtualenv = (sys.executable, "-m", "virtualenv", "--quiet", "--python", base)
    by_uv = (uv(), "venv", "--quiet", "--no-config", "--python", base)
    if not pip:
        return {
            "venv": (base, "-I", "-m", "venv", "--without-pip"),
            "virtualenv": (*by_virtualenv, "--no-seed"),
            "uv": by_uv,
        }
    return {
        "venv": (base, "-I", "-m", "venv"),
        "virtualenv": (*by_virtualenv, *only_pip),
        "uv --seed": (*by_uv, "--seed"),
        "uv --seed --offline": (*by_uv, "--seed", "--offline"),
    }


def uv() -> str:
    """Where the program uv stands beside the Python that runs this."""
    return str(Path(sys.executable).parent / ("uv.exe" if os.name == "nt" else "uv"))


def virtualenv_knows_setuptools() -> bool:
    """Whether this virtualenv still has the options that leave setuptools out."""
    told = output(sys.executable, "-m", "virtualenv", "--help")
    return "--no-setuptools" in told and "--no-wheel" in told


def prove(environment: Path, *, pip: bool) -> None:
    """See that an environment works, and has pip exactly if it should."""
    python = environment / BIN / "python"
    prefix = output(str(python), "-I", "-c", "import sys; print(sys.prefix)")
    if Path(prefix) != environment:
        sys.exit(f"{environment} does not work: its prefix is {prefix or 'unknown'}")
    found = subprocess.run([python, "-I", "-m", "pip", "--version"], capture_output=True, check=False)
    if (found.returncode == 0) != pip:
        sys.exit(f"{environment} {'lacks' if pip else 'has'} pip.")
