"""`holdfast repair`."""

import argparse
import sys
from pathlib import Path

from holdfast.cli.output import paint, print_json, say, warn
from holdfast.cli.paths import environment_at, environments_below
from holdfast.errors import HoldfastError, UsageError
from holdfast.host import Host
from holdfast.repair.repairing import Repair, repair
from holdfast.repair.report import repair_json
from holdfast.repair.survey import Machine


def run(options: argparse.Namespace) -> int:
    """Show the plan of each environment and carry it out; 1 where a problem remains."""
    machine = Machine(Host.current())
    environments = _environments(options)
    if options.format == "json" and len(environments) != 1:
        raise UsageError("JSON speaks of one environment: name it.")
    remains = False
    for environment in environments:
        done = _repair(environment, machine, options)
        (print_json(repair_json(done)) if options.format == "json" else _print(done))
        remains = remains or bool(done.remaining)
    return 1 if remains else 0


def _environments(options: argparse.Namespace) -> list[Path]:
    if options.all and options.environments:
        raise UsageError("Name environments or use --all, not both.")
    if options.all:
        return list(environments_below(["."]))
    return [environment_at(text) for text in options.environments or [".venv"]]


def _repair(environment: Path, machine: Machine, options: argparse.Namespace) -> Repair:
    plan = repair(environment, machine, dry_run=True)
    if options.dry_run or not plan.planned or not (options.yes or _agreed(plan)):
        return plan
    return repair(environment, machine)


def _agreed(plan: Repair) -> bool:
    """Ask on a terminal; elsewhere nobody can answer, so `--yes` must have been given."""
    if not sys.stdin.isatty():
        raise HoldfastError(
            "This would change files and nobody can be asked here. Add --yes to repair, or --dry-run to look."
        )
    _print_plan(plan)
    sys.stderr.write("Do this? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _print_plan(done: Repair) -> None:
    say(paint(str(done.environment), "bold"))
    for fix in done.planned:
        say(f"  {fix.title}")
        for step in fix.steps:
            say(f"    · {step}")


def _print(done: Repair) -> None:
    if not done.planned and not done.remaining:
        say(f"{done.environment}: nothing to repair.")
        return
    _print_plan(done)
    if done.applied:
        say(f"  {paint('Repaired', 'green')}.")
    elif done.planned:
        say("  Nothing was changed.")
    for finding in done.remaining:
        warn(f"  {finding.message} [{finding.problem.rule}]")
