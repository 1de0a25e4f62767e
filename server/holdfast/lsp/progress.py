"""Progress of a request, for a client that gave a token for it."""

from lsprotocol import types
from pygls.lsp.server import LanguageServer


class WorkProgress:
    """Begins at once, ends once; silent without a token. To be used on the event loop."""

    def __init__(self, server: LanguageServer, token: str | None, title: str) -> None:
        self._server = server
        self._token = token
        self._send(types.WorkDoneProgressBegin(title=title, percentage=0))

    def report(self, what: str, percent: int) -> None:
        """Say what is being done and how much is done."""
        self._send(types.WorkDoneProgressReport(message=what, percentage=percent))

    def end(self) -> None:
        """Say that nothing more comes."""
        self._send(types.WorkDoneProgressEnd())

    def _send(
        self,
        value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd,
    ) -> None:
        if self._token is not None:
            self._server.progress(types.ProgressParams(token=self._token, value=value))
