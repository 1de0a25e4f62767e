"""Variables that files set for the programs that are started with them: `.env`, and VS Code's own."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice
from pathlib import Path

from holdfast.files.reading import plain
from holdfast.formats.env_file import env_variables
from holdfast.formats.span import Span
from holdfast.values import NamedTuple
from holdfast.workspace.configured.files import Files, Place
from holdfast.workspace.configured.opened import Opened
from holdfast.workspace.configured.variables import LONGEST, Scope, path_in_env, path_in_launch
from holdfast.workspace.configured.written import ALL, SYSTEMS, System, Tool, WrittenPath

ACTIVE = "VIRTUAL_ENV"
"""Which names the environment that is active."""
_ENV = ".env"
_MOST = 20
"""Files of variables that are read for a folder."""

EnvFiles = Mapping[Path, Scope]
"""The files of variables, be they there or not, each with the folder that it is for."""


class Assigned(NamedTuple):
    """A variable, and where it is set."""

    name: str
    value: str
    """As it stands there."""
    file: Path
    span: Span
    tool: Tool
    scopes: tuple[Scope, ...]
    """Of the folders for which it is set."""
    expand: Callable[[str, Scope], Path | None]
    """Where a path in it leads."""
    read_on: tuple[System, ...] = ALL
    """The operating systems for which it is set."""


def env_files_in(place: Place, opened: Iterable[Opened], files: Files) -> EnvFiles:
    """The files of variables in a folder: the usual one, and those that VS Code is told of."""
    usual = place.folder / _ENV
    found = {usual: Scope(files.host, place.folder, {})} if place.has(_ENV) else {}
    named = (each for one in opened for each in _named_by(one, files))
    for file, scope in islice(named, _MOST):
        where = plain(file)
        if where.is_relative_to(place.folder) and "\0" not in os.fspath(where):
            found.setdefault(where, scope)
    return found


def _named_by(opened: Opened, files: Files) -> Iterator[tuple[Path, Scope]]:
    from holdfast.workspace.configured import launching, vscode  # noqa: PLC0415 - few folders have settings

    yield from vscode.env_files(opened, files)
    yield from launching.env_files(opened, files)


def assigned_variables(
    opened: Iterable[Opened], env_files: EnvFiles, names: AbstractSet[str], files: Files
) -> Iterator[Assigned]:
    """Those of these variables that files set, or VS Code is to set for what it starts."""
    for one in opened:
        yield from _in_editor(one, names, files)
    for file, scope in env_files.items():
        for variable in env_variables(files.text(file)):
            if variable.name in names:
                yield Assigned(*variable[:2], file, variable.span, "env", (scope,), path_in_env)


def _in_editor(opened: Opened, names: AbstractSet[str], files: Files) -> Iterator[Assigned]:
    from holdfast.workspace.configured import launching, vscode  # noqa: PLC0415 - few folders have settings

    file, scopes, here = opened.settings.file, opened.scopes, (SYSTEMS[files.host.platform],)
    for name, value, span in vscode.terminal_variables(opened, names, files):
        yield Assigned(name, value, file, span, "variable", scopes, path_in_launch, here)
    for name, value, span, read_on in launching.variables(opened, names, files):
        file = opened.launch.file
        yield Assigned(name, value, file, span, "variable", scopes, path_in_launch, read_on)


def active_environment(one: Assigned, files: Files) -> WrittenPath | None:
    """The path of the environment that a variable makes the active one; None of another variable."""
    if one.name != ACTIVE or not one.value or len(one.value) > LONGEST:
        return None
    is_foreign = files.host.is_foreign(one.value)
    places = (one.expand(one.value, scope) for scope in (() if is_foreign else one.scopes))
    return WrittenPath(
        file=one.file,
        span=one.span,
        key=one.name,
        text=one.value,
        tool=one.tool,
        role="environment",
        places=tuple(dict.fromkeys(place for place in places if place)),
        is_foreign=is_foreign,
        read_on=one.read_on,
    )
