"""`holdfast server`."""

import argparse


def run(_options: argparse.Namespace) -> int:
    """Serve until the client says goodbye."""
    from holdfast.lsp.server import serve  # noqa: PLC0415 - only this command needs pygls

    serve()
    return 0
