"""What is opened in a window of VS Code, a folder or a workspace, and which files have its settings."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from holdfast.files.reading import plain
from holdfast.host import Platform
from holdfast.values import NamedTuple
from holdfast.workspace.configured.files import Files, Place
from holdfast.workspace.configured.variables import LONGEST, Scope, locate

SETTINGS = ".vscode/settings.json"
LAUNCH = ".vscode/launch.json"
SECTIONS: dict[Platform, str] = {"linux": "linux", "darwin": "osx", "windows": "windows"}
"""What VS Code calls the part for one operating system."""
_MOST = 20
"""Folders of a workspace that are looked at."""


class Part(NamedTuple):
    """A file, or a part of one."""

    file: Path
    at: tuple[str, ...] = ()
    """The way to it in the file."""


class Opened(NamedTuple):
    """A folder, or all folders of a workspace, in one window."""

    settings: Part
    launch: Part
    """The configurations for debugging."""
    scopes: tuple[Scope, ...]
    """Of its folders."""


def opened_in(place: Place, folders: Mapping[str, Path], files: Files) -> Iterator[Opened]:
    """What may be opened in a folder: that itself, and the workspaces that are described there.

    `folders`: those of the workspaces in which it may be opened, by their names.
    """
    scope = Scope(files.host, place.folder, {place.folder.name: place.folder, **folders})
    yield Opened(Part(place.folder / SETTINGS), Part(place.folder / LAUNCH), (scope,))
    for file in place.workspaces:
        own = folders_of(file, files)
        scopes = tuple(Scope(files.host, folder, own) for folder in own.values())
        yield Opened(Part(file, ("settings",)), Part(file, ("launch",)), scopes)


def folders_of(file: Path, files: Files) -> dict[str, Path]:
    """The folders of a workspace by their names, as a `.code-workspace` file describes it.

    A folder without a name is called as it is on the disk. Those on other machines, by `uri`, are left out.
    """
    document = files.jsonc(file)
    listed = document.get("folders") if document else None
    folders: dict[str, Path] = {}
    for one in listed[:_MOST] if isinstance(listed, list) else ():
        path = one.get("path") if isinstance(one, dict) else None
        if isinstance(path, str) and len(path) <= LONGEST and not files.host.is_foreign(path):
            place = plain(locate(file.parent, path, files.host))
            name = one.get("name")
            folders[name if isinstance(name, str) else place.name] = place
    return folders
