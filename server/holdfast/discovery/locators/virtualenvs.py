"""virtualenvwrapper and pipenv: folders in which environments stand side by side."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import named, user_folders


def _of_wrapper(folders: Folders) -> Iterator[Path]:
    """`WORKON_HOME`, which pipenv heeds, too; the usual folders without it."""
    host = folders.host
    usual = (".virtualenvs", "Envs", ".venvs") if host.windows else (".virtualenvs", ".venvs")
    for folder in (*named(host, "WORKON_HOME"), *(host.home / name for name in usual)):
        yield from folders.inside(folder)


def _of_pipenv(folders: Folders) -> Iterator[Path]:
    """On macOS, too, it keeps them where XDG says."""
    host = folders.host
    usual = host.home / ".local" / "share" / "virtualenvs"
    for folder in (*user_folders(host, "data", "virtualenvs"), usual):
        yield from folders.inside(folder)


VIRTUALENVWRAPPER = Locator("virtualenvwrapper", environments=_of_wrapper)
PIPENV = Locator("pipenv", environments=_of_pipenv)
