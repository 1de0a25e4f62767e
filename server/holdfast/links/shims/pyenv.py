"""What pyenv starts: PYENV_VERSION, else the next `.python-version` upward, else its own default.

As in pyenv's `pyenv-version-name`, `pyenv-version-file`, `pyenv-latest` and `pyenv-which` (2.6).
"""

import os
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
    return first_that_has(shim.program, [(n, _folder(n, shim.root)) for n in names], wish, system)


def _wish(root: Path, folder: Path, host: Host) -> Wish:
    if named := host.env.get("PYENV_VERSION"):
        return Wish(tuple(named.split(":")), None, "PYENV_VERSION")
    start = host.folder_of("PYENV_DIR") or folder
    for file in (*(place / ".python-version" for place in upward(start)), root / "version"):
        if host.mounts.silent(file) is None and is_regular_file(file):
            lines = (re.match(r"[ \t\r]*([^ \t\r]+)", line) for line in text_of(file).split("\n"))
            words = [(match.group(1), number) for number, match in enumerate(lines) if match]
            named_there = [(word, number) for word, number in words if _is_name(word, root)]
            names = tuple(name for word, _ in named_there for name in word.split(":"))
            line = named_there[0][1] if named_there else None
            return Wish(names or ("system",), file, str(file), line)
    return Wish(("system",), None, "pyenv")


def _is_name(word: str, root: Path) -> bool:
    """Whether the first word of a line is no comment, and leads not out of the folder of versions.

    pyenv passes over one that does: a file in a stranger's folder could name any program.
    """
    if word.startswith("#"):
        return False
    there = os.path.normpath(_folder(word, root))
    is_inside = there.startswith(os.path.join(root, "versions", "")) and is_folder(Path(there))
    return is_inside or (word != ".." and "/" not in word)


def _folder(name: str, root: Path) -> Path:
    """Below the folder of versions, also for a name that begins with a slash."""
    return Path(f"{root}/versions/{name}")


def _installed(name: str, root: Path) -> str:
    """The installation that a name stands for: `3.12` for the newest 3.12.x."""
    for spelled in (name, name.removeprefix("python-")):
        if spelled == "system" or is_folder(_folder(spelled, root)):
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
