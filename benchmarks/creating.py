"""Creating the same environment by Holdfast, venv, virtualenv and uv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from contest import Contender, Result, output, timed

BIN = "Scripts" if os.name == "nt" else "bin"


def creators(base: str, holdfast: tuple[str, ...], *, pip: bool) -> list[Contender]:
    """Name the ways to create the same environment."""
    here = sys.executable
    # For Pythons below 3.12 virtualenv adds more than pip, unless it is told not to.
    only_pip = ("--no-setuptools", "--no-wheel") if virtualenv_knows_setuptools() else ()
    return [
        Contender("holdfast", (*holdfast, "create", "{}", "--python", base, *([] if pip else ["--no-pip"]))),
        Contender("venv", (base, "-I", "-m", "venv", *([] if pip else ["--without-pip"]), "{}")),
        Contender(
            "virtualenv",
            (
                *(here, "-m", "virtualenv", "--quiet", "--python", base),
                *(only_pip if pip else ("--no-seed",)),
                "{}",
            ),
        ),
        Contender(
            "uv",
            (
                *(uv(), "venv", "--quiet", "--no-config", "--python", base),
                *(("--seed",) if pip else ()),
                "{}",
            ),
        ),
    ]


def uv() -> str:
    """Where the program uv stands beside the Python that runs this."""
    return str(Path(sys.executable).parent / ("uv.exe" if os.name == "nt" else "uv"))


def virtualenv_knows_setuptools() -> bool:
    """Whether this virtualenv still has the options that leave setuptools out."""
    told = output(sys.executable, "-m", "virtualenv", "--help")
    return "--no-setuptools" in told and "--no-wheel" in told


def measure_creation(contenders: list[Contender], work: Path, rounds: int, *, pip: bool) -> list[Result]:
    """Time the contenders in turn. The first round fills caches and only shows that all of them work."""
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for number in range(rounds + 1):
        # Another one begins each round.
        turn = number % len(contenders)
        for contender in contenders[turn:] + contenders[:turn]:
            folder = work / f"{contender.name}-{number}"
            command = [part.replace("{}", str(folder)) for part in contender.command]
            took = timed(command)
            if number == 0:
                prove(folder, pip=pip)
            else:
                times[contender.name].append(took)
            shutil.rmtree(folder)
    return [Result(name, tuple(values)) for name, values in times.items()]


def prove(environment: Path, *, pip: bool) -> None:
    """See that an environment works, and has pip exactly if it should."""
    python = environment / BIN / "python"
    prefix = output(str(python), "-I", "-c", "import sys; print(sys.prefix)")
    if Path(prefix) != environment:
        sys.exit(f"{environment} does not work: its prefix is {prefix or 'unknown'}")
    found = subprocess.run([python, "-I", "-m", "pip", "--version"], capture_output=True, check=False)
    if (found.returncode == 0) != pip:
        sys.exit(f"{environment} {'lacks' if pip else 'has'} pip.")
