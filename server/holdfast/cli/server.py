"""`holdfast server`."""

import argparse


def run(_options: argparse.Namespace) -> int:
    """Serve until the client says goodbye."""
    from holdfast.lsp.serve import serve  # noqa: PLC0415 - only this command needs pygls

    serve()
    return 0
