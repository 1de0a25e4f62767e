"""uv: the interpreters and the tools that it manages (crates/uv-dirs, crates/uv-state)."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import named, of_prefixes, roaming_app_data
from holdfast.host import Host


def _state(host: Host) -> Iterator[Path]:
    """Where it keeps both. XDG on macOS, too; the folders of older versions stay in use where they exist."""
    if host.windows:
        yield roaming_app_data(host) / "uv"
        yield roaming_app_data(host) / "uv" / "data"
        return
    for data in named(host, "XDG_DATA_HOME"):
        yield data / "uv"
    yield host.home / ".local" / "share" / "uv"
    if host.platform == "darwin":
        yield host.home / "Library" / "Application Support" / "uv"


def _interpreters(folders: Folders) -> Iterator[Path]:
    host = folders.host
    yield from (path for root in named(host, "UV_PYTHON_INSTALL_DIR") for path in of_prefixes(folders, root))
    for state in _state(host):
        yield from of_prefixes(folders, state / "python")


def _environments(folders: Folders) -> Iterator[Path]:
    host = folders.host
    for tools in (*named(host, "UV_TOOL_DIR"), *(state / "tools" for state in _state(host))):
        yield from folders.inside(tools)


UV = Locator("uv", _interpreters, _environments)
