"""Problems of configuration files come and go in an editor as the files change."""

import asyncio
import sys
from pathlib import Path

import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from configured import INTERPRETER, settings, workspace
from git import git, repository
from pythons import make_environment

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"
USUAL = "${workspaceFolder}/.venv/bin/python"


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[sys.executable, "-I", "-S", str(LAUNCH), "server"])
)
async def client(lsp_client: LanguageClient):
    lsp_client.looks = asyncio.Queue()  # type: ignore[attr-defined]

    @lsp_client.feature("holdfast/looked")
    def looked(params):
        lsp_client.looks.put_nowait(params)  # type: ignore[attr-defined]

    yield
    await lsp_client.shutdown_session()


async def start(client, *folders):
    await client.initialize_session(
        types.InitializeParams(
            capabilities=types.ClientCapabilities(),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders],
        )
    )
    await next_look(client)


async def next_look(client):
    return await asyncio.wait_for(client.looks.get(), 30)


async def changed(client, path, kind=types.FileChangeType.Changed):
    """Tell of a change and wait for the look."""
    change = types.FileEvent(path.as_uri(), kind)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await next_look(client)


def rules(client, file):
    return [one.code for one in client.diagnostics.get(file.as_uri(), [])]


async def test_a_setting_has_its_problem_until_the_environment_is_made(client, newest, tmp_path):
    app = tmp_path / "app"
    file = settings(app, interpreter=USUAL)
    await start(client, app)
    assert rules(client, file) == ["setting-interpreter-missing"]
    (problem,) = client.diagnostics[file.as_uri()]
    line = file.read_text().split("\n")[problem.range.start.line]
    assert line[problem.range.start.character : problem.range.end.character] == f'"{USUAL}"'
    assert problem.code_description.href.endswith("/docs/rules/setting-interpreter-missing.md")
    make_environment(newest, app / ".venv")
    await changed(client, app / ".venv", types.FileChangeType.Created)
    assert rules(client, file) == []


async def test_a_file_that_is_written_or_changed_is_looked_at(client, tmp_path):
    app = tmp_path / "app"
    (app / "src").mkdir(parents=True)
    await start(client, app)
    file = settings(app, interpreter=USUAL)
    await changed(client, app / ".vscode", types.FileChangeType.Created)
    assert rules(client, file) == ["setting-interpreter-missing"]
    settings(app, interpreter="python")
    await changed(client, file)
    assert rules(client, file) == []
    ty = app / "ty.toml"
    ty.write_text("[environment]\npython = '.venv'\n")
    await changed(client, ty, types.FileChangeType.Created)
    assert rules(client, ty) == ["tool-path-missing"]
    ty.unlink()
    await changed(client, ty, types.FileChangeType.Deleted)
    assert rules(client, ty) == []


async def test_what_no_watcher_reports_is_noticed(client, tmp_path):
    """This client watches nothing: the helper asks for the files themselves now and then."""
    app = tmp_path / "app"
    file = settings(app, interpreter=USUAL)
    await start(client, app)
    assert rules(client, file) == ["setting-interpreter-missing"]
    settings(app, interpreter="python")
    await next_look(client)
    assert rules(client, file) == []
    settings(app, interpreter=USUAL)
    (app / "pyrightconfig.json").write_text('{"venvPath": ".", "venv": "gone"}')
    await next_look(client)
    assert rules(client, file) == ["setting-interpreter-missing"]
    assert rules(client, app / "pyrightconfig.json") == ["tool-path-missing"]


async def test_each_folder_of_a_workspace_has_its_own(client, tmp_path):
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    api = settings(root / "api", interpreter=USUAL)
    web = settings(root / "web", interpreter="${workspaceFolder:api}/.venv")
    everything = workspace(root / "all.code-workspace", ["api", "web"], **{INTERPRETER: USUAL})
    await start(client, root / "api", root / "web")
    assert rules(client, api) == ["setting-interpreter-missing"]
    assert rules(client, web) == []
    assert rules(client, everything) == ["setting-shadowed"]
    related = client.diagnostics[api.as_uri()][0].related_information or []
    assert [one.location.uri for one in related] == [web.as_uri(), everything.as_uri()]


async def test_what_git_comes_to_track_is_noticed(client, newest, tmp_path):
    app = repository(tmp_path / "app")
    make_environment(newest, app / ".venv")
    file = settings(app, interpreter=USUAL)
    await start(client, app)
    assert rules(client, file) == []
    git(app, "add", ".vscode")
    await next_look(client)
    assert rules(client, file) == ["setting-not-portable"]
