"""pdm: its own interpreters, and the environments outside of projects (src/pdm/project/config.py)."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import of_prefixes, setting, user_folders


def _interpreters(folders: Folders) -> Iterator[Path]:
    for root in _chosen_or_usual(folders, ("python", "install_root"), "python"):
        yield from of_prefixes(folders, root)


def _environments(folders: Folders) -> Iterator[Path]:
    for root in _chosen_or_usual(folders, ("venv", "location"), "venvs"):
        yield from folders.inside(root)


def _chosen_or_usual(folders: Folders, keys: tuple[str, str], name: str) -> Iterator[Path]:
    host = folders.host
    for config in user_folders(host, "config", "pdm"):
        if chosen := setting(folders, config / "config.toml", *keys):
            yield chosen
    yield from (data / name for data in user_folders(host, "data", "pdm"))


PDM = Locator("pdm", _interpreters, _environments)
