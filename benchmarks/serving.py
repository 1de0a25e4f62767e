"""The helper in an editor: from its start to the first problem, and from a change to what comes of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from contest import Result
from creating import BIN
from helper import Helper

_GONE = "/nowhere/bin/python"
_QUIET = 0.3
"""Seconds before a change, in which nothing happens: the helper has asked to be told of what is new."""

_PUBLISH = "textDocument/publishDiagnostics"
_BARE = """
import sys
sys.path.insert(0, sys.argv[1])
from pygls.lsp.server import LanguageServer
LanguageServer("bare", "1").start_io()
"""
"""A server that knows nothing, on the libraries that the helper brings."""


def measure_start(base: str, launch: Path, work: Path, rounds: int) -> list[Result]:
    """Time the start of the helper in a small workspace to its first problem, beside a bare server."""
    folder = work / "small"
    environment = folder / ".venv"
    (environment / BIN).mkdir(parents=True)
    (environment / BIN / "python").symlink_to(_GONE)
    (environment / "pyvenv.cfg").write_text(
        f"home = {Path(_GONE).parent}\nversion = 3.12.1\n", encoding="utf-8"
    )
    ours = [base, "-I", "-S", str(launch), "server"]
    bare = [base, "-I", "-S", "-c", _BARE, str(launch.parent / "bundled")]
    times: dict[str, list[float]] = {"helper, to the first problem": [], "bare pygls, to initialize": []}
    answered: list[float] = []
    for _ in range(rounds + 1):
        begin = time.perf_counter()
        with Helper(ours) as helper:
            helper.initialize(folder)
            answered.append(time.perf_counter() - begin)
            helper.told(_PUBLISH)
            times["helper, to the first problem"].append(time.perf_counter() - begin)
        begin = time.perf_counter()
        with Helper(bare) as helper:
            helper.initialize(folder)
            times["bare pygls, to initialize"].append(time.perf_counter() - begin)
    results = [Result(name, tuple(values[1:])) for name, values in times.items()]
    return [*results, Result("helper, to initialize", tuple(answered[1:]))]


def measure_change(
    environments: list[Path], holdfast: tuple[str, ...], folder: Path, rounds: int
) -> tuple[list[Result], dict[str, float]]:
    """Time what a running helper takes from one change among many environments to its problem, and back.

    With the problem comes the plan that mends it, out of all interpreters of the machine. Beside it, a look
    at all environments in the same helper; and what that has in memory, in MB.
    """
    times: dict[str, list[float]] = {"a link breaks": [], "it is mended": [], "looking at all": []}
    breaks, mends, everything = times.values()
    with Helper([*holdfast, "server"]) as helper:
        helper.initialize(folder)
        helper.told("holdfast/looked")
        memory = {"after the first look": helper.memory}
        for number in range(rounds):
            environment = environments[(number * 37) % len(environments)]
            link = environment / BIN / "python"
            right = link.readlink()
            breaks.append(_change(helper, link, _as_after_upgrade(right)))
            mends.append(_change(helper, link, right))
            begin = time.perf_counter()
            helper.request("holdfast/check", {})
            everything.append(time.perf_counter() - begin)
        memory[f"after {2 * rounds} changes"] = helper.memory
    return [Result(name, tuple(values)) for name, values in times.items()], memory


def _as_after_upgrade(python: Path) -> Path:
    """Where an interpreter would be, of which a patch upgrade left another: in a folder beside its own."""
    prefix = python.parent.parent
    return prefix.with_name(f"{prefix.name}99") / BIN / python.name


def _change(helper: Helper, link: Path, target: Path) -> float:
    """Let a link lead elsewhere, tell of it as an editor does, and wait for what is said about it."""
    config = (link.parent.parent / "pyvenv.cfg").as_uri()
    breaks = not target.exists()

    def is_about_it(told: Any) -> bool:
        return bool(told["uri"] == config and bool(told["diagnostics"]) == breaks)

    time.sleep(_QUIET)
    link.unlink()
    link.symlink_to(target)
    begin = time.perf_counter()
    event = {"uri": link.as_uri(), "type": 1}
    helper.notify("workspace/didChangeWatchedFiles", {"changes": [event]})
    helper.told(_PUBLISH, is_about_it)
    took = time.perf_counter() - begin
    helper.told("holdfast/looked")
    return took
