"""Link chains: the hops from a path as written to the real file, one link at a time.

The names on the way are the information (`versions/3.12` survives an upgrade, `versions/3.12.1` does not), so
nothing here resolves more than one link at once.
"""

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from holdfast.links.hop import Hop, Kind

MOST_HOPS = 40  # as Linux: the 41st link gives ELOOP

State = Literal["ok", "missing", "loop", "denied"]

_JUNCTION = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)


@dataclass(frozen=True)
class LinkChain:
    """Where a path leads by the links of the file system."""

    start: Path
    hops: tuple[Hop, ...]
    end: Path
    """The real file; or, where there is none, the whole path that could not be reached."""
    state: State
    stopped_at: Path
    """The first path on the way that is missing or denied; the end itself where all is well."""

    @property
    def spellings(self) -> tuple[Path, ...]:
        """Every way in which the path was spelled from its start to its end."""
        return (self.start, *(hop.after for hop in self.hops))


def follow(path: Path) -> LinkChain:
    """Follow a path to its end. Always ends: at the file, at a gap, at a wall or after 40 hops."""
    start = path.absolute()  # joins the working folder and, unlike os.path.abspath, keeps `..`
    here = start.anchor  # text: hundreds of paths are followed in a look, and pathlib is slow
    rest = list(reversed(start.parts[1:]))
    hops: list[Hop] = []

    def stopped(state: State, end: str, at: str) -> LinkChain:
        return LinkChain(start, tuple(hops), Path(end), state, Path(at))

    while rest:
        name = rest.pop()
        if name == os.pardir:
            here = os.path.dirname(here)  # right, not just lexical: no link is left in `here`
            continue
        step = os.path.join(here, name)
        try:
            status = os.lstat(step)
            kind = _kind_of(status)
            target = os.readlink(step) if kind else None
        except OSError as error:
            return stopped(_state_of(error), _joined(step, rest), step)
        except ValueError:  # a NUL in the name
            return stopped("missing", _joined(step, rest), step)
        if kind is None or target is None:
            if rest and not stat.S_ISDIR(status.st_mode):
                return stopped("missing", _joined(step, rest), os.path.join(step, rest[-1]))
            here = step
            continue
        goal = Path(target.removeprefix("\\\\?\\"))
        before = _joined(step, rest)
        hops.append(
            Hop(Path(before), Path(step), target, Path(_joined(os.path.join(here, goal), rest)), kind)
        )
        if len(hops) > MOST_HOPS:
            return stopped("loop", before, step)
        here = goal.anchor or here
        rest.extend(reversed(goal.parts[1:] if goal.anchor else goal.parts))
    return stopped("ok", here, here)


def _kind_of(status: os.stat_result) -> Kind | None:
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
