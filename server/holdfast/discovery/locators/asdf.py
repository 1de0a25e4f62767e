"""asdf and mise, which keep `installs/python/3.12.4`; beside it mise has links such as `3.12`."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import local_app_data, named, named_in_list, of_prefixes
from holdfast.host import Host


def _of_asdf(folders: Folders) -> Iterator[Path]:
    host = folders.host
    for root in (*named(host, "ASDF_DATA_DIR"), host.home / ".asdf"):
        yield from of_prefixes(folders, root / "installs" / "python")


def _of_mise(folders: Folders) -> Iterator[Path]:
    for installs in _mise_installs(folders.host):
        yield from of_prefixes(folders, installs / "python")


def _mise_installs(host: Host) -> Iterator[Path]:
    """Of the user, of the machine, and shared ones (src/env.rs of mise)."""
    yield from named(host, "MISE_INSTALLS_DIR")
    data = [*named(host, "MISE_DATA_DIR"), *(folder / "mise" for folder in named(host, "XDG_DATA_HOME"))]
    data.append(local_app_data(host) / "mise" if host.windows else host.home / ".local/share/mise")
    data.extend(named(host, "MISE_SYSTEM_DATA_DIR"))
    if not host.windows:
        data.append(host.at("/usr/local/share/mise"))
    yield from (folder / "installs" for folder in data)
    yield from named_in_list(host, "MISE_SHARED_INSTALL_DIRS")


ASDF = Locator("asdf", _of_asdf)
MISE = Locator("mise", _of_mise)
