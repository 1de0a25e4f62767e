"""Environments in every kind of place: on disks that refuse, fill up or hold no links, under any name."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from created import assert_carries_another, assert_whole, make
from disks import exfat_disk, in_own_mounts
from holdfast.creation.base import choose_base
from holdfast.creation.create import create
from holdfast.creation.plan import Request
from holdfast.errors import HoldfastError
from holdfast.files.probe import LinkSupport
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from pythons import INSTALLED, copied_prefix, works

HOLDFAST = (sys.executable, "-I", str(Path(__file__).parents[2] / "server" / "launch.py"))


def within(mount: str, folder: Path, work) -> None:
    """Do the work, a function of this file that takes a folder, where something is mounted in that folder.

    `mount`: lines of sh, in which `$1` is the folder.
    """
    program = f"import sys; sys.path[:0] = {sys.path!r}\nfrom pathlib import Path\n"
    program += f"from {__name__} import {work.__name__}\n{work.__name__}(Path(sys.argv[1]))\n"
    (folder / "disk").mkdir()
    in_own_mounts(mount, folder, program)


def a_python() -> Path:
    return INSTALLED[0].path


# Disks that allow no programs, or nothing at all


def links_lead_out_of(folder):
    made = make(a_python(), folder / "disk" / "env")
    assert made.links == "symlink"
    assert "(noexec)" in made.notes[0]
    assert_whole(made, scripts=False)
    assert_carries_another(made, folder / "further")


def copies_are_refused_on(folder):
    # A file that leads to another disk is followed under one name only.
    for name, advice in (
        (".venv", r"Choose another place, or .*\(--redirect\)\."),
        ("env", "Choose another place."),
    ):
        with pytest.raises(HoldfastError, match=rf"allows no programs \(noexec\).* {advice}$"):
            make(a_python(), folder / "disk" / name, links="copy")
    assert os.listdir(folder / "disk") == []


@pytest.mark.parametrize("work", [links_lead_out_of, copies_are_refused_on], ids=["links", "copies"])
def test_a_disk_that_allows_no_programs(work, tmp_path):
    within('mount -t tmpfs -o noexec tmpfs "$1/disk"', tmp_path, work)


def nothing_can_be_made_on(folder):
    for path in (folder / "disk" / "env", folder / "disk" / "a" / "env", folder / "disk" / "empty"):
        with pytest.raises(HoldfastError, match="Read-only file system"):
            make(a_python(), path)
    assert os.listdir(folder / "disk") == ["empty"]
    assert os.listdir(folder / "disk" / "empty") == []


def test_a_disk_that_can_only_be_read(tmp_path):
    mount = 'mount -t tmpfs tmpfs "$1/disk"; mkdir "$1/disk/empty"; mount -o remount,ro "$1/disk"'
    within(mount, tmp_path, nothing_can_be_made_on)


# Disks without room


def is_refused_at_once_on(folder):
    with pytest.raises(
        HoldfastError, match=r"has \d MB left, and the environment needs about \d+ MB\. Make room"
    ):
        make(a_python(), folder / "disk" / "a" / "env")
    assert os.listdir(folder / "disk") == []


def test_a_disk_that_is_too_small_is_refused_at_once(tmp_path):
    within('mount -t tmpfs -o size=1m tmpfs "$1/disk"', tmp_path, is_refused_at_once_on)


def fails_in_the_middle_on(folder):
    """The room is there, and soon no further file can be made: quotas and inodes are not foreseen."""
    for _ in range(2):
        with pytest.raises(HoldfastError, match=r"No space left on device\. Nothing was left behind\."):
            make(a_python(), folder / "disk" / "a" / "env")
        assert os.listdir(folder / "disk") == []
    assert_whole(make(a_python(), folder / "disk" / "env", pip=False))


def test_a_disk_that_runs_out_of_files_leaves_nothing(tmp_path):
    within('mount -t tmpfs -o nr_inodes=200 tmpfs "$1/disk"', tmp_path, fails_in_the_middle_on)


def test_a_disk_without_links_that_fills_up_meanwhile_leaves_nothing(tmp_path, newest):
    with exfat_disk(tmp_path, 128 << 20) as disk:
        filler = disk / "filler"

        def fill(what, _percent):
            if what.startswith("Installing"):
                free = shutil.disk_usage(disk).free
                filler.write_bytes(bytes(free - (4 << 20)))

        host = Host.current()
        request = Request(disk / "a" / "env", choose_base(str(newest.path), Reader(host)))
        with pytest.raises(HoldfastError, match=r"No space left on device\. Nothing was left behind\."):
            create(request, host, report=fill)
        assert os.listdir(disk) == ["filler"]
        with pytest.raises(HoldfastError, match=r"has 4 MB left, .* Make room, or choose another place\."):
            create(request, host)
        assert os.listdir(disk) == ["filler"]
        filler.unlink()
        assert_whole(create(request, host))


# Disks that hold some links, or other ones than the cache's


def test_another_disk_than_the_caches_gets_copies_of_pip(tmp_path):
    within('mount -t tmpfs tmpfs "$1/disk"', tmp_path, a_whole_one_is_made_on)


def a_whole_one_is_made_on(folder):
    made = make(a_python(), folder / "disk" / "env", alias=True, site_packages_link=True)
    assert_whole(made)
    assert {path.stat().st_nlink for path in (made.environment / "site-packages/pip").glob("*.py")} == {1}


def test_hard_links_where_the_disk_holds_those_alone(tmp_path, newest, monkeypatch):
    """As some shares do: no file system of Linux has no symbolic links, and hard ones."""
    monkeypatch.setattr("holdfast.creation.create.probe_links", lambda folder: LinkSupport(hardlinks=True))
    base = copied_prefix(newest, tmp_path / "base")
    made = make(base.path, tmp_path / "env", pip=False)
    assert made.links == "hardlink"
    assert os.path.samefile(made.interpreter, base.path)
    assert_whole(made)
    assert_carries_another(made, tmp_path / "further")


def test_a_copy_where_the_kernel_lets_nobody_link_the_base(as_plain_user, monkeypatch):
    monkeypatch.setattr("holdfast.creation.create.probe_links", lambda folder: LinkSupport(hardlinks=True))
    made = make(Path("/usr/bin/python3"), as_plain_user / "env", pip=False)
    assert made.links == "copy"
    assert works(made.environment)


def test_elsewhere_with_a_file_that_names_it_where_a_disk_holds_no_links(exfat, tmp_path, newest):
    environ = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    call = [
        *HOLDFAST,
        "create",
        exfat / ".venv",
        "--redirect",
        "--alias",
        "--format=json",
        "--python",
        newest.path,
    ]
    for _ in range(2):
        done = subprocess.run(call, capture_output=True, text=True, env=environ, timeout=120)
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert (answer["redirect"], answer["links"], answer["alias"]) == (
            str(exfat / ".venv"),
            "symlink",
            True,
        )
        assert (exfat / ".venv").read_text().strip() == answer["environment"]
        assert works(Path(answer["environment"]))
        assert os.listdir(exfat) == [".venv"]
        call.append("--replace")
    said = subprocess.run([*HOLDFAST, "path", exfat], capture_output=True, text=True, env=environ)
    assert said.stdout.strip().startswith(answer["environment"])
    said = subprocess.run([*HOLDFAST, "check", exfat], capture_output=True, text=True, env=environ)
    assert said.returncode == 0, said.stdout


# What new files may be done with


@pytest.fixture
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.parametrize("umask", [0o077, 0o000], ids=oct, indirect=True)
@pytest.mark.parametrize("links", ["auto", "copy"])
def test_a_umask_makes_no_difference_to_what_works(umask, links, tmp_path, newest):
    made = make(newest.path, tmp_path / "env", links=links, alias=True)
    assert made.environment.stat().st_mode & 0o777 == 0o777 & ~umask
    assert_whole(made)
    assert_carries_another(made, tmp_path / "further")
    for path in made.environment.glob("bin/*"):
        if not path.is_symlink() and path.name not in ("python", "python3", newest.tag):
            assert path.stat().st_mode & umask == 0


def test_a_cache_that_was_filled_under_a_narrow_umask_serves_all(tmp_path, newest, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    before = os.umask(0o077)
    make(newest.path, tmp_path / "first")
    os.umask(before)
    made = make(newest.path, tmp_path / "env")
    for parent, folders, names in os.walk(made.environment):
        for name in (*folders, *names):
            mode = os.stat(os.path.join(parent, name)).st_mode
            assert mode & 0o044 == 0o044, os.path.join(parent, name)


# Names


def test_a_parent_that_is_a_link(tmp_path, newest):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    made = make(newest.path, tmp_path / "link" / ".venv", alias=True)
    assert_whole(made)
    assert_carries_another(made, tmp_path / "link" / "further")
    assert works(tmp_path / "real" / ".venv")
    assert set(os.listdir(tmp_path / "real")) == {"further", ".venv"}


def deep(folder: Path, length: int) -> Path:
    """A path below a folder, of a length in bytes."""
    missing = length - len(os.fsencode(folder))
    names = ["d" * 100] * (missing // 101 - 1)
    path = folder.joinpath(*names)
    return path / ("e" * (length - len(os.fsencode(path)) - 1))


@pytest.mark.parametrize("length", [250, 1000, 3800])
def test_a_long_path(length, tmp_path, newest):
    destination = deep(tmp_path, length)
    assert len(os.fsencode(destination)) == length
    made = make(newest.path, destination, alias=True)
    assert_whole(made)
    assert_carries_another(made, destination.with_name("further"))


@pytest.mark.parametrize("length", [3900, 4090, 5000])
def test_a_path_by_which_nothing_could_be_started_is_refused(length, tmp_path, newest):
    with pytest.raises(HoldfastError, match=r"so long that .* Choose a shorter one\."):
        make(newest.path, deep(tmp_path, length))
    assert os.listdir(tmp_path) == []
