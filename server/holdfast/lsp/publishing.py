"""Telling the editor about problems: only what has changed, so that no menu closes for nothing."""

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from holdfast.lsp.diagnostics import by_file, diagnostic
from holdfast.lsp.uris import uri_of
from holdfast.repair.fix import Finding


class Publisher:
    """Remembers what the editor shows."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._found: dict[Path, list[Finding]] = {}
        self._shown: dict[Path, list[types.Diagnostic]] = {}

    def publish(self, findings: Iterable[Finding]) -> None:
        """Make the editor show these problems and no others of ours."""
        found = by_file(findings)
        for file in self._found.keys() | found.keys():
            # The findings of a verdict that was kept are the same objects: comparing them takes no time.
            if found.get(file) != self._found.get(file):
                self._show(file, [diagnostic(one) for one in found.get(file, ())])
        self._found = found

    def _show(self, file: Path, diagnostics: list[types.Diagnostic]) -> None:
        if diagnostics == self._shown.get(file, []):
            return
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri_of(file), diagnostics=diagnostics)
        )
        self._shown[file] = diagnostics
        if not diagnostics:
            del self._shown[file]
