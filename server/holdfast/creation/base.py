"""Choosing the interpreter that a new environment rests on."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from holdfast.discovery.finder import Found, find_interpreters
from holdfast.environments.base import true_base
from holdfast.environments.environment import describe_environment
from holdfast.errors import HoldfastError
from holdfast.interpreters.interpreter import OLDEST, Interpreter, owning_environment
from holdfast.interpreters.notations import parse_request
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.request import VersionRequest
from holdfast.workspace.choice import choose_installed
from holdfast.workspace.requests import ProjectRequests, project_requests


@dataclass(frozen=True)
class Base:
    """An interpreter and the path by which an environment will name it."""

    interpreter: Interpreter
    path: Path
    """The stable path; the real one where the user asked for a patch version."""
    reason: str | None = None
    """Which file of the project asked for it: "`.python-version` asks for 3.12"."""


def choose_base(
    request: str | None, reader: Reader, search: Iterable[Path] = (), project: Path | None = None
) -> Base:
    """The interpreter for a request: a path, `3.12`, `3.12.6`, `>=3.10`, or None for the usual one.

    The usual one is what the files of the project in the folder `project` ask for; where they ask for none,
    what PATH starts. `3.12` floats on the stable path, `3.12.6` pins. Raises UsageError for a request that is
    none and HoldfastError where nothing fits or what fits cannot carry an environment.
    """
    if request and _is_path(request):
        interpreter = _at(Path(os.path.expanduser(request)).absolute(), reader)
        return Base(interpreter, _suitable(interpreter))
    if request is None:
        return _usual(project, search, reader)
    wanted = parse_request(request)
    interpreter = _first_fit(wanted, find_interpreters(reader, search))
    stable = _suitable(interpreter)
    return Base(interpreter, interpreter.real if wanted.pins else stable)


def _is_path(request: str) -> bool:
    return os.sep in request or (os.altsep or os.sep) in request or request.startswith("~")


def _at(path: Path, reader: Reader) -> Interpreter:
    interpreter = reader.ask(path)
    if interpreter.state == "environment":
        # An environment made from an environment would die with it: rest on what that one rests on.
        owner = owning_environment(interpreter.chain, reader.host)
        environment = describe_environment(owner, reader.host) if owner else None
        base = true_base(environment, reader) if environment else None
        if base is None:
            raise HoldfastError(f"{path} belongs to an environment whose base is gone. Repair it first.")
        return base
    if not interpreter.usable:
        raise HoldfastError(f"{path} cannot be used as a base: {interpreter.error}.")
    return interpreter


def _usual(project: Path | None, search: Iterable[Path], reader: Reader) -> Base:
    host = reader.host
    nothing = ProjectRequests(host.home, (host.home,), (), ())
    asked = project_requests(project, host) if project else nothing
    choice = choose_installed(asked, find_interpreters(reader, search), reader)
    # What stands above the project is a person's default; what stands in it is meant for this environment.
    if unmet := next((one for one in choice.unmet if one.asked.file.is_relative_to(asked.root)), None):
        raise HoldfastError(f"{unmet.why}. Install it, or name the Python to use.")
    if choice.interpreter is None:  # an installed one always is known
        raise HoldfastError("No Python was found on this machine. Install one, or name its path.")
    _suitable(choice.interpreter)
    return Base(choice.interpreter, choice.path, choice.reason if asked.asked else None)


def _first_fit(wanted: VersionRequest, found: tuple[Found, ...]) -> Interpreter:
    for one in found:
        if wanted.fits(one.interpreter):
            return one.interpreter
    raise HoldfastError(f"No installed Python fits “{wanted.text}”. `holdfast find` lists what there is.")


def _suitable(interpreter: Interpreter) -> Path:
    if interpreter.implementation != "cpython":
        raise HoldfastError("Holdfast cannot create environments for PyPy yet. Choose a CPython.")
    if not interpreter.carries_environments or interpreter.stable is None:
        oldest = ".".join(map(str, OLDEST))
        raise HoldfastError(f"Python {interpreter.version} is too old: environments need {oldest} or newer.")
    return interpreter.stable
