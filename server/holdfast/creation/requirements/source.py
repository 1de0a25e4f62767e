"""Requirement sources: what can be installed of a project, each under a name of its own."""

from dataclasses import dataclass
from pathlib import Path

from holdfast.typed import Literal

Kind = Literal["file", "project", "dependencies", "group", "uv.lock", "pylock"]
"""`file`, a requirements file; `project`, the project itself, editable, perhaps with an extra;
`dependencies`, what a project that is no package depends on, perhaps with an extra; `group`, a dependency
group; and the lock files."""


@dataclass(frozen=True)
class RequirementSource:
    """One thing that can be installed."""

    id: str
    """The same on every machine: `requirements/dev.txt`, `pyproject.toml`, `pyproject.toml[docs]`,
    `pyproject.toml:dev`."""
    kind: Kind
    file: Path
    label: str
    """What it is, for people."""
    name: str | None = None
    """Of the extra or the group."""
    requirements: tuple[str, ...] | None = None
    """Those of a group and of dependencies, for tools that do not read them from pyproject.toml; None where
    only such tools can tell."""
    alone: bool = False
    """Whether pip installs it only without others: the hashes of one file are asked of all."""
    trouble: str | None = None
    """Why it cannot be installed, as half a sentence; None where nothing speaks against it."""
