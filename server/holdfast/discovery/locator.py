"""Locators: one per place where interpreters and environments are found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from holdfast.discovery.folders import Folders

Where = Callable[[Folders], Iterable[Path]]


def nowhere(_folders: Folders) -> Iterable[Path]:
    """Of a source that has nothing of the kind."""
    return ()


@dataclass(frozen=True)
class Locator:
    """Where one source keeps its things: a version manager, a tool, an operating system.

    It names what may be there; whether it is, the finder finds out.
    """

    source: str
    interpreters: Where = nowhere
    """Executables that may be interpreters."""
    environments: Where = nowhere
    """Folders that may be environments."""
