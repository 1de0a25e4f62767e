"""Work that a request asks for: in a thread, cancelled with the request, failing with a message."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from pygls.exceptions import JsonRpcException

from holdfast.cancellation import Cancellation
from holdfast.errors import HoldfastError
from holdfast.lsp.protocol import REQUEST_FAILED

_T = TypeVar("_T")


class RequestFailedError(JsonRpcException):
    """Work that could not be done; its message is shown to the user as it is."""

    CODE = REQUEST_FAILED


async def in_thread(work: Callable[[Cancellation], _T]) -> _T:
    """Do work in a thread, cancelled when the request is.

    Raises RequestFailedError with the work's own message. The thread is always waited for: what it leaves
    behind is gone before the client hears of it. Work that was done before it noticed counts as done.
    """
    cancellation = Cancellation()
    running = asyncio.ensure_future(asyncio.to_thread(work, cancellation))
    try:
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            cancellation.cancel()
            try:
                return await running
            except HoldfastError:
                pass
            raise
    except HoldfastError as error:
        raise RequestFailedError(str(error)) from error
