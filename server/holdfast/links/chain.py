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

MOST_HOPS = 40  # as Linux: the 41st link gives ELOOP

State = Literal["ok", "missing", "loop", "denied"]


@dataclass(frozen=True)
class Hop:
    """One symbolic link on the way: a file, or a folder in the middle of the path."""

    before: Path
    """The whole path as it read before this link was followed."""
    link: Path
    """The link itself; no link stands above it in this spelling."""
    target: str
    """What the link says, to the letter."""
    after: Path
    """The whole path as it reads after it."""


@dataclass(frozen=True)
class LinkChain:
    """Where a path leads."""

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
    here = Path(start.anchor)
    rest = list(start.parts[1:])
    hops: list[Hop] = []
    while rest:
        name = rest.pop(0)
        if name == os.pardir:
            here = here.parent  # right, not just lexical: no link is left in `here`
            continue
        step = here / name
        try:
            status = os.lstat(step)
            target = os.readlink(step) if _is_link(status) else None
        except OSError as error:
            end = step.joinpath(*rest)
            return LinkChain(start, tuple(hops), end, _state_of(error), step)
        except ValueError:  # a NUL in the name
            return LinkChain(start, tuple(hops), step.joinpath(*rest), "missing", step)
        if target is None and rest and not stat.S_ISDIR(status.st_mode):
            return LinkChain(start, tuple(hops), step.joinpath(*rest), "missing", step / rest[0])
        if target is None:
            here = step
            continue
        goal = Path(_without_prefix(target))
        after = (here / goal).joinpath(*rest)
        hops.append(Hop(step.joinpath(*rest), step, target, after))
        if len(hops) > MOST_HOPS:
            return LinkChain(start, tuple(hops), step.joinpath(*rest), "loop", step)
        if goal.is_absolute():
            here = Path(goal.anchor)
            rest[:0] = goal.parts[1:]
        else:
            rest[:0] = goal.parts
    return LinkChain(start, tuple(hops), here, "ok", here)


def _is_link(status: os.stat_result) -> bool:
    # Junctions of Windows are reparse points that os.readlink reads like links.
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == getattr(
        stat, "IO_REPARSE_TAG_MOUNT_POINT", -1
    )


def _state_of(error: OSError) -> State:
    if error.errno in (errno.EACCES, errno.EPERM):
        return "denied"
    return "loop" if error.errno == errno.ELOOP else "missing"


def _without_prefix(target: str) -> str:
    return target.removeprefix("\\\\?\\")
