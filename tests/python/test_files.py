"""Reading what may be anything, and placing files and links whole or not at all."""

import os
import stat

import pytest

from holdfast.files.placing import (
    holds_symlinks,
    is_temporary,
    place_copy,
    place_link,
    temporary_sibling,
    write_atomically,
)
from holdfast.files.reading import Unreadable, read_bounded


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


def test_the_probe_for_links_leaves_nothing(tmp_path):
    assert holds_symlinks(tmp_path)
    assert os.listdir(tmp_path) == []


def test_the_probe_notices_a_folder_without_links(tmp_path, monkeypatch):
    def refused(*_arguments):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(os, "symlink", refused)
    assert not holds_symlinks(tmp_path)


def test_temporary_names_are_recognised(tmp_path):
    assert is_temporary(temporary_sibling(tmp_path / ".venv").name)
    assert not is_temporary(".venv")
