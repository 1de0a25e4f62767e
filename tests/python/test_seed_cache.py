"""The cache of unpacked wheels: whatever happens to it, what comes out of it is whole."""

import gc
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from created import small_pip
from disks import in_own_mounts
from holdfast.cancellation import Cancellation
from holdfast.creation.seeds.seed import prepare_seeds
from holdfast.creation.seeds.wheel import SeedWheel
from holdfast.errors import CancelledError, HoldfastError
from holdfast.host import cache_folder
from pythons import INSTALLED, copied_prefix
from seeding import bare_folders, installed, prepared, read_interpreter, uncompiled, wheels_of

SERVER = Path(__file__).parents[2] / "server"
SYSTEM = Path("/usr/bin/python3")
"""What users who are not root can start, too."""


@pytest.fixture
def copied(copied):
    """An installation whose pip has few files; so has the one that most tests here fill caches from."""
    small_pip(copied, depth=2)
    return copied


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    if not INSTALLED:
        pytest.skip("no CPython with venv and pip is installed")
    python = copied_prefix(INSTALLED[0], tmp_path_factory.mktemp("versions") / INSTALLED[0].series)
    small_pip(python, depth=2)
    return read_interpreter(python.path)


@pytest.fixture
def whole_base(newest):
    """One whose pip has all its files: more than a small disk holds, and than are unpacked in a moment."""
    return read_interpreter(newest.path)


@pytest.fixture(scope="module")
def pristine(base, tmp_path_factory):
    """A filled cache that nobody touches, and the content of each file in it."""
    cache = tmp_path_factory.mktemp("pristine") / "cache"
    (seed,) = prepared(base, cache)
    return cache, contents(seed)


@pytest.fixture
def filled(base, pristine, tmp_path):
    """A base, a filled cache that a test may break, and the content of each file in it."""
    cache, content = pristine
    shutil.copytree(cache, tmp_path / "cache")
    (seed,) = prepared(base, tmp_path / "cache")
    assert seed.unpacked.how == "found"
    assert contents(seed) == content
    return base, tmp_path / "cache", content


def contents(seed):
    """The digest of each file that the seed has, by its path; with its mode and time."""
    return {
        f"{folder}/{name}": facts(seed.unpacked.tree / folder / name)
        for folder, names in seed.unpacked.folders.items()
        for name in names
    }


def facts(path):
    status = os.lstat(path)
    assert status.st_uid == os.geteuid()
    return hashlib.sha256(path.read_bytes()).hexdigest(), status.st_mode, status.st_mtime_ns


def tree_of(cache):
    (manifest,) = (cache / "seeds").glob("*.manifest")
    return cache / "seeds" / manifest.read_text().split("\n")[3]


def manifest_of(cache):
    (manifest,) = (cache / "seeds").glob("*.manifest")
    return manifest


def age(path, seconds):
    os.utime(path, (time.time() - seconds,) * 2, follow_symlinks=False)


def how(base, cache):
    (seed,) = prepared(base, cache)
    return seed.unpacked.how


def program(base, cache):
    """A program that prepares the seed and says how that went."""
    return f"""
import sys
sys.path[:0] = [{str(SERVER)!r}, {str(Path(__file__).parent)!r}]
from pathlib import Path
from holdfast.cancellation import Cancellation
from holdfast.creation.seeds.seed import prepare_seeds
from holdfast.creation.seeds.wheel import bundled_wheels
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
host = Host.current()
base = Reader(host).ask(Path({str(base.path)!r}))
wheels = bundled_wheels(base, host, setuptools=False)
seeds = prepare_seeds(
    wheels, base, cache=Path({str(cache)!r}), cancellation=Cancellation(), report=lambda what, percent: None
)
print(seeds[0].unpacked.how)
"""


def test_the_second_time_the_base_is_not_even_started(copied, tmp_path):
    base = read_interpreter(copied.path)
    assert how(base, tmp_path / "cache") == "filled"
    status = copied.path.stat()
    copied.path.unlink()
    copied.path.write_bytes(b"\0" * status.st_size)
    os.utime(copied.path, ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert how(base, tmp_path / "cache") == "found"


def test_another_interpreter_or_wheel_has_its_own(copied, tmp_path):
    base = read_interpreter(copied.path)
    cache = tmp_path / "cache"
    assert how(base, cache) == "filled"
    upgrade(copied)
    assert how(base, cache) == "filled"
    assert how(base, cache) == "found"
    assert len(list((cache / "seeds").glob("*.manifest"))) == 2


def upgrade(copied):
    """Let the executable be another one, which works as well."""
    shutil.copy(copied.path, copied.path.with_name("new"))  # other copies share the old one
    copied.path.with_name("new").replace(copied.path)


def edit(path):
    with open(path, "r+b") as file:
        file.write(b"# other")


def edit_unseen(path):
    """As an editor would that keeps size and time: only the content tells."""
    status = path.stat()
    edit(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace_by_link(path):
    elsewhere = path.parent.parent / "elsewhere"
    (shutil.copytree if path.is_dir() else shutil.copy2)(path, elsewhere)
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.symlink_to(elsewhere)


def replace_by(make):
    def replace(path):
        path.unlink()
        make(path)

    return replace


DAMAGE = {
    "a source was edited": ("pip/__init__.py", edit),
    "bytecode was edited": ("pip/__pycache__/*.pyc", edit),
    "RECORD was edited": ("pip-*/RECORD", edit),
    "a file was cut": ("pip/__main__.py", lambda path: os.truncate(path, 3)),
    "a file is empty": ("pip/__main__.py", lambda path: os.truncate(path, 0)),
    "a file is gone": ("pip/__main__.py", os.unlink),
    "bytecode is gone": ("pip/__pycache__", shutil.rmtree),
    "a folder is gone": ("pip/_internal", shutil.rmtree),
    "a mode was changed": ("pip/__init__.py", lambda path: path.chmod(0o666)),
    "a time was changed": ("pip/__init__.py", os.utime),
    "a file is a link": ("pip/__init__.py", replace_by_link),
    "a folder is a link": ("pip/_internal", replace_by_link),
    "the whole folder is a link": (".", replace_by_link),
    "a folder is there for a file": ("pip/__init__.py", replace_by(os.mkdir)),
    "a pipe is there for a file": ("pip/__init__.py", replace_by(os.mkfifo)),
    "the whole folder is gone": (".", shutil.rmtree),
    "the folder is a file": (".", lambda path: (shutil.rmtree(path), path.write_text("x"))),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_mended_and_environments_are_left_alone(filled, tmp_path, what):
    base, cache, content = filled
    target = bare_folders(tmp_path / "environment", base)
    assert installed(prepared(base, cache), target) == {"hardlink"}
    pattern, damage = DAMAGE[what]
    path = next(iter(tree_of(cache).glob(pattern))) if pattern != "." else tree_of(cache)
    damage(path)
    before = {path: facts(path) for path in target.site_packages.rglob("*") if path.is_file()}
    (seed,) = prepared(base, cache)
    assert seed.unpacked.how == "mended"
    assert contents(seed) == content
    assert {path: facts(path) for path in target.site_packages.rglob("*") if path.is_file()} == before
    assert how(base, cache) == "found"
    again = bare_folders(tmp_path / "again", base)
    installed([seed], again)
    assert uncompiled(base.path, again.site_packages) == []


def test_a_changed_owner_is_damage(filled):
    base, cache, content = filled
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(tree_of(cache) / "pip" / "__init__.py", 65534, 65534)
    (seed,) = prepared(base, cache)
    assert seed.unpacked.how == "mended"
    assert contents(seed) == content


def test_what_is_whole_is_still_shared_after_mending(filled, tmp_path):
    base, cache, _ = filled
    target = bare_folders(tmp_path / "environment", base)
    installed(prepared(base, cache), target)
    edit(target.site_packages / "pip" / "__init__.py")
    (seed,) = prepared(base, cache)
    same = [
        os.path.samefile(target.site_packages / name, seed.unpacked.tree / name)
        for name in ("pip/__init__.py", "pip/__main__.py", "pip/_internal/__init__.py")
    ]
    assert same == [False, True, True]


@pytest.mark.parametrize("when", ["yesterday", "in the future", "before the machine started"])
def test_what_only_the_content_tells_is_noticed_when_it_was_not_read_today(filled, when):
    base, cache, content = filled
    edit_unseen(tree_of(cache) / "pip" / "__init__.py")
    seconds = {"yesterday": 2 * 86400, "in the future": -1000}.get(when, time.monotonic() + 10)
    age(manifest_of(cache), seconds)
    (seed,) = prepared(base, cache)
    assert seed.unpacked.how == "mended"
    assert contents(seed) == content


def test_reading_every_content_is_written_down(filled):
    base, cache, _ = filled
    age(manifest_of(cache), 2 * 86400)
    assert how(base, cache) == "found"
    assert time.time() - manifest_of(cache).stat().st_mtime < 60


def test_a_cache_that_came_out_of_a_backup_is_taken_as_it_is(filled):
    base, cache, content = filled
    tree = tree_of(cache)
    shutil.copytree(tree, tree.with_name("copy"))
    shutil.rmtree(tree)
    tree.with_name("copy").rename(tree)
    (seed,) = prepared(base, cache)
    assert seed.unpacked.how == "found"
    assert contents(seed) == content
    lines = manifest_of(cache).read_text()
    assert f" {(tree / 'pip' / '__init__.py').stat().st_ino}\t" in lines


JUNK = {
    "bytes": lambda path: path.write_bytes(os.urandom(5000)),
    "nothing": lambda path: path.write_bytes(b""),
    "half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "another line": lambda path: path.write_bytes(path.read_bytes() + b"\n/"),
    "a folder": replace_by(lambda path: (path.mkdir(), (path / "x").touch())),
    "a link": replace_by_link,
    "a dangling link": replace_by(lambda path: path.symlink_to("nowhere")),
    "a pipe": replace_by(os.mkfifo),
    "missing": os.unlink,
}


@pytest.mark.parametrize("junk", JUNK)
def test_a_manifest_that_is_none_is_replaced(filled, junk):
    base, cache, content = filled
    JUNK[junk](manifest_of(cache))
    (seed,) = prepared(base, cache)
    assert seed.unpacked.how == "filled"
    assert contents(seed) == content
    assert how(base, cache) == "found"


def test_a_manifest_or_files_of_another_user_are_not_trusted(filled):
    base, cache, content = filled
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(manifest_of(cache), 65534, 65534)
    assert how(base, cache) == "filled"
    os.chown(cache / "seeds", 65534, 65534)
    (seed,) = prepared(base, cache)
    assert seed.unpacked.how == "temporary"
    assert contents(seed) == content


def test_a_folder_that_others_may_write_into_is_closed_to_them(filled):
    base, cache, _ = filled
    (cache / "seeds").chmod(0o777)
    assert how(base, cache) == "found"
    assert (cache / "seeds").stat().st_mode & 0o777 == 0o700


def test_root_makes_nothing_in_the_home_of_another(base, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(tmp_path, 65534, 65534)
    assert how(base, tmp_path / ".cache" / "holdfast") == "temporary"
    assert list(tmp_path.iterdir()) == []


def test_a_link_for_the_folder_is_not_followed(base, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "seeds").symlink_to(tmp_path / "elsewhere")
    assert how(base, tmp_path / "cache") == "temporary"
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("kind", ["none", "a file", "in a home that is not there"])
def test_without_a_cache_a_temporary_folder_serves_and_goes(base, tmp_path, kind):
    (tmp_path / "file").touch()
    cache = {"none": None, "a file": tmp_path / "file"}.get(kind, tmp_path / "no" / "home" / "cache")
    (seed,) = prepared(base, cache)
    assert seed.unpacked.how == "temporary"
    target = bare_folders(tmp_path / "environment", base)
    installed([seed], target)
    assert uncompiled(base.path, target.site_packages) == []
    tree = seed.unpacked.tree
    assert tree.exists()
    del seed
    gc.collect()
    assert not tree.parent.exists()
    assert not (tmp_path / "no").exists()


def test_a_cache_that_may_not_be_written_to_is_read_or_left(as_plain_user):
    base = read_interpreter(SYSTEM)
    if not base.usable:
        pytest.skip("the system has no Python")
    cache = as_plain_user / "cache"
    cache.mkdir()
    cache.chmod(0o500)
    assert how(base, cache) == "temporary"
    cache.chmod(0o700)
    assert how(base, cache) == "filled"
    (cache / "seeds").chmod(0o500)
    age(manifest_of(cache), 2 * 86400)
    assert how(base, cache) == "found"
    edit(tree_of(cache) / "pip" / "__init__.py")
    assert how(base, cache) == "temporary"
    cache.chmod(0)
    assert how(base, cache) == "temporary"
    cache.chmod(0o700)
    (cache / "seeds").chmod(0o700)


@pytest.mark.parametrize("mount", ["mount -t tmpfs -o size=3m tmpfs", "mount -t tmpfs -o ro tmpfs"])
def test_a_full_or_read_only_cache_is_left_empty(whole_base, tmp_path, mount):
    tail = "\nimport os\nprint([name for name in os.walk(sys.argv[1])][1:])"
    said = in_own_mounts(f'{mount} "$1"', tmp_path, program(whole_base, tmp_path) + tail)
    left = "[]" if "ro" in mount.split("-o")[1] else f"[('{tmp_path}/seeds', [], [])]"
    assert said == f"temporary\n{left}\n"


def whole_content(base):
    """What a seed has whose cache nobody disturbed: that of the run."""
    (seed,) = prepared(base, cache_folder())
    return contents(seed)


def test_programs_that_fill_it_at_once_do_not_disturb_each_other(whole_base, tmp_path):
    command = [sys.executable, "-I", "-c", program(whole_base, tmp_path / "cache")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [process.communicate(timeout=120)[0].strip() for process in running]
    assert set(said) <= {"filled", "found"}
    (seed,) = prepared(whole_base, tmp_path / "cache")
    assert seed.unpacked.how == "found"
    assert contents(seed) == whole_content(whole_base)


def test_a_program_that_is_killed_leaves_nothing_that_counts(whole_base, tmp_path):
    cache = tmp_path / "cache"
    command = [sys.executable, "-I", "-c", program(whole_base, cache)]
    for delay in (0.1, 0.3, 0.6, 1.0):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 60
        while not list(cache.glob("seeds/pip-*")) and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)
    (seed,) = prepared(whole_base, cache)
    assert contents(seed) == whole_content(whole_base)
    left = [
        path for path in (cache / "seeds").iterdir() if path not in (seed.unpacked.tree, manifest_of(cache))
    ]
    (cache / "seeds" / "notes.txt").write_text("not ours")
    for path in left:
        age(path, 7200)
    manifest_of(cache).write_text("broken")
    assert how(whole_base, cache) == "filled"  # whoever fills the cache sweeps it
    assert not [path for path in left if path.exists()]
    assert seed.unpacked.tree.exists()  # another program may be about to clone it
    assert (cache / "seeds" / "notes.txt").exists()


def test_what_was_not_used_for_long_is_swept(copied, tmp_path):
    base = read_interpreter(copied.path)
    cache = tmp_path / "cache"
    (old,) = prepared(base, cache)
    age(old.unpacked.tree, 90 * 86400)
    age(manifest_of(cache), 90 * 86400)
    upgrade(copied)
    (new,) = prepared(base, cache)
    assert not old.unpacked.tree.exists()
    assert {path.name for path in (cache / "seeds").iterdir()} == {
        new.unpacked.tree.name,
        manifest_of(cache).name,
    }


def test_cancelling_leaves_nothing(base, tmp_path):
    cancellation = Cancellation()
    cancellation.cancel()
    for cache in (tmp_path / "cache", None):
        with pytest.raises(CancelledError):
            prepared(base, cache, cancellation=cancellation)
    assert list((tmp_path / "cache" / "seeds").iterdir()) == []


def test_a_base_that_does_not_start_is_a_message(copied, tmp_path):
    base = read_interpreter(copied.path)
    copied.path.unlink()
    copied.path.write_text("#!/bin/sh\necho it is broken >&2\nexit 1\n")
    copied.path.chmod(0o755)
    with pytest.raises(HoldfastError, match=r"could not be unpacked: .*it is broken.*Nothing was left"):
        prepared(base, tmp_path / "cache")
    assert list((tmp_path / "cache" / "seeds").iterdir()) == []


def rewritten(change):
    """A wheel like the given one, with some files changed or added; `*` stands for its version."""

    def write(old, new):
        with zipfile.ZipFile(old) as source, zipfile.ZipFile(new, "w") as target:
            files = {name: source.read(name) for name in source.namelist()}
            version = new.name.split("-")[1]
            files |= {name.replace("*", version): content for name, content in change.items()}
            for name, content in files.items():
                target.writestr(name, content)

    return write


BAD_WHEELS = {
    "junk": (lambda old, new: new.write_bytes(os.urandom(5000)), "is damaged"),
    "cut": (lambda old, new: new.write_bytes(old.read_bytes()[: old.stat().st_size // 2]), "is damaged"),
    "changed": (rewritten({"pip/__init__.py": b"other"}), "not what its RECORD says"),
    "one file more": (rewritten({"pip/more.py": b""}), "is damaged"),
    "outside": (rewritten({"../../escaped": b""}), "outside its folder"),
    "absolute": (rewritten({"/escaped": b""}), "outside its folder"),
    "of Windows": (rewritten({"C:escaped": b""}), "outside its folder"),
    "data": (rewritten({"pip-*.data/scripts/x": b""}), "another place"),
    "a line break": (rewritten({"pip/a\nb": b""}), "unprintable"),
    "gui": (rewritten({"pip-*.dist-info/entry_points.txt": b"[gui_scripts]\nx = a:b\n"}), "cannot make"),
}


@pytest.mark.parametrize("what", BAD_WHEELS)
def test_a_bad_wheel_is_refused_and_nothing_is_left(base, tmp_path, what):
    make, message = BAD_WHEELS[what]
    (good,) = wheels_of(base)
    bad = SeedWheel(tmp_path / good.path.name, good.name, good.version)
    make(good.path, bad.path)
    with pytest.raises(HoldfastError, match=message):
        prepare_seeds(
            [bad],
            base,
            cache=tmp_path / "cache",
            cancellation=Cancellation(),
            report=lambda what, percent: None,
        )
    assert list((tmp_path / "cache" / "seeds").iterdir()) == []
    assert not list(tmp_path.rglob("escaped"))


def test_a_wheel_that_is_gone_is_a_message(base, tmp_path):
    gone = SeedWheel(tmp_path / "pip-1.0-py3-none-any.whl", "pip", "1.0")
    with pytest.raises(HoldfastError, match="cannot be read: it does not exist"):
        prepare_seeds(
            [gone], base, cache=None, cancellation=Cancellation(), report=lambda what, percent: None
        )
