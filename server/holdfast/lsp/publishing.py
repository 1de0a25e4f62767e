"""Telling the editor about problems: only what has changed, so that no menu closes for nothing."""

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from holdfast.lsp.diagnostics import by_file
from holdfast.lsp.uris import uri_of
from holdfast.repair.fix import Finding


class Publisher:
    """Remembers what the editor shows."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._shown: dict[Path, list[types.Diagnostic]] = {}

    def publish(self, findings: Iterable[Finding]) -> None:
        """Make the editor show these problems and no others of ours."""
        wanted = by_file(findings)
        for file in self._shown.keys() | wanted.keys():
            diagnostics = wanted.get(file, [])
            if diagnostics != self._shown.get(file, []):
                self._server.text_document_publish_diagnostics(
                    types.PublishDiagnosticsParams(uri=uri_of(file), diagnostics=diagnostics)
                )
        self._shown = wanted
