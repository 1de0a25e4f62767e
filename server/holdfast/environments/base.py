"""The base interpreter of an environment, through any depth of environments made from environments."""

import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.environments.environment import Environment, describe_environment
from holdfast.files.reading import Unreadable
from holdfast.interpreters.interpreter import Interpreter, owning_environment
from holdfast.interpreters.reader import Reader
from holdfast.links.chain import LinkChain, follow

_EXECUTABLES = ("base-executable", "executable")
"""Keys of pyvenv.cfg for the base's executable: virtualenv has both, stdlib venv the second from 3.11 on."""


def true_base(environment: Environment, reader: Reader) -> Interpreter | None:
    """The interpreter that an environment rests on; None where the way to it is broken.

    Below 3.11 stdlib venv and uv record the outer environment as `home`, so that folder is followed on. An
    environment of conda is its own base.
    """
    seen = set()
    while environment.real not in seen:
        seen.add(environment.real)
        if environment.kind == "conda":
            return _usable(reader.describe(environment.interpreter))
        interpreter = _next(environment, reader)
        if interpreter is None or interpreter.state != "environment":
            return interpreter
        owner = owning_environment(interpreter.chain, reader.host)
        if owner is None:
            return None
        environment = describe_environment(owner, reader.host)
    return None


def outer_environment(environment: Environment, reader: Reader) -> Path | None:
    """The environment from which another one was made and on which it rests; None where that is a base."""
    interpreter = _next(environment, reader) if environment.kind != "conda" else None
    if interpreter is None or interpreter.state != "environment":
        return None
    return owning_environment(interpreter.chain, reader.host)


def _next(environment: Environment, reader: Reader) -> Interpreter | None:
    """What an environment rests on: a base, or the interpreter of another environment."""
    linked = linked_base(environment, reader)
    found = (linked, *(() if linked and _leads_on(linked) else _named_bases(environment, reader)))
    return next((one for one in found if one and _leads_on(one)), None)


def linked_base(environment: Environment, reader: Reader) -> Interpreter | None:
    """What the links from its own `python` lead to outside; None where it is a copy or leads nowhere."""
    return _outside(environment, environment.python, reader)


def recorded_bases(environment: Environment, reader: Reader) -> tuple[Interpreter, ...]:
    """What an environment whose `python` is broken still says of its base.

    By its other names, by `home`, and by the executables that pyvenv.cfg names.
    """
    folder = environment.path / environment.layout.scripts
    others = [
        _outside(environment, follow(folder / name, reader.host.mounts), reader)
        for name in interpreter_names(environment)
    ]
    recorded = (reader.host.at(text) for text in _recorded(environment) if reader.host.is_absolute(text))
    executables = (reader.describe(path) for path in recorded if not environment.holds(path))
    found = (*others, *_named_bases(environment, reader), *executables)
    return tuple(dict.fromkeys(base for base in found if base and base.usable))


def interpreter_names(environment: Environment) -> tuple[str, ...]:
    """The names by which an environment's interpreter is called, the plain one first."""
    return tuple(dict.fromkeys((environment.layout.python, "python3", environment.tag or "python3")))


def _usable(interpreter: Interpreter) -> Interpreter | None:
    return interpreter if interpreter.usable else None


def _leads_on(interpreter: Interpreter) -> bool:
    """Whether it is a base, or on the way to one."""
    return interpreter.state in ("ok", "environment")


def _outside(environment: Environment, chain: LinkChain, reader: Reader) -> Interpreter | None:
    """The first name outside of the environment on a chain that leads to a file."""
    if chain.state != "ok":
        return None
    outside = (path for path in chain.spellings if not environment.holds(path))
    return next((reader.describe(path) for path in outside), None)


def _named_bases(environment: Environment, reader: Reader) -> Iterator[Interpreter]:
    """The interpreters in the folder that `home` names, those first that the environment calls by name.

    On POSIX only one of its own X.Y: a copied executable needs just that, and beside it in `/usr/bin` stand
    others. The redirector of Windows starts whatever is there.
    """
    if environment.home is None:
        return
    for name in _names_in_home(environment):
        base = reader.describe(environment.home.start / name)
        if _leads_on(base) and (reader.host.windows or _fits(base, environment)):
            yield base


def _names_in_home(environment: Environment) -> tuple[str, ...]:
    recorded = (re.split(r"[\\/]", text)[-1] for text in _recorded(environment))
    return tuple(dict.fromkeys((*recorded, *reversed(interpreter_names(environment)))))


def _recorded(environment: Environment) -> tuple[str, ...]:
    """The executables of its base that pyvenv.cfg names."""
    config = environment.config
    values = () if isinstance(config, Unreadable) else (config.value(key) for key in _EXECUTABLES)
    return tuple(text for text in values if text)


def _fits(base: Interpreter, environment: Environment) -> bool:
    """Whether a base is of the environment's X.Y and implementation, as far as that is known."""
    recorded = environment.recorded_version
    if base.version and recorded and base.version.series != recorded.series:
        return False
    known = {base.implementation, environment.implementation} - {"unknown"}
    return len(known) <= 1
