"""Serving on standard input and output."""

import logging
import os

from holdfast.host import Host
from holdfast.lsp.requests import register
from holdfast.lsp.server import HoldfastServer
from holdfast.lsp.work import RequestFailedError
from holdfast.stopping import stop_on_signals


def serve() -> None:
    """Serve on standard input and output until the client says goodbye, is gone, or a signal comes.

    Work that is under way is cancelled then, and what it had begun is taken back.
    """
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(_is_no_answer)
    stop_on_signals()
    server = HoldfastServer(Host.current())
    register(server)
    server.start_io()
    # All work has ended by now. A plain exit would wait for the thread that reads standard input.
    os._exit(0 if server.dismissed else 1)


def _is_no_answer(record: logging.LogRecord) -> bool:
    """Keep answers to the user out of the log: pygls logs each failed request with its trace."""
    return not (record.exc_info and isinstance(record.exc_info[1], RequestFailedError))
