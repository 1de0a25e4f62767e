"""What the rules need to know about one project."""

from dataclasses import dataclass

from holdfast.workspace.projects import Project


@dataclass(frozen=True)
class ProjectFacts:
    """A project, and what its settings may speak of."""

    project: Project
    rules: tuple[str, ...]
    """The names of all rules."""
