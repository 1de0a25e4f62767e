"""Windows: python.org's installers and install manager, the launcher, and the Microsoft Store."""

import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import local_app_data, named, of_prefix, of_prefixes

OWN_FOLDER = re.compile(r"python[23]\d{1,2}(?:-32|-64|-arm64)?", re.IGNORECASE)
"""How python.org's installers call the folder of a version: `Python312`, `Python311-32`."""


def _of_python_org(folders: Folders) -> Iterator[Path]:
    """Where its installers put what nobody registered: for the user, for all, and by older ones on C:."""
    host = folders.host
    programs = named(host, "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432")
    usual = (host.at("C:\\Program Files"), host.at("C:\\Program Files (x86)"), host.at("C:\\"))
    own = local_app_data(host) / "Programs" / "Python"
    for folder in dict.fromkeys((own, *programs, *usual)):
        for prefix in folders.inside(folder):
            if OWN_FOLDER.fullmatch(prefix.name):
                yield from of_prefix(folders, prefix)


def _of_install_manager(folders: Folders) -> Iterator[Path]:
    """`pythoncore-3.14-64`, beside it `bin` with launchers that start one of them."""
    yield from of_prefixes(folders, local_app_data(folders.host) / "Python")
    yield from folders.executables(local_app_data(folders.host) / "Python" / "bin")


def _of_launcher(folders: Folders) -> Iterator[Path]:
    """`py` knows no interpreter that the registry does not name; it is none itself."""
    host = folders.host
    windows = next(named(host, "SYSTEMROOT", "WINDIR"), host.at("C:\\Windows"))
    own = local_app_data(host)
    for folder in (windows, own / "Programs" / "Python" / "Launcher", own / "Microsoft" / "WindowsApps"):
        if folders.holds(folder, "py.exe"):
            yield folder / "py.exe"


def _of_store(folders: Folders) -> Iterator[Path]:
    """Names without content that Windows resolves; `python.exe` may lead to nothing but the Store."""
    apps = local_app_data(folders.host) / "Microsoft" / "WindowsApps"
    yield from folders.executables(apps)
    for package in folders.inside(apps):
        if package.name.startswith("PythonSoftwareFoundation.Python"):
            yield from folders.executables(package)


PYTHON_ORG = Locator("python.org", _of_python_org)
INSTALL_MANAGER = Locator("pymanager", _of_install_manager)
LAUNCHER = Locator("launcher", _of_launcher)
STORE = Locator("store", _of_store)
