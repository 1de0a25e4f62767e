"""What stands beside something that is gone: after an upgrade, `versions/3.12.4` beside the gap of 3.12.1."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locators.places import of_prefix
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.version import Version


def find_beside(gap: Path, reader: Reader) -> tuple[Interpreter, ...]:
    """The usable interpreters beside the first missing part of a path, the newest first."""
    described = {
        interpreter.real: interpreter
        for path in _candidates(gap, Folders(reader.host))
        if (interpreter := reader.describe(path)).usable
    }
    return tuple(sorted(described.values(), key=_version, reverse=True))


def _candidates(gap: Path, folders: Folders) -> Iterator[Path]:
    yield from folders.executables(gap.parent)
    for neighbour in folders.inside(gap.parent):
        yield from folders.executables(neighbour)
        yield from of_prefix(folders, neighbour)


def _version(interpreter: Interpreter) -> Version:
    return interpreter.version or Version(0, 0)
