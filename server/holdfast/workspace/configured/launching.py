"""What the configurations for debugging name: in `.vscode/launch.json`, or in a `.code-workspace` file."""

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from holdfast.formats.jsonc import Jsonc
from holdfast.formats.span import Span
from holdfast.host import Platform
from holdfast.workspace.configured.files import Files
from holdfast.workspace.configured.opened import SECTIONS, Opened
from holdfast.workspace.configured.variables import Scope, path_in_launch
from holdfast.workspace.configured.written import SYSTEMS, System, WrittenPath

_KINDS = ("python", "debugpy")
_PROGRAMS = ("python", "pythonPath")
"""What is started: the former wins."""
_KEYS = (*_PROGRAMS, "debugAdapterPython", "debugLauncherPython")
_SELECTED = "${command:python.interpreterPath}"
"""The interpreter that is selected in the editor, as it is where a configuration names none."""
_MOST = 30
"""Configurations that are looked at."""

Way = tuple[str | int, ...]
Find = Callable[[Jsonc, Way], Way | None]


def interpreters(opened: Opened, files: Files) -> Iterator[WrittenPath]:
    """The interpreters that the configurations start here."""
    host = files.host
    for document, path in _configurations(opened, files):
        for key in _KEYS:
            where, read_on = _choice(document, path, key, host.platform, _text)
            if where is None:
                continue
            text = str(document.get(*where))
            is_foreign = host.is_foreign(text)
            known = (path_in_launch(text, scope) for scope in (() if is_foreign else opened.scopes))
            yield WrittenPath(
                file=opened.launch.file,
                span=document.span(*where),
                key=key,
                text=text,
                tool="launch",
                role="interpreter",
                places=tuple(dict.fromkeys(place for place in known if place)),
                is_foreign=is_foreign,
                read_on=read_on,
            )


def env_files(opened: Opened, files: Files) -> Iterator[tuple[Path, Scope]]:
    """The files of variables that the configurations name, each with the folder that it is for."""
    for document, path in _of_project(opened, files):
        where, _ = _choice(document, path, "envFile", files.host.platform, _text)
        text = str(document.get(*where)) if where else ""
        for scope in opened.scopes:
            place = path_in_launch(text, scope)
            if place:
                yield place, scope


def variables(
    opened: Opened, names: AbstractSet[str], files: Files
) -> Iterator[tuple[str, str, Span, tuple[System, ...]]]:
    """Those of these variables that the configurations set for what they start, with their values.

    And the systems for which they do.
    """
    for document, path in _of_project(opened, files):
        where, read_on = _choice(document, path, "env", files.host.platform, _table)
        if where is None:
            continue
        for name, value in document.table(*where).items():
            if name in names and isinstance(value, str):
                yield name, value, document.span(*where, name), read_on


def _configurations(opened: Opened, files: Files) -> Iterator[tuple[Jsonc, Way]]:
    """The ways to those that start Python: what is attached to runs already."""
    file, at = opened.launch
    document = files.jsonc(file)
    if document is None:
        return
    listed = document.get(*at, "configurations")
    for index in range(min(len(listed), _MOST) if isinstance(listed, list) else 0):
        path: Way = (*at, "configurations", index)
        if document.get(*path, "type") in _KINDS and document.get(*path, "request") != "attach":
            yield document, path


def _of_project(opened: Opened, files: Files) -> Iterator[tuple[Jsonc, Way]]:
    """Those that start an interpreter of the project: what is set for another one is right for that."""
    for document, path in _configurations(opened, files):
        ways = (_choice(document, path, key, files.host.platform, _text)[0] for key in _PROGRAMS)
        way = next(filter(None, ways), None)
        text = str(document.get(*way)) if way else _SELECTED
        places = ((path_in_launch(text, scope), scope.folder) for scope in opened.scopes)
        if text == _SELECTED or any(place and place.is_relative_to(folder) for place, folder in places):
            yield document, path


def _choice(
    document: Jsonc, path: Way, key: str, platform: Platform, find: Find
) -> tuple[Way | None, tuple[System, ...]]:
    """The way to the value that counts on a system, and the systems on which it does.

    The part for one system wins over the rest, value by value and as a whole: see
    `applyPlatformSpecificKeys` in configurationResolverExpression.ts of VS Code.
    """
    parts = {one: find(document, (*path, name, key)) for one, name in SECTIONS.items()}
    own = parts[platform]
    if own:
        return own, (SYSTEMS[platform],)
    return find(document, (*path, key)), tuple(SYSTEMS[one] for one, way in parts.items() if way is None)


def _text(document: Jsonc, path: Way) -> Way | None:
    """The way to a text. It may be a list: a program and its arguments."""
    values = ((way, document.get(*way)) for way in ((*path, 0), path))
    return next((way for way, value in values if isinstance(value, str) and value), None)


def _table(document: Jsonc, path: Way) -> Way | None:
    return path if isinstance(document.get(*path), dict) else None
