"""What the rules need to know about one project: found out when the first of them asks, and once."""

from dataclasses import dataclass

from holdfast.health.surroundings import Surroundings
from holdfast.host import Host
from holdfast.workspace.projects import Project
from holdfast.workspace.repositories import Repositories


@dataclass(frozen=True)
class ProjectFacts:
    """A project, and what its settings may speak of."""

    project: Project
    rules: tuple[str, ...]
    """The names of all rules."""
    surroundings: Surroundings

    @property
    def host(self) -> Host:
        """The machine."""
        return self.surroundings.host

    @property
    def repositories(self) -> Repositories:
        """Which files git tracks."""
        return self.surroundings.repositories
