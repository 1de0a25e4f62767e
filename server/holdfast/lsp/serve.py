"""Serving on standard input and output."""

import logging

from holdfast.host import Host
from holdfast.lsp.requests import register
from holdfast.lsp.server import HoldfastServer
from holdfast.lsp.work import RequestFailedError


def serve() -> None:
    """Serve on standard input and output until the client says goodbye."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("pygls").addFilter(_is_no_answer)
    server = HoldfastServer(Host.current())
    register(server)
    server.start_io()


def _is_no_answer(record: logging.LogRecord) -> bool:
    """Keep answers to the user out of the log: pygls logs each failed request with its trace."""
    return not (record.exc_info and isinstance(record.exc_info[1], RequestFailedError))
