"""Locators: one per place where interpreters are found."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from holdfast.files.reading import list_folder
from holdfast.host import Host

_EXECUTABLE = re.compile(r"(?:python|pypy)(?:\d+(?:\.\d+)?)?t?(?:\.exe)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
    """A path that may be an interpreter, and who named it."""

    path: Path
    source: str


Locator = Callable[[Host], Iterator[Candidate]]


def executables_in(folder: Path, source: str) -> Iterator[Candidate]:
    """Everything in a folder that is named like an interpreter; `python3.12` before `python`."""
    names = (name for name in list_folder(folder) if _EXECUTABLE.match(name))
    for name in sorted(names, key=len, reverse=True):
        yield Candidate(folder / name, source)
