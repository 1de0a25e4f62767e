"""`holdfast repair`."""

import argparse
import os
import sys
from pathlib import Path

from holdfast.cli.output import paint, print_json, say, warn
from holdfast.cli.paths import environment_at, environments_below
from holdfast.errors import HoldfastError, UsageError
from holdfast.host import Host
from holdfast.interpreters.memory import user_memory
from holdfast.repair.machine import Machine
from holdfast.repair.repairing import Repair, carry_out, plan_repair
from holdfast.repair.report import repair_json


def run(options: argparse.Namespace) -> int:
    """Show the plan of each environment and carry it out; 1 where a problem remains.

    As JSON one environment is one object; several, or `--all`, are a list of them.
    """
    machine = Machine(Host.current(), memory=user_memory())
    environments = _environments(options)
    text = options.format == "text"
    if not text and not options.yes and not options.dry_run:
        raise UsageError("JSON cannot ask. Add --yes to repair, or --dry-run to look.")
    if text and not environments:
        say("No environments were found.")
    repairs = []
    for environment in environments:
        plan = plan_repair(environment, machine)
        if text:
            _print_plan(plan)
        done = carry_out(plan, machine) if plan.planned and _is_agreed(options) else plan
        if text:
            _print_result(done)
        repairs.append(done)
    if not text:
        documents = [repair_json(done) for done in repairs]
        print_json(documents[0] if len(environments) == 1 and not options.all else documents)
    remaining = (finding.problem.severity for done in repairs for finding in done.remaining)
    return 1 if any(severity in ("error", "warning") for severity in remaining) else 0


def _environments(options: argparse.Namespace) -> list[Path]:
    if options.all and options.environments:
        raise UsageError("Name environments or use --all, not both.")
    if options.all:
        return list(environments_below(["."]))
    if not options.environments and not os.path.lexists(".venv"):
        raise UsageError(
            "There is no .venv here. Name an environment, or use --all for all below this folder."
        )
    return [environment_at(text) for text in options.environments or [".venv"]]


def _is_agreed(options: argparse.Namespace) -> bool:
    """Ask on a terminal; elsewhere nobody can answer, so `--yes` must have been given."""
    if options.dry_run or options.yes:
        return bool(options.yes and not options.dry_run)
    if sys.stdin is None or not sys.stdin.isatty():
        raise HoldfastError(
            "This would change files and nobody can be asked here. Add --yes to repair, or --dry-run to look."
        )
    sys.stderr.write("Do this? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _print_plan(plan: Repair) -> None:
    if not plan.planned and not plan.remaining:
        say(f"{plan.environment}: nothing to repair.")
        return
    say(paint(str(plan.environment), "bold"))
    for finding in plan.remaining:
        say(f"  {finding.message} [{finding.problem.rule}]")
    for fix in plan.planned:
        say(f"  {paint('fix', 'green')}: {fix.title}")
        for step in fix.steps:
            say(f"    · {step}")


def _print_result(done: Repair) -> None:
    if done.applied:
        say(f"  {paint('Repaired', 'green')}.")
        for finding in done.remaining:
            warn(f"  {finding.message} [{finding.problem.rule}]")
    elif done.planned:
        say("  Nothing was changed.")
