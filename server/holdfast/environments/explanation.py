"""Explaining a path: where it leads hop by hop, which interpreter that is, and what of it will last."""

import os
from pathlib import Path

from holdfast.environments.base import true_base
from holdfast.environments.environment import Environment, describe_environment
from holdfast.environments.layout import CONFIG
from holdfast.files.reading import is_folder
from holdfast.interpreters.interpreter import Interpreter, owning_environment
from holdfast.interpreters.landmark import is_root, tag_of
from holdfast.interpreters.prefix import prefix_at
from holdfast.interpreters.reader import Reader
from holdfast.links.trail import Leg, Trail, trace, trace_from
from holdfast.links.written import Surroundings, home_hop
from holdfast.typed import TYPE_CHECKING
from holdfast.values import NamedTuple

if TYPE_CHECKING:
    from holdfast.interpreters.startup import Startup


class Explanation(NamedTuple):
    """What a path is."""

    path: Path
    """As it was asked for."""
    trail: Trail
    aside: tuple[Leg, ...]
    """What `home` says, where the interpreter of the environment does not come to it by links."""
    environment: Environment | None
    """The environment that the path is, lies in or leads to."""
    interpreter: Interpreter | None
    """The base interpreter that the path leads to in the end; None where it leads to none."""
    startup: "Startup | None"
    """What the environment's interpreter finds when it is started; only where `home` leaves that open."""

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Every hop, those of `home` last."""
        return (*self.trail.legs, *self.aside)


def explain(path: Path, around: Surroundings, reader: Reader) -> Explanation:
    """Say what an absolute path is. Nothing is executed.

    An environment, its pyvenv.cfg and an installation's folder stand for their interpreter.
    """
    trail = _onward(trace(path.parent if path.name == CONFIG else path, around), around)
    environment = _environment_on(trail, reader)
    interpreter = _interpreter_of(trail, environment, reader)
    return Explanation(
        path=path,
        trail=trail,
        aside=_aside(environment, trail, around) if environment else (),
        environment=environment,
        interpreter=interpreter,
        startup=_startup(environment, interpreter, reader) if environment else None,
    )


def _onward(trail: Trail, around: Surroundings) -> Trail:
    """On from a folder to the interpreter for which it stands."""
    executable = _executable_of(trail.chain.start, around) if trail.state == "ok" else None
    if executable is None:
        return trail
    rest = trace(executable, around)
    # The links to the folder are met again on the way to what is in it.
    before = trail.legs[: len(trail.legs) - len(trail.chain.hops)]
    return Trail(trail.start, (*before, *rest.legs), rest.chain, rest.state)


def _executable_of(folder: Path, around: Surroundings) -> Path | None:
    if not is_folder(folder):
        return None
    if os.path.lexists(folder / CONFIG):
        return describe_environment(folder, around.host).interpreter
    prefix = prefix_at(folder, None, windows=around.host.windows)
    if prefix is None:
        return None
    if around.host.windows:
        return folder / "python.exe"
    is_prefix = not is_root(Path(os.path.realpath(folder)), around.host)  # `/lib` may be a link to `/usr/lib`
    return folder / "bin" / prefix.tag if is_prefix else None


def _environment_on(trail: Trail, reader: Reader) -> Environment | None:
    """The first environment on the way, by any spelling."""
    spellings = (trail.start, *(leg.hop.after for leg in trail.legs), *trail.chain.spellings)
    for spelling in dict.fromkeys(spellings):
        for folder in (spelling, spelling.parent, spelling.parent.parent):
            if (
                reader.host.mounts.silent(folder) is None
                and os.path.lexists(folder / CONFIG)
                and prefix_at(folder, None, windows=reader.host.windows) is None
            ):
                return describe_environment(folder, reader.host)
    return None


def _aside(environment: Environment, trail: Trail, around: Surroundings) -> tuple[Leg, ...]:
    if any(leg.hop.kind == "config" for leg in trail.legs):
        return ()
    hop = home_hop(environment.config_path, (), around)
    if hop is None:
        return ()
    return trace_from(hop, around)


def _interpreter_of(trail: Trail, environment: Environment | None, reader: Reader) -> Interpreter | None:
    if environment:
        return true_base(environment, reader)
    interpreter = reader.describe(trail.chain.start)
    owner = owning_environment(interpreter.chain, reader.host) if interpreter.state == "environment" else None
    return true_base(describe_environment(owner, reader.host), reader) if owner else interpreter


def _startup(environment: Environment, base: Interpreter | None, reader: Reader) -> "Startup | None":
    """The prediction of a start, which reads large files: not for the many whose `home` is their base's."""
    home = environment.home
    if home is None or environment.python.state != "ok" or home.state == "silent":
        return None
    if base and home.state == "ok" and home.end == base.real.parent:
        return None
    tag = (base.tag if base else None) or tag_of(environment.python.end.name) or environment.tag
    return reader.startup(environment.interpreter, tag) if tag else None
