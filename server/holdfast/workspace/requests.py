"""Which Python a project asks for: every file that says so, found as the tools find them that read it."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from holdfast.files.reading import is_regular_file
from holdfast.host import Host
from holdfast.workspace.asked import Answer, Asked, Ignored
from holdfast.workspace.root import project_root, upward
from holdfast.workspace.sources import SOURCES, Source, read_file


@dataclass(frozen=True)
class ProjectRequests:
    """What a project asks for."""

    folder: Path
    places: tuple[Path, ...]
    """This folder and those above it, up to the project's own."""
    asked: tuple[Asked, ...]
    """Preferences in the order in which they count."""
    ignored: tuple[Ignored, ...]

    @property
    def root(self) -> Path:
        """The project's own folder."""
        return self.places[-1]

    @property
    def requirements(self) -> tuple[Asked, ...]:
        """What an interpreter must fit."""
        return tuple(one for one in self.asked if one.strength == "requirement")

    @property
    def preferences(self) -> tuple[tuple[Asked, ...], ...]:
        """What chooses among those that fit: the requests of each file, any of which will do."""
        groups: dict[tuple[Path, str], list[Asked]] = {}
        for one in self.asked:
            if one.strength == "preference":
                groups.setdefault((one.file, one.reader), []).append(one)
        return tuple(tuple(group) for group in groups.values())

    def unmet(self, met: Collection[Asked]) -> tuple[Asked, ...]:
        """What is asked for in vain: each requirement, and the first wish of a file that has no wish met."""
        wishes = (group[0] for group in self.preferences if not any(one in met for one in group))
        return (*(one for one in self.requirements if one not in met), *wishes)

    def in_words(self, one: Asked) -> str:
        """What a file asks for: "`.python-version` asks for 3.12"."""
        verb = "requires" if one.strength == "requirement" else "asks for"
        return f"`{self.inside(one.file)}` {verb} {one.text}"

    @property
    def not_followed(self) -> tuple[str, ...]:
        """What could not be read, and why, as sentences."""
        return tuple(f"`{self.inside(one.file)}` is not followed: {one.reason}." for one in self.ignored)

    def inside(self, path: Path) -> Path:
        """A path as messages name it: from the project's folder on where it lies in there."""
        return path.relative_to(self.root) if path.is_relative_to(self.root) else path


def project_requests(folder: Path, host: Host) -> ProjectRequests:
    """What the files in a folder, and above it, ask for. `folder` is absolute.

    Files of tools that look upward are looked for up to the home folder, or to the root of the file system
    for a folder outside of it; the others up to the project's own folder. Nearer files go first.
    """
    places = upward(folder, host)
    root = project_root(folder, host)
    own = places[: places.index(root) + 1]
    found: list[tuple[int, Answer]] = []
    for source in SOURCES:
        found.extend(_answers(source, places if source.above else own, own, host))
    answers = [answer for _, answer in sorted(found, key=lambda pair: pair[0])]
    asked = [answer for answer in answers if isinstance(answer, Asked)]
    return ProjectRequests(
        folder=folder,
        places=own,
        # What is written for this program counts before what others read.
        asked=tuple(sorted(asked, key=lambda one: one.reader != "holdfast")),
        ignored=tuple(answer for answer in answers if isinstance(answer, Ignored)),
    )


def _is_of_stranger(file: Path, root: Path) -> bool:
    """Whether a file is neither this user's nor root's, nor of whom the project is: all may write in /tmp."""
    if not hasattr(os, "geteuid"):
        return False
    try:
        return os.stat(file).st_uid not in (0, os.geteuid(), os.stat(root).st_uid)
    except OSError:
        return False


def _answers(
    source: Source, places: tuple[Path, ...], own: tuple[Path, ...], host: Host
) -> Iterator[tuple[int, Answer]]:
    """What a kind of file asks for, with the distance of its folder."""
    for distance, place in enumerate(places):
        for name in source.names:
            file = place / name
            if not os.path.lexists(file):
                continue
            if mount := host.mounts.silent(file):
                yield distance, Ignored(file, f"it leads to {mount}, which does not answer")
                return
            if distance >= len(own) and _is_of_stranger(file, own[-1]):
                yield distance, Ignored(file, "it belongs to another user, and lies outside the project")
                continue
            answers = read_file(file, source.read)
            yield from ((distance, answer) for answer in answers)
            says = any(isinstance(answer, Asked) for answer in answers)
            if says or (not source.merges and is_regular_file(file)):
                return
