"""The language server: requests in, one function of a lower floor each, answers out."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lsprotocol import converters, types
from pygls.lsp.server import LanguageServer
from pygls.protocol import JsonRPCNotification, JsonRPCRequestMessage, JsonRPCResponseMessage

from holdfast import __version__
from holdfast.cancellation import Cancellation
from holdfast.errors import HoldfastError
from holdfast.health.rules import NAMES
from holdfast.host import Host
from holdfast.interpreters.asking import Asking
from holdfast.interpreters.memory import user_memory
from holdfast.interpreters.reader import Reader
from holdfast.lsp.documents import unsaved_reason
from holdfast.lsp.look import Look
from holdfast.lsp.looker import Changed, Looker
from holdfast.lsp.looking import Ground, look, look_again
from holdfast.lsp.polling import poll
from holdfast.lsp.protocol import HAS_LOOKED
from holdfast.lsp.publishing import Publisher
from holdfast.lsp.uris import path_of
from holdfast.lsp.watching import Watchers
from holdfast.repair.machine import Machine
from holdfast.repair.repairing import Repair, carry_out, plan_repair
from holdfast.workspace.settings import Settings, project_settings, settings_from


def _converter() -> Any:
    """Messages of our own arrive as plain dictionaries (pygls would make named tuples of them)."""
    converter = converters.get_converter()
    for kind in (JsonRPCRequestMessage, JsonRPCNotification, JsonRPCResponseMessage):
        converter.register_structure_hook(kind, lambda message, cls: cls(**message))
    return converter


class HoldfastServer(LanguageServer):
    """The state of one conversation with an editor."""

    def __init__(self, host: Host) -> None:
        super().__init__(
            "holdfast",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            converter_factory=_converter,
        )
        self.host = host
        self.trusted = True
        self.dismissed = False
        """Whether the client has said that it ends the conversation."""
        self._person: Mapping[str, Any] = {}
        """The settings as the shell sends them."""
        self.looker = Looker(self._take_look, self._show)
        self._memory = user_memory()
        self._publisher = Publisher(self)
        self.watchers = Watchers(self)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The workspace's folders that are on a disk."""
        paths = (path_of(uri) for uri in tuple(self.workspace.folders))  # a look asks from its thread
        return tuple(path for path in paths if path)

    def configure(self, raw: Any) -> None:
        """Take over settings as the shell sends them."""
        self._person = raw if isinstance(raw, dict) else {}
        for name in self.settings.rules.keys() - NAMES:
            logging.getLogger(__name__).warning("holdfast.rules names %s, which is no rule.", name)

    @property
    def settings(self) -> Settings:
        """What holds outside of any project."""
        return settings_from(self._person, self.host.home)

    def settings_for(self, folder: Path) -> Settings:
        """What holds in a project's folder."""
        return settings_from(self._person, self.host.home, project_settings(folder))

    def machine(self) -> Machine:
        """The machine as it is now."""
        return Machine(self.host.anew(), self.settings.search_paths, self._memory)

    def reader(self) -> Reader:
        """Reads interpreters as they are now.

        What their files do not tell is asked of them, unless they stand in the workspace or the user does not
        trust it.
        """
        return Reader(self.host.anew(), self._memory, Asking(self.folders, may_start=self.trusted))

    def repair(self, environment: str, fix: str | None) -> Repair:
        """Repair an environment; refused in a workspace that the user does not trust."""
        if not self.trusted:
            raise HoldfastError("This workspace is not trusted, so nothing is changed in it.")
        machine = self.machine()
        plan = plan_repair(Path(environment), machine, fix)
        return carry_out(plan, machine, refuse=lambda path: unsaved_reason(self.workspace, path))

    def shutdown(self) -> None:
        """End without waiting for the reader, which waits for a client that may say nothing ever again."""
        if self._stop_event:
            self._stop_event.set()
        self.thread_pool.shutdown(wait=False, cancel_futures=True)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Errors go to the log; a pop-up is for what the user asked for."""
        logging.getLogger(__name__).error("%s: %s", getattr(source, "__name__", source), error)

    def start_looking(self) -> None:
        """Take the first look, and look again whenever something may have changed."""
        self.looker.ask()
        self._polling = asyncio.create_task(poll(lambda: self.looker.latest.marks, self.looker.ask))

    def _take_look(self, before: Look, changed: Changed, cancellation: Cancellation) -> Look:
        ground = Ground(self.host, self.folders, self.settings_for, self.settings.rules, self._memory)
        if changed is None:
            latest = look(ground, cancellation, before)
        else:
            latest = look_again(ground, cancellation, before, changed)
        self._memory.save()
        return latest

    def _show(self, latest: Look) -> None:
        self._publisher.publish(latest.findings)
        self.protocol.notify(HAS_LOOKED, latest.status(self.host))
        self.watchers.register(self.folders, latest.marks)
