"""Every interpreter and environment of a machine, each once, under its best name."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators import locators_for
from holdfast.discovery.locators.path import searching
from holdfast.environments.layout import CONFIG
from holdfast.files.reading import have_same_bytes, same_folder
from holdfast.interpreters.interpreter import Interpreter, owning_environment
from holdfast.interpreters.prefix import prefix_at
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.version import Version
from holdfast.links.chain import follow


@dataclass(frozen=True)
class Found:
    """An interpreter, or what is named like one, and where it was found."""

    interpreter: Interpreter
    sources: tuple[str, ...]
    """Every locator that named it, in the order of preference."""
    aliases: tuple[Path, ...]
    """Every name by which it was found, behind its stable path."""

    @property
    def source(self) -> str:
        """The first of the sources."""
        return self.sources[0]


@dataclass(frozen=True)
class LocatedEnvironment:
    """An environment that a locator knows, wherever it stands: a virtual one, or one of conda's."""

    path: Path
    source: str


@dataclass(frozen=True)
class Skipped:
    """A place that could not be looked into."""

    path: Path
    source: str
    """Which locator named it."""
    reason: str
    """Half a sentence, such as `permission is denied`."""


@dataclass(frozen=True)
class Inventory:
    """What one look at a machine found."""

    interpreters: tuple[Found, ...]
    environments: tuple[LocatedEnvironment, ...]
    skipped: tuple[Skipped, ...]


def look_over(reader: Reader, more: Iterable[Path] = ()) -> Inventory:
    """All that the locators know of a machine; `more` are folders in which to search, too.

    Two names are one interpreter when they lead to the same file. What cannot be used is listed with its
    reason. An executable in an environment stands for that environment. Interpreters: usable ones first,
    CPython before others, debug builds behind, the newest version first. Environments: each once.
    """
    look = _Look(reader)
    for locator in (searching(tuple(more)), *locators_for(reader.host)):
        look.at_interpreters(locator)
        look.at_environments(locator)
    interpreters = look.described()
    return Inventory(interpreters, tuple(look.environments.values()), tuple(look.skipped.values()))


def find_interpreters(reader: Reader, more: Iterable[Path] = ()) -> tuple[Found, ...]:
    """The interpreters of `look_over`."""
    return look_over(reader, more).interpreters


class _Look:
    """What has been gathered so far."""

    def __init__(self, reader: Reader) -> None:
        self.environments: dict[str, LocatedEnvironment] = {}
        self.skipped: dict[Path, Skipped] = {}
        self._reader = reader
        self._folders = Folders(reader.host)
        self._asked: list[str] = []
        self._named_by: dict[Path, list[str]] = {}
        """The sources of every name that may be an interpreter's."""

    def at_interpreters(self, locator: Locator) -> None:
        self._asked.append(locator.source)
        for path in locator.interpreters(self._folders):
            self._named_by.setdefault(path, []).append(locator.source)
        self._note_skipped(locator.source)

    def at_environments(self, locator: Locator) -> None:
        for path in locator.environments(self._folders):
            if self._is_environment(path):
                self._add_environment(path, locator.source)
        self._note_skipped(locator.source)

    def described(self) -> tuple[Found, ...]:
        """What the names lead to, each file described once."""
        files: dict[Path, list[Path]] = {}
        for path, sources in self._named_by.items():
            if mount := self._folders.silent(path):
                self.skipped.setdefault(path, Skipped(path, sources[0], f"{mount} does not answer"))
                continue
            chain = follow(path, self._reader.host.mounts)
            if owner := owning_environment(chain, self._reader.host):
                self._add_environment(owner, sources[0])
            elif chain.end in files:
                files[chain.end].append(path)
            else:  # many shims may lead to one program, and each chooses for itself
                is_shim = self._reader.ask(path).state == "shim"
                files[path if is_shim else chain.end] = [path]
        found = (self._found(names) for names in self._joined(list(files.values())))
        newest_first = sorted(found, key=_version, reverse=True)
        return tuple(sorted(newest_first, key=_usable_cpython_first))

    def _found(self, names: list[Path]) -> Found:
        interpreter = self._under_its_best_name(names)
        stable = (interpreter.stable,) if interpreter.stable else ()
        naming = {source for name in names for source in self._named_by[name]}
        sources = tuple(source for source in self._asked if source in naming)
        return Found(interpreter, sources, tuple(dict.fromkeys((*stable, *names))))

    def _under_its_best_name(self, names: list[Path]) -> Interpreter:
        """As the first name describes it, with the best stable path that any folder of names gives.

        The link that pins X.Y may stand on the way of one name only.
        """
        first = self._reader.ask(names[0])
        by_folder = {name.parent: name for name in reversed(names)}
        found = (self._reader.ask(name).best for name in by_folder.values())
        best = min((one for one in (first.best, *found) if one), key=lambda one: one.place, default=None)
        return first._replace(best=best)

    def _joined(self, groups: list[list[Path]]) -> list[list[Path]]:
        """The groups, those joined whose files are copies of each other in one folder.

        pyenv-win copies python.exe to python3.exe and others; CPython below 3.8 installs python3.7 and
        python3.7m as hard links.
        """
        joined: list[list[Path]] = []
        by_folder: dict[tuple[Path, str], list[list[Path]]] = {}
        for names in groups:
            interpreter = self._reader.ask(names[0])
            beside = by_folder.setdefault((interpreter.real.parent, interpreter.tag), [])
            known = (one for one in beside if interpreter.usable and self._are_copies(one[0], names[0]))
            if twin := next(known, None):
                twin.extend(names)
            else:
                beside.append(names)
                joined.append(names)
        return joined

    def _are_copies(self, one: Path, other: Path) -> bool:
        first, second = self._reader.ask(one).real, self._reader.ask(other).real
        return same_folder(first, second) or have_same_bytes(first, second)

    def _is_environment(self, path: Path) -> bool:
        """Whether it has a pyvenv.cfg that did not stray into an installation, or is one of conda's."""
        if self._folders.holds(path, CONFIG):
            return prefix_at(path, None, windows=self._reader.host.windows) is None
        return self._folders.is_folder(path / "conda-meta")

    def _add_environment(self, path: Path, source: str) -> None:
        self.environments.setdefault(os.path.realpath(path), LocatedEnvironment(path, source))

    def _note_skipped(self, source: str) -> None:
        for path, reason in self._folders.take_passed_over().items():
            self.skipped.setdefault(path, Skipped(path, source, reason))


def _version(found: Found) -> Version:
    return found.interpreter.version or Version(0, 0)


def _usable_cpython_first(found: Found) -> tuple[bool, bool, bool]:
    interpreter = found.interpreter
    return not interpreter.usable, interpreter.implementation != "cpython", interpreter.debug
