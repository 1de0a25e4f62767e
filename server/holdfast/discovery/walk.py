"""Looking for environments below a folder."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from holdfast.cancellation import Cancellation
from holdfast.environments.layout import CONFIG
from holdfast.files.placing import is_temporary

SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", "site-packages"})
"""Folders in which nobody keeps an environment."""

MOST_FOLDERS = 100_000
"""Where a walk ends; a person who opens `/` gets an answer, too."""


def walk_environments(
    root: Path,
    *,
    exclude: frozenset[str] = frozenset(),
    cancellation: Cancellation | None = None,
    gave_up: Callable[[str], None] = lambda _: None,
) -> Iterator[Path]:
    """The environments at and below a folder, the nearest first: what has an entry named pyvenv.cfg.

    A link to a folder is looked into but not descended, so the walk ends whatever the links do. Nothing
    inside an environment is searched. `exclude`: names of folders to leave out. `gave_up` is told where
    there are too many folders to see them all.
    """
    waiting = deque([root])
    for _ in range(MOST_FOLDERS):
        if not waiting:
            return
        if cancellation:
            cancellation.check()
        folder = waiting.popleft()
        if _is_environment(folder):
            yield folder
            continue
        for name, is_link in _folders_in(folder):
            if name in SKIPPED or name in exclude or is_temporary(name):
                continue
            if not is_link:
                waiting.append(folder / name)
            elif _is_environment(folder / name):
                yield folder / name
    if waiting:
        gave_up(
            f"{root} holds more than {MOST_FOLDERS:,} folders. Environments deep in it were not looked for: "
            "name a smaller folder."
        )


def _is_environment(folder: Path) -> bool:
    return os.path.lexists(folder / CONFIG)


def _folders_in(folder: Path) -> list[tuple[str, bool]]:
    """Name and whether it is a link for every folder in a folder, in order."""
    try:
        with os.scandir(folder) as entries:
            found = [(e.name, e.is_symlink()) for e in entries if _is_folder(e)]
    except OSError:
        return []
    return sorted(found)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
