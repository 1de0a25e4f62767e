"""All that the configuration files of a project name: paths, and variables for what is started."""

import os
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from holdfast.host import Host
from holdfast.values import NamedTuple
from holdfast.workspace.configured.assigned import (
    ACTIVE,
    Assigned,
    EnvFiles,
    active_environment,
    assigned_variables,
    env_files_in,
)
from holdfast.workspace.configured.files import WORKSPACE, Files, Place, look_into
from holdfast.workspace.configured.opened import Opened, folders_of, opened_in
from holdfast.workspace.configured.tools import in_files
from holdfast.workspace.configured.variables import LONGEST
from holdfast.workspace.configured.written import WrittenPath
from holdfast.workspace.root import is_project


class Configuration(NamedTuple):
    """What the configuration files of a project say."""

    paths: tuple[WrittenPath, ...]
    """The paths that they name, the interpreters of VS Code first."""
    variables: tuple[Assigned, ...]
    """Those that were asked for and are set."""
    names: frozenset[str]
    """On what that rests: the files, be they there or not, and where the paths lead; absolute paths."""


class _Said(NamedTuple):
    """What the files in one folder say."""

    paths: tuple[WrittenPath, ...]
    variables: tuple[Assigned, ...]
    env_files: EnvFiles


def read_configuration(
    folders: Iterable[Path], host: Host, variables: AbstractSet[str] = frozenset()
) -> Configuration:
    """What the configuration files in these folders of one project say, also of these variables.

    The folders of a workspace that lie in one of them belong to it, unless they are projects of their own.
    """
    files = Files(host)
    own = {folder: look_into(folder, host) for folder in folders}
    inside = (folder for place in own.values() for folder in _belonging(place, files))
    places = own | {folder: look_into(folder, host) for folder in inside if folder not in own}
    named = {name: folder for place in own.values() for name, folder in _folders(place, files)}
    said = [_in_place(place, named, {ACTIVE, *variables}, files) for place in places.values() if place.files]
    found = (path for one in said for path in one.paths if len(path.text) <= LONGEST)
    paths = tuple(sorted(found, key=_rank))
    files_that_count = {os.path.join(place.folder, name) for place in places.values() for name in place.names}
    files_that_count.update(os.fspath(file) for one in said for file in one.env_files)
    return Configuration(
        paths,
        tuple(variable for one in said for variable in one.variables),
        frozenset((*files_that_count, *_names_behind(paths, host))),
    )


def _names_behind(paths: Iterable[WrittenPath], host: Host) -> Iterator[str]:
    for one in paths:
        yield os.fspath(one.file)
        targets = (target for target in one.places if not host.mounts.silent(target))
        yield from (text for target in targets if "\0" not in (text := os.fspath(target)))


def _rank(one: WrittenPath) -> int:
    """Of many that name the same, that tells of it which is nearest to who selects an interpreter."""
    return 3 if one.is_former else (one.tool != "settings") + (one.file.name != "settings.json")


def _in_place(place: Place, folders: Mapping[str, Path], variables: AbstractSet[str], files: Files) -> _Said:
    """`folders`: those of the workspaces in which it may be opened, by their names."""
    has_editor = any(name.endswith((".json", WORKSPACE)) for name in place.files)
    opened = tuple(opened_in(place, folders, files)) if has_editor else ()
    env_files = env_files_in(place, opened, files)
    assigned = tuple(assigned_variables(opened, env_files, variables, files))
    environments = (path for one in assigned if (path := active_environment(one, files)))
    return _Said((*_of_editor(opened, files), *in_files(place, files), *environments), assigned, env_files)


def _of_editor(opened: Iterable[Opened], files: Files) -> Iterator[WrittenPath]:
    """What VS Code reads."""
    for one in opened:
        from holdfast.workspace.configured import launching, vscode  # noqa: PLC0415 - few folders have settings

        yield from vscode.written_paths(one, files)
        yield from launching.interpreters(one, files)


def _folders(place: Place, files: Files) -> Iterator[tuple[str, Path]]:
    """Those of the workspaces that are described in a folder, with their names."""
    return (each for file in place.workspaces for each in folders_of(file, files).items())


def _belonging(place: Place, files: Files) -> Iterator[Path]:
    """Those of them that belong to the project of that folder."""
    for _, folder in _folders(place, files):
        if folder.is_relative_to(place.folder) and not is_project(folder, files.host):
            yield folder
