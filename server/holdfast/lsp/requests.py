"""Which request calls which function."""

import asyncio
import os
from pathlib import Path
from typing import Any

from lsprotocol import types

from holdfast.discovery.finder import find_interpreters
from holdfast.discovery.report import interpreter_json
from holdfast.errors import HoldfastError
from holdfast.lsp import protocol
from holdfast.lsp.diagnostics import quick_fixes
from holdfast.lsp.progress import WorkProgress
from holdfast.lsp.server import HoldfastServer
from holdfast.lsp.uris import path_of
from holdfast.lsp.watching import matters
from holdfast.lsp.work import in_thread
from holdfast.repair.repairing import plan_repair
from holdfast.repair.report import CheckJson, RepairJson, check_json, fix_json, repair_json
from holdfast.workspace.recording import record_setting


def register(server: HoldfastServer) -> None:
    """Teach a server all that it answers."""
    for teach in (_conversation, _changes, _looking, _recording, _fixing, _creating):
        teach(server)


def _conversation(server: HoldfastServer) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        options = params.initialization_options
        if isinstance(options, dict):
            server.trusted = options.get("trusted") is not False
            server.configure(options.get("settings"))

    @server.feature(types.INITIALIZED)
    async def initialized(_params: types.InitializedParams) -> None:
        server.start_looking()

    @server.feature(types.SHUTDOWN)
    def shutdown(_params: None) -> None:
        server.dismissed = True
        server.looker.stop()


def _changes(server: HoldfastServer) -> None:
    """Whatever happens means only: look again, at what changed where that is told."""

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        paths = [path for change in params.changes if (path := path_of(change.uri))]
        if changed := [os.fspath(path) for path in paths if matters(path, server.looker.latest.marks)]:
            server.looker.ask(changed)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders_changed(_params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.looker.ask()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(params: types.DidSaveTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        # Where nothing else tells what else has changed, this is an occasion to find out.
        server.looker.ask([os.fspath(path)] if path and server.watchers.can_watch else None)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(params: types.DidChangeConfigurationParams) -> None:
        server.configure(params.settings)
        server.looker.ask()

    @server.feature(protocol.LOOK_AGAIN)
    async def look_again(_params: Any) -> None:
        server.looker.ask()


def _looking(server: HoldfastServer) -> None:
    @server.feature(protocol.CHECK)
    async def check(_params: Any) -> CheckJson:
        return check_json((await asyncio.shield(server.looker.ask())).survey)

    @server.feature(protocol.ENVIRONMENTS)
    async def environments(params: protocol.EnvironmentsParamsJson) -> protocol.EnvironmentListJson:
        folder = path_of(params["folder"])
        latest = await asyncio.shield(server.looker.ask())
        found = [look for look in latest.folders if look.folder == folder]
        record = found[0].settings.interpreter_path if found else server.settings.interpreter_path
        return {"environments": [one for f in found for one in f.environments(server.host)], "record": record}

    @server.feature(protocol.INTERPRETERS)
    async def interpreters(_params: Any) -> protocol.InterpreterListJson:
        search = server.settings.search_paths
        found = await in_thread(lambda _: find_interpreters(server.reader(), search))
        return {"interpreters": [interpreter_json(one) for one in found]}


def _recording(server: HoldfastServer) -> None:
    @server.feature(protocol.RECORD)
    async def record(params: protocol.RecordParamsJson) -> protocol.RecordedJson:
        return await in_thread(lambda _: _record(server, params))


def _record(server: HoldfastServer, params: protocol.RecordParamsJson) -> protocol.RecordedJson:
    folder = path_of(params["folder"])
    if folder is None or not server.trusted:
        raise HoldfastError("Settings are written in trusted folders on a disk only.")
    recorded = record_setting(folder, params["value"], server.host)
    return {"file": str(recorded.file), "changed": recorded.changed}


def _fixing(server: HoldfastServer) -> None:
    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    )
    def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        file = path_of(params.text_document.uri)
        if file is None or not server.trusted:
            return []
        return quick_fixes(server.looker.latest.findings, file, params.range)

    @server.command(protocol.REPAIR_COMMAND)
    async def repair_command(environment: str, fix: str) -> RepairJson:
        return await repair(environment, fix)

    @server.feature(protocol.REPAIR_ENVIRONMENT)
    async def repair_request(params: protocol.RepairParamsJson) -> RepairJson:
        return await repair(params["environment"], params["fix"])

    async def repair(environment: str, fix: str | None) -> RepairJson:
        try:
            return repair_json(await in_thread(lambda _: server.repair(environment, fix)))
        finally:
            server.looker.ask([environment])

    @server.feature(protocol.PLAN)
    async def plan(params: protocol.PlanParamsJson) -> protocol.RepairPlanJson:
        path = Path(params["environment"])
        found = (await in_thread(lambda _: plan_repair(path, server.machine()))).remaining
        return {
            "environment": str(path),
            "planned": [
                {
                    "fix": fix_json(fix),
                    "problem": finding.message,
                    "steps": [str(step) for step in fix.steps],
                }
                for finding in found
                for fix in finding.fixes
            ],
        }


def _creating(server: HoldfastServer) -> None:
    @server.feature(protocol.REQUIREMENTS)
    async def requirements(params: protocol.RequirementsParamsJson) -> protocol.RequirementListJson:
        from holdfast.lsp.creating import requirements_of  # noqa: PLC0415 - a look does without

        return await in_thread(lambda _: requirements_of(server, params["folder"]))

    @server.feature(protocol.CREATE)
    async def create_request(params: protocol.CreateParamsJson) -> protocol.CreationWithSettingJson:
        from holdfast.lsp.creating import create_environment  # noqa: PLC0415 - a look does without

        loop = asyncio.get_running_loop()
        progress = WorkProgress(server, params.get("workDoneToken"), "Creating an environment")

        def report(what: str, percent: int) -> None:
            loop.call_soon_threadsafe(progress.report, what, percent)

        try:
            return await in_thread(
                lambda cancellation: create_environment(server, params, cancellation, report)
            )
        finally:
            progress.end()
            folder = path_of(params["folder"])
            server.looker.ask([os.fspath(folder / params["name"])] if folder else None)
