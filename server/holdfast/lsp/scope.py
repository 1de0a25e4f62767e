"""What has to be looked at again after a change: as little as is certain to be enough.

What changes in an environment's own folder counts for that environment and for its project. Where others may
have come or gone, they are looked for again. What lies outside of the workspace, as bases do, may count for
anything: then everything is looked at.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from holdfast.environments.layout import CONFIG, POSIX, REDIRECT, WINDOWS
from holdfast.files.reading import Unreadable, is_regular_file
from holdfast.lsp.look import Look
from holdfast.repair.survey import Surveyed
from holdfast.values import NamedTuple
from holdfast.workspace.configured.files import WORKSPACE
from holdfast.workspace.root import MARKS

_MOST = 200
"""Changes; after a checkout of more, looking at everything is less work."""

_SCRIPTS = frozenset({POSIX.scripts, WINDOWS.scripts})
"""The folders in which a file may make an environment, if but half of one, of the folder above."""


class Scope(NamedTuple):
    """What may be different."""

    environments: frozenset[Path] = frozenset()
    """Those to be checked again."""
    projects: frozenset[Path] = frozenset()
    """The folders of those to be checked again."""
    come_or_gone: bool = False
    """Whether there may be other environments than before."""
    settings: bool = False
    """Whether projects may begin elsewhere, or say something else."""

    def with_(self, other: "Scope") -> "Scope":
        """Both together."""
        return Scope(
            self.environments | other.environments,
            self.projects | other.projects,
            self.come_or_gone or other.come_or_gone,
            self.settings or other.settings,
        )


NOTHING = Scope()


def scope_of(changed: frozenset[str], latest: Look, home: Path) -> Scope | None:
    """What changes at these paths may have made different since a look; None where that is everything."""
    if len(changed) > _MOST:
        return None
    before = _Before(latest)
    scope = NOTHING
    for path in changed:
        found = before.scope_of(path)
        if found is None:
            return None
        scope = scope.with_(found)
    if scope == NOTHING:
        return NOTHING
    # Where the home folder is opened, interpreters may have come or gone, too.
    if scope.come_or_gone and before.is_opened(home):
        return None
    scope = scope.with_(Scope(environments=before.with_dependents(scope.environments)))
    if 2 * len(scope.environments) > len(latest.environments) > _MOST:
        return None
    places = (*changed, *map(os.fspath, scope.environments))
    return scope.with_(Scope(projects=before.projects_around(places)))


def paths_inside(one: Surveyed) -> Iterator[str]:
    """What the verdict about an environment rests on in its own folder."""
    footing = one.verdict.footing
    yield from (path for path in footing.names | footing.folders if path not in footing.outside)


class _Before:
    """What a look saw, by the paths on which it rests."""

    def __init__(self, latest: Look) -> None:
        self._latest = latest
        self._opened = [os.fspath(one.folder) for one in latest.folders]
        self._searched = [os.fspath(path) for one in latest.folders for path in one.settings.search_paths]
        self._by_look = {path for one in latest.folders for path in one.footing.names}
        self._by_folder: dict[str, set[Path]] = {}
        """The folder of an environment has two names where a link leads to it."""
        for one in latest.environments:
            for folder in {os.fspath(one.path), os.fspath(one.verdict.environment.real)}:
                self._by_folder.setdefault(folder, set()).add(one.path)

    def scope_of(self, path: str) -> Scope | None:
        """What a change at one path may have made different."""
        folder = next((part for part in _upward(path) if part in self._by_folder), None)
        if folder:
            owners = self._by_folder[folder]
            own = Scope(frozenset(owners), come_or_gone=self._is_outline(path, folder, owners))
        elif _is_in(path, self._opened) and not _is_in(path, self._searched):
            own = self._scope_outside(path)
        else:
            return None
        return own.with_(Scope(self._resting_on(path, own), self._projects_on(path), path in self._by_look))

    def _scope_outside(self, path: str) -> Scope:
        """That of a path in the workspace and in no environment."""
        name, above = os.path.basename(path), os.path.dirname(path)
        if name in MARKS:
            return Scope(self._standing_in(above), come_or_gone=True, settings=True)
        kind = _kind(path)
        if name.endswith(WORKSPACE):  # of which a project may have any
            return Scope(projects=frozenset((Path(above),)))
        if kind == "file":
            return Scope(come_or_gone=name in (CONFIG, REDIRECT) or os.path.basename(above) in _SCRIPTS)
        inside = self._standing_in(path)
        return Scope(inside, come_or_gone=kind == "folder" or bool(inside))

    def is_opened(self, folder: Path) -> bool:
        """Whether a folder lies in one of the workspace."""
        return _is_in(os.fspath(folder), self._opened)

    def with_dependents(self, environments: frozenset[Path]) -> frozenset[Path]:
        """These, those that rest on something in their folders, and so on."""
        found, new = environments, environments
        while new:
            folders = frozenset(f for f, ones in self._by_folder.items() if not new.isdisjoint(ones))
            new = self._resting(folders, tuple(folder + os.sep for folder in folders)) - found
            found |= new
        return found

    def _resting_on(self, path: str, own: Scope) -> frozenset[Path]:
        """Those that rest on a path outside of their own folder, on one below it, or on its being listed."""
        # `bin/python` and `pyvenv.cfg` make an environment of the folder above, which others see beside them.
        steps = 3 if own.come_or_gone and not own.settings else 1
        listed = frozenset(os.path.dirname(part) for part in islice(_upward(path), steps))
        inside = () if _kind(path) == "file" else (path + os.sep,)
        return self._resting(frozenset((path,)), inside, listed)

    def _resting(
        self, paths: frozenset[str], inside: tuple[str, ...], listed: frozenset[str] = frozenset()
    ) -> frozenset[Path]:
        """Those that rest, outside of their own folder, on a path, on one that begins so, or on a listing."""
        footings = ((one.path, one.verdict.footing) for one in self._latest.environments)
        return frozenset(
            path
            for path, footing in footings
            if not footing.outside.isdisjoint(paths)
            or not footing.folders.isdisjoint(listed & footing.outside)
            or (inside and any(name.startswith(inside) for name in footing.outside))
        )

    def _projects_on(self, path: str) -> frozenset[Path]:
        verdicts = (one.verdict for one in self._latest.projects)
        return frozenset(one.project.folder for one in verdicts if path in one.footing.names)

    def projects_around(self, changed: Iterable[str]) -> frozenset[Path]:
        """The projects in which something changed, or which rest on it."""
        upward = {part for path in changed for part in _upward(path)}
        verdicts = (one.verdict for one in self._latest.projects)
        return frozenset(
            one.project.folder
            for one in verdicts
            if os.fspath(one.project.folder) in upward or not one.footing.names.isdisjoint(upward)
        )

    def _standing_in(self, folder: str) -> frozenset[Path]:
        inside = folder + os.sep
        return frozenset(
            one
            for key, ones in self._by_folder.items()
            if key == folder or key.startswith(inside)
            for one in ones
        )

    def _is_outline(self, path: str, folder: str, owners: set[Path]) -> bool:
        """Whether a change inside may make, or end, the environment."""
        if path == folder:
            return True
        if path == os.path.join(folder, CONFIG) and not is_regular_file(Path(path)):
            return True
        ones = (one for one in self._latest.environments if one.path in owners)
        return any(isinstance(one.verdict.environment.config, Unreadable) for one in ones)


def _upward(path: str) -> Iterator[str]:
    """A path and the folders above it."""
    above = os.path.dirname(path)
    while above != path:
        yield path
        path, above = above, os.path.dirname(above)


def _is_in(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def _kind(path: str) -> str:
    """`file`, or `folder` for that and for what may lead to one, or `gone`."""
    try:
        return "file" if stat.S_ISREG(os.lstat(path).st_mode) else "folder"
    except (OSError, ValueError):
        return "gone"
