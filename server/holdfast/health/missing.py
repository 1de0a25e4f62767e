"""Which paths in configuration files lead nowhere on this machine, and what is there instead."""

import os
import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from holdfast.environments.halfway import lacks_config
from holdfast.environments.layout import CONFIG, POSIX, REDIRECT, WINDOWS, layout_of
from holdfast.environments.redirection import lost_way
from holdfast.files.reading import is_folder, is_regular_file, list_folder, plain
from holdfast.host import Host
from holdfast.links.chain import follow
from holdfast.values import NamedTuple
from holdfast.workspace.configured.written import WrittenPath
from holdfast.workspace.project import find_own_environment
from holdfast.workspace.projects import Project

_SCRIPTS = (POSIX.scripts, WINDOWS.scripts)
_PYTHON = re.compile(r"(python|pypy)[\d.]*t?(\.exe)?$", re.IGNORECASE)
_IN_PACKAGES = re.compile(
    r"(.+?)(?:[\\/]lib(?:64)?(?:[\\/](?:python|pypy)[\d.]+t?)?)?[\\/]site-packages(?:[\\/]|$)", re.IGNORECASE
)
"""An environment, and what is in its folder of packages, whatever the system that it is written for."""
_MOST_BESIDE = 3
_DEEPEST = 20
"""Folders above a path that are asked whether they are an environment."""


class MissingPath(NamedTuple):
    """A path that leads nowhere."""

    written: WrittenPath
    why: str
    """Half a sentence: `which does not exist`."""
    instead: str
    """What is there instead, or what to do: sentences, or nothing."""
    cause: Path | None
    """What is not there; None of a path that means nothing here."""
    followers: tuple[WrittenPath, ...] = ()
    """Other values that lead nowhere because of the same."""


def missing_paths(written: Iterable[WrittenPath], project: Project, host: Host) -> tuple[MissingPath, ...]:
    """The paths that lead nowhere, each cause once.

    Nothing is said of what counts for nothing, and of an environment in the project that is there and broken:
    that has problems of its own.
    """
    judge = _Judge(project, host)
    found: dict[object, MissingPath] = {}
    for one in written:
        missing = judge.missing(one) if one.counts else None
        if missing is None:
            continue
        key = missing.cause or one
        first = found.get(key)
        found[key] = first._replace(followers=(*first.followers, one)) if first else missing
    return tuple(found.values())


def environment_in(place: Path) -> Path | None:
    """The folder of the environment to which a path leads, there or not; None where to none."""
    place = plain(place)
    around = (place, *islice(place.parents, _DEEPEST))
    above = next((folder for folder in around if os.path.lexists(folder / CONFIG)), None)
    if above:
        return above
    if place.parent.name in _SCRIPTS and _PYTHON.match(place.name):
        return place.parent.parent
    packages = _IN_PACKAGES.match(os.fspath(place))
    return Path(packages[1]) if packages else None


class _Judge:
    """Looks where paths lead."""

    def __init__(self, project: Project, host: Host) -> None:
        self._project = project
        self._host = host

    def missing(self, one: WrittenPath) -> MissingPath | None:
        """What is missing; None where all is well, or where nobody can tell."""
        if one.is_foreign:
            is_known = one.role != "inside" or _IN_PACKAGES.match(one.text)
            why = f"a path of {self._other_system()}"
            return MissingPath(one, why, self._own(one), None) if is_known else None
        if one.role == "command":
            return None if self._on_path(one.text) else self._lost_command(one)
        if not one.places or any(self._is_there(place, one) for place in one.places):
            return None
        place = one.places[0]
        environment = environment_in(place)
        if environment is None:
            return None if one.role == "inside" else self._lost(one, place, self._whole(one, place))
        return None if self._tells(environment) else self._lost(one, place, environment)

    def _other_system(self) -> str:
        return "Linux and macOS" if self._host.windows else "Windows"

    def _on_path(self, name: str) -> bool:
        names = (name, f"{name}.exe") if self._host.windows else (name,)
        return any(self._exists(folder / one) for folder in self._host.search_path for one in names)

    def _exists(self, path: Path) -> bool:
        """Whether a path leads somewhere, or nobody can tell."""
        return follow(path, self._host.mounts).state in ("ok", "denied", "silent")

    def _is_there(self, place: Path, one: WrittenPath) -> bool:
        chain = follow(place, self._host.mounts)
        if chain.state != "ok" or not is_folder(chain.end):
            return chain.state in ("ok", "denied", "silent")
        return one.role != "interpreter" or self._has_interpreter(chain.end)

    def _has_interpreter(self, folder: Path) -> bool:
        """Whether a Python extension finds one in a folder (getPythonExecutable in its configSettings.ts)."""
        suffix = ".exe" if self._host.windows else ""
        names = [f"{name}{suffix}" for name in ("python", "python3", "python2")]
        inside = (folder, folder / (WINDOWS.scripts if self._host.windows else POSIX.scripts))
        return any(self._exists(place / name) for place in inside for name in names)

    def _tells(self, environment: Path) -> bool:
        """Whether an environment is looked at with the project, and has a problem of its own."""
        if not environment.is_relative_to(self._project.folder) or not os.path.lexists(environment):
            return False
        if os.path.lexists(environment / CONFIG):
            return follow(self._interpreter(environment), self._host.mounts).state != "ok"
        if environment.name == REDIRECT and lost_way(environment, self._host):
            return True
        return lacks_config(environment, self._host)

    def _interpreter(self, environment: Path) -> Path:
        layout = layout_of(environment, self._host)
        return environment / layout.scripts / layout.python

    def _whole(self, one: WrittenPath, place: Path) -> Path | None:
        """The environment that a path without any in it is meant to be."""
        looks_like_program = _PYTHON.match(place.name) is not None
        return None if one.role == "parent" or looks_like_program else plain(place)

    def _lost(self, one: WrittenPath, place: Path, environment: Path | None) -> MissingPath:
        gap = follow(place, self._host.mounts).stopped_at
        if environment and os.path.lexists(environment / CONFIG):
            return MissingPath(one, "which does not exist", self._inside(environment, place, one), gap)
        if is_folder(place):
            return MissingPath(one, "a folder without an interpreter", self._own(one), gap)
        if environment and not os.path.lexists(environment):
            is_own = one.role != "inside" or environment.is_relative_to(self._project.folder)
            instead = self._own(one) or ("Create it, or name another one." if is_own else "")
            return MissingPath(one, f"but there is no {self._named(gap)}", instead, gap)
        return MissingPath(one, "which does not exist", self._beside(place) or self._own(one), gap)

    def _lost_command(self, one: WrittenPath) -> MissingPath:
        why, folder = "which no folder of PATH has", one.file.parent.parent
        if is_folder(folder / one.text):
            instead = f"To name the folder, write ${{workspaceFolder}}/{one.text}."
            return MissingPath(one, why, instead, None)
        found = (
            name
            for place in self._host.search_path
            if not self._host.mounts.silent(place)
            for name in list_folder(place)
            if _PYTHON.match(name)
        )
        return MissingPath(one, why, _are_there(dict.fromkeys(found)), None)

    def _inside(self, environment: Path, place: Path, one: WrittenPath) -> str:
        """What an environment has where it has not what is named."""
        if one.role == "inside":
            return _are_there(self._other_libraries(environment, place))
        native = self._interpreter(environment)
        if plain(place).parent.name != native.parent.name:
            return f"Here the interpreter of this environment is {self._named(native)}."
        return self._beside(place)

    def _other_libraries(self, environment: Path, place: Path) -> list[str]:
        """The folders of packages in an environment that has not the one that is named."""
        lib = environment / "lib"
        named = plain(place).relative_to(environment).parts[1:2]
        names = [name for name in list_folder(lib) if re.match(r"(python|pypy)\d", name)]
        return [] if not named or named[0] in names else [self._named(lib / name) for name in names]

    def _beside(self, place: Path) -> str:
        """The interpreters in the folder of one that is not there."""
        folder = place.parent
        if self._host.mounts.silent(folder) or not _PYTHON.match(place.name):
            return ""
        names = [name for name in list_folder(folder) if _PYTHON.match(name)]
        return _are_there([self._named(folder / name) for name in names if self._exists(folder / name)])

    def _own(self, one: WrittenPath) -> str:
        """The interpreter of the project's own environment; nothing in the place of packages."""
        if one.role == "inside":
            return ""
        own = find_own_environment(self._project.folder, self._project.environment_name, self._host)
        if own is None or self._host.mounts.silent(own) or not os.path.lexists(own / CONFIG):
            return ""
        native = self._interpreter(own)
        return f"{self._named(native)} is there." if is_regular_file(native) else ""

    def _named(self, path: Path) -> str:
        """A path as messages name it: from the project's folder on where it lies in there."""
        folder = self._project.folder
        return os.fspath(path.relative_to(folder) if path.is_relative_to(folder) else path)


def _are_there(names: Iterable[str]) -> str:
    """That some things are there; nothing where none is."""
    some = list(names)[:_MOST_BESIDE]
    if not some:
        return ""
    listed = f"{', '.join(some[:-1])} and {some[-1]}" if len(some) > 1 else some[0]
    return f"{listed} {'are' if len(some) > 1 else 'is'} there."
