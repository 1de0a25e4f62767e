"""Checking a thousand environments, and starting each of their interpreters instead."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from contest import Result, timed
from creating import BIN

ROUNDS = 3
"""At most: a thousand interpreters take a while to start."""


def measure_check(
    environments: list[Path], holdfast: tuple[str, ...], folder: Path, rounds: int
) -> tuple[list[Result], float]:
    """Time a check of a folder of environments, and starting each environment's interpreter once.

    And the most memory that the check had, in MB.
    """
    check = [*holdfast, "check", str(folder), "--format", "json"]
    seen = json.loads(subprocess.run(check, capture_output=True, text=True, check=True).stdout)
    states = {one["path"]: one["state"] for one in seen["environments"]}
    if states != {str(path): "healthy" for path in environments}:
        sys.exit(f"holdfast check saw {len(states)} environments, and not all of them healthy.")
    checked: list[float] = []
    started: list[float] = []
    nothing: list[float] = []
    memory = 0.0
    for _ in range(min(rounds, ROUNDS)):
        took, most = _with_memory(check)
        checked.append(took)
        memory = max(memory, most)
        started.append(sum(timed([str(path / BIN / "python"), "-I", "-c", ""]) for path in environments))
        nothing.append(timed([*holdfast, "--version"]))
    results = [
        Result("holdfast check", tuple(checked)),
        Result("starting each interpreter", tuple(started)),
        Result("holdfast --version", tuple(nothing)),
    ]
    return results, memory


def _with_memory(command: list[str]) -> tuple[float, float]:
    """Seconds that a command takes, and the most memory that it had, in MB; Windows does not tell that."""
    if not hasattr(os, "wait4"):
        return timed(command), 0.0
    begin = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        if process.stdout:
            process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed.")
    unit = 1 if sys.platform == "darwin" else 1024
    return took, usage.ru_maxrss * unit / 1e6
