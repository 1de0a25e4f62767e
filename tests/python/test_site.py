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
from holdfast.files.placing import working_name
from holdfast.host import Host

pytestmark = pytest.mark.on_disk

HOST = Host.current()
PIECES = ("bin/python", "lib/python3/one", "include/two", "pyvenv.cfg")


def build(folder: Path, text: str, destination: Path | None = None) -> None:
    for piece in PIECES:
        (folder / piece).parent.mkdir(parents=True, exist_ok=True)
        (folder / piece).write_text(text)
    made = f"home = /usr/bin\ncommand = holdfast create {destination or folder}\nholdfast = 0\n{text}"
    (folder / "pyvenv.cfg").write_text(made)


def text_of(folder: Path) -> str | None:
    """What stands in every piece of an environment; None where there is nothing at all."""
    if not folder.exists() or not [name for name in os.listdir(folder) if not name.startswith(".holdfast-")]:
        return None
    (text,) = {(folder / piece).read_text().splitlines()[-1] for piece in PIECES}
    return text


def make(destination: Path, text: str, *, replace: bool = False) -> None:
    with Site(destination, HOST, replace=replace) as site:
        build(site.staging, text, destination)
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
    with pytest.raises(HoldfastError, match=r"put there: thesis\.tex"):
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
    (as_plain_user / "env" / "lib" / "python3" / "closed").mkdir()
    (as_plain_user / "env" / "lib" / "python3" / "closed" / "file").touch()
    (as_plain_user / "env" / "lib" / "python3" / "closed").chmod(0o500)
    make(as_plain_user / "env", "new", replace=True)
    assert os.listdir(as_plain_user) == ["env"]


def test_links_out_of_the_old_one_are_not_followed(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("kept")
    make(tmp_path / "env", "old")
    (tmp_path / "env" / "lib" / "python3" / "out").symlink_to(tmp_path / "precious")
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


_OVER_A_MOUNT = """
import sys
sys.path[:0] = %r
from pathlib import Path
from test_site import make
try:
    make(Path(sys.argv[1], "env"), "new", replace=True)
except Exception as error:
    print(error)
"""


def test_an_environment_in_which_something_is_mounted_is_not_replaced(tmp_path):
    make(tmp_path / "env", "old")
    (tmp_path / "env" / "share").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "file").write_text("precious")
    said = in_own_mounts('mount --bind "$1/data" "$1/env/share"', tmp_path, _OVER_A_MOUNT % sys.path)
    assert "in it is mounted from elsewhere" in said
    assert (tmp_path / "data" / "file").read_text() == "precious"


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


def hard_link(lock):
    (lock.parent / "README").write_text("precious")
    os.link(lock.parent / "README", lock)


@pytest.mark.parametrize(
    "plant",
    [lambda lock: lock.symlink_to("target"), Path.mkdir, os.mkfifo, hard_link],
    ids=["a link", "a folder", "a pipe", "another file's name"],
)
def test_what_is_no_lock_is_left_alone_and_named(tmp_path, plant):
    lock = tmp_path / (working_name("env") + ".lock")
    plant(lock)
    with pytest.raises(HoldfastError, match=f"{lock} is in the way: it is no lock of yours"):
        make(tmp_path / "env", "new")
    assert os.path.lexists(lock)
    assert not (tmp_path / "target").exists()
    if (tmp_path / "README").exists():
        assert (tmp_path / "README").read_text() == "precious"


@pytest.fixture
def precious(tmp_path):
    """A project as it comes from somebody else, and a folder beside it."""
    for folder in ("project/src", "outside"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "file").write_text("precious")
    yield tmp_path / "project"
    assert (tmp_path / "project" / "src" / "file").read_text() == "precious"
    assert os.listdir(tmp_path / "outside") == ["file"]
    assert (tmp_path / "outside" / "file").read_text() == "precious"


@pytest.mark.parametrize("name", [".holdfast-0123456789ab", working_name("env")])
@pytest.mark.parametrize(
    "note",
    [
        b"inside\0src\0../outside",
        b"beside\0src",
        b"beside\0../outside",
        b"beside\0x/y",
        b"",
        b"\xff\0\xff",
        b"inside",
    ],
)
def test_a_note_that_anybody_may_have_written_moves_and_removes_nothing(precious, name, note):
    (precious / f"{name}.lock").write_bytes(note)
    make(precious / "env", "new")
    assert text_of(precious / "env") == "new"


def test_planted_folders_are_neither_followed_nor_believed(precious):
    for name in (".holdfast-0123456789ab", working_name("env")):
        for suffix in ("", ".old"):
            (precious / (name + suffix)).symlink_to("../outside")
        (precious / f"{name}.lock").write_bytes(b"inside\0src")
    with pytest.raises(HoldfastError, match="is in the way, and Holdfast has not made it"):
        make(precious / "env", "new")


def test_an_environment_that_was_put_aside_is_not_lost_to_what_stands_in_its_place(tmp_path, no_exchange):
    """A program dies between two renames, and then somebody makes something of that name."""
    make(tmp_path / "env", "old")
    old = tmp_path / f"{working_name('env')}.old"
    (tmp_path / "env").rename(old)
    old.with_suffix(".lock").touch()
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "file").touch()
    with pytest.raises(HoldfastError, match="is an environment that was being replaced"):
        make(tmp_path / "env", "new", replace=True)
    assert text_of(old) == "old"
    (tmp_path / "env" / "file").unlink()
    nothing_happens(tmp_path / "env")
    assert text_of(tmp_path / "env") == "old"


def test_the_empty_folder_of_another_user_lends_no_mode(tmp_path):
    if os.getuid() != 0:
        pytest.skip("only root can make a folder of another user")
    (tmp_path / "env").mkdir()
    (tmp_path / "env").chmod(0o777)
    os.chown(tmp_path / "env", 65534, 65534)
    make(tmp_path / "env", "new")
    assert (tmp_path / "env").stat().st_mode & 0o022 == 0


def test_a_folder_that_cannot_be_looked_into_is_not_taken_for_an_empty_one(as_plain_user):
    (as_plain_user / "outer" / "env").mkdir(parents=True)
    (as_plain_user / "outer" / "env" / ".gitignore").write_text("mine")
    (as_plain_user / "outer" / "env").chmod(0o333)
    (as_plain_user / "outer").chmod(0o500)
    with pytest.raises(HoldfastError, match="cannot be looked into"):
        make(as_plain_user / "outer" / "env", "new")
    for folder in (as_plain_user / "outer", as_plain_user / "outer" / "env"):
        folder.chmod(0o700)
    assert (as_plain_user / "outer" / "env" / ".gitignore").read_text() == "mine"


def write(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("mine")


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda env: (env / "pyvenv.cfg").unlink(), "has no pyvenv.cfg"),
        (lambda env: shutil.rmtree(env / "bin"), "neither an interpreter nor an activation script"),
        (lambda env: (env / "src").mkdir(), "put there: src"),
        (lambda env: write(env / "share" / "thesis.ipynb"), r"put there: share/thesis\.ipynb"),
        (lambda env: write(env / "lib" / "mycode" / "main.py"), "put there: lib/mycode"),
        (lambda env: write(env / "bin" / "deploy.sh"), r"put there: bin/deploy\.sh"),
        (lambda env: write(env / "etc" / "app.conf"), r"put there: etc/app\.conf"),
        (lambda env: write(env / "conda-meta" / "history"), "environment of conda"),
        (lambda env: write(env / "lib" / "python3.11" / "os.py"), "an installation of Python"),
        (lambda env: (env / ".git").mkdir(), r"put there: \.git"),
    ],
)
def test_what_is_not_proved_to_be_an_environment(tmp_path, prepare, reason):
    (tmp_path / "env").mkdir()
    build(tmp_path / "env", "")
    assert why_no_environment(tmp_path / "env", HOST) is None
    prepare(tmp_path / "env")
    assert re.search(reason, why_no_environment(tmp_path / "env", HOST))


def test_every_maker_makes_what_is_proved_to_be_one(newest, tmp_path):
    subprocess.run([newest.path, "-I", "-m", "venv", tmp_path / "stdlib"], check=True)
    partner = Path(sys.executable).with_name
    subprocess.run([partner("uv"), "venv", "-q", "--seed", "--no-config", tmp_path / "uv"], check=False)
    subprocess.run([sys.executable, "-m", "virtualenv", "-q", tmp_path / "virtualenv"], check=True)
    for name in ("stdlib", "virtualenv", "uv"):
        if (tmp_path / name).exists():
            assert why_no_environment(tmp_path / name, HOST) is None
