"""What is on the disk under the names on which verdicts rest, so that a change shows without an event.

Network shares send no events, an editor that excludes `**/.venv/**` from watching drops those that it gets,
and some editors watch nothing for a server. The names are few, so asking for them now and then costs little.
"""

import os
import stat
from collections.abc import Iterable, Mapping, Sequence

from holdfast.health.footing import Footing
from holdfast.values import NamedTuple

Mark = tuple[object, ...] | str | None
"""What a link says, what tells one state of a file or folder from another, or that there is nothing."""

_FEW = 20
"""Verdicts; of more, all names are gone through."""


class Marks(NamedTuple):
    """What was there, by path."""

    names: Mapping[str, Mark]
    folders: Mapping[str, Mark]
    """Those of which the entries count."""

    def anew(self, paths: Iterable[str]) -> "Marks":
        """The same, with these paths marked as they are now."""
        names, folders = dict(self.names), dict(self.folders)
        for path in paths:
            if path in names:
                names[path] = _mark(path)
            if path in folders:
                folders[path] = _mark_of_folder(path)
        return Marks(names, folders)


NO_MARKS = Marks({}, {})


def marks_of(footings: Iterable[Footing], known: Marks = NO_MARKS) -> Marks:
    """Mark what these rest on as it is now, except for what is known already."""
    rested_on = tuple(footings)
    names = frozenset[str]().union(*(footing.names for footing in rested_on))
    folders = frozenset[str]().union(*(footing.folders for footing in rested_on))
    return Marks(
        {path: known.names[path] if path in known.names else _mark(path) for path in names},
        {path: known.folders[path] if path in known.folders else _mark_of_folder(path) for path in folders},
    )


def marks_after(known: Marks, before: Sequence[Footing], now: Sequence[Footing]) -> Marks:
    """Mark what a look rests on, given the marks of the look before, from which it has taken over most."""
    were, are = set(map(id, before)), set(map(id, now))
    gone = [one for one in before if id(one) not in are]
    new = [one for one in now if id(one) not in were]
    if len(gone) + len(new) > _FEW:
        return marks_of(now, known)
    ours, still = marks_of(new, known), [one for one in now if id(one) in were]
    names, folders = {**known.names, **ours.names}, {**known.folders, **ours.folders}
    for one in gone:
        for name in one.names - ours.names.keys():
            if not any(name in other.names for other in still):
                names.pop(name, None)
        for folder in one.folders - ours.folders.keys():
            if not any(folder in other.folders for other in still):
                folders.pop(folder, None)
    return Marks(names, folders)


def changed_since(marks: Marks) -> frozenset[str]:
    """The paths under which there is something else now."""
    names = (path for path, before in marks.names.items() if _mark(path) != before)
    folders = (path for path, before in marks.folders.items() if _mark_of_folder(path) != before)
    return frozenset((*names, *folders))


def _mark(path: str) -> Mark:
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            return os.readlink(path)
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(status.st_mode):  # what is put into a folder changes its time, and no verdict
        return status.st_mode, status.st_ino
    return status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns


def _mark_of_folder(path: str) -> Mark:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_ino, status.st_mtime_ns
