"""What the rules need to know about one project: found out when the first of them asks, and once."""

from dataclasses import dataclass
from functools import cached_property

from holdfast.health.surroundings import Surroundings
from holdfast.host import Host
from holdfast.typed import TYPE_CHECKING
from holdfast.workspace.projects import Project
from holdfast.workspace.repositories import Repositories

if TYPE_CHECKING:
    from pathlib import Path

    from holdfast.health.breaking import Breaking
    from holdfast.health.missing import MissingPath
    from holdfast.workspace.asked import Asked
    from holdfast.workspace.configured.found import Configuration
    from holdfast.workspace.configured.written import WrittenPath


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

    @cached_property
    def breaking_variables(self) -> "tuple[Breaking, ...]":
        """The variables that the process or a file sets and that break its environments."""
        from holdfast.health.breaking import breaking_variables  # noqa: PLC0415 - it takes a while

        return breaking_variables(self.project, self.configuration.variables, self.surroundings)

    @cached_property
    def unavailable(self) -> "tuple[tuple[Path, Asked], ...]":
        """What its version files ask for that is not installed, each with the folder that it is for."""
        from holdfast.health.wishes import unavailable_wishes  # noqa: PLC0415 - it takes a while

        return unavailable_wishes(self.project, self.version_files, self.surroundings)

    @cached_property
    def version_files(self) -> frozenset[str]:
        """The files that ask for a version of Python."""
        from holdfast.health.wishes import version_files  # noqa: PLC0415 - it takes a while

        return version_files(self.project, self.host)

    @cached_property
    def configuration(self) -> "Configuration":
        """What its configuration files say of interpreters, environments and variables."""
        from holdfast.health.variables import NAMES as VARIABLES  # noqa: PLC0415 - it takes a while
        from holdfast.workspace.configured.found import read_configuration  # noqa: PLC0415

        return read_configuration(self.project.places, self.host, VARIABLES)

    @property
    def configured(self) -> "tuple[WrittenPath, ...]":
        """The paths that they name."""
        return self.configuration.paths

    @cached_property
    def missing(self) -> "tuple[MissingPath, ...]":
        """Those of them that lead nowhere here, each cause once."""
        from holdfast.health.missing import missing_paths  # noqa: PLC0415 - few projects name any

        return missing_paths(self.configured, self.project, self.host) if self.configured else ()
