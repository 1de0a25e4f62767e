"""The base interpreter of an environment, through any depth of environments made from environments."""

import os
from pathlib import Path

from holdfast.environments.environment import Environment, describe_environment
from holdfast.interpreters.interpreter import Interpreter, describe, owning_environment

_DEEPEST = 40


def true_base(environment: Environment, *, windows: bool = False) -> Interpreter | None:
    """The interpreter that an environment rests on; None where the way to it is broken.

    Below 3.11 stdlib venv and uv record the outer environment as `home`, so that folder is followed on.
    """
    for _ in range(_DEEPEST):
        interpreter = _named_base(environment, windows=windows)
        if interpreter is None or interpreter.state != "environment":
            return interpreter if interpreter and interpreter.usable else None
        owner = owning_environment(interpreter.chain)
        if owner is None:
            return None
        environment = describe_environment(owner, windows=windows)
    return None


def _named_base(environment: Environment, *, windows: bool) -> Interpreter | None:
    chain = environment.python
    if chain.state == "ok":
        inside = os.path.join(environment.path, "")
        for spelling in chain.spellings:
            if not os.fspath(spelling).startswith(inside):
                return describe(spelling, windows=windows)
    if environment.home is None:
        return None
    home = environment.home.start
    found = (describe(home / name, windows=windows) for name in _names(environment))
    return next((base for base in found if base.state in ("ok", "environment")), None)


def _names(environment: Environment) -> tuple[str | Path, ...]:
    tag = environment.tag
    return (*((tag,) if tag else ()), "python3", environment.layout.python)
