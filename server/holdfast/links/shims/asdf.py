"""What asdf starts: ASDF_PYTHON_VERSION, else `.tool-versions` of the folder, one above it, or the home.

https://asdf-vm.com/manage/configuration.html
"""

import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.formats.version_files import lines, tool_versions
from holdfast.host import Host
from holdfast.links.shims.choice import (
    Choice,
    Wish,
    first_that_has,
    folder_of,
    on_path,
    text_of,
    upward,
    wish_of,
)
from holdfast.links.shims.shim import Shim


def choose(shim: Shim, folder: Path, host: Host) -> Choice | None:
    """The program that asdf starts for a shim that is called in a folder; None where nothing is asked for."""
    wish = next(_wishes(folder, host), None)
    if wish is None:
        return None
    system = on_path(shim.program, host, without=[shim.root / "shims"])
    installs = shim.root / "installs" / "python"
    installed = [(name, folder_of(name, installs, host)) for name in wish.versions]
    return first_that_has(shim.program, installed, wish, system)


def _wishes(folder: Path, host: Host) -> Iterator[Wish]:
    if named := host.env.get("ASDF_PYTHON_VERSION"):
        yield Wish(tuple(named.split()), None, "ASDF_PYTHON_VERSION")
    name = host.env.get("ASDF_DEFAULT_TOOL_VERSIONS_FILENAME") or ".tool-versions"
    legacy = _reads_version_files(host)
    for place in (*upward(folder), host.home):
        yield from wish_of(place / name, tool_versions(text_of(place / name), "python"))
        if legacy:
            yield from wish_of(place / ".python-version", lines(text_of(place / ".python-version")))


def _reads_version_files(host: Host) -> bool:
    """Whether its settings say that `.python-version` counts, too."""
    file = host.folder_of("ASDF_CONFIG_FILE") or host.home / ".asdfrc"
    return re.search(r"^\s*legacy_version_file\s*=\s*yes\s*$", text_of(file), re.MULTILINE) is not None
