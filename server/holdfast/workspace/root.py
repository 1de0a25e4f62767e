"""The folder of the project to which a folder belongs."""

import os
from pathlib import Path

from holdfast.host import Host

MARKS = ("pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "hatch.toml", ".git", ".hg")
"""What tells the folder of a project."""


def project_root(folder: Path, host: Host) -> Path:
    """The folder of the project that a folder belongs to: the nearest that looks like one, else itself."""
    places = upward(folder, host)
    return next((place for place in places if is_project(place, host)), places[0])


def upward(folder: Path, host: Host) -> tuple[Path, ...]:
    """A folder and those above it, up to the home folder or the root of the file system."""
    if os.pardir in folder.parts:  # without them, the folders above are those in the path
        folder = Path(os.path.realpath(folder))
    places = [folder, *folder.parents]
    ends = {host.home, *host.roots.values()}
    last = next((number for number, place in enumerate(places) if place in ends), len(places))
    return tuple(places[: last + 1])


def is_project(folder: Path, host: Host) -> bool:
    """Whether a folder looks like a project's own."""
    # Many keep their home folder in git.
    return folder != host.home and any(os.path.lexists(os.path.join(folder, mark)) for mark in MARKS)
