"""What to watch so that a look is taken again when something changed.

An editor's recursive watching is not enough: it may exclude `.venv`, says nothing inside a link to another
folder, and knows nothing of bases outside the workspace. So every name that a verdict rests on is watched in
its own folder, without `**`. An event means only: look again.
"""

import asyncio
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
from holdfast.workspace.root import MARKS

_PART = 200
"""Watches that are registered in one message."""

_METHOD = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
_COMING_AND_GOING = types.WatchKind.Create | types.WatchKind.Delete

_SPECIAL = re.compile(r"[][{}*?!]")
"""What means something in a pattern."""

Watch = tuple[str, str, int | None]
"""A folder, a pattern in it, and what to tell; None: everything."""


def matters(path: Path, marks: Marks) -> bool:
    """Whether an event at a path can change a verdict: what packages and tools write mostly cannot."""
    name = os.fspath(path)
    if name in marks.names or name in marks.folders or os.path.dirname(name) in marks.folders:
        return not is_temporary(path.name)
    above = path.parent if path.name in MARKS else path  # `.git` makes a project, what is in it does not
    return not any(part in SKIPPED or is_temporary(part) for part in above.parts)


class _Names:
    """Names by the folders in which they are, with those of all folders above them.

    Each is counted as often as something needs it.
    """

    def __init__(self) -> None:
        self._needed: dict[str, dict[str, int]] = {}
        self._changed: set[str] = set()

    def taken(self) -> set[str]:
        """The folders in which others are needed than when this was asked before."""
        changed, self._changed = self._changed, set()
        return changed

    def inside(self, folder: str) -> Iterable[str]:
        """What is needed in a folder."""
        return self._needed.get(folder, ())

    def add(self, path: str) -> None:
        """Need a path."""
        folder, name = os.path.split(path)
        while name:
            self._changed.add(folder)
            inside = self._needed.get(folder)
            if inside is not None:
                inside[name] = inside.get(name, 0) + 1
                break
            self._needed[folder] = {name: 1}
            folder, name = os.path.split(folder)

    def remove(self, path: str) -> None:
        """Need it once less."""
        folder, name = os.path.split(path)
        while name:
            self._changed.add(folder)
            inside = self._needed[folder]
            inside[name] -= 1
            if inside[name]:
                break
            del inside[name]
            if inside:
                break
            del self._needed[folder]
            folder, name = os.path.split(folder)


def _pattern(names: Iterable[str]) -> str:
    """One pattern for names in a folder; nothing where there are none."""
    plain = ",".join(sorted(names))
    if _SPECIAL.search(plain):
        return "*"
    return f"{{{plain}}}" if "," in plain else plain


class Watchers:
    """The watches that are registered with a client that can watch."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._names = _Names()
        self._paths: frozenset[str] = frozenset()
        """Those in `_names`."""
        self._listed: frozenset[str] = frozenset()
        """The folders in which everything is watched."""
        self._behind: dict[str, Watch] = {}
        """What is watched in each folder because a verdict rests on it."""
        self._number = 0
        self._ids: dict[Watch, str] = {}
        self._new: list[types.Registration] = []
        self._gone: list[types.Unregistration] = []
        self._sending: asyncio.Task[None] | None = None

    @property
    def can_watch(self) -> bool:
        """Whether the client tells of changes where it is asked to."""
        workspace = self._server.client_capabilities.workspace
        files = workspace.did_change_watched_files if workspace else None
        return bool(files and files.dynamic_registration and files.relative_pattern_support)

    def register(self, folders: Iterable[Path], marks: Marks) -> None:
        """Watch each name behind a verdict, with the folders above it, and all that comes and goes."""
        if not self.can_watch:
            return
        opened = {watch for folder in folders for watch in _of_workspace(os.fspath(folder))}
        known = {watch for watch in self._ids if "**" in watch[1]}
        before, after = self._follow(marks)
        self._exchange(before | (known - opened), after | (opened - known))

    def _follow(self, marks: Marks) -> tuple[set[Watch], set[Watch]]:
        """The watches behind verdicts that are no longer needed, and the new ones."""
        paths = frozenset((*marks.names, *marks.folders))
        listed = frozenset(folder for folder, mark in marks.folders.items() if mark)
        for path in paths - self._paths:
            self._names.add(path)
        for path in self._paths - paths:
            self._names.remove(path)
        changed = self._names.taken() | (listed ^ self._listed)
        self._paths, self._listed = paths, listed
        before = {self._behind.pop(folder) for folder in changed if folder in self._behind}
        inside = (
            (folder, "*" if folder in listed else _pattern(self._names.inside(folder))) for folder in changed
        )
        self._behind.update((folder, (folder, pattern, None)) for folder, pattern in inside if pattern)
        after = {self._behind[folder] for folder in changed if folder in self._behind}
        return before - after, after - before

    def _exchange(self, gone: set[Watch], new: set[Watch]) -> None:
        """New watches are there before old ones end."""
        self._new += [self._registration(watch) for watch in sorted(new, key=str)]
        self._gone += [types.Unregistration(self._ids.pop(watch), _METHOD) for watch in gone]
        if (self._new or self._gone) and self._sending is None:
            self._sending = asyncio.create_task(self._send())

    async def _send(self) -> None:
        """In parts: thousands of watches at once would keep the editor's questions waiting."""
        try:
            while self._new:
                part, self._new = self._new[:_PART], self._new[_PART:]
                self._server.client_register_capability(types.RegistrationParams(part))
                await asyncio.sleep(0)
            gone, self._gone = self._gone, []
            if gone:
                self._server.client_unregister_capability(types.UnregistrationParams(gone))
        finally:
            self._sending = None

    def _registration(self, watch: Watch) -> types.Registration:
        folder, pattern, kind = watch
        self._number += 1
        self._ids[watch] = f"holdfast-watching-{self._number}"
        glob = types.RelativePattern(uri_of(Path(folder)), pattern)
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(glob, kind)])
        return types.Registration(self._ids[watch], _METHOD, options)


def _of_workspace(folder: str) -> tuple[Watch, ...]:
    """All comings and goings in a folder of the workspace, and what redirect files say."""
    return (folder, "**/*", _COMING_AND_GOING), (folder, f"**/{REDIRECT}", types.WatchKind.Change)
