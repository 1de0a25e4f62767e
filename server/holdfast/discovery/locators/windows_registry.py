"""The registry of Windows, in which installers enter their interpreters by PEP 514."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.host import Host
from holdfast.registry import Hive, View

_KEY = "Software\\Python"
_HIVES: tuple[tuple[Hive, View], ...] = (
    ("HKEY_CURRENT_USER", 64),  # programs of 32 bits see the same one
    ("HKEY_LOCAL_MACHINE", 64),
    ("HKEY_LOCAL_MACHINE", 32),
)
_RESERVED = "PyLauncher"
"""A company by PEP 514 that installs no Python: the launcher keeps its settings there."""


def _in_registry(folders: Folders) -> Iterator[Path]:
    """What PEP 514 registers; also what is registered still and no longer there."""
    host = folders.host
    for hive, view in _HIVES:
        for company in host.registry.names(hive, _KEY, view):
            if company == _RESERVED:
                continue
            for tag in host.registry.names(hive, f"{_KEY}\\{company}", view):
                if executable := _registered(host, hive, f"{_KEY}\\{company}\\{tag}\\InstallPath", view):
                    yield executable


def _registered(host: Host, hive: Hive, key: str, view: View) -> Path | None:
    """The executable that is named, else python.exe in the folder that is the key's default value."""
    named_one = host.registry.value(hive, key, "ExecutablePath", view)
    if named_one and host.is_absolute(named_one):
        return host.at(named_one)
    folder = host.registry.value(hive, key, "", view)
    return host.at(folder) / "python.exe" if folder and host.is_absolute(folder) else None


REGISTRY = Locator("registry", _in_registry)
