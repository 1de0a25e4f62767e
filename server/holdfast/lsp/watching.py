"""What to watch so that a look is taken again when something changed.

An editor's recursive watching is not enough: it may exclude `.venv`, says nothing inside a link to another
folder, and knows nothing of bases outside the workspace. So every name that a verdict rests on is watched in
its own folder, without `**`. An event means only: look again.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from holdfast.discovery.walk import SKIPPED
from holdfast.environments.layout import REDIRECT
from holdfast.files.placing import is_temporary
from holdfast.lsp.marks import Marks
from holdfast.lsp.uris import uri_of

_METHOD = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
_COMING_AND_GOING = types.WatchKind.Create | types.WatchKind.Delete

_SPECIAL = re.compile(r"[][{}*?!]")
"""What means something in a pattern."""

Watch = tuple[str, str, int | None]
"""A folder, a pattern in it, and what to tell; None: everything."""


def watches(folders: Iterable[Path], marks: Marks) -> frozenset[Watch]:
    """What to watch: each name behind a verdict, with the folders above it, and all comings and goings."""
    opened = [os.fspath(folder) for folder in folders]
    everywhere = [(folder, "**/*", _COMING_AND_GOING) for folder in opened]
    redirects = [(folder, f"**/{REDIRECT}", types.WatchKind.Change) for folder in opened]
    # A folder by two names, as `lib` and `lib64`, has one mark; one that is missing comes into another one.
    listed = set(
        {mark: folder for folder, mark in sorted(marks.folders.items(), reverse=True) if mark}.values()
    )
    names = _by_folder((*marks.names, *marks.folders))
    behind = [(folder, _pattern(inside), None) for folder, inside in names.items() if folder not in listed]
    return frozenset((*everywhere, *redirects, *behind, *((folder, "*", None) for folder in listed)))


def matters(path: Path, marks: Marks) -> bool:
    """Whether an event at a path can change a verdict: what packages and tools write mostly cannot."""
    name = os.fspath(path)
    if name in marks.names or name in marks.folders or os.path.dirname(name) in marks.folders:
        return not is_temporary(path.name)
    return not any(part in SKIPPED or is_temporary(part) for part in path.parts)


def _by_folder(paths: Iterable[str]) -> dict[str, set[str]]:
    """The names of these and of all folders above them, by the folders in which they are."""
    names: dict[str, set[str]] = {}
    for path in paths:
        folder, name = os.path.split(path)
        while name:
            inside = names.get(folder)
            if inside is not None:  # what is above is known
                inside.add(name)
                break
            names[folder] = {name}
            folder, name = os.path.split(folder)
    return names


def _pattern(names: Iterable[str]) -> str:
    plain = ",".join(sorted(names))
    if _SPECIAL.search(plain):
        return "*"
    return f"{{{plain}}}" if "," in plain else plain


class Watchers:
    """The watches that are registered with a client that can watch."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._number = 0
        self._ids: dict[Watch, str] = {}
        self._seen: tuple[object, ...] = ()

    def register(self, folders: tuple[Path, ...], marks: Marks) -> None:
        """Watch what a look rests on and nothing else; new watches are there before old ones end."""
        seen = (folders, marks.names.keys(), {folder for folder, mark in marks.folders.items() if mark})
        if not self.can_watch or seen == self._seen:
            return
        self._seen = seen
        wanted = watches(folders, marks)
        new = [self._registration(watch) for watch in sorted(wanted - self._ids.keys(), key=str)]
        if new:
            self._server.client_register_capability(types.RegistrationParams(new))
        gone = [types.Unregistration(self._ids.pop(watch), _METHOD) for watch in self._ids.keys() - wanted]
        if gone:
            self._server.client_unregister_capability(types.UnregistrationParams(gone))

    def _registration(self, watch: Watch) -> types.Registration:
        folder, pattern, kind = watch
        self._number += 1
        self._ids[watch] = f"holdfast-watching-{self._number}"
        glob = types.RelativePattern(uri_of(Path(folder)), pattern)
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(glob, kind)])
        return types.Registration(self._ids[watch], _METHOD, options)

    @property
    def can_watch(self) -> bool:
        """Whether the client tells of changes where it is asked to."""
        workspace = self._server.client_capabilities.workspace
        files = workspace.did_change_watched_files if workspace else None
        return bool(files and files.dynamic_registration and files.relative_pattern_support)
