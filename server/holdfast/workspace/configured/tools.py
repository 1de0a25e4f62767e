"""What pyright, ty and ruff name in their own files or in pyproject.toml: of each, one file counts."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from holdfast.formats.span import START
from holdfast.typed import TYPE_CHECKING
from holdfast.workspace.configured.files import Files, Place
from holdfast.workspace.configured.variables import Scope, path_as_it_is, path_in_toml
from holdfast.workspace.configured.written import Role, Tool, Winner, WrittenPath

if TYPE_CHECKING:
    from holdfast.formats.jsonc import Jsonc
    from holdfast.formats.toml import Toml

_SHARED = "pyproject.toml"
_IN_SHARED = re.compile(rb"""\b(?:venvPath|extraPaths|environment|extend["']?[ \t]*=)""")
"""What stands in a pyproject.toml that names paths; reading TOML takes a while, and few do."""
_MOST = 20
"""Paths of a list that are looked at."""

Expand = Callable[[str, Scope], Path | None]
Way = tuple[str | int, ...]


def in_files(place: Place, files: Files) -> Iterator[WrittenPath]:
    """What the files in a folder name."""
    scope = Scope(files.host, place.folder, {})
    own_of_ruff = next((name for name in (".ruff.toml", "ruff.toml") if place.has(name)), None)
    own_of_ty = "ty.toml" if place.has("ty.toml") else None
    own_of_pyright = "pyrightconfig.json" if place.has("pyrightconfig.json") else None
    shared = _shared(place, files)
    if own_of_pyright and (json := files.jsonc(place.folder / own_of_pyright)):
        yield from _Table(place.folder / own_of_pyright, json, (), scope).of_pyright()
    if own_of_ty and (toml := files.toml(place.folder / own_of_ty)):
        yield from _Table(place.folder / own_of_ty, toml, (), scope).of_ty()
    if own_of_ruff and (toml := files.toml(place.folder / own_of_ruff)):
        yield from _Table(place.folder / own_of_ruff, toml, (), scope).of_ruff()
    if shared:
        file = place.folder / _SHARED
        for name in ("pyright", "basedpyright"):
            found = _Table(file, shared, ("tool", name), scope).of_pyright()
            yield from _lost(found, "pyright", own_of_pyright, place.folder)
        yield from _lost(_Table(file, shared, ("tool", "ty"), scope).of_ty(), "ty", own_of_ty, place.folder)
        of_ruff = _Table(file, shared, ("tool", "ruff"), scope).of_ruff()
        yield from _lost(of_ruff, "ruff", own_of_ruff, place.folder)


def _shared(place: Place, files: Files) -> "Toml | None":
    file = place.folder / _SHARED
    content = files.content(file) if place.has(_SHARED) else None
    return files.toml(file) if content and _IN_SHARED.search(content) else None


def _lost(found: Iterator[WrittenPath], tool: str, own: str | None, folder: Path) -> Iterator[WrittenPath]:
    """The same values, which count for nothing where the tool has a file of its own."""
    for written in found:
        why = f"{own} is there, and {tool} then reads nothing of this table"
        yield written._replace(winner=Winner(folder / own, START, why, always=True)) if own else written


class _Table:
    """The part of a document that is for one tool."""

    def __init__(self, file: Path, document: "Jsonc | Toml", at: Way, scope: Scope) -> None:
        self._file = file
        self._document = document
        self._at = at
        self._scope = scope

    def of_pyright(self) -> Iterator[WrittenPath]:
        """`venvPath` and `venv`, which count together, and further folders of imports."""
        above, name = self._text(("venvPath",)), self._text(("venv",))
        if above and name:
            yield from self._written("pyright", "parent", ("venvPath",), path_as_it_is)
            place = path_as_it_is(above, self._scope)
            scope = self._scope._replace(folder=place)
            if not self._scope.host.is_foreign(above):  # else all is said with that
                yield from self._written("pyright", "environment", ("venv",), path_as_it_is, scope)
        for way in self._lists():
            yield from self._written("pyright", "inside", way, path_as_it_is)

    def _lists(self) -> Iterator[Way]:
        for way in (("extraPaths",), *self._executions()):
            value = self._document.get(*self._at, *way)
            for index in range(min(len(value), _MOST) if isinstance(value, list) else 0):
                yield (*way, index)

    def _executions(self) -> Iterator[Way]:
        value = self._document.get(*self._at, "executionEnvironments")
        for index in range(min(len(value), _MOST) if isinstance(value, list) else 0):
            yield ("executionEnvironments", index, "extraPaths")

    def of_ty(self) -> Iterator[WrittenPath]:
        """The environment, or an interpreter in it."""
        yield from self._written("ty", "environment", ("environment", "python"), path_in_toml)

    def of_ruff(self) -> Iterator[WrittenPath]:
        """The settings that these add to."""
        yield from self._written("ruff", "inside", ("extend",), path_in_toml)

    def _text(self, way: Way) -> str | None:
        value = self._document.get(*self._at, *way)
        return value if isinstance(value, str) and value else None

    def _written(
        self, tool: Tool, role: Role, way: Way, expand: Expand, scope: Scope | None = None
    ) -> Iterator[WrittenPath]:
        text, scope = self._text(way), scope or self._scope
        if text is None:
            return
        is_foreign = scope.host.is_foreign(text)
        place = None if is_foreign else expand(text, scope)
        names = [str(part) for part in (*self._at, *way) if isinstance(part, str)]
        yield WrittenPath(
            file=self._file,
            span=self._document.span(*self._at, *way),
            key=".".join(names),
            text=text,
            tool=tool,
            role=role,
            places=(place,) if place else (),
            is_foreign=is_foreign,
        )
