"""The language server in a large workspace, and in one whose folders lie within each other."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from lsprotocol import types

from pythons import make_environment
from test_lsp import CAPABILITIES, client, diagnostics, next_look, request, start  # noqa: F401 - a fixture

MANY = 1000


def make_many(python, folder: Path, count: int) -> list[Path]:
    """One environment, and copies of it that are as if each had been made in its place."""
    first = make_environment(python, folder / "project-0" / ".venv")
    config = (first / "pyvenv.cfg").read_text()
    others = [folder / f"project-{number}" / ".venv" for number in range(1, count)]
    texts = ("activate*", "Activate*", "pyvenv.cfg")
    for other in others:
        shutil.copytree(first, other, symlinks=True, ignore=shutil.ignore_patterns(*texts))
        (other / "pyvenv.cfg").write_text(config.replace(str(first), str(other)))
        (other / "bin" / "activate").write_text(f'VIRTUAL_ENV="{other}"\nexport VIRTUAL_ENV\n')
    return [first, *others]


def published(client):  # noqa: F811
    """The files about which something is said from now on."""
    files = []
    feature = client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS]

    def publish(params):
        files.append(params.uri)
        feature(params)

    client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = publish
    return files


def tell(client, path, kind=types.FileChangeType.Created):  # noqa: F811
    change = types.FileEvent(path.as_uri(), kind)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))


def counts(look):
    return look["errors"], look["warnings"], [one["environments"] for one in look["folders"]]


@pytest.fixture
def workspace(tmp_path):
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


async def test_a_thousand_environments(client, copied, workspace):  # noqa: F811
    environments = make_many(copied, workspace, MANY)
    _, look = await start(client, workspace)
    assert counts(look) == (0, 0, [MANY])
    files = published(client)

    # A change inside: only what it is about is said.
    link = environments[500] / "bin" / "python"
    target = os.readlink(link)
    link.unlink()
    link.symlink_to("/nowhere/python")
    tell(client, link)
    look = await asyncio.wait_for(client.looks.get(), 10)
    assert (look["errors"], look["folders"][0]["broken"]) == (1, 1)
    (diagnostic,) = diagnostics(client, environments[500])
    assert diagnostic.code == "interpreter-dangling"
    link.unlink()
    link.symlink_to(target)
    tell(client, link)
    assert counts(await asyncio.wait_for(client.looks.get(), 10)) == (0, 0, [MANY])
    assert files == [(environments[500] / "pyvenv.cfg").as_uri()] * 2

    # One goes, and comes again as another folder.
    environments[7].parent.rename(workspace / "renamed")
    tell(client, environments[7].parent, types.FileChangeType.Deleted)
    tell(client, workspace / "renamed")
    look = await next_look(client)
    if look["warnings"] == 0:  # both events are two looks where the machine is slow
        look = await next_look(client)
    assert counts(look) == (0, 1, [MANY])
    assert [one.code for one in diagnostics(client, workspace / "renamed" / ".venv")] == ["environment-moved"]

    # The base goes, and nobody tells of it.
    away = copied.prefix.with_name("away")
    copied.prefix.rename(away)
    look = await next_look(client)
    if look["folders"][0]["broken"] == 1:  # the second event of above came late: that one was looked at first
        look = await next_look(client)
    assert look["folders"][0]["broken"] == MANY
    away.rename(copied.prefix)
    look = await next_look(client)
    assert (look["errors"], look["folders"][0]["broken"]) == (0, 0)


async def test_a_look_that_new_settings_make_needless_is_not_taken_to_its_end(client, copied, workspace):  # noqa: F811
    make_many(copied, workspace, MANY)
    await client.initialize_session(
        types.InitializeParams(
            capabilities=CAPABILITIES,
            workspace_folders=[types.WorkspaceFolder(workspace.as_uri(), workspace.name)],
            initialization_options={"trusted": True, "settings": {}},
        )
    )
    await asyncio.sleep(0.2)  # the look at a thousand environments has begun
    client.workspace_did_change_configuration(types.DidChangeConfigurationParams({"exclude": [".venv"]}))
    assert counts(await next_look(client)) == (0, 0, [0])


async def test_folders_of_a_workspace_that_lie_within_each_other(client, copied, workspace):  # noqa: F811
    nested = workspace / "packages" / "nested"
    outer = make_environment(copied, workspace / ".venv")
    inner = make_environment(copied, nested / ".venv")
    _, look = await start(client, workspace, nested)
    assert counts(look) == (0, 0, [2, 1])
    assert [one["own"]["path"] for one in look["folders"]] == [str(outer), str(inner)]
    files = published(client)
    link = inner / "bin" / "python"
    target = os.readlink(link)
    link.unlink()
    tell(client, link, types.FileChangeType.Deleted)
    look = await next_look(client)
    # It is one environment with one problem, which both folders count.
    assert (look["errors"], [one["broken"] for one in look["folders"]]) == (1, [1, 1])
    assert files == [(inner / "pyvenv.cfg").as_uri()]
    assert [one["own"]["state"] for one in look["folders"]] == ["healthy", "broken"]
    listed = await request(client, "holdfast/environments", {"folder": nested.as_uri()})
    assert [one.path for one in listed.environments] == [str(inner)]
    link.symlink_to(target)
    tell(client, link)
    await next_look(client)
    assert (await next_look(client))["errors"] == 0

    # The inner folder's settings are its own, and only its project's environments follow them.
    (nested / "pyproject.toml").write_text("[tool.holdfast]\nenvironment = 'env'\n")
    tell(client, nested / "pyproject.toml")
    look = await next_look(client)
    assert [one["own"]["path"] for one in look["folders"]] == [str(outer), str(inner)]
    inner.rename(nested / "env")
    make_environment(copied, inner)
    tell(client, nested / "env")
    while [one["environments"] for one in look["folders"]] != [3, 2]:
        look = await next_look(client)
    assert [one["own"]["path"] for one in look["folders"]] == [str(outer), str(nested / "env")]


async def test_who_saves_a_file_without_being_watched_has_everything_looked_at(client, copied, workspace):  # noqa: F811
    """Some editors tell a server of nothing but the files that are open."""
    await client.initialize_session(
        types.InitializeParams(
            capabilities=types.ClientCapabilities(),
            workspace_folders=[types.WorkspaceFolder(workspace.as_uri(), workspace.name)],
        )
    )
    assert counts(await next_look(client)) == (0, 0, [0])
    assert not client.registered
    make_environment(copied, workspace / "deep" / "down" / ".venv")
    document = types.TextDocumentIdentifier((workspace / "module.py").as_uri())
    client.text_document_did_save(types.DidSaveTextDocumentParams(document))
    assert counts(await next_look(client)) == (0, 0, [1])


async def test_an_environment_of_one_s_own_is_seen_without_an_event(client, copied, workspace):  # noqa: F811
    _, look = await start(client, workspace)
    assert counts(look) == (0, 0, [0])
    make_environment(copied, workspace / ".venv")
    look = await next_look(client)
    while not look["folders"][0]["own"]:  # it is being made
        look = await next_look(client)
    assert look["folders"][0]["own"]["path"] == str(workspace / ".venv")
