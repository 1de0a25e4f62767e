"""What to watch so that a look is taken again when something changed.

An editor's recursive watching is not enough: it may exclude `.venv`, says nothing inside a link to another
folder, and knows nothing of bases outside the workspace. So every name that a verdict rests on is watched in
its own folder, without `**`. An event means only: look again.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from holdfast.discovery.walk import SKIPPED
from holdfast.environments.environment import Environment
from holdfast.environments.layout import CONFIG
from holdfast.files.placing import is_temporary
from holdfast.links.chain import LinkChain
from holdfast.lsp.uris import uri_of

Watched = Mapping[Path, frozenset[str]]
"""Names by the folder that they stand in."""

_COMING_AND_GOING = types.WatchKind.Create | types.WatchKind.Delete


def names_behind(environments: Iterable[Environment], settings: Iterable[Path]) -> Watched:
    """Every name on which the verdicts of these environments rest; `settings` are files."""
    names: dict[Path, set[str]] = {}
    for file in settings:
        names.setdefault(file.parent, set()).add(file.name)
    for environment in environments:
        for path in _paths_behind(environment):
            for part in (path, *path.parents[:-1]):
                names.setdefault(part.parent, set()).add(part.name)
    return {folder: frozenset(inside) for folder, inside in names.items()}


def _paths_behind(environment: Environment) -> Iterable[Path]:
    for folder in {environment.path, environment.real}:
        yield folder / CONFIG
        yield folder / "lib"
        yield folder / environment.layout.scripts / environment.layout.python
    for chain in (environment.python, environment.home):
        if chain:
            yield from _links_of(chain)


def _links_of(chain: LinkChain) -> Iterable[Path]:
    for hop in chain.hops:
        yield hop.link
    if chain.state != "silent":  # who asks after what does not answer waits himself
        yield chain.stopped_at


def watchers(folders: Iterable[Path], watched: Watched) -> list[types.FileSystemWatcher]:
    """What to register.

    The comings and goings anywhere in the workspace, and each name behind a verdict.
    """
    folders = tuple(folders)
    everywhere = [
        types.FileSystemWatcher(
            glob_pattern=types.RelativePattern(base_uri=uri_of(folder), pattern="**/*"),
            kind=_COMING_AND_GOING,
        )
        for folder in folders
    ]
    return everywhere + [
        types.FileSystemWatcher(
            glob_pattern=types.RelativePattern(base_uri=uri_of(folder), pattern=_pattern(names)),
        )
        for folder, names in sorted(watched.items())
    ]


def matters(path: Path) -> bool:
    """Whether an event at a path can change a verdict: what packages and tools write cannot."""
    return not any(part in SKIPPED or is_temporary(part) for part in path.parts)


def _pattern(names: Iterable[str]) -> str:
    plain = sorted(names)
    if any(re.search(r"[][{}*?,!]", name) for name in plain):
        return "*"
    return plain[0] if len(plain) == 1 else "{" + ",".join(plain) + "}"


class Watchers:
    """The registration of watchers with a client that can watch."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._number = 0
        self._registered: list[types.FileSystemWatcher] = []

    def register(self, wanted: list[types.FileSystemWatcher]) -> None:
        """Watch these and no others; the new ones are there before the old ones end."""
        if wanted == self._registered or not self._client_can_watch():
            return
        old, self._registered = self._number, wanted
        self._number += 1
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        options = types.DidChangeWatchedFilesRegistrationOptions(wanted)
        registration = types.Registration(_id(self._number), method, options)
        self._server.client_register_capability(types.RegistrationParams([registration]))
        if old:
            gone = types.Unregistration(_id(old), method)
            self._server.client_unregister_capability(types.UnregistrationParams([gone]))

    def _client_can_watch(self) -> bool:
        workspace = self._server.client_capabilities.workspace
        files = workspace.did_change_watched_files if workspace else None
        return bool(files and files.dynamic_registration and files.relative_pattern_support)


def _id(number: int) -> str:
    return f"holdfast-watching-{number}"
