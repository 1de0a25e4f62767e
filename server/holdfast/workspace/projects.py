"""The projects that a look meets, and what they and the person say of the rules."""

from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path

from holdfast.host import Host
from holdfast.values import NamedTuple
from holdfast.workspace.root import is_project, upward
from holdfast.workspace.settings import (
    AS_THE_RULES_SAY,
    PROJECT_FILE,
    ProjectSettings,
    Settings,
    Severities,
    project_settings,
    severities_in,
)


class Project(NamedTuple):
    """A project's folder and its settings."""

    folder: Path
    settings: ProjectSettings
    others: tuple[Path, ...] = ()
    """Folders in it that a look is about: those of a workspace, those in which environments stand."""

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders in which its configuration files are looked for: its own first."""
        return (self.folder, *(place for place in self.others if place != self.folder))

    @property
    def environment_name(self) -> str:
        """What its own environment is called."""
        name: str = self.settings.values.get("environment") or Settings().environment
        return name

    @property
    def file(self) -> Path:
        """Where its settings stand, or would stand."""
        return self.folder / PROJECT_FILE


class Projects:
    """Finds the project of a folder, and reads its settings once; one serves a single look.

    `person`: what the person says of the rules, which wins over what a project says.
    """

    def __init__(self, host: Host, person: Severities = AS_THE_RULES_SAY) -> None:
        self.host = host
        self._person = person
        self._around: dict[Path, Project] = {}
        # The folders above many environments are mostly the same.
        self._is_project = cache(partial(is_project, host=host))

    def around(self, folder: Path) -> Project:
        """The project to which a folder belongs; what does not answer has no settings."""
        if folder not in self._around:
            self._around[folder] = self._find(folder)
        return self._around[folder]

    def _find(self, folder: Path) -> Project:
        if self.host.mounts.silent(folder):
            return Project(folder, ProjectSettings({}))
        places = upward(folder, self.host)
        root = next((place for place in places if self._is_project(place)), places[0])
        return Project(root, project_settings(root)) if root == folder else self.around(root)

    def around_each(self, folders: Iterable[Path]) -> tuple[Project, ...]:
        """The projects to which these folders belong, each once."""
        inside: dict[Path, list[Path]] = {}
        for folder in folders:
            inside.setdefault(self.around(folder).folder, []).append(folder)
        return tuple(
            self.around(root)._replace(others=tuple(dict.fromkeys(found))) for root, found in inside.items()
        )

    def severities(self, folder: Path) -> Severities:
        """How serious the problems of what stands in a folder are."""
        return self.severities_of(self.around(folder))

    def severities_of(self, project: Project) -> Severities:
        """How serious the problems in a project are."""
        said = severities_in(project.settings.values)
        return {**said, **self._person} if said or self._person else AS_THE_RULES_SAY
