"""What is made once a run, by whichever of its workers needs it first: it takes seconds, and many want it."""

import shutil
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

_FOLDERS: list[Path] = []


def share_in(folder: Path) -> None:
    """Where the workers of this run keep what they share."""
    folder.mkdir(exist_ok=True)
    _FOLDERS[:] = [folder]


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """A path that `make` fills where that was not done yet. Tests must not write below it."""
    (folder,) = _FOLDERS
    path, made = folder / name, folder / f"{name}.made"
    with FileLock(folder / f"{name}.lock"):
        if not made.exists():
            shutil.rmtree(path, ignore_errors=True)  # somebody may have failed in the middle
            make(path)
            made.touch()
    return path
