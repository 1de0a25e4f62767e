"""Choosing the interpreter that a new environment rests on."""

import os
from collections.abc import Iterable
from pathlib import Path

from holdfast.errors import HoldfastError
from holdfast.formats.pyvenv_cfg import can_hold
from holdfast.interpreters.interpreter import OLDEST, Interpreter, owning_environment
from holdfast.interpreters.reader import Reader
from holdfast.values import NamedTuple
from holdfast.workspace.root import project_root


class Base(NamedTuple):
    """An interpreter and the path by which an environment will name it."""

    interpreter: Interpreter
    path: Path
    """The stable path; the real one where the user asked for a patch version."""
    reason: str | None = None
    """Which file of the project asked for it: "`.python-version` asks for 3.12"."""
    not_followed: tuple[str, ...] = ()
    """What files of the project say in vain, as sentences."""


def choose_base(
    request: str | None, reader: Reader, search: Iterable[Path] = (), project: Path | None = None
) -> Base:
    """The interpreter for a request: a path, `3.12`, `3.12.6`, `>=3.10`, or None for the usual one.

    The usual one is what the files of the project in the folder `project` ask for; where they ask for none,
    what PATH starts. `3.12` floats on the stable path, `3.12.6` pins. A shim stands for what it would start
    in that folder. Raises UsageError for a request that is none and HoldfastError where nothing fits or what
    fits cannot carry an environment.

    An interpreter in the project itself is taken only by its path: creating starts it, and who opens a folder
    has not asked to run what is in it.
    """
    if request and _is_path(request):
        interpreter = _at(Path(os.path.expanduser(request)).absolute(), reader, project)
        return Base(interpreter, _suitable(interpreter))
    base = _by_version(request, search, reader) if request else _usual(project, search, reader)
    if project:
        _refuse_own(base, project_root(project, reader.host), reader.host.home)
    return base


def _refuse_own(base: Base, root: Path, home: Path) -> None:
    """Raise HoldfastError for an interpreter that lies in the project, or is reached through it."""
    real = os.path.realpath(root)
    if Path(os.path.realpath(home)).is_relative_to(real):
        return  # one's own home folder is no project, and holds what one has installed
    interpreter = base.interpreter
    prefix = (interpreter.prefix.folder, interpreter.prefix.library) if interpreter.prefix else ()
    links = (hop.link for hop in interpreter.chain.hops)
    names = {base.path, interpreter.path, *interpreter.chain.spellings, *links, interpreter.real, *prefix}
    if any(name.is_relative_to(root) or Path(os.path.realpath(name)).is_relative_to(real) for name in names):
        why = f"{base.reason}, and that" if base.reason else f"{base.path}"
        raise HoldfastError(
            f"{why} lies in the project itself. Creating an environment would start it: if you trust it, "
            "name its path (--python)."
        )


def _is_path(request: str) -> bool:
    return os.sep in request or (os.altsep or os.sep) in request or request.startswith("~")


def _at(path: Path, reader: Reader, project: Path | None) -> Interpreter:
    interpreter = reader.ask(path)
    if interpreter.state == "shim":
        interpreter = _behind_shim(path, interpreter, reader, project)
    if interpreter.state == "environment":
        # An environment made from an environment would die with it: rest on what that one rests on.
        return _below_environment(path, interpreter, reader)
    if not interpreter.usable:
        raise HoldfastError(f"{path} cannot be used as a base: {interpreter.error}.")
    return interpreter


def _behind_shim(path: Path, shim: Interpreter, reader: Reader, project: Path | None) -> Interpreter:
    """What a shim would start in the project's folder; the shim itself where its manager is not known."""
    from holdfast.links.shims.choosing import choice_of  # noqa: PLC0415 - few bases are shims
    from holdfast.links.shims.recognise import shim_at  # noqa: PLC0415

    known = shim_at(path, shim.real)
    choice = choice_of(known, project or reader.host.home, reader.host) if known else None
    if choice is None:
        return shim
    behind = reader.describe(choice.executable)
    if behind.state not in ("ok", "environment"):
        raise HoldfastError(f"{path} would start {choice.executable}, which cannot be used: {behind.error}.")
    return behind


def _below_environment(path: Path, interpreter: Interpreter, reader: Reader) -> Interpreter:
    from holdfast.environments.base import true_base  # noqa: PLC0415 - few bases are environments
    from holdfast.environments.environment import describe_environment  # noqa: PLC0415

    owner = owning_environment(interpreter.chain, reader.host)
    environment = describe_environment(owner, reader.host) if owner else None
    base = true_base(environment, reader) if environment else None
    if base is None:
        raise HoldfastError(f"{path} belongs to an environment whose base is gone. Repair it first.")
    return base


def _usual(project: Path | None, search: Iterable[Path], reader: Reader) -> Base:
    from holdfast.discovery.finder import find_interpreters  # noqa: PLC0415 - a path needs no search
    from holdfast.workspace.choice import choose_installed  # noqa: PLC0415
    from holdfast.workspace.requests import ProjectRequests, project_requests  # noqa: PLC0415

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
    reason = choice.reason if asked.asked else None
    return Base(choice.interpreter, choice.path, reason, asked.not_followed)


def _by_version(request: str, search: Iterable[Path], reader: Reader) -> Base:
    from holdfast.discovery.finder import find_interpreters  # noqa: PLC0415 - a path needs no search
    from holdfast.interpreters.notations import parse_request  # noqa: PLC0415

    wanted = parse_request(request)
    fitting = (one.interpreter for one in find_interpreters(reader, search) if wanted.fits(one.interpreter))
    interpreter = next(fitting, None)
    if interpreter is None:
        raise HoldfastError(f"No installed Python fits “{wanted.text}”. `holdfast find` lists what there is.")
    stable = _suitable(interpreter)
    return Base(interpreter, interpreter.real if wanted.pins else stable)


def _suitable(interpreter: Interpreter) -> Path:
    """The path by which an environment names its base; raises HoldfastError for one that carries none."""
    stable = interpreter.stable
    if interpreter.implementation not in ("cpython", "pypy"):
        raise HoldfastError(
            f"Holdfast does not create environments of {interpreter.title}: nobody has tried it. "
            "Choose a CPython or a PyPy."
        )
    if not interpreter.carries_environments or stable is None:
        oldest = ".".join(map(str, OLDEST))
        raise HoldfastError(f"{interpreter.title} is too old: environments need {oldest} or newer.")
    if not can_hold(stable):
        raise HoldfastError(f"{stable} holds bytes that pyvenv.cfg cannot. Choose another Python.")
    return stable
