"""What pyenv starts: PYENV_VERSION, else the next `.python-version` upward, else its own default.

As in pyenv's `pyenv-version-name`, `pyenv-version-file`, `pyenv-latest` and `pyenv-which` (2.6).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import is_folder, is_regular_file, list_folder
from holdfast.formats.version_lines import read_words
from holdfast.host import Host
from holdfast.links.shims.choice import Choice, Wish, first_that_has, on_path, upward
from holdfast.links.shims.shim import Shim

_UNFINISHED = re.compile(r"-(dev|src|latest)$|(a|b|rc)\d+$")


def choose(shim: Shim, folder: Path, host: Host) -> Choice | None:
    """The program that pyenv starts for a shim that is called in a folder."""
    wish = _wish(shim.root, folder, host)
    system = on_path(shim.program, host, without=[shim.root / "shims"])
    # What no version has is looked for behind pyenv in any case.
    names = (*(_installed(name, shim.root) for name in wish.versions), "system")
    return first_that_has(shim.program, [(n, shim.root / "versions" / n) for n in names], wish, system)


def _wish(root: Path, folder: Path, host: Host) -> Wish:
    if named := host.env.get("PYENV_VERSION"):
        return Wish(tuple(named.split(":")), None, "PYENV_VERSION")
    start = host.folder_of("PYENV_DIR") or folder
    for file in (*(place / ".python-version" for place in upward(start)), root / "version"):
        if is_regular_file(file):
            words = tuple(read_words(file))
            versions = tuple(word.text for word in words if _is_safe(word.text))
            return Wish(versions or ("system",), file, str(file), words[0].line if words else None)
    return Wish(("system",), None, "pyenv")


def _is_safe(name: str) -> bool:
    """Pyenv takes no name that leads out of its folder of versions."""
    return name != ".." and ("/" not in name or ".." not in name.split("/"))


def _installed(name: str, root: Path) -> str:
    """The installation that a name stands for: `3.12` for the newest 3.12.x."""
    for spelled in (name, name.removeprefix("python-")):
        if spelled == "system" or is_folder(root / "versions" / spelled):
            return spelled
        if newest := max(_beginning_with(spelled, root), key=_numbers, default=None):
            return newest
    return name


def _beginning_with(prefix: str, root: Path) -> Iterator[str]:
    threads = re.search(r"\dt$", prefix) is not None
    stem = prefix[:-1] if threads else prefix
    for name in list_folder(root / "versions"):
        if not name.startswith((f"{stem}.", f"{stem}-")) or _UNFINISHED.search(name):
            continue
        if (re.search(r"\dt$", name) is not None) == threads:
            yield name


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", name))
