"""What stands beside something that is gone: after an upgrade, `versions/3.12.4` beside the gap of 3.12.1."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locators.places import of_prefix
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.version import Version
from holdfast.links.chain import follow


def find_beside(gap: Path, reader: Reader) -> tuple[Interpreter, ...]:
    """The usable interpreters beside the first missing part of a path, the newest first."""
    # An installation has three names for its interpreter, and describing one takes a millisecond.
    chains = (follow(path, reader.host.mounts) for path in _candidates(gap, Folders(reader.host)))
    paths = {chain.end: chain.start for chain in chains if chain.state == "ok"}
    described = (reader.describe(path) for path in paths.values())
    return tuple(sorted((one for one in described if one.usable), key=_version, reverse=True))


def _candidates(gap: Path, folders: Folders) -> Iterator[Path]:
    yield from folders.executables(gap.parent)
    for neighbour in folders.inside(gap.parent):
        yield from folders.executables(neighbour)
        yield from of_prefix(folders, neighbour)


def _version(interpreter: Interpreter) -> Version:
    return interpreter.version or Version(0, 0)
