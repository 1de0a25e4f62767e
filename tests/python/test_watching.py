"""What an editor is asked to watch follows what the looks rest on."""

import asyncio
import random
from pathlib import Path

import pytest
from lsprotocol import types

from holdfast.lsp.marks import Marks
from holdfast.lsp.watching import Watchers, matters
from test_lsp import CAPABILITIES

TOP = Path("/workspace")


class Editor:
    """A client that remembers what it was asked for: the server's other side, without a process between."""

    def __init__(self, capabilities=CAPABILITIES):
        self.client_capabilities = capabilities
        self.watched = {}
        self.asked = 0

    def client_register_capability(self, params):
        for one in params.registrations:
            assert one.id not in self.watched
            (watcher,) = one.register_options.watchers
            self.watched[one.id] = (watcher.glob_pattern.base_uri, watcher.glob_pattern.pattern)
            self.asked += 1

    def client_unregister_capability(self, params):
        for one in params.unregisterations:
            del self.watched[one.id]

    @property
    def patterns(self):
        found = {}
        for uri, pattern in self.watched.values():
            found.setdefault(uri.removeprefix("file://"), set()).add(pattern)
        return found


def marks(*names, folders=()):
    return Marks(dict.fromkeys(names, "x"), dict.fromkeys(folders, "x"))


async def followed(watchers, *looks):
    for one in looks:
        watchers.register((TOP,), one)
    await asyncio.sleep(0.05)


async def test_each_name_is_watched_in_its_folder_and_so_are_the_folders_above():
    editor = Editor()
    await followed(Watchers(editor), marks("/a/b/one", "/a/b/two", "/a/other"))
    assert editor.patterns == {
        "/workspace": {"**/*", "**/.venv"},
        "/": {"a"},
        "/a": {"{b,other}"},
        "/a/b": {"{one,two}"},
    }


async def test_names_that_mean_something_in_patterns_and_folders_that_count_are_watched_whole():
    editor = Editor()
    await followed(Watchers(editor), marks("/a/[x]", "/b/c", folders=["/b"]))
    assert editor.patterns["/a"] == editor.patterns["/b"] == {"*"}


async def test_only_what_is_different_is_asked_for():
    editor = Editor()
    watchers = Watchers(editor)
    first = marks("/a/b/one", "/c/two")
    await followed(watchers, first)
    asked = editor.asked
    await followed(watchers, first)
    assert editor.asked == asked
    await followed(watchers, marks("/a/b/one", "/a/b/two", "/c/two"))
    assert editor.asked == asked + 1
    await followed(watchers, marks("/a/b/two"))
    assert editor.patterns == {"/workspace": {"**/*", "**/.venv"}, "/": {"a"}, "/a": {"b"}, "/a/b": {"two"}}


@pytest.mark.parametrize("seed", range(5))
async def test_after_any_number_of_looks_what_is_watched_is_as_after_the_last_alone(seed):
    chance = random.Random(seed)
    names = [f"/{a}/{b}/{c}" for a in "abc" for b in "de" for c in "fgh"] + ["/a/d", "/a", "/b/e/f/x/y"]
    looks = [
        marks(
            *chance.sample(names, chance.randrange(len(names))),
            folders=chance.sample(names, chance.randrange(4)),
        )
        for _ in range(30)
    ]
    editor, alone = Editor(), Editor()
    await followed(Watchers(editor), *looks)
    await followed(Watchers(alone), looks[-1])
    assert editor.patterns == alone.patterns


async def test_a_client_that_cannot_watch_is_asked_for_nothing():
    editor = Editor(types.ClientCapabilities())
    await followed(Watchers(editor), marks("/a/b"))
    assert editor.asked == 0


@pytest.mark.parametrize(
    ("path", "does"),
    [
        ("/project/module.py", True),
        ("/project/.git", True),
        ("/project/.git/HEAD", False),
        ("/project/.git/index", True),
        ("/project/node_modules/package/pyproject.toml", False),
        ("/project/.venv/lib/python3.12/site-packages/new.pth", True),
        ("/project/.venv/lib/python3.12/site-packages/package/module.py", False),
        ("/project/__pycache__/module.pyc", False),
    ],
)
def test_what_tools_write_matters_only_where_a_verdict_rests_on_it(path, does):
    rested_on = marks("/project/.git/index", folders=["/project/.venv/lib/python3.12/site-packages"])
    assert matters(Path(path), rested_on) == does
