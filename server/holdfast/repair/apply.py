"""Applying a fix: all of its steps or none."""

from collections.abc import Callable
from pathlib import Path

from holdfast.errors import ChangedError, HoldfastError
from holdfast.repair.fix import Fix
from holdfast.repair.steps import Step


def apply_fix(fix: Fix, *, refuse: Callable[[Path], str | None] = lambda _: None) -> None:
    """Carry a fix out.

    `refuse` may name a reason why a file must not be touched now (an editor holds unsaved changes of it).
    Raises ChangedError where something is not as the plan saw it and HoldfastError where a step fails; in
    both cases everything is as before.
    """
    for step in fix.steps:
        if reason := refuse(step.touches):
            raise ChangedError(reason)
        step.expect()
    done: list[Step] = []
    for step in fix.steps:
        try:
            step.apply()
        except BaseException as error:  # also Ctrl+C: half a repair is none
            _take_back(done)
            if not isinstance(error, OSError):
                raise
            reason = error.strerror or str(error)
            raise HoldfastError(f"{step}: {reason}. Nothing was changed.") from error
        done.append(step)


def _take_back(done: list[Step]) -> None:
    for step in reversed(done):
        step.revert()
