"""Measure Holdfast beside venv, virtualenv and uv, in one run, and print ratios.

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
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

BIN = "Scripts" if os.name == "nt" else "bin"


@dataclass(frozen=True)
class Contender:
    """A command that is measured; `{}` in it stands for the folder of the round."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """The times of one contender, in seconds."""

    name: str
    times: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the times."""
        return statistics.median(self.times)


def main() -> int:
    """Measure everything, print the tables, and write the numbers as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True, help="the Python that environments come from")
    parser.add_argument("--launch", required=True, help="server/launch.py")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--environments", type=int, default=50)
    parser.add_argument("--output", help="a file for the numbers")
    options = parser.parse_args()
    holdfast = (options.base, "-I", options.launch)
    about = describe(options.base, holdfast)
    print_about(about)
    tables: dict[str, list[Result]] = {}
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        work = Path(os.path.realpath(folder))
        for title, pip in (("create, with pip", True), ("create, without pip", False)):
            contenders = creators(options.base, holdfast, pip=pip)
            tables[title] = measure_creation(contenders, work, options.rounds, pip=pip)
            print_table(title, tables[title])
        title = f"check {options.environments} environments"
        tables[title] = measure_check(options, holdfast, work)
        print_table(title, tables[title])
    print_explanation(options)
    if options.output:
        numbers = {
            title: {result.name: list(result.times) for result in results}
            for title, results in tables.items()
        }
        text = json.dumps({"about": about, "seconds": numbers}, indent=2)
        Path(options.output).write_text(text + "\n", encoding="utf-8")
    return 0


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


def timed(command: list[str]) -> float:
    """Seconds that a command takes. It must succeed."""
    begin = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    took = time.perf_counter() - begin
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return took


def prove(environment: Path, *, pip: bool) -> None:
    """See that an environment works, and has pip exactly if it should."""
    python = environment / BIN / "python"
    prefix = output(str(python), "-I", "-c", "import sys; print(sys.prefix)")
    if Path(prefix) != environment:
        sys.exit(f"{environment} does not work: its prefix is {prefix or 'unknown'}")
    found = subprocess.run([python, "-I", "-m", "pip", "--version"], capture_output=True, check=False)
    if (found.returncode == 0) != pip:
        sys.exit(f"{environment} {'lacks' if pip else 'has'} pip.")


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
    }


def output(*command: str) -> str:
    """What a command prints on standard output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


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


def print_table(title: str, results: list[Result]) -> None:
    """Print the medians, their spread, and each one as a multiple of the first."""
    print(f"\n{title}")
    print(f"  {'':<26}{'median':>10}{'fastest':>10}{'slowest':>10}{'ratio':>8}")
    for result in results:
        spread = f"{milliseconds(min(result.times)):>10}{milliseconds(max(result.times)):>10}"
        ratio = result.median / results[0].median
        print(f"  {result.name:<26}{milliseconds(result.median):>10}{spread}{ratio:>8.2f}")


def milliseconds(value: float) -> str:
    """Write a time for the table."""
    return f"{value * 1000:.0f} ms"


def print_explanation(options: argparse.Namespace) -> None:
    """Say what the numbers mean, and what they do not."""
    print(f"""
ratio: the median as a multiple of Holdfast's; above 1 is slower than Holdfast, below 1 faster.
Medians of {options.rounds} interleaved rounds; one round before them fills caches and is not counted.
Times are whole commands. All but uv start a Python first; uv is a compiled program.
virtualenv, uv and Holdfast seed pip from a cache or a wheel that they keep; venv unpacks it anew.
check reads files and starts nothing; starting each interpreter is what one would do without it,
and tells only whether it starts. holdfast --version is the part of a check that is mere start-up.""")


if __name__ == "__main__":
    sys.exit(main())
