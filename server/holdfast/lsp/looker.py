"""Taking looks: in a thread, one at a time, again when something happened meanwhile."""

import asyncio
import logging
from collections.abc import Callable, Iterable

from holdfast.cancellation import Cancellation
from holdfast.errors import CancelledError
from holdfast.lsp.look import Look

_SOON = 0.01
"""Seconds between an event and the look at it, in which others come that belong to it."""

_PAUSE = 0.15
"""Seconds between one look and the next: a rename, a `pip install` or a checkout is many events."""

_MOST_OVERTAKEN = 3
"""Looks in a row; the next one comes to its end, so that a stream of wishes does not put it off for ever."""

_log = logging.getLogger(__name__)

Changed = frozenset[str] | None
"""Paths at which something changed; None: anything may have."""

Take = Callable[[Look, Changed, Cancellation], Look]
"""Takes a look, given the one before it."""


class Looker:
    """Keeps the latest look and takes the next one when asked.

    `take` does the looking, in a thread; `show` is called with each new look, on the event loop.
    """

    def __init__(self, take: Take, show: Callable[[Look], None]) -> None:
        self.latest = Look()
        self._take = take
        self._show = show
        self._changed: Changed = frozenset()
        """Since the latest look began."""
        self._waiting: list[asyncio.Future[Look]] = []
        self._task: asyncio.Task[None] | None = None
        self._cancellation = Cancellation()
        self._overtaken = 0
        self._stopped = False

    def ask(self, changed: Iterable[str] | None = None) -> "asyncio.Future[Look]":
        """Ask for a look that begins after now, at these paths or else at everything.

        Many askers share one. A look at everything makes the one that is under way needless, so that ends.
        """
        self._changed = None if changed is None or self._changed is None else self._changed.union(changed)
        wanted: asyncio.Future[Look] = asyncio.get_running_loop().create_future()
        self._waiting.append(wanted)
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        elif changed is None and self._overtaken < _MOST_OVERTAKEN:
            self._cancellation.cancel()
        return wanted

    def stop(self) -> None:
        """End the look that is under way, and take no more."""
        self._stopped = True
        self._cancellation.cancel()

    async def _work(self) -> None:
        pause = _SOON
        try:
            while self._waiting and not self._stopped:
                await asyncio.sleep(pause)
                pause = _PAUSE
                waiting, self._waiting = self._waiting, []
                changed, self._changed = self._changed, frozenset()
                await self._look(waiting, changed)
        finally:
            self._task = None

    async def _look(self, waiting: "list[asyncio.Future[Look]]", changed: Changed) -> None:
        self._cancellation = Cancellation()
        before = self.latest
        try:
            self.latest = await asyncio.to_thread(self._take, before, changed, self._cancellation)
            if self.latest is not before:
                self._show(self.latest)
        except asyncio.CancelledError:  # the conversation is over: do not let it wait for the thread
            self.stop()
            raise
        except CancelledError:  # overtaken: the next look is for those who waited for this one, too
            self._overtaken += 1
            self._waiting = waiting + self._waiting
        except Exception as error:  # noqa: BLE001 - a look that failed must not end the looking
            self._changed = None  # nobody knows what it would have seen
            _log.exception("Looking at the environments failed")
            for wanted in waiting:
                if not wanted.cancelled():
                    wanted.set_exception(error)
                    wanted.exception()  # nobody may be waiting; it is in the log
        else:
            self._overtaken = 0
            for wanted in waiting:
                if not wanted.cancelled():
                    wanted.set_result(self.latest)
