"""Repairing an environment: plan its fixes, carry out what was shown, look again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from holdfast.environments.layout import CONFIG
from holdfast.environments.redirection import is_meant_as_environment
from holdfast.errors import HoldfastError
from holdfast.repair.apply import apply_fix
from holdfast.repair.fix import Finding, Fix
from holdfast.repair.machine import Machine
from holdfast.repair.survey import survey


@dataclass(frozen=True)
class Repair:
    """What is planned for, or was done to, one environment."""

    environment: Path
    planned: tuple[Fix, ...]
    applied: tuple[Fix, ...]
    remaining: tuple[Finding, ...]


def plan_repair(environment: Path, machine: Machine, fix_id: str | None = None) -> Repair:
    """The preferred fixes of an environment, or the one that is named; nothing is changed.

    Raises HoldfastError where the folder is no environment, or the named fix is not (or no longer) offered.
    """
    if not is_meant_as_environment(environment, machine.host):
        raise HoldfastError(f"{environment} is not an environment: it has no {CONFIG}.")
    (looked,) = survey([environment], machine)
    offered = {fix.id: fix for finding in looked.findings for fix in finding.fixes}
    if fix_id is not None and fix_id not in offered:
        raise HoldfastError(f"This repair is no longer needed or possible for {environment}.")
    planned = tuple(
        fix for fix in offered.values() if (fix.preferred if fix_id is None else fix.id == fix_id)
    )
    return Repair(environment, planned, (), looked.findings)


def carry_out(
    plan: Repair, machine: Machine, *, refuse: Callable[[Path], str | None] = lambda _: None
) -> Repair:
    """Apply the fixes of a plan as they are, and check the environment again.

    Raises HoldfastError where one cannot be applied, or is not what the plan saw; then nothing of it was
    changed. `refuse` may name a reason why a file must not be touched now.
    """
    for fix in plan.planned:
        apply_fix(fix, refuse=refuse)
    (after,) = survey([plan.environment], machine.anew())
    return Repair(plan.environment, plan.planned, plan.planned, after.findings)
