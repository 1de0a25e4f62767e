"""All paths that the configuration files of a project name."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from holdfast.formats.env_file import env_variables
from holdfast.host import Host
from holdfast.values import NamedTuple
from holdfast.workspace.configured.files import Files, Place, look_into
from holdfast.workspace.configured.tools import in_files
from holdfast.workspace.configured.variables import LONGEST, Scope, path_in_env
from holdfast.workspace.configured.written import WrittenPath
from holdfast.workspace.root import is_project

_VARIABLE = "VIRTUAL_ENV"
_MOST_ENV_FILES = 20


class Configuration(NamedTuple):
    """What the configuration files of a project say."""

    paths: tuple[WrittenPath, ...]
    """The paths that they name, the interpreters of VS Code first."""
    names: frozenset[str]
    """On what that rests: the files, be they there or not, and where the paths lead; absolute paths."""


def read_configuration(folders: Iterable[Path], host: Host) -> Configuration:
    """What the configuration files in these folders of one project say.

    The folders of a workspace that lie in one of them belong to it, unless they are projects of their own.
    """
    files = Files(host)
    own = {folder: look_into(folder, host) for folder in folders}
    inside = (folder for place in own.values() for folder in _belonging(place, files))
    places = own | {folder: look_into(folder, host) for folder in inside if folder not in own}
    named = {name: folder for place in own.values() for name, folder in _folders(place, files)}
    found = [one for place in places.values() if place.files for one in _in_place(place, named, files)]
    paths = tuple(sorted((one for one in found if len(one.text) <= LONGEST), key=_rank))
    files_that_count = (os.path.join(place.folder, name) for place in places.values() for name in place.names)
    return Configuration(paths, frozenset((*files_that_count, *_names_behind(paths, host))))


def _names_behind(paths: Iterable[WrittenPath], host: Host) -> Iterator[str]:
    for one in paths:
        yield os.fspath(one.file)
        targets = (target for target in one.places if not host.mounts.silent(target))
        yield from (text for target in targets if "\0" not in (text := os.fspath(target)))


def _rank(one: WrittenPath) -> int:
    """Of many that name the same, that tells of it which is nearest to who selects an interpreter."""
    return 3 if one.is_former else (one.tool != "settings") + (one.file.name != "settings.json")


def _in_place(place: Place, folders: Mapping[str, Path], files: Files) -> Iterator[WrittenPath]:
    """`folders`: those of the workspaces in which it may be opened, by their names."""
    if any(name.endswith((".json", ".code-workspace")) for name in place.files):
        yield from _of_editor(place, folders, files)
    yield from in_files(place, files)
    if place.has(".env"):
        yield from _variables(place.folder / ".env", place.folder, files)


def _of_editor(place: Place, folders: Mapping[str, Path], files: Files) -> Iterator[WrittenPath]:
    """What VS Code reads."""
    from holdfast.workspace.configured import launching, vscode  # noqa: PLC0415 - few folders have settings

    workspaces = [one for file in place.workspaces if (one := vscode.read_workspace(file, files))]
    scope = Scope(files.host, place.folder, {place.folder.name: place.folder, **folders})
    yield from vscode.in_folder(scope, files)
    for one in workspaces:
        yield from vscode.in_workspace(one, files)
    launch = place.folder / launching.LAUNCH
    yield from launching.interpreters(launch, (), (scope,), files)
    env_files = list(launching.env_files(launch, (), scope, files))
    for one in workspaces:
        scopes = tuple(Scope(files.host, folder, one.folders) for folder in one.folders.values())
        yield from launching.interpreters(one.file, ("launch",), scopes, files)
    for file in dict.fromkeys(env_files[:_MOST_ENV_FILES]):
        if file.is_relative_to(place.folder) and file != place.folder / ".env":
            yield from _variables(file, place.folder, files)


def _folders(place: Place, files: Files) -> Iterator[tuple[str, Path]]:
    """Those of the workspaces that are described in a folder, with their names."""
    if not place.workspaces:
        return
    from holdfast.workspace.configured import vscode  # noqa: PLC0415

    for file in place.workspaces:
        workspace = vscode.read_workspace(file, files)
        yield from workspace.folders.items() if workspace else ()


def _belonging(place: Place, files: Files) -> Iterator[Path]:
    """Those of them that belong to the project of that folder."""
    for _, folder in _folders(place, files):
        if folder.is_relative_to(place.folder) and not is_project(folder, files.host):
            yield folder


def _variables(file: Path, folder: Path, files: Files) -> Iterator[WrittenPath]:
    """The environment that a file of variables activates."""
    for variable in env_variables(files.text(file)):
        if variable.name != _VARIABLE:
            continue
        host = files.host
        is_foreign = host.is_foreign(variable.value)
        place = None if is_foreign else path_in_env(variable.value, Scope(host, folder, {}))
        yield WrittenPath(
            file=file,
            span=variable.span,
            key=variable.name,
            text=variable.value,
            tool="env",
            role="environment",
            places=(place,) if place else (),
            is_foreign=is_foreign,
        )
