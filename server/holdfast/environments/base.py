"""The base interpreter of an environment, through any depth of environments made from environments."""

import os
from pathlib import Path

from holdfast.environments.environment import Environment, describe_environment
from holdfast.interpreters.interpreter import Interpreter, owning_environment
from holdfast.interpreters.reader import Reader

_DEEPEST = 40


def true_base(environment: Environment, reader: Reader) -> Interpreter | None:
    """The interpreter that an environment rests on; None where the way to it is broken.

    Below 3.11 stdlib venv and uv record the outer environment as `home`, so that folder is followed on.
    """
    for _ in range(_DEEPEST):
        interpreter = linked_base(environment, reader) or _named_base(environment, reader)
        if interpreter is None or interpreter.state != "environment":
            return interpreter if interpreter and interpreter.usable else None
        owner = owning_environment(interpreter.chain)
        if owner is None:
            return None
        environment = describe_environment(owner, windows=reader.windows)
    return None


def linked_base(environment: Environment, reader: Reader) -> Interpreter | None:
    """What the links from its own `python` lead to outside; None where it is a copy or leads nowhere."""
    chain = environment.python
    if chain.state != "ok":
        return None
    inside = os.path.join(environment.path, "")
    outside = (path for path in chain.spellings if not os.fspath(path).startswith(inside))
    return next((reader.describe(path) for path in outside), None)


def _named_base(environment: Environment, reader: Reader) -> Interpreter | None:
    if environment.home is None:
        return None
    home = environment.home.start
    found = (reader.describe(home / name) for name in _names(environment))
    return next((base for base in found if base.state in ("ok", "environment")), None)


def _names(environment: Environment) -> tuple[str | Path, ...]:
    tag = environment.tag
    return (*((tag,) if tag else ()), "python3", environment.layout.python)
