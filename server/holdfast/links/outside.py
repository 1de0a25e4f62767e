"""Links that lead into the folder of an environment's programs from outside: shims, and what people make.

An environment is known by the pyvenv.cfg beside or above the path by which its Python is called. Through a
link from elsewhere there is none: Python follows links to find its library, and not to find pyvenv.cfg.
"""

import os
from collections.abc import Container, Iterable, Iterator
from itertools import islice
from pathlib import Path

from holdfast.host import Host
from holdfast.values import NamedTuple

_CONFIG = "pyvenv.cfg"
_MOST_LINKS = 40
_MOST_ENTRIES = 5000


class OutsideLink(NamedTuple):
    """A link in a folder that belongs to no environment."""

    path: Path
    inside: Path
    """What of the environment it leads to first, as the link and those behind it spell it."""


LinksInto = dict[str, tuple[OutsideLink, ...]]
"""By the real folder of the environment into which they lead."""


def shim_folders(host: Host) -> tuple[Path, ...]:
    """Where people and tools put links to programs, to have them on PATH."""
    rye = host.folder_of("RYE_HOME") or host.home / ".rye"
    return (host.home / ".local" / "bin", host.home / "bin", rye / "shims")


def links_into_environments(folders: Iterable[Path], host: Host, inner: Container[str] = ()) -> LinksInto:
    """The links in these folders that lead to an environment's programs, or to the folder of them.

    `inner`: names of folders in them in which there may be such links, too. What the folder of an environment
    itself has in it is not outside of it.
    """
    found: dict[str, list[OutsideLink]] = {}
    for folder in folders:
        if host.mounts.silent(folder):
            continue
        for path in _links_in(os.fspath(folder), inner):
            inside = _first_inside(path, host)
            if inside:
                environment, name = inside
                found.setdefault(environment, []).append(OutsideLink(Path(path), Path(name)))
    return {environment: tuple(links) for environment, links in found.items()}


def _links_in(folder: str, inner: Container[str]) -> Iterator[str]:
    """The folder itself, if it is a link, else the links in it, sorted."""
    if os.path.islink(folder):
        yield folder
        return
    # A Python that is called from there finds a pyvenv.cfg.
    if any(os.path.lexists(os.path.join(one, _CONFIG)) for one in (folder, os.path.dirname(folder))):
        return
    try:
        with os.scandir(folder) as entries:
            some = list(islice(entries, _MOST_ENTRIES))
    except OSError:
        return
    yield from sorted(entry.path for entry in some if entry.is_symlink())
    for entry in some:
        if entry.name in inner and entry.is_dir(follow_symlinks=False):
            yield from _links_in(entry.path, ())


def _first_inside(path: str, host: Host) -> tuple[str, str] | None:
    """The environment into whose programs a link leads, over other links, and the path by which it does."""
    for _ in range(_MOST_LINKS):
        try:
            target = os.readlink(path)
        except (OSError, ValueError):
            return None
        folder = os.path.dirname(path)
        path = os.path.join(folder, os.fspath(host.at(target)) if host.is_absolute(target) else target)
        if host.mounts.silent(Path(path)):
            return None
        # The folders above are resolved, as the system does it; the name itself is what counts.
        parent = os.path.realpath(os.path.dirname(path))
        path = os.path.join(parent, os.path.basename(path))
        for environment in (parent, os.path.dirname(parent)):
            if os.path.lexists(os.path.join(environment, _CONFIG)):
                return environment, path
    return None
