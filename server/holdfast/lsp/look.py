"""A look at the workspace: every environment below its folders, with problems and fixes."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from holdfast.discovery.finder import Inventory
from holdfast.health.footing import Footing
from holdfast.host import Host
from holdfast.lsp.marks import NO_MARKS, Marks
from holdfast.lsp.protocol import FolderEnvironmentJson, FolderStatusJson, LookedJson
from holdfast.lsp.uris import uri_of
from holdfast.repair.fix import Finding
from holdfast.repair.survey import Survey, Surveyed, SurveyedProject
from holdfast.workspace.project import setting_value
from holdfast.workspace.projects import Projects
from holdfast.workspace.settings import PROJECT_FILE, Settings


@dataclass(frozen=True)
class FolderLook:
    """One workspace folder."""

    folder: Path
    settings: Settings
    surveyed: tuple[Surveyed, ...]
    own: Path | None
    footing: Footing
    """What else its looks rest on: its settings, and whether it has an environment of its own."""

    def environments(self, host: Host) -> list[FolderEnvironmentJson]:
        """Its environments, its own first."""
        ordered = sorted(self.surveyed, key=lambda one: one.path != self.own)
        return [self._environment(one, host) for one in ordered]

    def _environment(self, one: Surveyed, host: Host) -> FolderEnvironmentJson:
        verdict = one.verdict
        return {
            "path": str(one.path),
            "interpreter": str(verdict.environment.interpreter),
            "version": str(verdict.version) if verdict.version else None,
            "state": verdict.state,
            "reason": verdict.reason,
            "own": one.path == self.own,
            "setting": setting_value(self.folder, one.path, windows=host.windows),
        }

    def status(self, host: Host) -> FolderStatusJson:
        """What the shell shows and selects."""
        own = next((one for one in self.surveyed if one.path == self.own), None)
        return {
            "uri": uri_of(self.folder),
            "own": self._environment(own, host) if own else None,
            "environments": len(self.surveyed),
            "broken": sum(one.verdict.state == "broken" for one in self.surveyed),
            "record": self.settings.interpreter_path,
        }


@dataclass(frozen=True)
class Look:
    """All folders of a workspace at one moment."""

    folders: tuple[FolderLook, ...] = ()
    projects: tuple[SurveyedProject, ...] = ()
    """Those of the folders, and those in which environments stand."""
    around: Projects | None = None
    """Which project is around which folder."""
    inventory: Inventory | None = None
    """What is known on the machine, if anything was planned with it."""
    marks: Marks = NO_MARKS
    """What was on the disk under every name on which it rests."""

    @cached_property
    def environments(self) -> tuple[Surveyed, ...]:
        """Every environment once, also where workspace folders lie within each other."""
        return tuple({one.path: one for f in self.folders for one in f.surveyed}.values())

    @property
    def survey(self) -> Survey:
        """Every environment and project."""
        return Survey(self.environments, self.projects)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every problem."""
        return self.survey.findings

    @property
    def footings(self) -> Iterator[Footing]:
        """What it rests on."""
        yield from (one.footing for one in self.folders)
        yield from (one.verdict.footing for one in self.projects)
        yield from (one.verdict.footing for one in self.environments)

    def status(self, host: Host) -> LookedJson:
        """What the shell is told after a look."""
        severities = [finding.problem.severity for finding in self.findings]
        return {
            "folders": [folder.status(host) for folder in self.folders],
            "errors": severities.count("error"),
            "warnings": severities.count("warning"),
        }


def footing_of_folder(folder: Path, settings: Settings, host: Host) -> Footing:
    """What a look at a workspace folder rests on, whatever is in it."""
    answers = host.mounts.silent(folder) is None
    names = (PROJECT_FILE, settings.environment) if answers else ()
    return Footing(frozenset(os.path.join(folder, name) for name in names), frozenset())
