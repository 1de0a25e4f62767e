"""Taking looks: in a thread, one at a time, again when something happened meanwhile."""

import asyncio
import logging
from collections.abc import Callable

from holdfast.cancellation import Cancellation
from holdfast.lsp.look import Look

_PAUSE = 0.15
"""Seconds between an event and the look: a rename, a `pip install` or a checkout is many events."""

_log = logging.getLogger(__name__)


class Looker:
    """Keeps the latest look and takes the next one when asked.

    `take` does the looking, in a thread; `show` is called with each look, on the event loop.
    """

    def __init__(self, take: Callable[[Cancellation], Look], show: Callable[[Look], None]) -> None:
        self.latest = Look()
        self._take = take
        self._show = show
        self._cancellation = Cancellation()
        self._wanted: asyncio.Future[Look] | None = None
        self._task: asyncio.Task[None] | None = None

    def ask(self) -> "asyncio.Future[Look]":
        """Ask for a look that begins after now; many askers share one."""
        if self._wanted is None:
            self._wanted = asyncio.get_running_loop().create_future()
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        return self._wanted

    def stop(self) -> None:
        """End the look that is under way."""
        self._cancellation.cancel()

    async def _work(self) -> None:
        try:
            while self._wanted is not None:
                await asyncio.sleep(_PAUSE)
                wanted, self._wanted = self._wanted, None
                await self._look(wanted)
        finally:
            self._task = None

    async def _look(self, wanted: "asyncio.Future[Look]") -> None:
        try:
            self.latest = await asyncio.to_thread(self._take, self._cancellation)
            self._show(self.latest)
        except asyncio.CancelledError:  # the conversation is over: do not let it wait for the thread
            self.stop()
            raise
        except Exception as error:  # noqa: BLE001 - a look that failed must not end the looking
            _log.exception("Looking at the environments failed")
            if not wanted.cancelled():
                wanted.set_exception(error)
                wanted.exception()  # nobody may be waiting; it is in the log
        else:
            if not wanted.cancelled():
                wanted.set_result(self.latest)
