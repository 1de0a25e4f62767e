"""rye: `py/cpython@3.12.4`, also links and text files that name an interpreter elsewhere."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import named, of_prefixes

_LONGEST_PATH = 4096


def _interpreters(folders: Folders) -> Iterator[Path]:
    host = folders.host
    for root in (*named(host, "RYE_HOME"), host.home / ".rye"):
        yield from of_prefixes(folders, root / "py")
        for entry in folders.inside(root / "py"):
            yield from _registered(folders, entry)


def _registered(folders: Folders, entry: Path) -> Iterator[Path]:
    """`rye toolchain register` makes a link, or where links are not to be had a file with the path in it."""
    if entry.is_symlink():
        if not folders.is_folder(entry):
            yield entry
        return
    text = folders.text(entry, _LONGEST_PATH).strip()
    if folders.host.is_absolute(text):
        yield folders.host.at(text)


RYE = Locator("rye", _interpreters)
