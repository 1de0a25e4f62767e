"""Finding interpreters and environments."""

import os
import time

from holdfast.discovery.beside import find_beside
from holdfast.discovery.finder import find_interpreters
from holdfast.discovery.walk import walk_environments
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from pythons import copied_prefix, make_environment


def usable(host, more=()):
    return [found for found in find_interpreters(Reader(host), more) if found.interpreter.usable]


def test_a_machine_without_interpreters_has_none(bare_host):
    assert find_interpreters(Reader(bare_host)) == ()


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
    libraries = newest.prefix / "lib"  # in which the copy looks for its libpython
    roots = {"/": tmp_path, str(libraries): libraries}
    (found,) = usable(Host(platform="linux", home=tmp_path, roots=roots))
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
    found = find_interpreters(Reader(host), [tmp_path])
    states = [one.interpreter.usable for one in found]
    assert states == sorted(states, reverse=True)
    assert not states[-1]
    usual = [one.interpreter for one in found if one.interpreter.implementation == "cpython"]
    versions = [interpreter.version for interpreter in usual if not interpreter.debug]
    assert versions == sorted(versions, reverse=True)


def test_a_path_with_rubbish_in_it_is_searched_all_the_same(tmp_path, newest):
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    rubbish = ["", "relative", str(tmp_path / "file"), str(tmp_path / "loop"), "/gone", "x" * 5000]
    path = ":".join([*rubbish, str(newest.path.parent)])
    found = usable(Host(platform="linux", home=tmp_path, env={"PATH": path}, roots={}))
    assert str(newest.version) in [str(one.interpreter.version) for one in found]


def test_what_stands_beside_a_gap_is_found_newest_first(tmp_path, newest):
    for name in ("3.0.1", "3.0.2"):
        copied_prefix(newest, tmp_path / name)
    (tmp_path / "notes.txt").touch()
    found = find_beside(tmp_path / "3.0.0", Reader(Host.current()))
    assert {one.prefix.folder.name for one in found} == {"3.0.1", "3.0.2"}


def test_environments_are_found_below_a_folder_and_in_nothing_else(tmp_path, newest, host):
    for name in ("project/.venv", "deep/er/down/env", ".tox/py", "node_modules/x/.venv", ".git/x"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "pyvenv.cfg").touch()
    inner = tmp_path / "project/.venv/lib/site-packages/inner"
    inner.mkdir(parents=True)
    (inner / "pyvenv.cfg").touch()
    (tmp_path / "project/.holdfast-0123456789ab").mkdir()
    (tmp_path / "project/.holdfast-0123456789ab/pyvenv.cfg").touch()
    found = [os.path.relpath(path, tmp_path) for path in walk_environments(tmp_path, host)]
    assert found == [".tox/py", "project/.venv", "deep/er/down/env"]


def test_a_link_to_an_environment_outside_is_one_and_a_circle_ends(tmp_path, newest, host):
    make_environment(newest, tmp_path / "outside")
    (tmp_path / "work" / "project").mkdir(parents=True)
    (tmp_path / "work" / "project" / ".venv").symlink_to(tmp_path / "outside")
    (tmp_path / "work" / "again").symlink_to(".")
    assert list(walk_environments(tmp_path / "work", host)) == [tmp_path / "work" / "project" / ".venv"]


def test_a_walk_that_gives_up_says_so(tmp_path, monkeypatch, host):
    monkeypatch.setattr("holdfast.discovery.walk.MOST_FOLDERS", 3)
    for name in "abcde":
        (tmp_path / name).mkdir()
    said = []
    assert list(walk_environments(tmp_path, host, gave_up=said.append)) == []
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
    found = find_interpreters(Reader(host))
    (as_plain_user / "uv" / "closed").chmod(0o700)
    assert found == ()


def test_excluded_names_are_left_out(tmp_path, host):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyvenv.cfg").touch()
    assert list(walk_environments(tmp_path, host, exclude=frozenset({"a"}))) == [tmp_path / "b"]


def test_a_folder_that_may_not_be_listed_is_passed_over(as_plain_user, host):
    (as_plain_user / "closed").mkdir(mode=0)
    (as_plain_user / "env").mkdir()
    (as_plain_user / "env" / "pyvenv.cfg").touch()
    assert list(walk_environments(as_plain_user, host)) == [as_plain_user / "env"]


def test_a_redirect_file_leads_to_the_environment_that_it_names(tmp_path, host):
    for name in ("kept", "elsewhere"):
        (tmp_path / "envs" / name).mkdir(parents=True)
        (tmp_path / "envs" / name / "pyvenv.cfg").touch()
    projects = tmp_path / "projects"
    contents = {
        "relative": "../../envs/kept\n",
        "absolute": f"{tmp_path}/envs/elsewhere",
        "again": "../../envs/kept",
        "broken": "../gone\n",
        "empty": "",
        "binary": "\0\1\2",
        "long": "x" * 100_000,
    }
    for name, content in contents.items():
        (projects / name).mkdir(parents=True)
        (projects / name / ".venv").write_text(content)
    (projects / "pipe").mkdir()
    os.mkfifo(projects / "pipe" / ".venv")
    found = list(walk_environments(projects, host))
    kept, elsewhere = tmp_path / "envs" / "kept", tmp_path / "envs" / "elsewhere"
    assert sorted(found) == [elsewhere, kept, projects / "broken" / ".venv"]


def test_a_walk_waits_for_no_mount_that_does_not_answer(dead_mount, tmp_path, host):
    for name in ("a", "z"):
        (tmp_path / "work" / name).mkdir(parents=True)
        (tmp_path / "work" / name / "pyvenv.cfg").touch()
    (tmp_path / "work" / "linked").symlink_to(dead_mount)
    (tmp_path / "work" / ".venv").write_text(str(dead_mount))
    said = []
    start = time.perf_counter()
    assert list(walk_environments(tmp_path / "work", host)) == [
        tmp_path / "work" / "a",
        tmp_path / "work" / "z",
    ]
    assert list(walk_environments(dead_mount.parent, host, gave_up=said.append)) == []
    assert list(walk_environments(dead_mount / "bin", host, gave_up=said.append)) == []
    assert time.perf_counter() - start < 4
    assert [text.split(" does not answer")[0] for text in said] == [str(dead_mount), str(dead_mount / "bin")]
