"""Paths as a person writes them on the command line."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from holdfast.cli.output import warn
from holdfast.environments.layout import CONFIG, REDIRECT
from holdfast.errors import UsageError
from holdfast.files.reading import is_folder, plain
from holdfast.host import Host, home_folder, working_folder
from holdfast.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.discovery.finder import LocatedEnvironment


def absolute(text: str) -> Path:
    """The path from the working folder; links and `..` stay as they are.

    Raises UsageError for an empty text: a script's variable that is not set.
    """
    if not text:
        raise UsageError("A path is empty. Write . for this folder.")
    path = Path(os.path.expanduser(text))
    return path if path.is_absolute() else working_folder() / path


def straight(text: str) -> Path:
    """The same without `..`: the system follows each of them from a folder that links may have led to.

    The last name stays, be it that of a link. Raises UsageError for an empty text.
    """
    path = plain(absolute(text))
    if os.pardir not in path.parts:
        return path
    if path.name == os.pardir:
        return Path(os.path.realpath(path))
    return Path(os.path.realpath(path.parent)) / path.name


def short(path: Path) -> str:
    """A path as people write it: from the working folder, or from their home."""
    for folder, sign in ((working_folder(), ""), (home_folder(), "~/")):
        if path.is_relative_to(folder) and path != folder and folder != Path(folder.anchor):
            return f"{sign}{path.relative_to(folder)}"
    return str(path)


def relative(text: str) -> str:
    """A path from the working folder on, as compilers write it."""
    here, path = working_folder(), Path(text)
    # The `..` of a path are followed by the system, which knows the folder by its own name only.
    return str(path.relative_to(here)) if path.is_relative_to(here) else os.path.relpath(text)


def environments_below(paths: Iterable[str]) -> Iterator[Path]:
    """Every environment at and below the paths, each once, by the name that is met first.

    A pyvenv.cfg stands for its environment. Folders are left out that the project to which a path belongs
    excludes, but not the path itself.

    Raises UsageError for a path that is missing or is another file.
    """
    from holdfast.discovery.walk import walk_environments  # noqa: PLC0415 - `explain` does without
    from holdfast.workspace.projects import Projects  # noqa: PLC0415

    projects = Projects(Host.current())
    seen: set[str] = set()
    for folder in map(folder_at, paths):
        exclude = frozenset(projects.around(folder).settings.values.get("exclude", ()))
        below = walk_environments(folder, projects.host, exclude=exclude, gave_up=warn)
        for path in below if is_folder(folder) else (folder,):
            # Links that lead to the same gap are broken each for itself.
            key = os.path.realpath(path) if is_folder(path) else str(path)
            if key not in seen:
                seen.add(key)
                yield path


def elsewhere(located: "Iterable[LocatedEnvironment]", here: Iterable[Path]) -> "list[LocatedEnvironment]":
    """Those of the located environments that are not among those here, by whatever names."""
    known = {os.path.realpath(path) for path in here}
    return [one for one in located if os.path.realpath(one.path) not in known]


def environment_at(text: str) -> Path:
    """The one environment that a path names; raises UsageError where it is none."""
    from holdfast.environments.redirection import is_meant_as_environment  # noqa: PLC0415 - `check` does without

    path = folder_at(text)
    if not is_meant_as_environment(path, Host.current()):
        raise UsageError(f"{path} is not an environment: it has no {CONFIG}.")
    return path


def folder_at(text: str) -> Path:
    """The folder that a path names, or the link or redirect file in its place that leads to none.

    A pyvenv.cfg stands for its environment. Raises UsageError for a path that is missing, denied or another
    file.
    """
    path = straight(text)
    if path.name == CONFIG:
        return path.parent
    if path.name == REDIRECT and os.path.lexists(path):
        return path
    refuse_denied(path)
    if not os.path.lexists(path):
        raise UsageError(f"{path} does not exist.")
    if not is_folder(path):
        raise UsageError(f"{path} is not a folder. Name a folder or an environment.")
    return path


def refuse_denied(path: Path) -> None:
    """Raise UsageError where this user may not look: that nothing is found there would say nothing."""
    if _is_denied(path):
        raise UsageError(f"{path} cannot be looked into: permission is denied.")


def _is_denied(path: Path) -> bool:
    """Whether a folder, or one on the way to it, may not be looked into by this user."""
    try:
        os.lstat(path / CONFIG)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return is_folder(path) and not os.access(path, os.R_OK)
    return False
