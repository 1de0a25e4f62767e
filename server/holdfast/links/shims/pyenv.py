"""What pyenv starts: PYENV_VERSION, else the next `.python-version` upward, else its own default.

As in pyenv's `pyenv-version-name`, `pyenv-version-file`, `pyenv-latest` and `pyenv-which` (2.6).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import is_folder, is_regular_file, list_folder
from holdfast.host import Host
from holdfast.links.shims.choice import Choice, Wish, first_that_has, on_path, text_of, upward
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
            words = [(line.split()[0], n) for n, line in enumerate(text_of(file).split("\n")) if line.split()]
            names = [(word, number) for word, number in words if _is_name(word)]
            line = names[0][1] if names else None
            return Wish(tuple(word for word, _ in names) or ("system",), file, str(file), line)
    return Wish(("system",), None, "pyenv")


def _is_name(word: str) -> bool:
    """Whether the first word of a line is no comment, and leads not out of the folder of versions."""
    return not word.startswith("#") and ".." not in word.split("/")


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
