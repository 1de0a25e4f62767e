"""Cloning files: each way on a file system that has it, and falling back where it has not."""

import errno
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from disks import in_own_mounts
from downloads import unavailable
from holdfast.files.cloning import clone_files

pytestmark = pytest.mark.on_disk

SERVER = Path(__file__).parents[2] / "server"
FOLDERS = {"": ["top"], "a": ["plain", "program"], "a/b": ["empty"]}
TIME = 1_000_000_000


@pytest.fixture
def source(tmp_path):
    return made_in(tmp_path / "source")


def made_in(folder):
    for inner, names in FOLDERS.items():
        (folder / inner).mkdir()
        for name in names:
            (folder / inner / name).write_bytes(b"" if name == "empty" else name.encode() * 100_000)
            (folder / inner / name).chmod(0o755 if name == "program" else 0o644)
            os.utime(folder / inner / name, (TIME, TIME))
    return folder


def clone(source, target):
    target.mkdir()
    return clone_files(str(source), str(target), FOLDERS, lambda: None)


def assert_same(source, target, umask=0o022):
    for folder, names in FOLDERS.items():
        assert sorted(path.name for path in (target / folder).iterdir() if path.is_file()) == sorted(names)
        for name in names:
            old, new = source / folder / name, target / folder / name
            assert new.read_bytes() == old.read_bytes()
            assert new.stat().st_mtime == TIME
            assert new.stat().st_mode & 0o777 == (0o777 if name == "program" else 0o666) & ~umask


def is_linked(source, target):
    return {
        os.path.samefile(source / one / name, target / one / name) for one in FOLDERS for name in FOLDERS[one]
    }


def test_hard_links_on_one_disk(source, tmp_path):
    assert clone(source, tmp_path / "target") == "hardlink"
    assert_same(source, tmp_path / "target")
    assert is_linked(source, tmp_path / "target") == {True}


def test_copies_onto_another_disk(source):
    with tempfile.TemporaryDirectory(dir="/dev/shm") as other:
        if os.stat(other).st_dev == source.stat().st_dev:
            pytest.skip("/dev/shm is no file system of its own")
        before = os.umask(0o027)
        try:
            assert clone(source, Path(other, "target")) == "copy"
        finally:
            os.umask(before)
        assert_same(source, Path(other, "target"), 0o027)


def test_copies_on_a_disk_without_links(exfat):
    source = made_in(exfat / "source")
    assert clone(source, exfat / "target") == "copy"
    assert {path.stat().st_mtime for path in (exfat / "target").rglob("*") if path.is_file()} == {TIME}
    assert (exfat / "target" / "a" / "plain").read_bytes() == b"plain" * 100_000


def test_reflinks_where_the_disk_has_them(tmp_path):
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    if not shutil.which("mkfs.btrfs", path=path):
        unavailable("mkfs.btrfs is not installed (Debian: btrfs-progs)")
    with open(tmp_path / "image", "wb") as file:
        file.truncate(200 << 20)
    subprocess.run(["mkfs.btrfs", "-q", tmp_path / "image"], check=True, env={"PATH": path})
    (tmp_path / "disk").mkdir()
    program = f"""
import os, sys
from pathlib import Path
sys.path[:0] = [{str(SERVER)!r}, {str(Path(__file__).parent)!r}]
from test_cloning import assert_same, clone, is_linked, made_in
disk = Path(sys.argv[1])
source = made_in(disk / "source")
print(clone(source, disk / "target"), is_linked(source, disk / "target"))
assert_same(source, disk / "target")
with open(disk / "target" / "a" / "plain", "r+b") as file:
    file.write(b"other")
assert (source / "a" / "plain").read_bytes() == b"plain" * 100_000
"""
    said = in_own_mounts(f'mount -o loop "{tmp_path}/image" "$1"', tmp_path / "disk", program)
    assert said == "reflink {False}\n"


def test_it_falls_back_in_the_middle_when_a_file_has_no_room_for_links(source, tmp_path, monkeypatch):
    link = os.link

    def full(old, new):
        if old.endswith("program"):
            raise OSError(errno.EMLINK, os.strerror(errno.EMLINK))
        link(old, new)

    monkeypatch.setattr(os, "link", full)
    assert clone(source, tmp_path / "target") == "copy"
    assert_same(source, tmp_path / "target")
    assert is_linked(source, tmp_path / "target") == {True, False}


def test_a_file_system_that_pretends_to_link_is_found_out(source, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", shutil.copyfile)
    assert clone(source, tmp_path / "target") == "copy"
    assert_same(source, tmp_path / "target")


def test_no_file_is_overwritten_and_a_full_disk_leaves_no_part_of_one(source, tmp_path, monkeypatch):
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "top").write_text("mine")
    with pytest.raises(FileExistsError):
        clone_files(str(source), str(tmp_path / "target"), FOLDERS, lambda: None)
    assert (tmp_path / "target" / "top").read_text() == "mine"
    program = f"""
import os, sys
from pathlib import Path
sys.path[:0] = [{str(SERVER)!r}, {str(Path(__file__).parent)!r}]
from test_cloning import FOLDERS, clone
disk = Path(sys.argv[1])
try:
    clone(Path({str(source)!r}), disk / "target")
except OSError as error:
    print(error.strerror, sorted(path.name for path in disk.rglob("*")))
"""
    (tmp_path / "disk").mkdir()
    said = in_own_mounts('mount -t tmpfs -o size=500k tmpfs "$1"', tmp_path / "disk", program)
    assert said == "No space left on device ['a', 'target', 'top']\n"
