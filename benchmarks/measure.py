"""Measure Holdfast beside the tools that one would pick instead, in one run, and print ratios.

Run by `npm run bench`: `python measure.py --base PYTHON --launch LAUNCH --rounds N --environments N`.
Every tool makes the same thing from the same Python on the same disk; rounds are interleaved, so that
whatever else the machine does hits all of them; each time is a whole command, start-up included.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from checking import measure_check
from contest import Result, output, print_table
from creating import measure_creation, uv
from finding import measure_explain, measure_find
from many import SCRIPTS, make_many
from serving import measure_change, measure_start


def main() -> int:
    """Measure everything, print the tables, and write the numbers as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True, help="the Python that environments come from")
    parser.add_argument("--launch", required=True, help="server/launch.py")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--environments", type=int, default=1000)
    parser.add_argument("--output", help="a file for the numbers")
    options = parser.parse_args()
    holdfast = (options.base, "-I", "-S", options.launch)
    about = describe(options.base, holdfast)
    print_about(about)
    tables: dict[str, list[Result]] = {}
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        work = Path(os.path.realpath(folder))
        for title, pip in (("create, with pip", True), ("create, without pip", False)):
            tables[title] = measure_creation(options.base, holdfast, work, options.rounds, pip=pip)
            print_table(title, tables[title])
        many = work / "environments"
        environments = make_many(options.base, holdfast, many, options.environments)
        title = f"check {len(environments)} environments with {SCRIPTS} scripts each"
        tables[title], memory = measure_check(environments, holdfast, many, options.rounds)
        print_table(title, tables[title])
        print(f"  most memory of a check: {memory:.0f} MB")
        title = f"running helper, {len(environments)} environments"
        tables[title], held = measure_change(environments, holdfast, many, options.rounds)
        print_table(title, tables[title])
        print("  memory: " + ", ".join(f"{megabytes:.0f} MB {when}" for when, megabytes in held.items()))
        tables["start"] = measure_start(options.base, Path(options.launch), work, options.rounds)
        print_table("start", tables["start"])
        for title, results in measure_find(holdfast, work, options.rounds).items():
            tables[title] = results
            print_table(title, results)
        tables["explain"] = measure_explain(holdfast, options.base, work, options.rounds)
        print_table("explain", tables["explain"])
    print_explanation(options)
    if options.output:
        numbers = {
            title: {result.name: list(result.times) for result in results}
            for title, results in tables.items()
        }
        text = json.dumps(
            {"about": about, "seconds": numbers, "megabytes": {"check": memory, **held}}, indent=2
        )
        Path(options.output).write_text(text + "\n", encoding="utf-8")
    return 0


def describe(base: str, holdfast: tuple[str, ...]) -> dict[str, str]:
    """Say what is compared, on which machine."""
    here = sys.executable
    return {
        "machine": f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "disk": file_system(tempfile.gettempdir()),
        "environments from": f"{base} ({output(base, '-I', '--version')})",
        "holdfast": output(*holdfast, "--version"),
        "venv": f"of {output(base, '-I', '--version')}",
        "virtualenv": output(here, "-m", "virtualenv", "--version").split(" from ")[0],
        "uv": output(uv(), "--version"),
        "findpython": version("findpython"),
        "python-discovery": version("python-discovery"),
    }


def processor() -> str:
    """Name the processor, as well as this system knows it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def file_system(folder: str) -> str:
    """Name the file system of a folder, where that can be told."""
    return output("stat", "-f", "-c", "%T", folder) if shutil.which("stat") else "unknown"


def print_about(about: dict[str, str]) -> None:
    """Print what is compared."""
    for name, value in about.items():
        print(f"{name:<18} {value}")


def print_explanation(options: argparse.Namespace) -> None:
    """Say what the numbers mean, and what they do not."""
    print(f"""
ratio: the median as a multiple of Holdfast's; above 1 is slower than Holdfast, below 1 faster.
Medians of {options.rounds} interleaved rounds; one round before them fills caches and is not counted.
Times are whole commands. All but uv start a Python first; uv is a compiled program.
virtualenv, uv and Holdfast seed pip from a cache or a wheel that they keep; venv unpacks it anew.
check reads files and starts nothing; starting each interpreter is what one would do without it,
and tells only whether it starts. holdfast --version is the part of a check that is mere start-up.
running helper: from the event that tells of a changed link to the problem, or to its end, in the editor.
start: from starting the process; a bare pygls server is the least that any language server in Python takes.
find: cold is with the tools' own caches empty (the system's cache of files is warm in all rows); the number
behind a name is how many interpreters it lists. The peers start what they find; Holdfast reads.""")


if __name__ == "__main__":
    sys.exit(main())
