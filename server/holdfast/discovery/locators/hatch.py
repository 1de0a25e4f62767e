"""hatch: its own interpreters and the environments of its projects, in its data folder."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import named, of_prefix, of_prefixes, setting, user_folders

_DEPTH = 3
"""`env/virtual/PROJECT/ID/NAME` (src/hatch/env/virtual.py); scripts have theirs directly in `virtual`."""


def _data(folders: Folders) -> Iterator[Path]:
    host = folders.host
    yield from named(host, "HATCH_DATA_DIR")
    yield from filter(None, (setting(folders, file, "dirs", "data") for file in _settings(folders)))
    yield from user_folders(host, "data", "hatch")


def _settings(folders: Folders) -> Iterator[Path]:
    return (folder / "config.toml" for folder in user_folders(folders.host, "config", "hatch"))


def _interpreters(folders: Folders) -> Iterator[Path]:
    """`pythons/3.12/python/bin`, `pythons/pypy3.10/pypy3.10-v7.3.19-linux64/bin`."""
    own = (data / part for data in _data(folders) for part in ("pythons", "env/virtual/.pythons"))
    chosen = filter(None, (setting(folders, file, "dirs", "python") for file in _settings(folders)))
    for pythons in (*own, *chosen):
        for distribution in folders.inside(pythons):
            yield from of_prefix(folders, distribution)
            yield from of_prefixes(folders, distribution)


def _environments(folders: Folders) -> Iterator[Path]:
    chosen = filter(None, (setting(folders, file, "dirs", "env", "virtual") for file in _settings(folders)))
    for storage in (*(data / "env" / "virtual" for data in _data(folders)), *chosen):
        yield from _down(folders, storage, _DEPTH)


def _down(folders: Folders, folder: Path, depth: int) -> Iterator[Path]:
    for path in folders.inside(folder):
        yield path
        if depth > 1 and not folders.holds(path, "pyvenv.cfg"):
            yield from _down(folders, path, depth - 1)


HATCH = Locator("hatch", _interpreters, _environments)
