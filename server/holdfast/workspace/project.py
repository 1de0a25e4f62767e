"""A project folder and its environments."""

import os
from collections.abc import Iterable
from pathlib import Path

from holdfast.environments.layout import native_layout


def own_environment(folder: Path, environments: Iterable[Path], name: str) -> Path | None:
    """Which of the environments below a folder is the folder's own.

    The one with the agreed name; where there is none, the only one that stands directly in the folder.
    """
    direct = [path for path in environments if path.parent == folder]
    if folder / name in direct:
        return folder / name
    return direct[0] if len(direct) == 1 else None


def setting_value(folder: Path, environment: Path, *, windows: bool) -> str:
    """What an editor's settings say for an environment: relative to the folder where it is inside."""
    layout = native_layout(windows=windows)
    separator = "\\" if windows else "/"
    try:
        inside = environment.relative_to(folder)
    except ValueError:
        return os.fspath(environment / layout.scripts / layout.python)
    return separator.join(("${workspaceFolder}", *inside.parts, layout.scripts, layout.python))
