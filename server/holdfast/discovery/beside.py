"""What stands beside something that is gone: after an upgrade, `versions/3.12.4` beside the gap of 3.12.1."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.locator import Candidate, executables_in
from holdfast.files.reading import list_folder
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.version import Version


def find_beside(gap: Path, reader: Reader) -> tuple[Interpreter, ...]:
    """The usable interpreters beside the first missing part of a path, the newest first."""
    described = {
        interpreter.real: interpreter
        for candidate in _candidates(gap)
        if (interpreter := reader.describe(candidate.path)).usable
    }
    return tuple(sorted(described.values(), key=_version, reverse=True))


def _candidates(gap: Path) -> Iterator[Candidate]:
    yield from executables_in(gap.parent, "beside")
    for name in list_folder(gap.parent):
        yield from executables_in(gap.parent / name, "beside")
        yield from executables_in(gap.parent / name / "bin", "beside")


def _version(interpreter: Interpreter) -> Version:
    return interpreter.version or Version(0, 0)
