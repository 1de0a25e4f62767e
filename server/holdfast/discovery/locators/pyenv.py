"""pyenv, pyenv-win and pyenv-virtualenv: `versions/3.12.4`, `versions/3.12.4/envs/NAME`."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import named, of_prefix


def _versions(folders: Folders) -> Iterator[Path]:
    """Everything that was installed, also what no shim selects."""
    host = folders.host
    roots = [*named(host, "PYENV_ROOT"), host.home / ".pyenv"]
    if host.windows:
        roots += [*named(host, "PYENV", "PYENV_HOME"), host.home / ".pyenv" / "pyenv-win"]
    for root in dict.fromkeys(roots):
        yield from folders.inside(root / "versions")


def _interpreters(folders: Folders) -> Iterator[Path]:
    for version in _versions(folders):
        yield from of_prefix(folders, version)
        for inner in folders.inside(version / "envs"):  # of an Anaconda that pyenv installed
            yield from of_prefix(folders, inner)


def _environments(folders: Folders) -> Iterator[Path]:
    for version in _versions(folders):
        yield version  # pyenv-virtualenv links each of its environments here
        yield from folders.inside(version / "envs")


PYENV = Locator("pyenv", _interpreters, _environments)
