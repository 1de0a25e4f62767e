"""What brings interpreters to Windows besides python.org: scoop, Chocolatey, WinPython."""

import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import named, named_in_list, of_prefix, of_prefixes, program_data
from holdfast.discovery.locators.windows import OWN_FOLDER

_WINPYTHON = re.compile(r"wpy(?:64|32)?-?\d", re.IGNORECASE)


def _of_scoop(folders: Folders) -> Iterator[Path]:
    """`apps/python/3.12.4`, and `current`, a junction to the newest."""
    host = folders.host
    roots = (*named(host, "SCOOP", "SCOOP_GLOBAL"), host.home / "scoop", program_data(host) / "scoop")
    for root in roots:
        for app in folders.inside(root / "apps"):
            if app.name.startswith(("python", "pypy")):
                yield from of_prefixes(folders, app)


def _of_chocolatey(folders: Folders) -> Iterator[Path]:
    """Its packages run the installers of python.org, into the root of C:; `bin` holds wrappers."""
    host = folders.host
    root = next(named(host, "CHOCOLATEYINSTALL"), program_data(host) / "chocolatey")
    if any(package.startswith("python") for package in folders.names(root / "lib")):
        for prefix in folders.inside(host.at("C:\\")):
            if OWN_FOLDER.fullmatch(prefix.name):
                yield from of_prefix(folders, prefix)
    yield from of_prefixes(folders, host.at("C:\\tools"))
    yield from folders.executables(root / "bin")


def _of_winpython(folders: Folders) -> Iterator[Path]:
    """`WPy64-31241/python`, in older ones `python-3.12.4.amd64`; a folder that is unpacked anywhere."""
    host = folders.host
    for place in (*named_in_list(host, "WINPYTHON_HOME"), host.home / "WinPython", host.at("C:\\")):
        for folder in (place, *folders.inside(place)):
            if _WINPYTHON.match(folder.name):
                for inner in folders.inside(folder):
                    if inner.name.lower().startswith("python"):
                        yield from of_prefix(folders, inner)


SCOOP = Locator("scoop", _of_scoop)
CHOCOLATEY = Locator("chocolatey", _of_chocolatey)
WINPYTHON = Locator("winpython", _of_winpython)
