"""Choosing an interpreter for a project, and saying why."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from holdfast.discovery.finder import Found, find_interpreters
from holdfast.environments.base import true_base
from holdfast.environments.environment import describe_environment
from holdfast.errors import HoldfastError
from holdfast.host import Host
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.request import VersionRequest, folder_names
from holdfast.interpreters.version import FINAL, Version, parse_version
from holdfast.links.shims.choosing import choice_of
from holdfast.links.shims.recognise import shim_at
from holdfast.workspace.asked import Asked
from holdfast.workspace.project import asked_environment, find_own_environment, path_asked_for
from holdfast.workspace.requests import ProjectRequests
from holdfast.workspace.settings import Settings


@dataclass(frozen=True)
class Unmet:
    """What a file asks for in vain."""

    asked: Asked
    why: str
    """Half a sentence: "`.python-version` asks for 3.9, but `pyproject.toml` requires >=3.10"."""


@dataclass(frozen=True)
class Choice:
    """The interpreter that a project is run with."""

    interpreter: Interpreter | None
    """The installed one; that on which the environment rests, None where the way to it is broken."""
    environment: Path | None
    """The project's own environment, where it has one."""
    path: Path
    """What to start: the environment's interpreter, or the name of the installed one that stays right. A
    request for a patch version pins that patch."""
    source: str
    """Where it was found: `environment`, or the source of the interpreter."""
    reason: str
    """Half a sentence: "`.python-version` asks for 3.12"."""
    unmet: tuple[Unmet, ...]
    """What in the project's files contradicts it."""
    requests: tuple[tuple[Asked, bool], ...]
    """What is asked for, and whether this interpreter fits it."""


def choose(asked: ProjectRequests, settings: Settings, reader: Reader) -> Choice:
    """The interpreter for a project: of its own environment, else the installed one that fits best.

    Nothing is executed, and the environment may be broken. Raises HoldfastError where no installed
    interpreter fits what the project requires.
    """
    for place in asked.places:
        if own := find_own_environment(place, settings.environment, reader.host):
            return choose_environment(own, asked, reader, "it is the project's own environment")
    for one in asked.preferences[0] if asked.preferences else ():
        if named := asked_environment(one, reader.host):
            return choose_environment(named, asked, reader, asked.in_words(one))
    return choose_installed(asked, find_interpreters(reader, settings.search_paths), reader)


def choose_environment(environment: Path, asked: ProjectRequests, reader: Reader, reason: str) -> Choice:
    """An environment, whatever is asked for, with what contradicts it. It may be broken.

    Raises HoldfastError where nothing can be said of it, since it is on a disk or share that does not answer.
    """
    if mount := reader.host.mounts.silent(environment):
        raise HoldfastError(f"{environment} cannot be looked into: {mount} does not answer.")
    described = describe_environment(environment, reader.host)
    base = true_base(described, reader)
    met = tuple(one for one in asked.asked if _environment_fits(one, environment, base, reader.host))
    version = base.version if base else described.recorded_version
    has = f"`{asked.inside(environment)}` has Python {version or 'of a version that is not known'}"
    return Choice(
        interpreter=base,
        environment=environment,
        path=described.interpreter,
        source="environment",
        reason=reason,
        unmet=tuple(Unmet(one, f"{asked.in_words(one)}, but {has}") for one in asked.unmet(met)),
        requests=tuple((one, one in met) for one in asked.asked),
    )


def choose_installed(
    asked: ProjectRequests,
    found: Iterable[Found],
    reader: Reader,
) -> Choice:
    """The best of the installed interpreters.

    It fits all requirements and, of the preferences, the first that can be met, then the second. Between
    equals: one that carries environments; then one whose folder is called as was asked; then, unless the
    newest is meant, the one that PATH starts or has first; then a finished, ordinary build; then the newest.
    Raises HoldfastError where none is left.
    """
    contest = _Contest(asked, found, reader)
    best = contest.best()
    met = tuple(one for one in asked.asked if contest.fits(one, best.interpreter))
    chosen_by = next((one for one in met if one.strength == "preference"), next(iter(met), None))
    pinned = any(one.request.pins for one in met)
    return Choice(
        interpreter=best.interpreter,
        environment=None,
        path=best.interpreter.real if pinned else best.interpreter.stable or best.interpreter.path,
        source=best.source,
        reason=asked.in_words(chosen_by) if chosen_by else contest.default_reason(best),
        unmet=tuple(Unmet(one, contest.contradiction(one, chosen_by)) for one in asked.unmet(met)),
        requests=tuple((one, one in met) for one in asked.asked),
    )


class _Contest:
    """Interpreters, and what is asked of them."""

    def __init__(self, asked: ProjectRequests, found: Iterable[Found], reader: Reader) -> None:
        self._asked = asked
        self._reader = reader
        self._usual = usual_interpreter(reader, asked.folder)
        self._candidates = [one for one in (*found, *self._named_by_path()) if one.interpreter.usable]

    def best(self) -> Found:
        """The winner; raises HoldfastError where none fits."""
        if not self._candidates:
            raise HoldfastError("No Python was found on this machine. Install one, or name its path.")
        required = self._asked.requirements
        fitting = [
            one for one in self._candidates if all(self.fits(each, one.interpreter) for each in required)
        ]
        if not fitting:
            wanted = " and ".join(self._asked.in_words(each) for each in required)
            raise HoldfastError(
                f"No installed Python fits: {wanted}. Install one; `holdfast find` lists what there is."
            )
        fitting.sort(key=lambda one: one.interpreter.version or Version(0, 0), reverse=True)
        return min(fitting, key=self._rank)

    def fits(self, one: Asked, interpreter: Interpreter) -> bool:
        """Whether an interpreter is what a file asks for."""
        return meets(one, interpreter, self._reader)

    def default_reason(self, best: Found) -> str:
        """Why it was chosen though nothing asks for a version."""
        place = self._place_on_path(best)
        on_path = place < len(self._reader.host.search_path)
        why = "what PATH starts" if place < 0 else "the first on PATH" if on_path else "the newest"
        return f"nothing asks for a version, and it is {why}"

    def contradiction(self, one: Asked, chosen_by: Asked | None) -> str:
        """Why a preference is not met."""
        wanted = self._asked.in_words(one)
        required = (each for each in self._asked.requirements if not compatible(one.request, each.request))
        clash = next(required, None)
        if clash is None and any(self.fits(one, candidate.interpreter) for candidate in self._candidates):
            clash = chosen_by
        return (
            f"{wanted}, but {self._asked.in_words(clash)}" if clash else f"{wanted}, which is not installed"
        )

    def _rank(self, one: Found) -> tuple[object, ...]:
        """What is lower is better."""
        interpreter = one.interpreter
        groups = self._asked.preferences
        wishes = [
            next((number for number, wish in enumerate(group) if self.fits(wish, interpreter)), len(group))
            for group in groups
        ]
        met = [group[place] for place, group in zip(wishes, groups, strict=True) if place < len(group)]
        texts = {wish.text for wish in met}
        version = interpreter.version
        unfinished = version is None or version.stage != FINAL
        return (
            wishes,
            not interpreter.carries_environments,
            not texts & folder_names(interpreter),
            0 if any(wish.request.newest for wish in met) else self._place_on_path(one),
            unfinished or interpreter.free_threaded or interpreter.debug,
        )

    def _place_on_path(self, one: Found) -> int:
        """Which folder of PATH has it; before all of them what PATH starts, behind them what is in none."""
        if self._is_usual(one.interpreter):
            return -1
        folders = self._reader.host.search_path
        places = (folders.index(name.parent) for name in one.aliases if name.parent in folders)
        return min(places, default=len(folders))

    def _is_usual(self, interpreter: Interpreter) -> bool:
        return self._usual is not None and self._usual.real == interpreter.real

    def _named_by_path(self) -> Iterator[Found]:
        for one in self._asked.asked:
            if path := path_asked_for(one, self._reader.host):
                yield Found(self._reader.describe(path), (one.reader,), (path,))


def meets(one: Asked, interpreter: Interpreter, reader: Reader) -> bool:
    """Whether an installed interpreter is what a file asks for."""
    request, host = one.request, reader.host
    if request.path:
        path = path_asked_for(one, host)
        return path is not None and reader.describe(path).real == interpreter.real
    if request.system:
        system = usual_interpreter(reader)
        return system is not None and system.real == interpreter.real
    return request.platform in (None, host.platform) and request.fits(interpreter)


def usual_interpreter(reader: Reader, folder: Path | None = None) -> Interpreter | None:
    """What `python3`, else `python`, starts in a shell: the first on PATH that is an installed interpreter.

    A version manager's shim starts what it chooses for a folder; without one, shims are passed over. So are
    the executables of environments: which one is active says nothing of a project.
    """
    host = reader.host
    names = ("python.exe", "python3.exe") if host.windows else ("python3", "python")
    for path in (place / name for place in host.search_path for name in names):
        one = reader.ask(path)
        shim = shim_at(path, one.real) if folder and one.state == "shim" else None
        chosen = choice_of(shim, folder, host) if shim and folder else None
        one = reader.describe(chosen.executable) if chosen else one
        if one.usable:
            return one
    return None


def compatible(one: VersionRequest, other: VersionRequest) -> bool:
    """Whether some version is within both requests, installed or not."""
    versions = {Version(2, 7, 18), *(Version(3, minor, micro) for minor in range(40) for micro in range(30))}
    for text in re.findall(r"\d+\.\d+(?:\.\d+)?", " ".join((*one.ranges, *other.ranges))):
        versions |= {named} if (named := parse_version(text)) and named.micro >= 0 else set()
    return any(one.allows(version) and other.allows(version) for version in versions)


def _environment_fits(one: Asked, environment: Path, base: Interpreter | None, host: Host) -> bool:
    """Whether an environment is what a file asks for. Any fits `system`: that is no wish for a version."""
    if asked_environment(one, host) == environment:
        return True
    return base is not None and one.request.fits(base)
