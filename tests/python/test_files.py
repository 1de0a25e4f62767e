"""Reading what may be anything, and placing files and links whole or not at all."""

import json
import os
import resource
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from disks import in_own_mounts
from holdfast.files.placing import (
    is_temporary,
    place_copy,
    place_link,
    temporary_sibling,
    write_atomically,
)
from holdfast.files.reading import (
    Unreadable,
    have_same_bytes,
    is_empty_file,
    is_folder,
    is_regular_file,
    link_text,
    list_folder,
    read_bounded,
    read_start,
    same_folder,
)

pytestmark = pytest.mark.on_disk

SERVER = Path(__file__).parents[2] / "server"
ODD = {
    "nothing": lambda path: None,
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a socket": lambda path: socket.socket(socket.AF_UNIX).bind(str(path)),
    "a loop": lambda path: path.symlink_to(path.name),
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "a terminal": lambda path: path.symlink_to("/dev/tty"),
    "a dangling link": lambda path: path.symlink_to("gone"),
}


def test_a_file_is_read_whole(tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    assert read_bounded(tmp_path / "file", 7) == b"content"


def test_a_file_over_the_limit_is_refused_and_says_so(tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    assert read_bounded(tmp_path / "file", 6) == Unreadable("large")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: None, "missing"),
        (lambda path: path.mkdir(), "folder"),
        (os.mkfifo, "special"),
        (lambda path: path.symlink_to(path.name), "loop"),
        (lambda path: path.symlink_to("/dev/zero"), "special"),
        (lambda path: path.symlink_to("gone"), "missing"),
    ],
)
def test_what_is_no_file_is_a_reason_and_never_a_hang(tmp_path, make, why):
    make(tmp_path / "entry")
    answer = read_bounded(tmp_path / "entry", 100)
    assert isinstance(answer, Unreadable)
    assert answer.why == why


@pytest.mark.parametrize("kind", ODD)
def test_every_question_about_an_odd_file_has_an_answer_at_once(tmp_path, kind):
    path = tmp_path / "entry"
    ODD[kind](path)
    assert isinstance(read_bounded(path, 100), Unreadable)
    assert read_start(path, 100) == b""
    assert list_folder(path) == ()
    assert not have_same_bytes(path, path)
    assert not is_empty_file(path)
    assert is_folder(path) == (kind == "a folder")
    assert not is_regular_file(path)
    assert (link_text(path) is not None) == path.is_symlink()


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 5000])
def test_a_name_that_no_file_can_have_belongs_to_none(tmp_path, name):
    path = tmp_path / name
    assert isinstance(read_bounded(path, 100), Unreadable)
    assert (read_start(path, 100), list_folder(path), link_text(path)) == (b"", (), None)
    assert not any(ask(path) for ask in (is_empty_file, is_folder, is_regular_file))
    assert not same_folder(path, tmp_path)
    assert not have_same_bytes(path, path)


def test_a_large_file_is_refused_without_being_read(tmp_path):
    with open(tmp_path / "pyvenv.cfg", "wb") as file:
        file.truncate(1_000_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read_bounded(tmp_path / "pyvenv.cfg", 32 * 1024) == Unreadable("large")
    assert read_start(tmp_path / "pyvenv.cfg", 10) == bytes(10)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_file_that_grows_while_it_is_read_is_large(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"short")
    real = os.fstat

    def grown(descriptor):
        status = real(descriptor)
        path.write_bytes(b"now it is longer")
        return status

    with monkeypatch.context() as patched:
        patched.setattr(os, "fstat", grown)
        answer = read_bounded(path, 10)
    assert answer == Unreadable("large")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux shows memory as a file")
def test_a_file_of_the_kernel_that_cannot_be_read_is_an_answer():
    memory = Path("/proc/self/mem")
    assert read_bounded(memory, 100) == Unreadable("failed", "Input/output error")
    assert read_start(memory, 100) == b""
    assert not have_same_bytes(memory, memory)


def test_a_file_of_the_kernel_that_waits_for_events_is_no_file(tmp_path):
    program = f"""
import json, pathlib, sys
sys.path.insert(0, {str(SERVER)!r})
from holdfast.files.reading import have_same_bytes, read_bounded, read_start
from holdfast.formats.executable import read_header
pipe = pathlib.Path(sys.argv[1], "trace_pipe")
assert pipe.is_file()
print(json.dumps([
    str(read_bounded(pipe, 100)), read_start(pipe, 9).decode(), have_same_bytes(pipe, pipe), read_header(pipe)
]))
"""
    found = json.loads(in_own_mounts('mount -t tracefs none "$1"', tmp_path, program))
    assert found == ["it is a pipe, socket or device, not a file", "", False, None]


def test_a_file_that_vanishes_when_it_was_just_seen_is_missing(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"x")
    real = os.stat

    def seen_and_gone(name, *arguments, **options):
        status = real(name, *arguments, **options)
        path.unlink(missing_ok=True)
        return status

    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", seen_and_gone)
        answer = read_bounded(path, 100)
    assert answer == Unreadable("missing")


def test_a_pipe_that_takes_the_place_of_a_file_blocks_nobody(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"x")
    real = os.stat

    def swapped(name, *arguments, **options):
        status = real(name, *arguments, **options)
        if name == path and stat.S_ISREG(status.st_mode):
            path.unlink()
            os.mkfifo(path)
        return status

    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", swapped)
        answer = read_bounded(path, 100)
    assert answer == Unreadable("special")


def test_files_are_compared_to_the_last_byte(tmp_path):
    one, same, other, longer = (tmp_path / name for name in ("one", "same", "other", "longer"))
    body = os.urandom(3_000_000)
    one.write_bytes(body)
    same.write_bytes(body)
    other.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    longer.write_bytes(body + b"?")
    assert have_same_bytes(one, same)
    assert have_same_bytes(one, one)
    assert not have_same_bytes(one, other)
    assert not have_same_bytes(one, longer)
    assert not have_same_bytes(one, tmp_path)
    assert not have_same_bytes(one, tmp_path / "gone")


LOOKING = f"""
import dataclasses, json, pathlib, re, sys, typing
before = set(sys.modules)
sys.path.insert(0, {str(SERVER)!r})
import holdfast.files.placing, holdfast.files.reading
import holdfast.formats.build_details, holdfast.formats.executable, holdfast.formats.pyvenv_cfg
import holdfast.formats.redirect, holdfast.formats.shebang, holdfast.formats.text_link
print(json.dumps([name for name in set(sys.modules) - before if not name.startswith("holdfast")]))
"""


def test_looking_imports_nothing_more_than_everything_does():
    done = subprocess.run([sys.executable, "-I", "-c", LOOKING], capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout) == [], done.stderr


def test_a_denied_file_is_denied_and_not_missing(as_plain_user):
    (as_plain_user / "file").write_bytes(b"x")
    (as_plain_user / "file").chmod(0)
    assert read_bounded(as_plain_user / "file", 100) == Unreadable("denied")


def test_a_link_replaces_a_link_and_leaves_nothing_else(tmp_path):
    place_link(tmp_path / "link", "one")
    place_link(tmp_path / "link", "two")
    assert os.readlink(tmp_path / "link") == "two"
    assert os.listdir(tmp_path) == ["link"]


def test_a_copy_keeps_its_permissions(tmp_path):
    (tmp_path / "source").write_bytes(b"#!")
    (tmp_path / "source").chmod(0o755)
    place_copy(tmp_path / "copy", tmp_path / "source")
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o755


def test_writing_keeps_the_mode_and_goes_through_a_link(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "real").chmod(0o600)
    (tmp_path / "link").symlink_to("real")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "real").read_bytes() == b"new"
    assert (tmp_path / "link").is_symlink()
    assert stat.S_IMODE((tmp_path / "real").stat().st_mode) == 0o600


def bind_socket(path):
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(path))


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, bind_socket])
def test_nothing_is_written_in_place_of_what_is_no_file(tmp_path, make):
    """As /dev/null is none: renaming a file over it would be the end of it."""
    make(tmp_path / "thing")
    (tmp_path / "link").symlink_to("thing")
    before = os.lstat(tmp_path / "thing")
    for name in ("link", "thing"):
        with pytest.raises(OSError, match="not a regular file"):
            write_atomically(tmp_path / name, b"new")
    assert os.lstat(tmp_path / "thing") == before
    assert sorted(os.listdir(tmp_path)) == ["link", "thing"]


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"old")

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_a_link_that_the_file_system_only_pretends_to_make_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "symlink", lambda target, path: open(path, "w").close())
    with pytest.raises(OSError):
        place_link(tmp_path / "link", "target")
    assert os.listdir(tmp_path) == []


def test_temporary_names_are_recognised(tmp_path):
    assert is_temporary(temporary_sibling(tmp_path / ".venv").name)
    assert not is_temporary(".venv")
