"""macOS: the frameworks of python.org, Apple's developer tools, and MacPorts."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import of_prefix


def _of_python_org(folders: Folders) -> Iterator[Path]:
    """`Versions/3.12`; free-threaded builds are a framework of their own."""
    for name in ("Python", "PythonT"):
        yield from _of_framework(folders, folders.host.at(f"/Library/Frameworks/{name}.framework"))


def _of_xcode(folders: Folders) -> Iterator[Path]:
    for application in folders.inside(folders.host.at("/Applications")):
        if application.name.startswith("Xcode") and application.suffix == ".app":
            yield from _of_developer_folder(folders, application / "Contents" / "Developer")


def _of_command_line_tools(folders: Folders) -> Iterator[Path]:
    yield from _of_developer_folder(folders, folders.host.at("/Library/Developer/CommandLineTools"))


def _of_macports(folders: Folders) -> Iterator[Path]:
    root = folders.host.at("/opt/local")
    yield from _of_framework(folders, root / "Library" / "Frameworks" / "Python.framework")
    yield from of_prefix(folders, root)


def _of_developer_folder(folders: Folders, folder: Path) -> Iterator[Path]:
    yield from _of_framework(folders, folder / "Library" / "Frameworks" / "Python3.framework")
    yield from of_prefix(folders, folder / "usr")


def _of_framework(folders: Folders, framework: Path) -> Iterator[Path]:
    """The link `Current`, which moves on to other minor versions, sorts behind the numbers."""
    for version in folders.inside(framework / "Versions"):
        yield from of_prefix(folders, version)


OF_MACOS = (
    Locator("python.org", _of_python_org),
    Locator("xcode", _of_xcode),
    Locator("command-line-tools", _of_command_line_tools),
    Locator("macports", _of_macports),
)
