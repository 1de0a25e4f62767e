"""Variables that configuration files set for the programs that are started with them: `.env`, launch.json."""

import os
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path

from holdfast.formats.span import Span
from holdfast.host import Host
from holdfast.values import NamedTuple
from holdfast.workspace.configured.files import Files
from holdfast.workspace.configured.variables import Scope, path_in_env

_ENV = ".env"


class Assigned(NamedTuple):
    """A variable, and where it is set."""

    name: str
    value: str
    """As it stands there."""
    file: Path
    span: Span
    locate: Callable[[str], Path | None]
    """Where a path in it leads."""


def assigned_variables(folder: Path, names: AbstractSet[str], host: Host) -> Iterator[Assigned]:
    """Those of these variables that the files in a folder set."""
    files = Files(host)
    if host.mounts.silent(folder):
        return
    yield from _in_env_file(folder / _ENV, folder, names, files)
    if os.path.lexists(folder / ".vscode" / "launch.json"):
        yield from _in_launch(folder, names, files)


def _in_env_file(file: Path, folder: Path, names: AbstractSet[str], files: Files) -> Iterator[Assigned]:
    from holdfast.formats.env_file import env_variables  # noqa: PLC0415 - few projects have one

    if not os.path.lexists(file):
        return
    locate = partial(_located, path_in_env, Scope(files.host, folder, {}))
    for one in env_variables(files.text(file)):
        if one.name in names:
            yield Assigned(one.name, one.value, file, one.span, locate)


def _in_launch(folder: Path, names: AbstractSet[str], files: Files) -> Iterator[Assigned]:
    """In the configurations themselves, and in the files of variables that they name."""
    from holdfast.workspace.configured import launching  # noqa: PLC0415 - few projects have one
    from holdfast.workspace.configured.variables import path_in_launch  # noqa: PLC0415

    file = folder / launching.LAUNCH
    scope = Scope(files.host, folder, {folder.name: folder})
    locate = partial(_located, path_in_launch, scope)
    for name, value, span in launching.variables(file, names, files):
        yield Assigned(name, value, file, span, locate)
    for named in dict.fromkeys(launching.env_files(file, (), scope, files)):
        if named.is_relative_to(folder) and named != folder / _ENV:
            yield from _in_env_file(named, folder, names, files)


def _located(expand: Callable[[str, Scope], Path | None], scope: Scope, text: str) -> Path | None:
    return expand(text, scope)
