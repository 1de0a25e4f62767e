"""Looking after what no watcher reports.

Network shares send no events, and an editor that excludes `**/.venv/**` from watching drops those that it
gets. What the verdicts rest on is a handful of names, so asking the file system for them now and then costs
next to nothing.
"""

import asyncio
import os
import stat
from collections.abc import Callable

from holdfast.lsp.watching import Watched

_EVERY = 3.0
"""Seconds."""

Fingerprint = tuple[object, ...]


def fingerprint(watched: Watched) -> Fingerprint:
    """What there is under each watched name: equal as long as no verdict can have changed."""
    return tuple(
        _mark(os.path.join(folder, name)) for folder, names in watched.items() for name in sorted(names)
    )


def _mark(path: str) -> object:
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            return os.readlink(path)
    except (OSError, ValueError):
        return None
    if stat.S_ISDIR(status.st_mode):  # what is put into a folder changes its time, and no verdict
        return status.st_mode, status.st_ino
    return status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns


async def poll(seen: Callable[[], tuple[Watched, Fingerprint]], changed: Callable[[], object]) -> None:
    """Call `changed` whenever what is on the disk is not what was `seen` by the latest look. Never ends."""
    while True:
        await asyncio.sleep(_EVERY)
        watched, before = seen()
        now = await asyncio.to_thread(fingerprint, watched)
        if now != before and seen()[0] is watched:
            changed()
