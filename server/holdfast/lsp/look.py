"""A look at the workspace: every environment below its folders, with problems and fixes."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from holdfast.cancellation import Cancellation
from holdfast.discovery.walk import walk_environments
from holdfast.host import Host
from holdfast.interpreters.memory import Memory
from holdfast.lsp.protocol import FolderEnvironmentJson, FolderStatusJson, LookedJson, Record
from holdfast.lsp.uris import uri_of
from holdfast.repair.fix import Finding
from holdfast.repair.machine import Machine
from holdfast.repair.survey import Survey, Surveyed, SurveyedProject, survey, survey_projects
from holdfast.workspace.project import own_environment, setting_value
from holdfast.workspace.projects import Projects
from holdfast.workspace.settings import PROJECT_FILE, Settings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FolderLook:
    """One workspace folder."""

    folder: Path
    surveyed: tuple[Surveyed, ...]
    own: Path | None
    record: Record
    """How a choice of interpreter is recorded here."""

    def environments(self, host: Host) -> list[FolderEnvironmentJson]:
        """Its environments, its own first."""
        ordered = sorted(self.surveyed, key=lambda one: one.verdict.environment.path != self.own)
        return [self._environment(one, host) for one in ordered]

    def _environment(self, one: Surveyed, host: Host) -> FolderEnvironmentJson:
        verdict = one.verdict
        environment = verdict.environment
        return {
            "path": str(environment.path),
            "interpreter": str(environment.interpreter),
            "version": str(verdict.version) if verdict.version else None,
            "state": verdict.state,
            "reason": verdict.reason,
            "own": environment.path == self.own,
            "setting": setting_value(self.folder, environment.path, windows=host.windows),
        }

    def status(self, host: Host) -> FolderStatusJson:
        """What the shell shows and selects."""
        environments = self.environments(host)
        return {
            "uri": uri_of(self.folder),
            "own": next((one for one in environments if one["own"]), None),
            "environments": len(environments),
            "broken": sum(one["state"] == "broken" for one in environments),
            "record": self.record,
        }


@dataclass(frozen=True)
class Look:
    """All folders of a workspace at one moment."""

    folders: tuple[FolderLook, ...] = ()
    projects: tuple[SurveyedProject, ...] = ()
    """About the projects of the folders, and those in which environments stand."""
    settings_files: frozenset[Path] = frozenset()
    """Whose settings count, be they there or not."""

    @property
    def survey(self) -> Survey:
        """Every environment once, also where workspace folders lie within each other."""
        by_path = {one.verdict.environment.path: one for f in self.folders for one in f.surveyed}
        return Survey(tuple(by_path.values()), self.projects)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every problem."""
        return self.survey.findings

    def status(self, host: Host) -> LookedJson:
        """What the shell is told after a look."""
        severities = [finding.problem.severity for finding in self.findings]
        return {
            "folders": [folder.status(host) for folder in self.folders],
            "errors": severities.count("error"),
            "warnings": severities.count("warning"),
        }


def look(
    folders: Iterable[Path],
    projects: Projects,
    settings_for: Callable[[Path], Settings],
    memory: Memory,
    cancellation: Cancellation,
) -> Look:
    """Look at every folder, each with its own settings. Nothing is executed, nothing is written."""
    host = projects.host
    settings = {folder: settings_for(folder) for folder in folders}
    machine = Machine(
        host, dict.fromkeys(path for one in settings.values() for path in one.search_paths), memory
    )
    looks = tuple(_look_at(f, machine, one, projects, cancellation) for f, one in settings.items())
    places = (one.verdict.environment.path.parent for f in looks for one in f.surveyed)
    found = projects.around_each((*settings, *places))
    files = (*(folder / PROJECT_FILE for folder in settings), *(project.file for project in found))
    answering = frozenset(file for file in files if host.mounts.silent(file) is None)
    return Look(looks, survey_projects(found, projects, machine), answering)


def _look_at(
    folder: Path, machine: Machine, settings: Settings, projects: Projects, cancellation: Cancellation
) -> FolderLook:
    paths = tuple(
        walk_environments(
            folder,
            machine.host,
            exclude=settings.exclude,
            cancellation=cancellation,
            gave_up=_log.warning,
        )
    )
    surveyed = survey(paths, machine, severities=projects.severities, cancellation=cancellation)
    own = own_environment(folder, paths, settings.environment)
    return FolderLook(folder, surveyed, own, settings.interpreter_path)
