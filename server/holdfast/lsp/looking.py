"""Taking a look: at everything, or again at what a change may have made different."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from holdfast.cancellation import Cancellation
from holdfast.discovery.finder import Inventory
from holdfast.discovery.walk import walk_environments
from holdfast.host import Host
from holdfast.interpreters.memory import Memory
from holdfast.lsp.look import FolderLook, Look, footing_of_folder
from holdfast.lsp.marks import Marks, marks_after, marks_of
from holdfast.lsp.scope import NOTHING, Scope, paths_inside, scope_of
from holdfast.repair.machine import Machine
from holdfast.repair.survey import Surveyed, SurveyedProject, survey, survey_projects
from holdfast.values import NamedTuple
from holdfast.workspace.project import own_environment
from holdfast.workspace.projects import Project, Projects
from holdfast.workspace.settings import Settings, Severities

_log = logging.getLogger(__name__)


class Ground(NamedTuple):
    """What is looked at, and what its people want."""

    host: Host
    folders: tuple[Path, ...]
    """Those of the workspace."""
    settings_for: Callable[[Path], Settings]
    """Of a workspace folder."""
    rules: Severities
    """What the person says of rules."""
    memory: Memory


def look(ground: Ground, cancellation: Cancellation, before: Look | None = None) -> Look:
    """Look at every folder, each with its own settings. Nothing is executed, nothing is written.

    Raises CancelledError.
    """
    before = before or Look()
    return _Looking(ground, _Kept(before, marks_of(before.footings)), cancellation).look(_settings(ground))


def look_again(ground: Ground, cancellation: Cancellation, before: Look, changed: frozenset[str]) -> Look:
    """Look at what changes at these paths may have made different since the look before.

    That look itself is the answer where that is nothing. Raises CancelledError.
    """
    settings = _settings(ground)
    if settings != {one.folder: one.settings for one in before.folders}:
        return look(ground, cancellation, before)
    scope = scope_of(changed, before, ground.host.home)
    if scope is None:
        return look(ground, cancellation, before)
    if scope == NOTHING:
        return before
    return _Looking(ground, _kept_of(before, scope, changed), cancellation).look(settings)


def _settings(ground: Ground) -> dict[Path, Settings]:
    return {folder: ground.settings_for(folder) for folder in ground.folders}


class _Kept(NamedTuple):
    """What is taken over from the look before."""

    before: Look
    marks: Marks
    """As it was when what rests on it was read, or is from now on: what changes later will be noticed."""
    environments: Mapping[Path, Surveyed] = MappingProxyType({})
    projects: Mapping[Path, SurveyedProject] = MappingProxyType({})
    """By their folders."""
    paths: Mapping[Path, tuple[Path, ...]] = MappingProxyType({})
    """The environments below each folder of the workspace where they are not looked for again."""
    around: Projects | None = None
    inventory: Inventory | None = None


def _kept_of(before: Look, scope: Scope, changed: frozenset[str]) -> _Kept:
    stale = (one for one in before.environments if one.path in scope.environments)
    inside = (path for one in stale for path in paths_inside(one))
    projects = {one.verdict.project.folder: one for one in before.projects}
    paths = {one.folder: tuple(each.path for each in one.surveyed) for one in before.folders}
    return _Kept(
        before,
        before.marks.anew((*changed, *inside)),
        {one.path: one for one in before.environments if one.path not in scope.environments},
        {folder: one for folder, one in projects.items() if folder not in scope.projects},
        {} if scope.come_or_gone else paths,
        None if scope.settings else before.around,
        before.inventory,
    )


class _Looking:
    """One look under way: what it reads of the machine is read once."""

    def __init__(self, ground: Ground, kept: _Kept, cancellation: Cancellation) -> None:
        self._ground = ground
        self._kept = kept
        self._cancellation = cancellation
        self._host = ground.host.anew()
        self._projects = kept.around or Projects(self._host, ground.rules)
        self._surveyed = dict(kept.environments)

    def look(self, settings: dict[Path, Settings]) -> Look:
        search = dict.fromkeys(path for one in settings.values() for path in one.search_paths)
        machine = Machine(self._host, search, self._ground.memory, self._kept.inventory)
        folders = tuple(self._look_at(folder, one, machine) for folder, one in settings.items())
        projects = tuple(self._project(one, machine) for one in self._found(folders))
        seen = Look(folders, projects, self._projects, machine.found)
        marks = marks_after(self._kept.marks, tuple(self._kept.before.footings), tuple(seen.footings))
        return replace(seen, marks=marks)

    def _found(self, folders: tuple[FolderLook, ...]) -> tuple[Project, ...]:
        """The projects of the folders, and those in which environments stand."""
        if self._kept.paths and self._kept.around:  # they stand where they stood
            return tuple(one.verdict.project for one in self._kept.before.projects)
        places = (one.path.parent for folder in folders for one in folder.surveyed)
        return self._projects.around_each((*(one.folder for one in folders), *places))

    def _look_at(self, folder: Path, settings: Settings, machine: Machine) -> FolderLook:
        paths = self._kept.paths.get(folder)
        if paths is None:
            paths = self._environments_below(folder, settings)
        surveyed = tuple(self._environment(path, machine) for path in paths)
        own = own_environment(folder, paths, settings.environment)
        return FolderLook(folder, settings, surveyed, own, footing_of_folder(folder, settings, self._host))

    def _environments_below(self, folder: Path, settings: Settings) -> tuple[Path, ...]:
        return tuple(
            walk_environments(
                folder,
                self._host,
                exclude=settings.exclude,
                cancellation=self._cancellation,
                gave_up=_log.warning,
            )
        )

    def _environment(self, path: Path, machine: Machine) -> Surveyed:
        if path not in self._surveyed:
            (self._surveyed[path],) = survey(
                (path,),
                machine,
                severities=self._projects.severities,
                cancellation=self._cancellation,
                watched=True,
            )
        return self._surveyed[path]

    def _project(self, project: Project, machine: Machine) -> SurveyedProject:
        known = self._kept.projects.get(project.folder)
        if known and known.verdict.project == project:
            return known
        (surveyed,) = survey_projects((project,), self._projects, machine, watched=True)
        return surveyed
