"""What is common to all measurements: contenders, their times, tables."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """The times of one contender, in seconds."""

    name: str
    times: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the times."""
        return statistics.median(self.times)


def timed(command: list[str]) -> float:
    """Seconds that a command takes. It must succeed."""
    begin = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    took = time.perf_counter() - begin
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return took


def output(*command: str) -> str:
    """What a command prints on standard output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


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
