"""The base interpreter of an environment, through any depth of environments made from environments."""

from holdfast.environments.environment import Environment, describe_environment
from holdfast.interpreters.interpreter import Interpreter, owning_environment
from holdfast.interpreters.reader import Reader
from holdfast.links.chain import LinkChain, follow

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
        environment = describe_environment(owner, reader.host)
    return None


def linked_base(environment: Environment, reader: Reader) -> Interpreter | None:
    """What the links from its own `python` lead to outside; None where it is a copy or leads nowhere."""
    return _outside(environment, environment.python, reader)


def recorded_bases(environment: Environment, reader: Reader) -> tuple[Interpreter, ...]:
    """What an environment whose `python` is broken still says of its base, by its other names and `home`."""
    folder = environment.path / environment.layout.scripts
    others = [_outside(environment, follow(folder / name), reader) for name in interpreter_names(environment)]
    named = _named_base(environment, reader)
    return tuple(base for base in (*others, named) if base and base.usable)


def interpreter_names(environment: Environment) -> tuple[str, ...]:
    """The names by which an environment's interpreter is called, the plain one first."""
    return tuple(dict.fromkeys((environment.layout.python, "python3", environment.tag or "python3")))


def _outside(environment: Environment, chain: LinkChain, reader: Reader) -> Interpreter | None:
    """The first name outside of the environment on a chain that leads to a file."""
    if chain.state != "ok":
        return None
    outside = (path for path in chain.spellings if not environment.holds(path))
    return next((reader.describe(path) for path in outside), None)


def _named_base(environment: Environment, reader: Reader) -> Interpreter | None:
    if environment.home is None:
        return None
    home = environment.home.start
    found = (reader.describe(home / name) for name in reversed(interpreter_names(environment)))
    return next((base for base in found if base.state in ("ok", "environment")), None)
