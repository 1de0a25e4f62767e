"""Creating an environment as an editor asks for it, and what a project says it needs."""

from pathlib import Path

from holdfast.cancellation import Cancellation, Report
from holdfast.creation.base import choose_base
from holdfast.creation.plan import Request
from holdfast.creation.provide import Order, provide
from holdfast.creation.report import creation_json
from holdfast.creation.requirements.found import parse_source, requirement_sources
from holdfast.errors import HoldfastError
from holdfast.lsp import protocol
from holdfast.lsp.server import HoldfastServer
from holdfast.lsp.uris import path_of
from holdfast.workspace.project import setting_value
from holdfast.workspace.root import project_root


def create_environment(
    server: HoldfastServer, params: protocol.CreateParamsJson, cancellation: Cancellation, report: Report
) -> protocol.CreationWithSettingJson:
    """Create what is asked for; raises HoldfastError."""
    folder, name = path_of(params["folder"]), params["name"]
    if folder is None or not server.trusted:
        raise HoldfastError("Environments are created in trusted folders on a disk only.")
    if name in ("", ".", "..") or Path(name).name != name:
        raise HoldfastError(f"“{name}” is not the name of a folder. Choose one without separators.")
    settings, host = server.settings_for(folder), server.host
    request = Request(
        destination=folder / name,
        base=choose_base(params["python"], server.reader(), settings.search_paths, folder),
        pip=settings.seed == "pip",
        links=settings.links,
        alias=settings.alias,
        site_packages_link=settings.site_packages_link,
        replace=params["replace"],
    )
    sources = tuple(parse_source(text, folder, host) for text in params["install"])
    root = project_root(folder, host)
    order = Order(request, folder, root, redirect=params["redirect"], install=sources)
    provided = provide(order, host, cancellation=cancellation, report=report)
    windows = host.windows and not provided.created.alias
    return {
        **creation_json(provided),
        "setting": setting_value(folder, provided.created.environment, windows=windows),
        "record": settings.interpreter_path,
        "failure": provided.failure,
    }


def requirements_of(server: HoldfastServer, uri: str) -> protocol.RequirementListJson:
    """What the project in a folder says that can be installed, and which Python it asks for."""
    folder, host = path_of(uri), server.host
    if folder is None:
        return {"sources": [], "python": None, "reason": None}
    python, reason = _asked_for(server, folder)
    return {
        "sources": [
            {"id": source.id, "label": source.label, "file": str(source.file)}
            for source in requirement_sources(folder, host)
            if source.trouble is None
        ],
        "python": python,
        "reason": reason,
    }


def _asked_for(server: HoldfastServer, folder: Path) -> tuple[str | None, str | None]:
    """Which base a person's setting, or else the project's files, ask for, and the reason.

    A path, or a version where that is pinned to the patch; only a reason where it is not installed.
    """
    wanted = server.settings.python
    try:
        base = choose_base(wanted, server.reader(), server.settings_for(folder).search_paths, folder)
    except HoldfastError as error:
        return None, str(error)
    reason = f"the setting `holdfast.python` asks for {wanted}" if wanted else base.reason
    if reason is None:
        return None, None
    pinned = base.path != base.interpreter.stable
    return str(base.interpreter.version if pinned else base.path), reason
