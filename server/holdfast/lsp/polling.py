"""Looking after what no watcher reports."""

import asyncio
import time
from collections.abc import Callable

from holdfast.lsp.marks import Marks, changed_since

_EVERY = 3.0
"""Seconds."""

_SHARE = 0.02
"""How much of the time may go into asking: a share may be slow, and hold a thousand environments."""


async def poll(seen: Callable[[], Marks], changed: Callable[[frozenset[str] | None], object]) -> None:
    """Call `changed` with what is no longer as it was `seen` by the latest look. Never ends.

    With None, for everything, where a look at just that did not see it.
    """
    pause, before = _EVERY, frozenset[str]()
    while True:
        await asyncio.sleep(pause)
        marks = seen()
        begin = time.monotonic()
        found = await asyncio.to_thread(changed_since, marks)
        pause = max(_EVERY, (time.monotonic() - begin) / _SHARE)
        if found and seen() is marks:
            changed(None if found == before else found)
        before = found
