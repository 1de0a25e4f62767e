"""What the configurations for debugging name: in `.vscode/launch.json`, or in a `.code-workspace` file."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from holdfast.formats.jsonc import Jsonc
from holdfast.formats.span import Span
from holdfast.host import Platform
from holdfast.workspace.configured.files import Files
from holdfast.workspace.configured.variables import Scope, path_in_launch
from holdfast.workspace.configured.written import SYSTEMS, System, WrittenPath

LAUNCH = ".vscode/launch.json"
_KINDS = ("python", "debugpy")
_KEYS = ("python", "pythonPath")
_SYSTEMS: dict[Platform, str] = {"linux": "linux", "darwin": "osx", "windows": "windows"}
"""What a configuration calls its part for one operating system, which wins over the rest."""
_MOST = 30
"""Configurations that are looked at."""

Way = tuple[str | int, ...]


def interpreters(
    file: Path, at: tuple[str, ...], scopes: tuple[Scope, ...], files: Files
) -> Iterator[WrittenPath]:
    """The interpreters that the configurations of a file start here. `at`: where in it they stand."""
    document, host = files.jsonc(file), files.host
    if document is None:
        return
    for path in _configurations(document, at):
        for key in _KEYS:
            where, read_on = _choice(document, path, key, host.platform)
            if where is None:
                continue
            text = str(document.get(*where))
            is_foreign = host.is_foreign(text)
            known = (path_in_launch(text, scope) for scope in (() if is_foreign else scopes))
            yield WrittenPath(
                file=file,
                span=document.span(*where),
                key=key,
                text=text,
                tool="launch",
                role="interpreter",
                places=tuple(dict.fromkeys(place for place in known if place)),
                is_foreign=is_foreign,
                read_on=read_on,
            )


def env_files(file: Path, at: tuple[str, ...], scope: Scope, files: Files) -> Iterator[Path]:
    """The files of variables that the configurations name, be they there or not."""
    document = files.jsonc(file)
    for path in _configurations(document, at) if document else ():
        text = document.get(*path, "envFile") if document else None
        place = path_in_launch(text, scope) if isinstance(text, str) else None
        if place:
            yield place


def variables(file: Path, names: AbstractSet[str], files: Files) -> Iterator[tuple[str, str, Span]]:
    """Those of these variables that the configurations set for what they start, with their values."""
    document = files.jsonc(file)
    for path in _configurations(document, ()) if document else ():
        for way in ((*path, "env"), (*path, _SYSTEMS[files.host.platform], "env")):
            values = document.table(*way) if document else {}
            for name in names & values.keys():
                if document and isinstance(values[name], str):
                    yield name, values[name], document.span(*way, name)


def _configurations(document: Jsonc, at: tuple[str, ...]) -> Iterator[Way]:
    """The ways to those that start Python: what is attached to runs already."""
    listed = document.get(*at, "configurations")
    for index in range(min(len(listed), _MOST) if isinstance(listed, list) else 0):
        path: Way = (*at, "configurations", index)
        if document.get(*path, "type") in _KINDS and document.get(*path, "request") != "attach":
            yield path


def _choice(
    document: Jsonc, path: Way, key: str, platform: Platform
) -> tuple[Way | None, tuple[System, ...]]:
    """The way to the value that counts on a system, and the systems on which it does."""
    parts = {one: _value(document, (*path, name), key) for one, name in _SYSTEMS.items()}
    own = parts[platform]
    if own:
        return own, (SYSTEMS[platform],)
    return _value(document, path, key), tuple(SYSTEMS[one] for one, way in parts.items() if way is None)


def _value(document: Jsonc, path: Way, key: str) -> Way | None:
    """The way to a text. It may be a list: a program and its arguments."""
    ways: tuple[Way, ...] = ((*path, key, 0), (*path, key))
    values = ((way, document.get(*way)) for way in ways)
    return next((way for way, value in values if isinstance(value, str) and value), None)
