"""Checking a folder of environments, and starting each of their interpreters instead."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from contest import Result, timed
from creating import BIN


def measure_check(options: argparse.Namespace, holdfast: tuple[str, ...], work: Path) -> list[Result]:
    """Time one check of a folder of environments, and starting each environment's interpreter once."""
    folder = work / "environments"
    for number in range(options.environments):
        subprocess.run(
            [options.base, "-I", "-m", "venv", "--without-pip", folder / f"project-{number}" / ".venv"],
            check=True,
        )
    interpreters = sorted(folder.glob(f"*/.venv/{BIN}/python*"))
    first = {path.parent: path for path in reversed(interpreters)}.values()
    check = [*holdfast, "check", str(folder), "--format", "json"]
    checked: list[float] = []
    started: list[float] = []
    nothing: list[float] = []
    seen = json.loads(subprocess.run(check, capture_output=True, text=True, check=True).stdout)
    if len(seen["environments"]) != options.environments:
        sys.exit(f"holdfast check saw {len(seen['environments'])} environments.")
    for _ in range(options.rounds):
        checked.append(timed(check))
        started.append(sum(timed([str(python), "-I", "-c", ""]) for python in first))
        nothing.append(timed([*holdfast, "--version"]))
    return [
        Result("holdfast check", tuple(checked)),
        Result("starting each interpreter", tuple(started)),
        Result("holdfast --version", tuple(nothing)),
    ]
