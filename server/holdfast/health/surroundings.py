"""What lies around the environments and projects of one look: found out when a rule asks, once for all."""

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from holdfast.discovery.finder import Found, find_interpreters
from holdfast.environments.environment import Environment
from holdfast.interpreters.reader import Reader
from holdfast.links.outside import LinksInto, OutsideLink, links_into_environments, shim_folders
from holdfast.workspace.repositories import Repositories
from holdfast.workspace.root import is_project, upward

OF_PROGRAMS = ("bin", "scripts", "tools")
"""Folders in which projects keep programs of theirs."""


class Surroundings:
    """The machine as rules see it. What changes on the disk is seen by new ones.

    `find` finds the installed interpreters; usually all are looked for that the locators know.
    """

    def __init__(self, reader: Reader, find: Callable[[], tuple[Found, ...]] | None = None) -> None:
        self.reader = reader
        self.host = reader.host
        self.repositories = Repositories(reader.host)
        self._find = find
        self._links_around: dict[Path, LinksInto] = {}
        self._projects: dict[Path, Path | None] = {}

    @cached_property
    def installed(self) -> tuple[Found, ...]:
        """The installed interpreters, best first. Finding them takes a tenth of a second and more."""
        return self._find() if self._find else find_interpreters(self.reader)

    def links_to(self, environment: Environment) -> tuple[OutsideLink, ...]:
        """The links to an environment's programs in folders of shims, around it, and in its project."""
        folder, real = environment.path.parent, os.fspath(environment.real)
        found = (*self._links_in(folder).get(real, ()), *self._shims.get(real, ()))
        project = self.project_around(folder)
        if project != folder:
            found = (*found, *self._links_in(project).get(real, ()))
        return tuple(dict.fromkeys(found))

    def project_around(self, folder: Path) -> Path:
        """The folder of the project to which a folder belongs; the folder itself where it belongs to none."""
        return (
            self._project_from(upward(folder, self.host)[0] if os.pardir in folder.parts else folder)
            or folder
        )

    def _project_from(self, folder: Path) -> Path | None:
        """The nearest project at or above a folder: the folders above many are the same."""
        if folder not in self._projects:
            above = folder.parent
            is_last = folder in (above, self.host.home, *self.host.roots.values())
            own = folder if is_project(folder, self.host) else None
            self._projects[folder] = own or (None if is_last else self._project_from(above))
        return self._projects[folder]

    def _links_in(self, folder: Path) -> LinksInto:
        if folder not in self._links_around:
            found = links_into_environments((folder,), self.host, OF_PROGRAMS)
            self._links_around[folder] = found
        return self._links_around[folder]

    @cached_property
    def _shims(self) -> LinksInto:
        return links_into_environments(shim_folders(self.host), self.host)
