"""PATH, and the folders that the settings name."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import named


def _on_path(folders: Folders) -> Iterator[Path]:
    host = folders.host
    for text in host.env.get("PATH", "").split(";" if host.windows else ":"):
        part = text.strip('"') if host.windows else text
        if host.is_absolute(part):
            folder = host.at(part)
            folders.expect(folder)
            yield from folders.executables(folder)
        elif part:
            folders.pass_over(Path(part), "it is relative: it means another folder wherever one stands")


def _activated(folders: Folders) -> Iterator[Path]:
    """The environment that is active, and those whose `bin` is on PATH."""
    yield from named(folders.host, "VIRTUAL_ENV")
    for folder in folders.host.search_path:
        yield folder.parent


PATH = Locator("PATH", _on_path, _activated)


def searching(more: Iterable[Path]) -> Locator:
    """Further folders: each, and the `bin` in it."""

    def there(folders: Folders) -> Iterator[Path]:
        for folder in more:
            folders.expect(folder)
            yield from folders.executables(folder)
            yield from folders.executables(folder / "bin")

    return Locator("searchPaths", there)
