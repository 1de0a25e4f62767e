"""poetry: the environments in its cache, its own interpreters, and the environment that it runs in.

The folders are those of src/poetry/locations.py and src/poetry/config/config.py.
"""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import named, of_prefixes, setting, user_folders


def _interpreters(folders: Folders) -> Iterator[Path]:
    yield from (
        path
        for root in (
            *named(folders.host, "POETRY_PYTHON_INSTALLATION_DIR"),
            *_chosen(folders, "python", "installation-dir"),
            *(data / "python" for data in _data(folders)),
        )
        for path in of_prefixes(folders, root)
    )


def _environments(folders: Folders) -> Iterator[Path]:
    host = folders.host
    caches = (
        *named(host, "POETRY_CACHE_DIR"),
        *_chosen(folders, "cache-dir"),
        *user_folders(host, "cache", "pypoetry"),
    )
    for root in (
        *named(host, "POETRY_VIRTUALENVS_PATH"),
        *_chosen(folders, "virtualenvs", "path"),
        *(cache / "virtualenvs" for cache in caches),
    ):
        yield from folders.inside(root)
    yield from (data / "venv" for data in _data(folders))  # where its installer puts poetry itself


def _data(folders: Folders) -> Iterator[Path]:
    yield from named(folders.host, "POETRY_DATA_DIR", "POETRY_HOME")
    yield from _chosen(folders, "data-dir")
    yield from user_folders(folders.host, "data", "pypoetry")


def _chosen(folders: Folders, *keys: str) -> Iterator[Path]:
    """What the user's configuration says, where it says an absolute folder."""
    for config in (
        *named(folders.host, "POETRY_CONFIG_DIR"),
        *user_folders(folders.host, "config", "pypoetry"),
    ):
        if folder := setting(folders, config / "config.toml", *keys):
            yield folder


POETRY = Locator("poetry", _interpreters, _environments)
