"""Homebrew on macOS (Apple Silicon and Intel) and Linux."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import named, of_prefix
from holdfast.files.reading import link_text

_FORMULAE = ("python", "pypy", "graalpy")


def _interpreters(folders: Folders) -> Iterator[Path]:
    """By `opt/python@3.12`, which stays across patch upgrades; then what the cellar still keeps."""
    for root in _roots(folders):
        for formula in folders.inside(root / "opt"):
            if formula.name.startswith(_FORMULAE):
                yield from of_prefix(folders, formula)
        for formula in folders.inside(root / "Cellar"):
            if formula.name.startswith(_FORMULAE):
                for version in folders.inside(formula):
                    yield from of_prefix(folders, version)
        for path in folders.executables(root / "bin"):
            if "Cellar" in (link_text(path) or ""):  # in /usr/local others install, too
                yield path


def _roots(folders: Folders) -> Iterator[Path]:
    host = folders.host
    yield from named(host, "HOMEBREW_PREFIX")
    if host.platform == "darwin":
        yield from (host.at("/opt/homebrew"), host.at("/usr/local"))
    else:
        yield from (host.at("/home/linuxbrew/.linuxbrew"), host.home / ".linuxbrew")


HOMEBREW = Locator("homebrew", _interpreters)
