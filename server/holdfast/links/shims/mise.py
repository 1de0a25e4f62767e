"""What mise starts: MISE_PYTHON_VERSION, else the nearest of its files, else its global configuration.

https://mise.jdx.dev/configuration.html; mise keeps links such as `3.12 -> ./3.12.1` beside its installations.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import is_folder, list_folder
from holdfast.formats.version_files import tool_versions
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

FILES = (
    # The order of LOCAL_CONFIG_FILENAMES in mise's src/config/mod.rs, where later ones win.
    ".mise.local.toml",
    "mise.local.toml",
    "mise/config.local.toml",
    ".mise/config.local.toml",
    ".config/mise.local.toml",
    ".config/mise/mise.local.toml",
    ".config/mise/config.local.toml",
    ".mise.toml",
    "mise.toml",
    "mise/config.toml",
    ".mise/config.toml",
    ".config/mise.toml",
    ".config/mise/mise.toml",
    ".config/mise/config.toml",
)
"""The files of mise in a folder, the one that wins first."""


def choose(shim: Shim, folder: Path, host: Host) -> Choice | None:
    """The program that mise starts for a shim that is called in a folder; None where nothing is asked for."""
    wish = next(_wishes(folder, host), None)
    if wish is None:
        return None
    installs = shim.root / "installs" / "python"
    system = on_path(shim.program, host, without=[shim.root / "shims"])
    installed = [(name, folder_of(_installed(name, installs), installs, host)) for name in wish.versions]
    return first_that_has(shim.program, installed, wish, system)


def _wishes(folder: Path, host: Host) -> Iterator[Wish]:
    if named := host.env.get("MISE_PYTHON_VERSION"):
        yield Wish(tuple(named.split()), None, "MISE_PYTHON_VERSION")
    for place in upward(folder):
        for name in FILES:
            yield from _of_toml(place / name)
        yield from wish_of(
            place / ".tool-versions", tool_versions(text_of(place / ".tool-versions"), "python")
        )
    settings = host.folder_of("MISE_CONFIG_DIR") or (
        (host.folder_of("XDG_CONFIG_HOME") or host.home / ".config") / "mise"
    )
    yield from _of_toml(settings / "config.toml")


def _of_toml(file: Path) -> Iterator[Wish]:
    """`python` of `[tools]`: a version, a list of them, or tables that name one."""
    from holdfast.formats.toml import Toml, read_toml  # noqa: PLC0415 - only behind a shim of mise

    document = read_toml(file)
    asked = document.get("tools", "python") if isinstance(document, Toml) else None
    listed = asked if isinstance(asked, list) else [asked]
    named = [one.get("version") if isinstance(one, dict) else one for one in listed]
    if versions := tuple(str(one) for one in named if isinstance(one, (str, int, float))):
        yield Wish(versions, file, str(file))


def _installed(name: str, installs: Path) -> str:
    """The installation that a name stands for; `3.12` is a link that mise keeps, or the newest 3.12.x."""
    wanted = re.sub(r"^prefix:", "", name)
    if is_folder(Path(f"{installs}/{wanted}")):
        return wanted
    having = (n for n in list_folder(installs) if wanted == "latest" or n.startswith(f"{wanted}."))
    return max((n for n in having if re.match(r"[\d.]+$", n)), key=_numbers, default=wanted)


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", name))
