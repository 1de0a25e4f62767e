"""The place where an environment is made: one at a time, whole or not at all, whenever the work ends."""

import os
import re
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from crashes import dies_at
from disks import in_own_mounts
from holdfast.creation.site import Site
from holdfast.environments.proof import why_no_environment
from holdfast.errors import HoldfastError
from holdfast.files.claim import take_claim
from holdfast.host import Host

HOST = Host.current()
PIECES = ("bin/python", "lib/one", "include/two", "pyvenv.cfg")


def build(folder: Path, text: str) -> None:
    for piece in PIECES:
        (folder / piece).parent.mkdir(exist_ok=True)
        (folder / piece).write_text(text)


def text_of(folder: Path) -> str | None:
    """What stands in every piece of an environment; None where there is nothing at all."""
    if not folder.exists() or not [name for name in os.listdir(folder) if not name.startswith(".holdfast-")]:
        return None
    (text,) = {(folder / piece).read_text() for piece in PIECES}
    return text


def make(destination: Path, text: str, *, replace: bool = False) -> None:
    with Site(destination, HOST, replace=replace) as site:
        build(site.staging, text)
        site.commit()


def nothing_happens(destination: Path) -> None:
    """The next run on a destination, which tidies up and then makes nothing."""
    try:
        with Site(destination, HOST, replace=False):
            pass
    except HoldfastError as error:
        assert "is an environment already" in str(error)  # noqa: PT017 - whether it is raised differs


def leftovers(folder: Path) -> list[str]:
    return [name for name in os.listdir(folder) if name.startswith(".holdfast-")]


@pytest.fixture
def no_exchange(monkeypatch):
    monkeypatch.setattr("holdfast.creation.moving.exchange", lambda *_: False)


@pytest.fixture(params=["by an exchange", "by two renames"])
def way(request):
    if request.param == "by two renames":
        request.getfixturevalue("no_exchange")
    return request.param


def test_it_appears_at_once_and_nothing_else_stays(tmp_path):
    make(tmp_path / "a" / "env", "new")
    assert text_of(tmp_path / "a" / "env") == "new"
    assert os.listdir(tmp_path / "a") == ["env"]


def test_what_is_not_committed_leaves_nothing_not_even_the_folders_above(tmp_path):
    with Site(tmp_path / "a" / "b" / "env", HOST, replace=False) as site:
        build(site.staging, "new")
    assert os.listdir(tmp_path) == []


def test_the_old_one_is_replaced(tmp_path, way):
    make(tmp_path / "env", "old")
    make(tmp_path / "env", "new", replace=True)
    assert text_of(tmp_path / "env") == "new"
    assert os.listdir(tmp_path) == ["env"]


def test_what_is_no_environment_is_not_replaced(tmp_path):
    make(tmp_path / "env", "old")
    (tmp_path / "env" / "thesis.tex").write_text("years of work")
    with pytest.raises(HoldfastError, match=r"what no environment has: thesis\.tex"):
        make(tmp_path / "env", "new", replace=True)
    assert text_of(tmp_path / "env") == "old"
    assert os.listdir(tmp_path) == ["env"]


def test_what_becomes_something_else_meanwhile_is_not_replaced(tmp_path):
    make(tmp_path / "env", "old")
    with Site(tmp_path / "env", HOST, replace=True) as site:
        build(site.staging, "new")
        (tmp_path / "env" / "notes.txt").write_text("mine")
        with pytest.raises(HoldfastError, match="has changed meanwhile"):
            site.commit()
    assert (tmp_path / "env" / "notes.txt").read_text() == "mine"
    assert leftovers(tmp_path) == []


def test_what_appears_meanwhile_is_not_overwritten(tmp_path):
    with Site(tmp_path / "env", HOST, replace=False) as site:
        build(site.staging, "new")
        (tmp_path / "env").mkdir()
        build(tmp_path / "env", "another's")
        with pytest.raises(OSError, match="not empty"):
            site.commit()
    assert text_of(tmp_path / "env") == "another's"
    assert os.listdir(tmp_path) == ["env"]


def test_only_one_at_a_time(tmp_path):
    with Site(tmp_path / "env", HOST, replace=False) as first:
        build(first.staging, "first")
        done = subprocess.run(
            [sys.executable, "-c", _SECOND, str(tmp_path / "env")],
            capture_output=True,
            text=True,
            env={"PYTHONPATH": ":".join(sys.path)},
        )
        said = f"{tmp_path}/env is being made by another program right now. Wait until it is done.\n"
        assert done.stdout == said, done.stderr
        first.commit()
    assert text_of(tmp_path / "env") == "first"
    assert os.listdir(tmp_path) == ["env"]


_SECOND = """
import sys
from pathlib import Path
from holdfast.creation.site import Site
from holdfast.errors import HoldfastError
from holdfast.host import Host
try:
    with Site(Path(sys.argv[1]), Host.current(), replace=False):
        print("entered")
except HoldfastError as error:
    print(error)
"""


def test_two_destinations_in_one_folder_do_not_meet(tmp_path):
    with (
        Site(tmp_path / "one", HOST, replace=False) as one,
        Site(tmp_path / "two", HOST, replace=False) as two,
    ):
        build(one.staging, "1")
        build(two.staging, "2")
        two.commit()
        one.commit()
    assert (text_of(tmp_path / "one"), text_of(tmp_path / "two")) == ("1", "2")
    assert sorted(os.listdir(tmp_path)) == ["one", "two"]


def test_a_new_one_is_whole_or_absent_wherever_the_program_dies(tmp_path):
    seen = set()
    for number in count():
        folder = tmp_path / str(number)
        folder.mkdir()
        died = dies_at(number, lambda folder=folder: make(folder / "env", "new"))
        seen.add(text_of(folder / "env"))
        nothing_happens(folder / "env")
        assert leftovers(folder) == []
        seen.add(text_of(folder / "env"))
        if not died:
            break
    assert seen == {None, "new"}
    assert number > 10


def test_a_replaced_one_is_old_or_new_wherever_the_program_dies(tmp_path, way):
    seen, gaps = set(), 0
    for number in count():
        folder = tmp_path / str(number)
        make(folder / "env", "old")
        died = dies_at(number, lambda folder=folder: make(folder / "env", "new", replace=True))
        gaps += text_of(folder / "env") is None
        nothing_happens(folder / "env")
        assert leftovers(folder) == []
        seen.add(text_of(folder / "env"))
        if not died:
            break
    assert seen == {"old", "new"}
    assert gaps == (0 if way == "by an exchange" else 1)


def test_another_creation_in_the_folder_tidies_up_too(tmp_path, no_exchange):
    for number in count():
        folder = tmp_path / str(number)
        make(folder / "env", "old")
        died = dies_at(number, lambda folder=folder: make(folder / "env", "new", replace=True))
        make(folder / "other", "other")
        assert sorted(os.listdir(folder)) == ["env", "other"]
        assert text_of(folder / "env") in ("old", "new")
        if not died:
            break


def test_what_cannot_be_removed_is_left_for_the_next_run_to_find(tmp_path, monkeypatch):
    make(tmp_path / "env", "old")

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch, Site(tmp_path / "env", HOST, replace=True) as site:
        build(site.staging, "new")
        patch.setattr("holdfast.creation.moving.remove", refuse)
        patch.setattr("holdfast.creation.site.remove", refuse)
        assert "could not be removed" in site.commit()
    assert text_of(tmp_path / "env") == "new"
    assert len(leftovers(tmp_path)) == 2
    nothing_happens(tmp_path / "env")
    assert os.listdir(tmp_path) == ["env"]


def test_folders_without_permission_in_the_old_one_are_removed(as_plain_user):
    make(as_plain_user / "env", "old")
    (as_plain_user / "env" / "lib" / "closed").mkdir()
    (as_plain_user / "env" / "lib" / "closed" / "file").touch()
    (as_plain_user / "env" / "lib" / "closed").chmod(0o500)
    make(as_plain_user / "env", "new", replace=True)
    assert os.listdir(as_plain_user) == ["env"]


def test_links_out_of_the_old_one_are_not_followed(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("kept")
    make(tmp_path / "env", "old")
    (tmp_path / "env" / "lib" / "out").symlink_to(tmp_path / "precious")
    make(tmp_path / "env", "new", replace=True)
    assert (tmp_path / "precious" / "file").read_text() == "kept"


def test_an_empty_folder_in_a_folder_that_is_not_ours_is_filled(as_plain_user):
    outer = as_plain_user / "outer"
    (outer / "env").mkdir(parents=True)
    outer.chmod(0o500)
    try:
        make(outer / "env", "new")
        make(outer / "env", "newer", replace=True)
    finally:
        outer.chmod(0o700)
    assert text_of(outer / "env") == "newer"
    assert leftovers(outer / "env") == []


def test_inside_a_folder_it_is_old_or_new_wherever_the_program_dies(as_plain_user):
    outer = as_plain_user / "outer"
    seen = set()
    for number in count():
        (outer / "env").mkdir(parents=True)
        outer.chmod(0o500)
        make(outer / "env", "old")
        died = dies_at(number, lambda: make(outer / "env", "new", replace=True))
        nothing_happens(outer / "env")
        assert leftovers(outer / "env") == []
        seen.add(text_of(outer / "env"))
        outer.chmod(0o700)
        shutil.rmtree(outer)
        if not died:
            break
    assert seen == {"old", "new"}
    assert number > 20


def test_inside_a_folder_a_half_made_one_is_no_environment(as_plain_user):
    """Until pyvenv.cfg arrives, no tool takes it for one."""
    outer = as_plain_user / "outer"
    for number in count():
        (outer / "env").mkdir(parents=True)
        outer.chmod(0o500)
        died = dies_at(number, lambda: make(outer / "env", "new"))
        if (outer / "env" / "pyvenv.cfg").exists():
            assert text_of(outer / "env") == "new"
        nothing_happens(outer / "env")
        assert text_of(outer / "env") in (None, "new")
        outer.chmod(0o700)
        shutil.rmtree(outer)
        if not died:
            break


_ON_A_MOUNT = """
import os, sys
sys.path[:0] = %r
from pathlib import Path
from test_site import leftovers, make, text_of
env = Path(sys.argv[1], "env")
make(env, "new")
print(text_of(env), leftovers(env), os.path.ismount(env) or "bound")
make(env, "newer", replace=True)
print(text_of(env), leftovers(env), leftovers(env.parent))
"""


@pytest.mark.parametrize("mount", ["mount -t tmpfs tmpfs", "mount --bind"])
def test_a_mount_point_is_filled_in_place(tmp_path, mount):
    (tmp_path / "env").mkdir()
    (tmp_path / "other").mkdir()
    source = '"$1/other"' if "bind" in mount else ""
    said = in_own_mounts(f'{mount} {source} "$1/env"', tmp_path, _ON_A_MOUNT % sys.path)
    first, second = said.splitlines()
    assert first.startswith("new []")
    assert second == "newer [] []"
    assert text_of(tmp_path / "other") == ("newer" if "bind" in mount else None)


def test_a_lock_of_a_file_that_was_removed_meanwhile_counts_for_nothing(tmp_path):
    first = take_claim(tmp_path / "lock")
    assert take_claim(tmp_path / "lock") is None
    first.release()
    second = take_claim(tmp_path / "lock")
    assert second is not None
    assert second.read() == b""
    second.write(b"a note")
    second.release(keep=True)
    third = take_claim(tmp_path / "lock")
    assert third.read() == b"a note"
    third.release()
    assert os.listdir(tmp_path) == []


def test_a_link_for_a_lock_is_not_followed(tmp_path):
    (tmp_path / "lock").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="symbolic links"):
        take_claim(tmp_path / "lock")
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda env: (env / "pyvenv.cfg").unlink(), "has no pyvenv.cfg"),
        (lambda env: shutil.rmtree(env / "bin"), "neither an interpreter nor an activation script"),
        (lambda env: (env / "src").mkdir(), "what no environment has: src"),
        (lambda env: (env / ".git").mkdir(), r"what no environment has: \.git"),
    ],
)
def test_what_is_not_proved_to_be_an_environment(tmp_path, prepare, reason):
    (tmp_path / "env").mkdir()
    build(tmp_path / "env", "")
    assert why_no_environment(tmp_path / "env") is None
    prepare(tmp_path / "env")
    assert re.search(reason, why_no_environment(tmp_path / "env"))


def test_every_maker_makes_what_is_proved_to_be_one(newest, tmp_path):
    subprocess.run([newest.path, "-I", "-m", "venv", tmp_path / "stdlib"], check=True)
    partner = Path(sys.executable).with_name
    subprocess.run([partner("uv"), "venv", "-q", "--seed", "--no-config", tmp_path / "uv"], check=False)
    subprocess.run([sys.executable, "-m", "virtualenv", "-q", tmp_path / "virtualenv"], check=True)
    for name in ("stdlib", "virtualenv", "uv"):
        if (tmp_path / name).exists():
            assert why_no_environment(tmp_path / name) is None
