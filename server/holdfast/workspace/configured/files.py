"""Configuration files, each read once."""

import os
from pathlib import Path

from holdfast.files.reading import Unreadable, list_folder, read_bounded
from holdfast.formats.document import Malformed
from holdfast.host import Host
from holdfast.typed import TYPE_CHECKING
from holdfast.values import NamedTuple

if TYPE_CHECKING:
    from holdfast.formats.jsonc import Jsonc
    from holdfast.formats.toml import Toml

_LARGEST = 1_000_000
"""Bytes, as formats/jsonc.py has it, which is imported only where there is something to read."""
_EDITOR = ".vscode"
_IN_EDITOR = (".vscode/settings.json", ".vscode/launch.json")
WORKSPACE = ".code-workspace"
_MOST_WORKSPACES = 10
_NAMES = frozenset(
    (
        "pyproject.toml",
        "pyrightconfig.json",
        "ty.toml",
        "ruff.toml",
        ".ruff.toml",
        ".env",
    )
)


class Place(NamedTuple):
    """A folder, and which configuration files are in it."""

    folder: Path
    files: frozenset[str] = frozenset()
    """Their names, those in `.vscode` with that before them."""
    names: frozenset[str] = frozenset()
    """Those that count, be they there or not."""

    def has(self, name: str) -> bool:
        """Whether a file is there, whatever it is."""
        return name in self.files

    @property
    def workspaces(self) -> tuple[Path, ...]:
        """The files that describe workspaces of VS Code."""
        names = sorted(name for name in self.files if name.endswith(WORKSPACE))
        return tuple(self.folder / name for name in names)


def look_into(folder: Path, host: Host) -> Place:
    """Which configuration files are in a folder: nothing is read but the names in it."""
    if host.mounts.silent(folder):
        return Place(folder)
    inside = list_folder(folder)
    names = {*_NAMES, _EDITOR, *[name for name in inside if name.endswith(WORKSPACE)][:_MOST_WORKSPACES]}
    files = names.intersection(inside) - {_EDITOR}
    if _EDITOR in inside and not host.mounts.silent(folder / _EDITOR):
        names.update(_IN_EDITOR)
        files.update(name for name in _IN_EDITOR if os.path.lexists(folder / name))
    return Place(folder, frozenset(files), frozenset(names))


class Files:
    """Reads configuration files; what is not there, cannot be read or is malformed says nothing."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._contents: dict[Path, bytes | None] = {}
        self._jsonc: dict[Path, Jsonc | None] = {}
        self._toml: dict[Path, Toml | None] = {}

    def content(self, file: Path) -> bytes | None:
        """The bytes of a file; never blocks."""
        if file not in self._contents:
            content = None if self.host.mounts.silent(file) else read_bounded(file, _LARGEST)
            self._contents[file] = None if isinstance(content, Unreadable) else content
        return self._contents[file]

    def jsonc(self, file: Path) -> "Jsonc | None":
        """The document in a file of JSON with comments."""
        if file not in self._jsonc:
            from holdfast.formats.jsonc import parse_jsonc  # noqa: PLC0415 - few projects have one

            content = self.content(file)
            document = None if content is None else parse_jsonc(content)
            self._jsonc[file] = None if isinstance(document, Malformed) else document
        return self._jsonc[file]

    def toml(self, file: Path) -> "Toml | None":
        """The document in a TOML file."""
        if file not in self._toml:
            from holdfast.formats.toml import LARGEST, parse_toml  # noqa: PLC0415 - it takes a while

            content = self.content(file)
            is_fit = content is not None and len(content) <= LARGEST
            document = parse_toml(content) if content is not None and is_fit else None
            self._toml[file] = None if isinstance(document, Malformed) else document
        return self._toml[file]

    def text(self, file: Path) -> str:
        """The text of a file, with replacements for what is not UTF-8."""
        return (self.content(file) or b"").decode("utf-8", "replace")
