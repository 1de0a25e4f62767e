"""pipx: an environment for each application, one that they share, and interpreters that it fetched.

The folders are those of src/pipx/paths.py.
"""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import named, of_prefixes, user_folders
from holdfast.host import Host


def _homes(host: Host) -> Iterator[Path]:
    yield from named(host, "PIPX_HOME", "PIPX_GLOBAL_HOME")
    yield from user_folders(host, "data", "pipx")
    yield host.home / ".local" / "pipx"
    yield host.home / "pipx" if host.windows else host.at("/opt/pipx")


def _interpreters(folders: Folders) -> Iterator[Path]:
    for home in _homes(folders.host):
        yield from of_prefixes(folders, home / "py")


def _environments(folders: Folders) -> Iterator[Path]:
    yield from named(folders.host, "PIPX_SHARED_LIBS")
    for home in _homes(folders.host):
        yield from folders.inside(home / "venvs")
        yield home / "shared"


PIPX = Locator("pipx", _interpreters, _environments)
