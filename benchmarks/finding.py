"""Finding a machine's interpreters by Holdfast and its peers, and explaining one path."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contest import Result, output, timed
from creating import uv
from helper import Helper

_FINDPYTHON = (
    "import findpython, json; print(json.dumps([str(found.executable) for found in findpython.find_all()]))"
)
_PYTHON_DISCOVERY = (
    "import json, pathlib, python_discovery as d, sys; "
    "cache = d.DiskCache(pathlib.Path(sys.argv[1])); "
    "print(json.dumps([found.executable for found in d.iter_interpreters(None, cache=cache)]))"
)


@dataclass(frozen=True)
class Finder:
    """A way to list interpreters: its command and the environment variables that say where it remembers."""

    name: str
    command: tuple[str, ...]
    variables: dict[str, str]

    def listed(self, answer: str) -> frozenset[str]:
        """The interpreters in what it printed, by their real files."""
        document = json.loads(answer)
        if isinstance(document, dict):
            document = [one["path"] for one in document["interpreters"] if one["state"] == "ok"]
        paths = [one["path"] if isinstance(one, dict) else one for one in document]
        return frozenset(os.path.realpath(path) for path in paths)


def finders(holdfast: tuple[str, ...], memory: Path) -> list[Finder]:
    """Name the ways to list the interpreters of this machine; `memory` is the folder of their caches."""
    here = sys.executable
    return [
        Finder(
            "holdfast find",
            (*holdfast, "find", "--interpreters", "--format", "json"),
            {"XDG_CACHE_HOME": str(memory / "holdfast")},
        ),
        Finder("findpython", (here, "-c", _FINDPYTHON), {}),
        Finder("python-discovery", (here, "-c", _PYTHON_DISCOVERY, str(memory / "discovery")), {}),
        Finder(
            "uv python list",
            (
                *(uv(), "python", "list", "--only-installed", "--offline", "--no-config"),
                *("--output-format", "json"),
            ),
            {"UV_CACHE_DIR": str(memory / "uv")},
        ),
    ]


def measure_find(holdfast: tuple[str, ...], work: Path, rounds: int) -> dict[str, list[Result]]:
    """Time the finders with empty caches and with what they remember, and starting each interpreter once."""
    memory = work / "memory"
    contenders = finders(holdfast, memory)
    times: dict[str, dict[str, list[float]]] = {
        state: {one.name: [] for one in contenders} for state in ("cold", "warm")
    }
    listed: dict[str, frozenset[str]] = {}
    started: list[float] = []
    for number in range(rounds):
        turn = number % len(contenders)
        for one in contenders[turn:] + contenders[:turn]:
            shutil.rmtree(memory, ignore_errors=True)
            for state in ("cold", "warm"):
                took, answer = _run(one)
                times[state][one.name].append(took)
                listed[one.name] = one.listed(answer)
        interpreters = sorted(listed["holdfast find"]) if "holdfast find" in listed else []
        started.append(sum(timed([path, "-E", "-s", "-c", ""]) for path in interpreters))
    asked = _measure_helper(holdfast, rounds)
    tables = {}
    for state, results in times.items():
        rows = [Result(f"{name} ({len(listed[name])})", tuple(values)) for name, values in results.items()]
        rows.append(Result("starting each of ours once", tuple(started)))
        if state == "warm":
            rows.append(Result("asking the running helper", tuple(asked)))
        tables[f"find, {state} (number listed)"] = rows
    _print_missing(listed, json.loads(_run(contenders[0])[1]))
    return tables


def measure_explain(holdfast: tuple[str, ...], base: str, work: Path, rounds: int) -> list[Result]:
    """Time `holdfast explain` beside starting Python with the modules that any such command needs."""
    environment = work / "explained" / ".venv"
    subprocess.run([base, "-I", "-m", "venv", "--without-pip", environment], check=True)
    names = {
        "holdfast explain": [*holdfast, "explain", str(environment / "bin" / "python")],
        "importing four modules": [base, "-I", "-c", "import argparse, json, pathlib, dataclasses"],
        "starting Python": [base, "-I", "-c", ""],
    }
    times: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name, command in names.items():
            times[name].append(timed(command))
    return [Result(name, tuple(values)) for name, values in times.items()]


def _run(finder: Finder) -> tuple[float, str]:
    begin = time.perf_counter()
    done = subprocess.run(
        finder.command,
        env={**os.environ, **finder.variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - begin
    if done.returncode:
        sys.exit(f"{finder.name} failed:\n{done.stdout}{done.stderr}")
    return took, done.stdout


def _measure_helper(holdfast: tuple[str, ...], rounds: int) -> list[float]:
    with Helper([*holdfast, "server"]) as helper:
        helper.initialize()
        helper.request("holdfast/interpreters", {})
        times = []
        for _ in range(rounds):
            begin = time.perf_counter()
            helper.request("holdfast/interpreters", {})
            times.append(time.perf_counter() - begin)
    return times


def _print_missing(listed: dict[str, frozenset[str]], ours: dict[str, Any]) -> None:
    """Say what a peer lists and Holdfast does not, not even as a shim: the comparison would be unfair."""
    known = {name for one in ours["interpreters"] for name in (one["path"], *one["aliases"])}
    for name, paths in listed.items():
        missing = [path for path in sorted(paths) if not _is_among(path, known) and not _is_environment(path)]
        if missing:
            print(f"\n{name} lists, and holdfast find does not: {', '.join(missing)}")


def _is_among(path: str, known: set[str]) -> bool:
    return any(os.path.exists(name) and os.path.samefile(name, path) for name in known)


def _is_environment(path: str) -> bool:
    return bool(output(path, "-c", "import sys; print(sys.prefix != sys.base_prefix or '')"))
