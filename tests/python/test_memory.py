"""What is remembered about files, and asking an interpreter that its files do not describe."""

import json
import os
import shutil
import threading
import time
from pathlib import Path

import platformdirs
import pytest

from holdfast.host import Host, cache_folder, data_folder
from holdfast.interpreters.asking import Asking
from holdfast.interpreters.interpreter import describe
from holdfast.interpreters.memory import Memory, user_memory
from holdfast.interpreters.reader import Reader
from pythons import copied_prefix, facts_of


@pytest.fixture
def kept(tmp_path) -> Path:
    return tmp_path / "cache" / "holdfast" / "interpreters.json"


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "file"
    path.write_text("content")
    return path


def written(path: Path) -> tuple[int, ...] | None:
    """What writing to a file, or another one in its place, would change; to read it is no harm."""
    if not os.path.lexists(path):
        return None
    status = os.lstat(path)
    return status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns


def remembered(kept, file, answer="answer"):
    memory = Memory(lambda: kept)
    memory.keep("question", [file], answer)
    memory.save()


def test_an_answer_is_there_in_the_next_run(kept, file):
    remembered(kept, file, ["3.12.1", None])
    assert Memory(lambda: kept).recall("question", [file]) == ["3.12.1", None]
    assert Memory(lambda: kept).recall("another question", [file]) is None


def test_nobody_else_may_read_or_change_it(kept, file):
    remembered(kept, file)
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_text("contents"),
        lambda path: os.utime(path, ns=(1, 1)),
        lambda path: path.unlink(),
        lambda path: (path.rename(path.with_name("old")), path.write_text("content")),
        lambda path: (path.unlink(), path.symlink_to("other")),
    ],
    ids=["size", "time", "gone", "replaced", "a link now"],
)
def test_an_answer_is_forgotten_when_its_file_changes(kept, file, change):
    remembered(kept, file)
    change(file)
    assert Memory(lambda: kept).recall("question", [file]) is None


def test_an_answer_rests_on_every_link_on_the_way(kept, file, tmp_path):
    link = tmp_path / "link"
    link.symlink_to("file")
    memory = Memory(lambda: kept)
    memory.keep("question", [link, file], 1)
    memory.save()
    assert Memory(lambda: kept).recall("question", [link, file]) == 1
    link.unlink()
    link.symlink_to("./file")
    assert Memory(lambda: kept).recall("question", [link, file]) is None


def test_two_ways_to_a_file_do_not_push_each_other_out(kept, file, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).symlink_to("file")
        remembered(kept, file)
    ways = [[tmp_path / name, file] for name in ("one", "two")]
    memory = Memory(lambda: kept)
    for way in ways:
        memory.keep("question", way, "answer")
    memory.save()
    assert [Memory(lambda: kept).recall("question", way) for way in ways] == ["answer", "answer"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"null",
        b"[]",
        b'{"format": 99, "entries": {}}',
        b'{"format": 1, "entries": []}',
        b'{"format": 1, "entries": {"question\\nx": 1, "b": {"marks": [[]], "answer": 1}, "c": {}}}',
        b"x" * 20_000_000,
    ],
    ids=["empty", "cut", "junk", "deep", "null", "list", "newer", "no entries", "entries of junk", "large"],
)
def test_a_damaged_memory_is_an_empty_one_and_heals(kept, file, content):
    kept.parent.mkdir(parents=True)
    kept.write_bytes(content)
    assert Memory(lambda: kept).recall("question", [file]) is None
    remembered(kept, file)
    assert Memory(lambda: kept).recall("question", [file]) == "answer"


def test_a_memory_that_cannot_be_written_is_no_error(file, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    remembered(tmp_path / "cache" / "holdfast.json", file)
    assert (tmp_path / "cache").read_text() == "a file where the folder should be"


@pytest.mark.parametrize("what", ["a file", "a pipe", "a folder", "nothing", "itself"])
def test_a_memory_that_is_a_link_is_left_alone(kept, file, tmp_path, what):
    """Such as one to /dev/null, by which people switch a memory off."""
    target = kept if what == "itself" else tmp_path / "target"
    make = {"a file": Path.touch, "a pipe": os.mkfifo, "a folder": Path.mkdir}
    make.get(what, lambda _: None)(target)
    kept.parent.mkdir(parents=True)
    kept.symlink_to(target)
    before = written(target)
    remembered(kept, file)
    assert os.readlink(kept) == str(target)
    assert written(target) == before
    assert os.listdir(kept.parent) == [kept.name]


def test_a_user_whom_the_system_does_not_know_has_none(file, monkeypatch, tmp_path):
    """Containers are often run by a number that stands in no /etc/passwd."""

    def unknown(_number):
        raise KeyError

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    for variable in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    assert Host.current().home == Path("/")
    memory = user_memory()
    memory.keep("question", [file], "answer")
    memory.save()
    assert memory.recall("question", [file]) == "answer"
    assert os.listdir(tmp_path) == [file.name]


def test_a_memory_makes_no_home_folder(file, tmp_path):
    remembered(tmp_path / "home" / ".cache" / "holdfast" / "interpreters.json", file)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("answer", [5, [1], {}, True, None])
def test_an_answer_of_another_kind_is_looked_up_anew(kept, tmp_path, newest, answer):
    copy = copied_prefix(newest, tmp_path / "copy")
    memory = Memory(lambda: kept)
    told = describe(copy.path, Host.current(), memory)
    memory.save()
    document = json.loads(kept.read_text())
    for entry in document["entries"].values():
        entry["answer"] = answer
    kept.write_text(json.dumps(document))
    assert describe(copy.path, Host.current(), Memory(lambda: kept)).version == told.version


def test_many_that_write_at_once_leave_a_whole_memory(kept, tmp_path):
    files = [tmp_path / f"file{number}" for number in range(8)]
    for file in files:
        file.touch()
    threads = [
        threading.Thread(target=lambda file=file: [remembered(kept, file) for _ in range(20)])
        for file in files
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = json.loads(kept.read_text())["entries"]
    assert entries
    assert all(entry["answer"] == "answer" for entry in entries.values())
    assert os.listdir(kept.parent) == [kept.name]


def test_what_is_gone_is_not_kept_for_ever(kept, file, tmp_path):
    remembered(kept, file)
    file.unlink()
    (tmp_path / "other").touch()
    remembered(kept, tmp_path / "other")
    assert len(json.loads(kept.read_text())["entries"]) == 1


def unclear(path) -> object:
    """An interpreter of which nothing but the executable is known."""
    described = describe(path, Host.current())
    return described._replace(state="broken", error="unclear", version=None, is_unclear=True)


ANYBODY = Asking(may_start=True)


def test_an_interpreter_is_asked_once_and_remembered(newest, kept):
    memory = Memory(lambda: kept)
    told = ANYBODY.complete(unclear(newest.path), memory)
    facts = facts_of(newest.path)
    assert (told.state, told.error, str(told.version)) == ("ok", None, facts["version"])
    memory.save()
    assert Asking().complete(unclear(newest.path), Memory(lambda: kept)) == told


def test_nobody_is_asked_without_leave(newest):
    asked = unclear(newest.path)
    assert Asking().complete(asked, Memory()) == asked


def test_what_needs_no_asking_is_not_asked(newest):
    described = describe(newest.path, Host.current())
    assert ANYBODY.complete(described, Memory()) is described


@pytest.mark.parametrize("by", ["itself", "link"])
def test_nothing_of_the_workspace_is_started(tmp_path, newest, by):
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    program = workspace / "python3"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-started\n")
    program.chmod(0o755)
    (tmp_path / "link").symlink_to(program)
    (tmp_path / "alias").symlink_to(workspace)
    asked = unclear(program if by == "itself" else tmp_path / "link")
    for folder in (workspace, tmp_path / "alias"):
        assert Asking((folder,), may_start=True).complete(asked, Memory()) == asked
    assert not (tmp_path / "was-started").exists()
    ANYBODY.complete(asked, Memory())
    assert (tmp_path / "was-started").exists(), "the trap itself must work"


def test_nothing_is_started_to_which_a_link_of_the_workspace_leads(tmp_path, newest):
    """Though the way into the workspace is spelled by way of another folder."""
    for name in ("workspace", "bin", "elsewhere"):
        (tmp_path / name).mkdir()
    program = tmp_path / "elsewhere" / "python3"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-started\n")
    program.chmod(0o755)
    (tmp_path / "workspace" / "python3").symlink_to(program)
    (tmp_path / "bin" / "python3").symlink_to("../elsewhere/../workspace/python3")
    asked = unclear(tmp_path / "bin" / "python3")
    assert Asking((tmp_path / "workspace",), may_start=True).complete(asked, Memory()) == asked
    assert not (tmp_path / "was-started").exists()


def test_a_program_that_does_not_end_is_started_once(tmp_path, monkeypatch):
    monkeypatch.setattr("holdfast.interpreters.asking._SECONDS", 0.5)
    program = tmp_path / "python3"
    program.write_text(f"#!/bin/sh\necho >> {tmp_path}/starts\nexec sleep 20\n")
    program.chmod(0o755)
    asked = unclear(program)
    start = time.perf_counter()
    assert ANYBODY.complete(asked, Memory()) == asked
    assert time.perf_counter() - start < 5
    assert (tmp_path / "starts").read_text() == "\n"


def test_only_what_the_person_or_the_machine_names_is_started(tmp_path, newest):
    """A copy of an executable that finds its library by nothing but its bytes."""
    shutil.copy2(newest.path.resolve(), tmp_path / "python3")
    reader = Reader(Host.current(), asking=ANYBODY)
    assert reader.describe(tmp_path / "python3").state == "broken"
    assert str(reader.ask(tmp_path / "python3").version) == newest.version
    assert reader.describe(tmp_path / "python3").state == "ok"


@pytest.mark.parametrize(
    "script", ["exit 1", "echo junk", "echo '[1, 2, 3, 4]'", "kill -9 $$", "cat /dev/stdin"], ids=str
)
def test_a_program_that_is_no_python_stays_unclear(tmp_path, script):
    program = tmp_path / "python3"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    asked = unclear(program)
    assert ANYBODY.complete(asked, Memory()) == asked


HOMES = [
    {"HOME": "/home/ada"},
    {"HOME": "/home/ada/"},
    {"HOME": ""},
    {"HOME": "relative"},
    {},
    {"HOME": "/home/ada", "XDG_CACHE_HOME": "/disk/cache", "XDG_DATA_HOME": "/disk/data"},
    {"HOME": "/home/ada", "XDG_CACHE_HOME": " /disk/cache ", "XDG_DATA_HOME": ""},
    {"HOME": "/home/ada", "XDG_CACHE_HOME": "relative", "XDG_DATA_HOME": "~/data"},
    {"XDG_CACHE_HOME": "/disk/cache", "XDG_DATA_HOME": "/disk/data"},
]


@pytest.mark.parametrize("variables", HOMES, ids=str)
def test_our_folders_are_where_the_library_platformdirs_has_them(variables, monkeypatch):
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    for ours, theirs in (
        (cache_folder, platformdirs.user_cache_path),
        (data_folder, platformdirs.user_data_path),
    ):
        expected = theirs("holdfast", appauthor=False)
        assert ours() == (expected if expected.is_absolute() else None)
