"""The language server, as a client sees it."""

import asyncio
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import jsonschema
import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, LanguageClient

from protocol_schema import SCHEMA_FILE
from pythons import copied_prefix, hang, make_environment, works

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"
CAPABILITIES = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
            dynamic_registration=True, relative_pattern_support=True
        )
    )
)


def plain(value):
    """Answers of our own arrive as named tuples."""
    if hasattr(value, "_asdict"):
        return {key: plain(part) for key, part in value._asdict().items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


def valid(value, shape):
    schema = json.loads(SCHEMA_FILE.read_text())
    document = plain(value)
    jsonschema.validate(document, {"$ref": f"#/$defs/{shape}", "$defs": schema["$defs"]})
    return document


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[sys.executable, "-I", "-S", str(LAUNCH), "server"])
)
async def client(lsp_client: LanguageClient):
    lsp_client.looks = asyncio.Queue()  # type: ignore[attr-defined]
    lsp_client.registered = {}  # type: ignore[attr-defined]

    @lsp_client.feature("holdfast/looked")
    def looked(params):
        lsp_client.looks.put_nowait(valid(params, "Looked"))  # type: ignore[attr-defined]

    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams):
        for registration in params.registrations:
            options = json.loads(json.dumps(plain(registration.register_options)))
            lsp_client.registered[registration.id] = options["watchers"]  # type: ignore[attr-defined]

    @lsp_client.feature(types.CLIENT_UNREGISTER_CAPABILITY)
    def unregister(params: types.UnregistrationParams):
        for registration in params.unregisterations:
            del lsp_client.registered[registration.id]  # type: ignore[attr-defined]

    yield
    await lsp_client.shutdown_session()


def order(folder, name, python, **more):
    """What a client sends for a new environment."""
    usual = {"replace": False, "redirect": False, "install": []}
    return {"folder": folder.as_uri(), "name": name, "python": str(python), **usual, **more}


async def start(client, *folders, trusted=True, settings=None):
    result = await client.initialize_session(
        types.InitializeParams(
            capabilities=CAPABILITIES,
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name) for folder in folders],
            initialization_options={"trusted": trusted, "settings": settings or {}},
        )
    )
    return result, await next_look(client)


async def next_look(client):
    return await asyncio.wait_for(client.looks.get(), 30)


async def request(client, method, params=None):
    return await asyncio.wait_for(client.protocol.send_request_async(method, params or {}), 60)


def diagnostics(client, environment):
    return client.diagnostics.get((environment / "pyvenv.cfg").as_uri(), [])


def quick_fixes_at(client, environment, where):
    return client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier((environment / "pyvenv.cfg").as_uri()),
            where,
            types.CodeActionContext([]),
        )
    )


@pytest.fixture
def project(copied, tmp_path):
    """A project whose environment an upgrade has killed."""
    make_environment(copied, tmp_path / "project" / ".venv")
    copied.prefix.rename(copied.prefix.with_name(f"{copied.series}.99"))
    return tmp_path / "project"


def make_environment_of_nothing(folder):
    """A folder that looks like an environment and has no interpreter."""
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /gone/bin\n")


async def test_a_closed_file_has_its_problem_and_its_fix_mends_it(client, project):
    _, look = await start(client, project)
    environment = project / ".venv"
    assert (look["errors"], look["folders"][0]["broken"]) == (1, 1)
    (diagnostic,) = diagnostics(client, environment)
    assert (diagnostic.code, diagnostic.source) == ("interpreter-dangling", "Holdfast")
    assert diagnostic.severity == types.DiagnosticSeverity.Error
    assert diagnostic.code_description.href.endswith("/docs/rules/interpreter-dangling.md")
    line = (environment / "pyvenv.cfg").read_text().splitlines()[diagnostic.range.start.line]
    assert line[: diagnostic.range.start.character] == "home = "
    (action,) = await quick_fixes_at(client, environment, diagnostic.range)
    # lsprotocol's client half takes every action that has a command for a bare command.
    assert action.title.startswith("Link to Python")
    plan = valid(await request(client, "holdfast/plan", {"environment": str(environment)}), "RepairPlan")
    fix = plan["planned"][0]["fix"]["id"]
    command = types.ExecuteCommandParams("holdfast.server.repair", [str(environment), fix])
    done = await client.workspace_execute_command_async(command)
    assert valid(done, "Repair")["applied"] == [fix]
    look = await next_look(client)
    assert (look["errors"], look["folders"][0]["own"]["state"]) == (0, "healthy")
    assert not diagnostics(client, environment)
    assert works(environment)


async def test_no_fix_is_offered_elsewhere_in_the_file(client, project):
    await start(client, project)
    elsewhere = types.Range(types.Position(2, 0), types.Position(2, 0))
    assert not await quick_fixes_at(client, project / ".venv", elsewhere)


async def test_an_untrusted_workspace_is_checked_and_left_as_it_is(client, project):
    await start(client, project, trusted=False)
    environment = project / ".venv"
    (diagnostic,) = diagnostics(client, environment)
    assert not await quick_fixes_at(client, environment, diagnostic.range)
    with pytest.raises(JsonRpcException, match="not trusted"):
        await request(client, "holdfast/repair", {"environment": str(environment), "fix": None})
    with pytest.raises(JsonRpcException, match="trusted"):
        await request(
            client,
            "holdfast/create",
            order(project, "new", "3"),
        )
    assert os.listdir(project) == [".venv"]


async def test_the_plan_is_told_before_anything_is_done(client, project):
    await start(client, project)
    plan = valid(
        await request(client, "holdfast/plan", {"environment": str(project / ".venv")}), "RepairPlan"
    )
    (planned,) = plan["planned"]
    assert planned["fix"]["id"].startswith("relink:")
    assert any("change `home` to" in step for step in planned["steps"])
    assert not works(project / ".venv")


async def test_a_fix_refuses_while_the_editor_holds_unsaved_changes(client, project):
    await start(client, project)
    config = project / ".venv" / "pyvenv.cfg"
    text = config.read_text()
    document = types.TextDocumentItem(config.as_uri(), "properties", 1, text + "# unsaved\n")
    client.text_document_did_open(types.DidOpenTextDocumentParams(document))
    with pytest.raises(JsonRpcException, match="unsaved changes in the editor") as refused:
        await request(client, "holdfast/repair", {"environment": str(project / ".venv"), "fix": None})
    assert refused.value.code == -32803
    assert config.read_text() == text
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(uri=config.as_uri(), version=2),
            [types.TextDocumentContentChangeWholeDocument(text.replace("\n", "\r\n"))],
        )
    )
    await request(client, "holdfast/repair", {"environment": str(project / ".venv"), "fix": None})
    assert works(project / ".venv")


async def test_an_event_means_look_again(client, project):
    await start(client, project)
    environment = project / ".venv"
    environment.rename(project / "renamed")
    change = types.FileEvent(environment.as_uri(), types.FileChangeType.Deleted)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await next_look(client)
    assert not diagnostics(client, environment)
    # Its base was gone already; now its scripts name a folder that is gone, too.
    codes = {diagnostic.code for diagnostic in diagnostics(client, project / "renamed")}
    assert codes == {"interpreter-dangling", "environment-moved"}


async def test_what_packages_write_is_no_reason_to_look(client, project):
    await start(client, project)
    for path in (".venv/lib/python3/site-packages/x.py", "node_modules/x", ".git/index"):
        change = types.FileEvent((project / path).as_uri(), types.FileChangeType.Created)
        client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
    await asyncio.sleep(0.6)
    assert client.looks.empty()


async def test_a_change_that_no_event_tells_of_is_seen_all_the_same(client, project, newest):
    """On network shares there are no events."""
    await start(client, project)
    links = (path for path in (project / ".venv" / "bin").iterdir() if path.is_symlink())
    outward = next(link for link in links if os.path.isabs(os.readlink(link)))
    outward.unlink()
    outward.symlink_to(newest.path)
    assert (await next_look(client))["errors"] == 0


async def test_an_unchanged_problem_is_not_published_again(client, project):
    await start(client, project)
    published = []
    publish = client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]
    client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = lambda params: (
        published.append(params),
        publish(params),
    )
    await request(client, "holdfast/check")
    assert published == []
    (project / ".venv").rename(project / "renamed")
    await request(client, "holdfast/check")
    assert len(published) == 2


async def test_every_name_behind_a_verdict_is_watched_without_recursion(client, tmp_path, newest):
    base = copied_prefix(newest, tmp_path / "versions" / f"{newest.series}.0")
    outside = make_environment(base, tmp_path / "outside")
    project = tmp_path / "project"
    project.mkdir()
    (project / ".venv").symlink_to(outside)
    await start(client, project)
    await request(client, "holdfast/check")
    patterns = {}
    for (watcher,) in client.registered.values():
        pattern = watcher["globPattern"]
        patterns.setdefault(pattern["baseUri"], []).append(pattern["pattern"])

    def is_watched(path):
        found = patterns.get(path.parent.as_uri(), [])
        return any(pattern == "*" or path.name in pattern.strip("{}").split(",") for pattern in found)

    for path in (
        project / ".venv",
        project / ".venv" / "pyvenv.cfg",
        outside / "pyvenv.cfg",
        outside / "bin" / "python",
        outside,
        base.path,
        base.prefix / "bin",
        base.prefix,
        base.prefix.parent,
    ):
        assert is_watched(path), path
    recursive = {uri: found for uri, found in patterns.items() if any("**" in pattern for pattern in found)}
    assert recursive.keys() == {project.as_uri()}


async def test_a_base_that_goes_and_comes_back(client, tmp_path, newest):
    base = copied_prefix(newest, tmp_path / "versions" / f"{newest.series}.0")
    environment = make_environment(base, tmp_path / "project" / ".venv")
    _, look = await start(client, tmp_path / "project")
    assert look["errors"] == 0
    base.prefix.rename(tmp_path / "away")
    client.protocol.notify("holdfast/lookAgain", {})
    assert (await next_look(client))["errors"] == 1
    (tmp_path / "away").rename(base.prefix)
    client.protocol.notify("holdfast/lookAgain", {})
    assert (await next_look(client))["errors"] == 0
    assert not diagnostics(client, environment)


async def test_environments_and_interpreters_are_listed(client, project, newest):
    healthy = make_environment(newest, project / "other" / ".venv")
    await start(client, project)
    listed = valid(
        await request(client, "holdfast/environments", {"folder": project.as_uri()}), "EnvironmentList"
    )
    own, other = listed["environments"]
    assert own["own"]
    assert own["state"] == "broken"
    assert "no longer exists" in own["reason"]
    assert other["path"] == str(healthy)
    assert other["setting"] == "${workspaceFolder}/other/.venv/bin/python"
    interpreters = valid(await request(client, "holdfast/interpreters"), "InterpreterList")["interpreters"]
    assert newest.version in [one["version"] for one in interpreters]


async def test_settings_change_what_is_seen(client, project):
    _, look = await start(client, project, settings={"exclude": [".venv"]})
    assert look["folders"][0]["environments"] == 0
    client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"environment": ".venv", "searchPaths": [], "exclude": []})
    )
    assert (await next_look(client))["folders"][0]["environments"] == 1


async def test_the_project_says_how_serious_a_problem_is_and_the_person_has_the_last_word(client, project):
    _, look = await start(client, project)
    assert (look["errors"], look["warnings"]) == (1, 0)
    settings = project / "pyproject.toml"
    settings.write_text('[tool.holdfast.rules]\ninterpreter-dangling = "hint"\n')
    created = types.FileEvent(settings.as_uri(), types.FileChangeType.Created)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([created]))
    look = await next_look(client)
    assert (look["errors"], look["warnings"], look["folders"][0]["broken"]) == (0, 0, 1)
    (diagnostic,) = diagnostics(client, project / ".venv")
    assert diagnostic.severity == types.DiagnosticSeverity.Hint
    for severity, count in (("warning", 1), ("off", 0)):
        rules = {"rules": {"interpreter-dangling": severity}}
        client.workspace_did_change_configuration(types.DidChangeConfigurationParams(rules))
        look = await next_look(client)
        assert (look["warnings"], look["folders"][0]["own"]["state"]) == (count, "broken")
        assert "no longer exists" in look["folders"][0]["own"]["reason"]
        assert len(diagnostics(client, project / ".venv")) == count


async def test_settings_of_a_project_that_are_not_followed_are_told_on_their_line(client, project):
    """Of every project in which an environment stands, and of a change that no event tells of."""
    nested = project / "nested" / "pyproject.toml"
    make_environment_of_nothing(nested.parent / ".venv")
    nested.write_text("[tool.holdfast]\nrules.interpreter-danglin = 'off'\n")
    settings = project / "pyproject.toml"
    settings.write_text("[tool.holdfast]\nseed = 'pipp'\n")
    await start(client, project)
    (diagnostic,) = client.diagnostics[settings.as_uri()]
    assert (diagnostic.code, diagnostic.range.start) == ("settings-misread", types.Position(1, 7))
    assert diagnostic.code_description.href.endswith("/docs/rules/settings-misread.md")
    (diagnostic,) = client.diagnostics[nested.as_uri()]
    assert "interpreter-dangling" in diagnostic.message
    report = valid(await request(client, "holdfast/check"), "CheckReport")
    assert [one["environment"] for one in report["problems"][:2]] == [str(project), str(nested.parent)]
    await next_look(client)
    nested.write_text("[tool.holdfast]\nrules.interpreter-dangling = 'off'\n")
    await next_look(client)
    assert not client.diagnostics[nested.as_uri()]
    watched = [watcher["globPattern"] for watchers in client.registered.values() for watcher in watchers]
    for folder in (project, nested.parent):
        patterns = [one["pattern"] for one in watched if one["baseUri"] == folder.as_uri()]
        assert any("pyproject.toml" in pattern or pattern == "*" for pattern in patterns)


async def test_folders_that_come_and_go(client, project, tmp_path):
    (tmp_path / "empty").mkdir()
    _, look = await start(client, tmp_path / "empty")
    assert look["folders"][0]["environments"] == 0
    folder = types.WorkspaceFolder(project.as_uri(), "project")
    client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent([folder], []))
    )
    assert len((await next_look(client))["folders"]) == 2
    client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent([], [folder]))
    )
    assert len((await next_look(client))["folders"]) == 1
    assert not diagnostics(client, project / ".venv")


async def test_an_environment_is_created_with_progress(client, tmp_path, newest):
    await start(client, tmp_path)
    params = order(tmp_path, ".venv", newest.path, workDoneToken="token")
    made = valid(await request(client, "holdfast/create", params), "Creation")
    assert made["setting"] == "${workspaceFolder}/.venv/bin/python"
    assert works(tmp_path / ".venv")
    kinds = [part.kind for part in client.progress_reports["token"]]
    assert kinds[0] == "begin"
    assert kinds[-1] == "end"
    assert "report" in kinds
    look = await next_look(client)
    assert look["folders"][0]["own"]["state"] == "healthy"


async def test_a_project_s_settings_say_how_its_environment_is_made(client, tmp_path, newest):
    (tmp_path / "pyproject.toml").write_text(
        '[tool.holdfast]\nalias = true\nseed = "none"\ninterpreterPath = "settings"\n'
    )
    await start(client, tmp_path, settings={"sitePackagesLink": True, "alias": False})
    made = valid(await request(client, "holdfast/create", order(tmp_path, ".venv", newest.path)), "Creation")
    assert (made["alias"], made["seeded"], made["record"]) == (True, [], "settings")
    assert works(tmp_path / ".venv")
    assert (tmp_path / ".venv/Scripts/python.exe").samefile(tmp_path / ".venv/bin/python")
    assert (tmp_path / ".venv" / "site-packages").resolve().name == "site-packages"


async def test_an_interpreter_is_recorded_in_a_folder_s_settings(client, tmp_path):
    settings = tmp_path / ".vscode" / "settings.json"
    settings.parent.mkdir()
    settings.write_text('{\n  // ours\n  "editor.rulers": [100],\n}\n')
    await start(client, tmp_path)
    params = {"folder": tmp_path.as_uri(), "value": "${workspaceFolder}/.venv/bin/python"}
    done = valid(await request(client, "holdfast/record", params), "Recorded")
    assert done == {"file": str(settings), "changed": True}
    assert settings.read_text() == (
        '{\n  // ours\n  "editor.rulers": [100],\n'
        '  "python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python",\n}\n'
    )
    settings.write_text("{ /* not closed")
    with pytest.raises(JsonRpcException, match="was left as it is"):
        await request(client, "holdfast/record", params)


async def test_what_a_project_needs_is_told_and_installed(client, tmp_path, newest):
    (tmp_path / "requirements.txt").write_text("--no-index\nno-such-package\n")
    (tmp_path / "requirements-none.txt").write_text("# nothing\n")
    (tmp_path / ".python-version").write_text(newest.series)
    await start(client, tmp_path)
    folder = {"folder": tmp_path.as_uri()}
    needs = valid(await request(client, "holdfast/requirements", folder), "RequirementList")
    assert {one["id"] for one in needs["sources"]} == {"requirements.txt", "requirements-none.txt"}
    assert (newest.series in needs["python"], ".python-version" in needs["reason"]) == (True, True)
    bad = order(tmp_path, "bad", newest.path, install=["requirements.txt"])
    made = valid(await request(client, "holdfast/create", bad), "Creation")
    assert "no-such-package" in made["failure"]
    assert works(tmp_path / "bad")
    good = order(tmp_path, "good", newest.path, install=["requirements-none.txt"])
    made = valid(await request(client, "holdfast/create", good), "Creation")
    assert (made["failure"], made["installed"]) == (None, ["requirements-none.txt"])


async def test_the_python_that_is_asked_for_is_told_pinned_and_missing_ones_too(client, tmp_path, newest):
    asked = {name: tmp_path / name for name in ("pinned", "missing", "nothing")}
    for folder in asked.values():
        folder.mkdir()
        (folder / "pyproject.toml").touch()
    (asked["pinned"] / ".python-version").write_text(newest.version)
    (asked["missing"] / ".python-version").write_text("3.99")
    await start(client, *asked.values())

    async def told(name):
        needs = await request(client, "holdfast/requirements", {"folder": asked[name].as_uri()})
        return plain(needs)["python"], plain(needs)["reason"]

    stable = str(newest.path)
    python, reason = await told("pinned")
    assert python in (newest.version, stable)
    assert newest.version in reason
    python, reason = await told("missing")
    assert (python, "3.99" in reason) == (None, True)
    assert await told("nothing") == (None, None)
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams({"python": newest.series}))
    python, reason = await told("nothing")
    assert newest.series in python
    assert reason == f"the setting `holdfast.python` asks for {newest.series}"


async def test_an_environment_is_replaced_where_that_was_asked_for(client, tmp_path, newest):
    make_environment(newest, tmp_path / ".venv")
    (tmp_path / ".venv" / "bin" / "python").unlink()
    await start(client, tmp_path)
    with pytest.raises(JsonRpcException, match="is an environment already"):
        await request(client, "holdfast/create", order(tmp_path, ".venv", newest.path))
    await request(client, "holdfast/create", order(tmp_path, ".venv", newest.path, replace=True))
    assert works(tmp_path / ".venv")


async def test_a_cancelled_creation_leaves_nothing(client, tmp_path, newest):
    slow = copied_prefix(newest, tmp_path / "slow")
    hang(slow)
    project = tmp_path / "project"
    project.mkdir()
    await start(client, project)
    params = order(project, ".venv", slow.path)
    pending = client.protocol.send_request("holdfast/create", params, msg_id="create")
    while not os.listdir(project):  # noqa: ASYNC110 - a folder has no event
        await asyncio.sleep(0.01)
    client.protocol.notify(types.CANCEL_REQUEST, types.CancelParams("create"))
    with pytest.raises(JsonRpcException) as cancelled:
        await asyncio.wait_for(asyncio.wrap_future(pending), 30)
    assert cancelled.value.code == -32800
    assert os.listdir(project) == []


@pytest.mark.parametrize("name", ["", "..", "a/b", "../out"])
async def test_names_that_are_none_are_refused(client, tmp_path, name, newest):
    project = tmp_path / "project"
    project.mkdir()
    await start(client, project)
    params = order(project, name, newest.path)
    with pytest.raises(JsonRpcException) as refused:
        await request(client, "holdfast/create", params)
    assert refused.value.code == -32803
    assert os.listdir(project) == []
    assert sorted(os.listdir(tmp_path)) == ["project"]


async def test_commands_are_the_server_s_own(client, tmp_path):
    result, _ = await start(client, tmp_path)
    assert list(result.capabilities.execute_command_provider.commands) == ["holdfast.server.repair"]
    assert result.capabilities.diagnostic_provider is None


async def test_a_workspace_folder_that_is_a_file_or_gone_has_no_environments(client, tmp_path):
    (tmp_path / "file").touch()
    _, look = await start(client, tmp_path / "file", tmp_path / "gone")
    assert [folder["environments"] for folder in look["folders"]] == [0, 0]


async def test_cancelling_one_request_leaves_the_others(client, project):
    await start(client, project)
    first = client.protocol.send_request("holdfast/check", {}, msg_id="first")
    second = client.protocol.send_request("holdfast/check", {}, msg_id="second")
    client.protocol.notify(types.CANCEL_REQUEST, types.CancelParams("first"))
    report = await asyncio.wait_for(asyncio.wrap_future(second), 30)
    assert len(valid(report, "CheckReport")["problems"]) == 1
    with pytest.raises(JsonRpcException):
        await asyncio.wait_for(asyncio.wrap_future(first), 30)


async def test_folders_that_are_no_paths_stop_no_look(client, project):
    await start(client, project)
    strange = [types.WorkspaceFolder(uri, "x") for uri in ("file:rel", "file://[bad", "file:///a%00b", "x:y")]
    client.workspace_did_change_workspace_folders(
        types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent(strange, []))
    )
    assert (await next_look(client))["errors"] == 1


@pytest.mark.parametrize("goodbye", ["end", "exit", "SIGTERM"])
async def test_a_helper_does_not_outlive_its_editor(copied, tmp_path, goodbye):
    """Not even while it waits for a new environment's first start; and nothing is left of that."""
    hang(copied)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", str(LAUNCH), "server"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )

    def send(method, params, **more):
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    project = tmp_path / "project"
    project.mkdir()
    send("initialize", {"capabilities": {}, "processId": None, "rootUri": None}, id=1)
    send("initialized", {})
    python = str(copied.path)
    send("holdfast/create", order(project, "x", python), id=2)
    while not os.listdir(project):  # noqa: ASYNC110 - a folder has no event
        await asyncio.sleep(0.01)
    if goodbye == "exit":
        send("exit", None)
    elif goodbye == "SIGTERM":
        process.send_signal(signal.SIGTERM)
    else:
        process.stdin.close()
    await asyncio.wait_for(process.wait(), 20)
    assert os.listdir(project) == []


async def test_an_environment_that_vanishes_is_no_error(client, project):
    await start(client, project)
    shutil.rmtree(project)
    report = valid(await request(client, "holdfast/check"), "CheckReport")
    assert report == {"problems": [], "environments": []}
    assert not diagnostics(client, project / ".venv")
