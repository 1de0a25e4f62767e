"""Finding interpreters and environments."""

import os
import subprocess
import sys

from holdfast.discovery.beside import find_beside
from holdfast.discovery.finder import find_interpreters
from holdfast.discovery.walk import walk_environments
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from pythons import INSTALLED, copied_prefix, make_environment


def usable(host, more=()):
    return [found for found in find_interpreters(host, more) if found.interpreter.usable]


def test_a_machine_without_interpreters_has_none(bare_host):
    assert find_interpreters(bare_host) == ()


def test_each_source_finds_what_it_keeps(tmp_path, newest):
    places = {
        "pyenv": tmp_path / "pyenv" / "versions" / "a",
        "uv": tmp_path / "uv" / "b",
        "opt": tmp_path / "opt" / "c",
        "system": tmp_path / "usr" / "local",
        "PATH": tmp_path / "path",
    }
    for place in places.values():
        copied_prefix(newest, place)
    host = Host(
        platform="linux",
        home=tmp_path,
        env={
            "PATH": "/path/bin",
            "PYENV_ROOT": "/pyenv",
            "UV_PYTHON_INSTALL_DIR": "/uv",
        },
        roots={"/": tmp_path},
    )
    found = {one.source: one.interpreter for one in usable(host)}
    assert {source: one.prefix.folder for source, one in found.items()} == places


def test_uv_is_found_where_it_installs_without_being_told(tmp_path, newest):
    copied_prefix(newest, tmp_path / ".local" / "share" / "uv" / "python" / "cpython")
    (found,) = usable(Host(platform="linux", home=tmp_path, roots={"/": tmp_path}))
    assert found.source == "uv"


def test_the_search_paths_of_the_settings_are_searched(tmp_path, newest, bare_host):
    copied_prefix(newest, tmp_path / "mine")
    assert [one.source for one in usable(bare_host, [tmp_path / "mine"])] == ["searchPaths"]


def test_five_names_are_one_interpreter(copied, bare_host):
    link = copied.prefix.parent / copied.series
    link.symlink_to(copied.prefix.name)
    (found,) = usable(bare_host, [copied.prefix, link])
    assert found.interpreter.stable == link / "bin" / copied.tag


def test_the_newest_comes_first_and_the_unusable_last(tmp_path, host):
    (tmp_path / "python3").write_text("#!/bin/sh\n")
    (tmp_path / "python3").chmod(0o755)
    found = find_interpreters(host, [tmp_path])
    states = [one.interpreter.usable for one in found]
    assert states == sorted(states, reverse=True)
    assert not states[-1]
    versions = [one.interpreter.version for one in found if one.interpreter.usable]
    assert versions == sorted(versions, reverse=True)


def test_a_path_with_rubbish_in_it_is_searched_all_the_same(tmp_path, newest):
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    rubbish = ["", "relative", str(tmp_path / "file"), str(tmp_path / "loop"), "/gone", "x" * 5000]
    path = ":".join([*rubbish, str(newest.path.parent)])
    found = usable(Host(platform="linux", home=tmp_path, env={"PATH": path}, roots={}))
    assert str(newest.version) in [str(one.interpreter.version) for one in found]


def test_everything_that_uv_lists_is_found(host):
    """A live partner: what `uv python list` knows as installed, Holdfast knows, too."""
    uv = os.path.join(os.path.dirname(sys.executable), "uv")
    done = subprocess.run(
        [uv, "python", "list", "--only-installed", "--offline", "--no-config"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    listed = [line.split()[1] for line in done.stdout.splitlines() if len(line.split()) > 1]
    assert listed, done.stderr
    known = {os.path.realpath(found.interpreter.path) for found in find_interpreters(host)}
    environments = {path for path in listed if os.path.exists(os.path.join(path, "..", "..", "pyvenv.cfg"))}
    assert {os.path.realpath(path) for path in set(listed) - environments} <= known
    assert len(known) >= len(INSTALLED)


def test_what_stands_beside_a_gap_is_found_newest_first(tmp_path, newest):
    for name in ("3.0.1", "3.0.2"):
        copied_prefix(newest, tmp_path / name)
    (tmp_path / "notes.txt").touch()
    found = find_beside(tmp_path / "3.0.0", Reader(Host.current()))
    assert {one.prefix.folder.name for one in found} == {"3.0.1", "3.0.2"}


def test_environments_are_found_below_a_folder_and_in_nothing_else(tmp_path, newest):
    for name in ("project/.venv", "deep/er/down/env", ".tox/py", "node_modules/x/.venv", ".git/x"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "pyvenv.cfg").touch()
    inner = tmp_path / "project/.venv/lib/site-packages/inner"
    inner.mkdir(parents=True)
    (inner / "pyvenv.cfg").touch()
    (tmp_path / "project/.holdfast-0123456789ab").mkdir()
    (tmp_path / "project/.holdfast-0123456789ab/pyvenv.cfg").touch()
    found = [os.path.relpath(path, tmp_path) for path in walk_environments(tmp_path)]
    assert found == [".tox/py", "project/.venv", "deep/er/down/env"]


def test_a_link_to_an_environment_outside_is_one_and_a_circle_ends(tmp_path, newest):
    make_environment(newest, tmp_path / "outside")
    (tmp_path / "work" / "project").mkdir(parents=True)
    (tmp_path / "work" / "project" / ".venv").symlink_to(tmp_path / "outside")
    (tmp_path / "work" / "again").symlink_to(".")
    assert list(walk_environments(tmp_path / "work")) == [tmp_path / "work" / "project" / ".venv"]


def test_a_walk_that_gives_up_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("holdfast.discovery.walk.MOST_FOLDERS", 3)
    for name in "abcde":
        (tmp_path / name).mkdir()
    said = []
    assert list(walk_environments(tmp_path, gave_up=said.append)) == []
    assert "more than 3 folders" in said[0]


def test_folders_that_may_not_be_searched_end_no_search(as_plain_user, newest):
    (as_plain_user / "uv" / "closed").mkdir(parents=True)
    (as_plain_user / "uv" / "closed").chmod(0)
    host = Host(
        platform="linux",
        home=as_plain_user,
        env={"UV_PYTHON_INSTALL_DIR": "/uv"},
        roots={"/": as_plain_user},
    )
    found = find_interpreters(host)
    (as_plain_user / "uv" / "closed").chmod(0o700)
    assert found == ()


def test_excluded_names_are_left_out(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyvenv.cfg").touch()
    assert list(walk_environments(tmp_path, exclude=frozenset({"a"}))) == [tmp_path / "b"]


def test_a_folder_that_may_not_be_listed_is_passed_over(as_plain_user):
    (as_plain_user / "closed").mkdir(mode=0)
    (as_plain_user / "env").mkdir()
    (as_plain_user / "env" / "pyvenv.cfg").touch()
    assert list(walk_environments(as_plain_user)) == [as_plain_user / "env"]
