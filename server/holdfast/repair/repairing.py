"""Repairing an environment: plan its fixes, apply one, look again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from holdfast.errors import HoldfastError
from holdfast.repair.apply import apply_fix
from holdfast.repair.fix import Finding, Fix
from holdfast.repair.survey import Machine, survey


@dataclass(frozen=True)
class Repair:
    """What was done to one environment."""

    environment: Path
    planned: tuple[Fix, ...]
    applied: tuple[Fix, ...]
    remaining: tuple[Finding, ...]


def repair(
    environment: Path,
    machine: Machine,
    *,
    fix_id: str | None = None,
    dry_run: bool = False,
    refuse: Callable[[Path], str | None] = lambda _: None,
) -> Repair:
    """Apply the preferred fixes of an environment, or the one named, and check it again.

    The plan is made anew from what is on the disk now. Raises HoldfastError where the named fix is not (or no
    longer) offered, or where applying it fails; then nothing was changed.
    """
    (looked,) = survey([environment], machine)
    offered = {fix.id: fix for finding in looked.findings for fix in finding.fixes}
    if fix_id is not None and fix_id not in offered:
        raise HoldfastError(f"This repair is no longer needed or possible for {environment}.")
    planned = tuple(
        fix for fix in offered.values() if (fix.preferred if fix_id is None else fix.id == fix_id)
    )
    if dry_run or not planned:
        return Repair(environment, planned, (), looked.findings)
    for fix in planned:
        apply_fix(fix, refuse=refuse)
    (after,) = survey([environment], machine)
    return Repair(environment, planned, planned, after.findings)
