"""The fix of a `home` that is gone while the interpreter is there: name the base that it really has."""

from collections.abc import Iterable

from holdfast.environments.base import linked_base
from holdfast.environments.environment import Environment
from holdfast.files.reading import have_same_bytes
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.reader import Reader
from holdfast.repair.fix import Fix
from holdfast.repair.rebase import fitting, record_base, stays_inside


def plan_rehome(environment: Environment, interpreters: Iterable[Interpreter], reader: Reader) -> Fix | None:
    """A plan that changes `home` alone; None where the right one is not known for sure.

    A link says what the base is. A copy fits only the build that it was copied from: another patch, or
    another build of the same, starts and then fails to import what is compiled.
    """
    base = _base_of_link(environment, reader) or _base_of_copy(environment, interpreters)
    if base is None or base.stable is None:
        return None
    steps = record_base(environment, base, base.stable)
    if not steps or not all(stays_inside(environment, step.touches) for step in steps):
        return None
    return Fix(
        id=f"rehome:{base.stable}",
        title=f"Name the folder of Python {base.version} as home ({base.stable.parent})",
        environment=environment.path,
        steps=steps,
    )


def _base_of_link(environment: Environment, reader: Reader) -> Interpreter | None:
    base = linked_base(environment, reader)
    return base if base and base.usable else None


def _base_of_copy(environment: Environment, interpreters: Iterable[Interpreter]) -> Interpreter | None:
    if not environment.holds_own_executable:
        return None
    own = environment.interpreter
    return next((i for i in fitting(environment, interpreters) if have_same_bytes(own, i.real)), None)
