"""Looking for environments below a folder."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from holdfast.cancellation import Cancellation
from holdfast.environments.halfway import FOLDERS, lacks_config
from holdfast.environments.layout import CONFIG, REDIRECT
from holdfast.files.placing import is_temporary
from holdfast.files.reading import plain, read_bounded
from holdfast.formats.redirect import parse_redirect
from holdfast.host import Host
from holdfast.mounts import Mounts

_LONGEST_PATH = 4096

SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", "site-packages"})
"""Folders in which nobody keeps an environment."""

MOST_FOLDERS = 100_000
"""Where a walk ends; a person who opens `/` gets an answer, too."""


def walk_environments(
    root: Path,
    host: Host,
    *,
    exclude: frozenset[str] = frozenset(),
    cancellation: Cancellation | None = None,
    gave_up: Callable[[str], None] = lambda _: None,
) -> Iterator[Path]:
    """The environments at and below a folder, the nearest first: what has an entry named pyvenv.cfg.

    And what is one but for that file, and a `.venv` that is a link or a redirect file and leads to none.

    A link to a folder is looked into but not descended, so the walk ends whatever the links do; so is a
    redirect file, which leads to an environment elsewhere. Nothing inside an environment is searched.
    `exclude`: names of folders to leave out. `gave_up` is told what was not looked into: mounts that do not
    answer, and folders beyond a large number.
    """
    silent = frozenset(map(os.fspath, host.mounts.silent_below(root)))
    waiting = deque([os.fspath(root)])  # texts: there may be many, and pathlib is slow
    led_to: set[Path] = set()
    for _ in range(MOST_FOLDERS):
        if not waiting:
            return
        if cancellation:
            cancellation.check()
        folder = waiting.popleft()
        if folder in silent:
            gave_up(f"{folder} does not answer. Environments in it were not looked for.")
        elif _is_environment(folder):
            yield Path(folder)
        else:
            entries = _entries_in(folder)
            if not FOLDERS.isdisjoint(entry.name for entry in entries) and lacks_config(Path(folder), host):
                yield Path(folder)
                continue
            below, elsewhere = _inside(entries, exclude, host)
            waiting.extend(below)
            yield from (path for path in elsewhere if path not in led_to)
            led_to.update(elsewhere)
    if waiting:
        gave_up(
            f"{root} holds more than {MOST_FOLDERS:,} folders. Environments deep in it were not looked for: "
            "name a smaller folder."
        )


def _is_environment(folder: str | Path) -> bool:
    return os.path.lexists(os.path.join(folder, CONFIG))


def _inside(
    entries: list["os.DirEntry[str]"], exclude: frozenset[str], host: Host
) -> tuple[list[str], list[Path]]:
    """The folders to descend into, and the environments that links and a redirect file lead to."""
    below: list[str] = []
    elsewhere: list[Path] = []
    for entry in entries:
        if entry.name in SKIPPED or entry.name in exclude or is_temporary(entry.name):
            continue
        if _is_folder(entry):
            below.append(entry.path)
        elif target := _leads_to(entry, host):
            elsewhere.append(target)
    return below, elsewhere


def _leads_to(entry: "os.DirEntry[str]", host: Host) -> Path | None:
    """The environment to which a link or redirect file leads: a link's by its own name.

    A `.venv` that leads to none, or to one without pyvenv.cfg, stands for that.
    """
    path = Path(entry.path)
    if host.mounts.silent(path):
        return None
    target = path if entry.is_symlink() else _named_in(path, host.mounts)
    if target and _is_environment(target):
        return target
    if entry.name != REDIRECT:
        return None
    from holdfast.environments.redirection import lost_way  # noqa: PLC0415 - few links lead nowhere

    if target and lacks_config(target, host):
        return target
    return path if lost_way(path, host) else None


def _entries_in(folder: str) -> list["os.DirEntry[str]"]:
    """The folders, links and redirect files in a folder, sorted: most of what is there is none of these."""
    try:
        with os.scandir(folder) as entries:
            found = [one for one in entries if one.name == REDIRECT or one.is_symlink() or _is_folder(one)]
    except OSError:
        return []
    return sorted(found, key=lambda entry: entry.name)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _named_in(file: Path, mounts: Mounts) -> Path | None:
    """The path that a redirect file holds; a relative one begins at its folder."""
    content = read_bounded(file, _LONGEST_PATH)
    text = parse_redirect(content) if isinstance(content, bytes) else None
    return None if text is None or mounts.silent(file.parent / text) else plain(file.parent / text)
