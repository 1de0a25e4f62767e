"""What links a folder can hold, tried on real file systems, and that trying leaves no trace."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from disks import in_own_mounts
from holdfast.files import probe
from holdfast.files.placing import is_temporary
from holdfast.files.probe import LinkSupport, probe_links

pytestmark = pytest.mark.on_disk

SERVER = Path(__file__).parents[2] / "server"
EVERYTHING = LinkSupport(
    symlinks=True,
    folder_symlinks=True,
    hardlinks=True,
    executable_bits=True,
    case_sensitive=True,
    refusals={"junctions": "only Windows has them"},
)
PROGRAM = f"""
import json, os, pathlib, sys
sys.path.insert(0, {str(SERVER)!r})
from holdfast.files.probe import probe_links
before = sorted(os.listdir(sys.argv[1]))
support = probe_links(pathlib.Path(sys.argv[1]))._asdict()
print(json.dumps({{**support, "refusals": dict(support["refusals"])}}))
assert sorted(os.listdir(sys.argv[1])) == before
"""

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="these are the file systems of Linux")


def probed_in_own_mounts(mount: str, folder: Path) -> LinkSupport:
    """What the probe finds in a folder on which something is mounted for it alone, and leaves there."""
    return LinkSupport(**json.loads(in_own_mounts(mount, folder, PROGRAM)))


def all_refused(support: LinkSupport) -> str | None:
    """The reason why nothing at all can be made, if it is the same for everything."""
    assert not any((support.symlinks, support.folder_symlinks, support.hardlinks, support.executable_bits))
    assert set(support.refusals.values()) == {support.unusable}
    assert set(support.refusals) == set(EVERYTHING._fields) - {"noexec", "refusals", "unusable"}
    return support.unusable


@pytest.fixture
def inhabited(tmp_path):
    """A folder with what a probe could harm."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("content")
    (tmp_path / "to folder").symlink_to("folder")
    (tmp_path / "dangling").symlink_to("gone")
    (tmp_path / ".holdfast-0123456789ab").write_text("left by another")
    return tmp_path


def content_of(folder: Path) -> dict[str, str]:
    return {
        str(path): os.readlink(path)
        if path.is_symlink()
        else path.read_text()
        if path.is_file()
        else "folder"
        for path in folder.rglob("*")
    }


@on_linux
def test_the_disk_of_this_machine_holds_everything_that_linux_knows(inhabited):
    before = content_of(inhabited)
    assert probe_links(inhabited) == EVERYTHING
    assert content_of(inhabited) == before


@on_linux
def test_a_disk_in_memory_does_too(tmp_path):
    assert probed_in_own_mounts('mount -t tmpfs none "$1"', tmp_path) == EVERYTHING


@on_linux
def test_a_disk_on_which_nothing_may_run_says_so(tmp_path):
    support = probed_in_own_mounts('mount -t tmpfs -o noexec none "$1"', tmp_path)
    assert support.noexec
    assert support.executable_bits


@on_linux
def test_a_read_only_folder_is_read_only(inhabited):
    before = content_of(inhabited)
    mount = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"'
    assert all_refused(probed_in_own_mounts(mount, inhabited)) == "its file system is read-only"
    assert content_of(inhabited) == before


@on_linux
def test_a_full_disk_is_full(tmp_path):
    support = probed_in_own_mounts('mount -t tmpfs -o nr_inodes=1 none "$1"', tmp_path)
    assert all_refused(support) == "its file system is full"


@on_linux
def test_a_disk_that_fills_up_midway_holds_what_still_fitted(tmp_path):
    support = probed_in_own_mounts('mount -t tmpfs -o nr_inodes=4 none "$1"', tmp_path)
    assert support.symlinks
    assert support.unusable is None
    assert support.refusals["folder_symlinks"] == "its file system is full"


def test_exfat_holds_no_links_no_permissions_and_one_case(exfat):
    assert probe_links(exfat) == LinkSupport(
        refusals={
            "symlinks": "its file system cannot hold them",
            "folder_symlinks": "its file system cannot hold them",
            "hardlinks": "its file system cannot hold them",
            "junctions": "only Windows has them",
            "executable_bits": "its files keep no permission bits",
            "case_sensitive": "names that differ in case only are one name there",
        }
    )
    assert os.listdir(exfat) == []


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "it does not exist"),
        (lambda path: path.write_text("x"), "it is not a folder"),
        (lambda path: path.symlink_to("gone"), "it does not exist"),
        (lambda path: path.symlink_to(path.name), "its links lead in a circle"),
        (os.mkfifo, "it is not a folder"),
    ],
)
def test_what_is_no_folder_is_answered_with_the_reason(tmp_path, make, reason):
    make(tmp_path / "entry")
    before = os.listdir(tmp_path)
    assert all_refused(probe_links(tmp_path / "entry")) == reason
    assert os.listdir(tmp_path) == before


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 5000])
def test_a_name_that_no_folder_can_have_is_answered_too(tmp_path, name):
    assert all_refused(probe_links(tmp_path / name))


def test_a_denied_folder_is_denied(as_plain_user):
    (as_plain_user / "folder").mkdir(0o500)
    assert all_refused(probe_links(as_plain_user / "folder")) == "permission is denied"


@on_linux
def test_a_file_system_of_the_kernel_takes_no_files():
    assert all_refused(probe_links(Path("/proc"))) == "its file system takes no files"


def test_a_folder_is_tried_where_its_link_leads(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert probe_links(tmp_path / "link").symlinks
    assert os.listdir(tmp_path / "real") == []


@on_linux
def test_a_folder_that_gives_nothing_back_is_named_and_gets_one_file_only(tmp_path):
    if not shutil.which("chattr") or subprocess.run(["chattr", "+a", tmp_path]).returncode:
        pytest.skip("this user may make no folder append-only here")
    try:
        reason = all_refused(probe_links(tmp_path))
        (left,) = os.listdir(tmp_path)
    finally:
        subprocess.run(["chattr", "-a", tmp_path], check=True)
    assert is_temporary(left)
    assert reason == f"what is made in it cannot be removed again, and {left} was left there"


INTERRUPTED = f"""
import itertools, os, pathlib, sys
sys.path.insert(0, {str(SERVER)!r})
from holdfast.files import probe

def interrupted_at(line, folder):
    passed = itertools.count()
    def on_line(frame, event, _argument):
        if frame.f_code.co_filename == probe.__file__ and event == "line" and next(passed) == line:
            raise KeyboardInterrupt
        return on_line
    sys.settrace(on_line)
    try:
        probe.probe_links(folder)
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(None)
    return False

folder = pathlib.Path(sys.argv[1])
line = 0
while interrupted_at(line, folder):
    assert os.listdir(folder) == [], f"Ctrl+C on line {{line}} of those that run"
    line += 1
print(line)
"""


def test_ctrl_c_on_any_line_leaves_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-I", "-c", INTERRUPTED, tmp_path], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("call", ["open", "mkdir", "symlink", "link", "chmod", "stat"])
def test_a_disk_that_fails_is_told_in_its_words_and_nothing_is_left(tmp_path, monkeypatch, call):
    def fail(*_arguments, **_options):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        support = probe_links(tmp_path)
    assert "Input/output error" in support.refusals.values()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("call", "ability"), [("symlink", "symlinks"), ("link", "hardlinks")])
def test_a_python_without_links_holds_none(tmp_path, monkeypatch, call, ability):
    def fail(*_arguments, **_options):
        raise NotImplementedError

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        support = probe_links(tmp_path)
    assert support.refusals[ability] == "its file system cannot hold them"
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("call", ["open", "mkdir", "symlink", "link", "chmod", "stat", "readlink"])
def test_an_error_that_nobody_expects_leaves_nothing_either(tmp_path, monkeypatch, call):
    def fail(*_arguments, **_options):
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(os, call, fail)
        with pytest.raises(MemoryError):
            probe_links(tmp_path)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("call", "pretence", "ability"),
    [
        ("symlink", lambda *_arguments, **_options: None, "symlinks"),
        ("symlink", lambda target, path, **_options: Path(path).write_text(target), "symlinks"),
        ("symlink", lambda target, path, **_options: os.mkdir(path), "folder_symlinks"),
        ("readlink", lambda path: "elsewhere", "symlinks"),
        ("link", lambda *_arguments: None, "hardlinks"),
        ("link", shutil.copyfile, "hardlinks"),
        ("link", os.symlink, "hardlinks"),
        ("chmod", lambda *_arguments: None, "executable_bits"),
    ],
)
def test_success_that_is_only_reported_counts_for_nothing(tmp_path, monkeypatch, call, pretence, ability):
    with monkeypatch.context() as patched:
        patched.setattr(os, call, pretence)
        support = probe_links(tmp_path)
    assert not getattr(support, ability)
    assert support.refusals[ability] in (
        "its file system reports success, but makes none",
        "its files keep no permission bits",
    )
    assert os.listdir(tmp_path) == []


def test_a_link_that_leads_elsewhere_is_not_followed_when_it_is_removed(inhabited, monkeypatch):
    before = content_of(inhabited)
    real = os.symlink
    with monkeypatch.context() as patched:
        patched.setattr(os, "symlink", lambda target, path, **_options: real(inhabited / "folder", path))
        assert not probe_links(inhabited).symlinks
    assert content_of(inhabited) == before


def test_what_has_the_chosen_name_already_is_left_alone(inhabited, monkeypatch):
    before = content_of(inhabited)
    for name in ("folder", "to folder", "dangling", "folder/file"):
        monkeypatch.setattr(probe, "temporary_sibling", lambda path, name=name: inhabited / name)
        assert all_refused(probe_links(inhabited)) == "File exists"
    assert content_of(inhabited) == before
