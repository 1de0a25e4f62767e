"""Link chains: the hops from a path as written to the real file, one link at a time.

The names on the way are the information (`versions/3.12` survives an upgrade, `versions/3.12.1` does not), so
nothing here resolves more than one link at once.
"""

import errno
import os
import stat
from pathlib import Path

from holdfast.links.hop import Hop, Kind
from holdfast.mounts import NO_MOUNTS, Mounts
from holdfast.typed import Literal
from holdfast.values import NamedTuple

MOST_HOPS = 40  # as Linux: the 41st link gives ELOOP

State = Literal["ok", "missing", "loop", "denied", "silent"]
"""`silent`: it leads into a mount that does not answer."""

_JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)


class LinkChain(NamedTuple):
    """Where a path leads by the links of the file system."""

    start: Path
    hops: tuple[Hop, ...]
    end: Path
    """The real file; or, where there is none, the whole path that could not be reached."""
    state: State
    stopped_at: Path
    """The first path on the way that is missing, denied or silent; the end itself where all is well."""

    @property
    def spellings(self) -> tuple[Path, ...]:
        """Every way in which the path was spelled from its start to its end."""
        return (self.start, *(hop.after for hop in self.hops))


def follow(path: Path, mounts: Mounts = NO_MOUNTS) -> LinkChain:
    """Follow a path to its end. Always ends: at the file, at a gap, at a wall or after 40 hops.

    `mounts`: those of the machine; nothing is touched in one that does not answer.
    """
    start = path.absolute()  # joins the working folder and, unlike os.path.abspath, keeps `..`
    here = start.anchor  # text: hundreds of paths are followed in a look, and pathlib is slow
    rest = list(reversed(start.parts[1:]))
    hops: list[Hop] = []
    passed: set[str] = set()

    def stopped(state: State, end: str, at: str) -> LinkChain:
        return LinkChain(start, tuple(hops), Path(end), state, Path(at))

    while rest:
        name = rest.pop()
        if name == os.pardir:
            here = os.path.dirname(here)  # right, not just lexical: no link is left in `here`
            continue
        step = os.path.join(here, name)
        found = _found_at(step, mounts)
        if isinstance(found, str):
            return stopped(found, _joined(step, rest), step)
        kind, target = found
        if kind == "folder" or (kind == "file" and not rest):
            here = step
            continue
        if kind == "file":
            return stopped("missing", _joined(step, rest), os.path.join(step, rest[-1]))
        goal = Path(target.removeprefix("\\\\?\\"))
        before = _joined(step, rest)
        if before in passed:  # once round the circle is enough
            return stopped("loop", before, step)
        passed.add(before)
        hops.append(
            Hop(Path(before), Path(step), target, Path(_joined(os.path.join(here, goal), rest)), kind)
        )
        if len(hops) > MOST_HOPS:
            return stopped("loop", before, step)
        here = goal.anchor or here
        rest.extend(reversed(goal.parts[1:] if goal.anchor else goal.parts))
    return stopped("ok", here, here)


def _found_at(step: str, mounts: Mounts) -> tuple[Kind | Literal["folder", "file"], str] | State:
    """What stands at a path behind which no link is left, and what a link says; or why nobody knows."""
    if mounts.stop_at(step):
        return "silent"
    try:
        status = os.lstat(step)
        if kind := _kind_of(status):
            return kind, os.readlink(step)
    except OSError as error:
        return _state_of(error)
    except ValueError:  # a NUL in the name
        return "missing"
    return "folder" if stat.S_ISDIR(status.st_mode) else "file", ""


def _kind_of(status: os.stat_result) -> Literal["symlink", "junction"] | None:
    if stat.S_ISLNK(status.st_mode):
        return "symlink"
    # Junctions of Windows are reparse points that os.readlink reads like links.
    return "junction" if getattr(status, "st_reparse_tag", 0) == _JUNCTION else None


def _joined(path: str, reversed_rest: list[str]) -> str:
    return os.path.join(path, *reversed(reversed_rest))


def _state_of(error: OSError) -> State:
    if error.errno in (errno.EACCES, errno.EPERM):
        return "denied"
    return "loop" if error.errno == errno.ELOOP else "missing"
