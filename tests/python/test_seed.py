"""Seeding: what an environment gets is what stdlib venv would have given it."""

import hashlib
import io
import os
import shutil
import subprocess
import time
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from holdfast.creation.seeds.entry_points import console_scripts, scripts_for
from holdfast.creation.seeds.seed import install_seed
from holdfast.errors import CancelledError, HoldfastError
from holdfast.host import cache_folder
from pythons import INSTALLED, ask, environment_by_venv, make_environment
from seeding import (
    bare_folders,
    installed,
    modes_below,
    prepared,
    read_interpreter,
    recorded,
    target_in,
    uncompiled,
    wheels_of,
)
from shared import made_once


@pytest.fixture(scope="module")
def cache():
    """That of the run, for the tests that leave it alone."""
    folder = cache_folder()
    assert folder
    return folder


@pytest.fixture
def seeded(python, cache):
    """An environment of stdlib venv that was seeded by us, with all that its version gets."""

    def make(environment):
        make_environment(python, environment)
        base = read_interpreter(python.path)
        installed(prepared(base, cache, setuptools=True), target_in(environment, base))

    return made_once(f"seeded by us of {python}", make)


def packages_of(environment):
    (packages,) = environment.glob("lib/*/site-packages")
    return packages


def pip(environment, *arguments):
    done = subprocess.run(
        [environment / "bin" / "python", "-I", "-m", "pip", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": os.defpath, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def other_interpreters():
    """Those that make environments in their own way."""
    return [Path(path) for path in map(shutil.which, ("pypy3", "python3-dbg")) if path]


def assert_same(ours, standard):
    ours, standard = packages_of(ours), packages_of(standard)
    assert modes_below(ours) == modes_below(standard)
    rows = [{tuple(row) for row in recorded(one) if "/bin/" not in row[0]} for one in (ours, standard)]
    scripts = [{row[0] for row in recorded(one) if "/bin/" in row[0]} for one in (ours, standard)]
    assert rows[0] == rows[1]
    assert scripts[0] == scripts[1]


def test_what_is_there_and_recorded_is_what_stdlib_venv_gives(python, seeded):
    assert_same(seeded, environment_by_venv(python.path))


@pytest.mark.parametrize("python", other_interpreters(), ids=lambda path: path.name)
def test_pypy_and_debug_builds_get_what_their_own_venv_gives(python, cache, tmp_path):
    ours = tmp_path / "ours"
    try:
        standard = environment_by_venv(python)
    except subprocess.CalledProcessError:
        pytest.skip(f"{python} makes no environments")
    command = [python, "-I", "-m", "venv", "--without-pip", ours]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    base = read_interpreter(python)
    installed(prepared(base, cache, setuptools=True), target_in(ours, base))
    assert_same(ours, standard)
    assert set(uncompiled(ours / "bin" / "python", packages_of(ours))) == set()


def test_record_is_true(seeded):
    packages = packages_of(seeded)
    rows = recorded(packages)
    for name, digest, size in rows:
        content = (packages / name).read_bytes()
        if digest:
            expected = urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            assert (digest, size) == (f"sha256={expected}", str(len(content))), name
        else:
            assert name.endswith((".pyc", "/RECORD")), name
    present = {path for path in packages.rglob("*") if path.is_file()}
    scripts = {path for path in (seeded / "bin").iterdir() if path.name.startswith(("pip", "easy_install"))}
    assert {Path(os.path.normpath(packages / name)) for name, _, _ in rows} == present | scripts


def test_every_module_is_taken_from_its_bytecode(python, seeded):
    without = {
        str(path)
        for path in packages_of(seeded).rglob("*.py")
        if not list((path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"))  # it is for other versions
    }
    assert set(uncompiled(seeded / "bin" / "python", packages_of(seeded))) == without
    assert len(list(packages_of(seeded).rglob("*.pyc"))) > 250


def test_starting_pip_compiles_nothing(seeded):
    before = {path: path.stat() for path in packages_of(seeded).rglob("*.pyc")}
    assert "pip " in pip(seeded, "list")
    assert {path: path.stat().st_ino for path in packages_of(seeded).rglob("*.pyc")} == {
        path: status.st_ino for path, status in before.items()
    }


def test_pip_finds_nothing_broken_and_its_commands_work(python, seeded):
    assert pip(seeded, "check") == "No broken requirements found.\n"
    for name in ("pip", "pip3", f"pip{python.series}"):
        done = subprocess.run(
            [seeded / "bin" / name, "--version"], capture_output=True, text=True, timeout=60
        )
        assert f"from {packages_of(seeded)}" in done.stdout, done.stderr


def test_setuptools_comes_below_3_12_if_it_is_wanted(python):
    base = read_interpreter(python.path)
    old = base.version[:2] < (3, 12)
    names = [wheel.name for wheel in wheels_of(base, setuptools=True)]
    assert names == (["pip", "setuptools"] if old else ["pip"])
    assert [wheel.name for wheel in wheels_of(base)] == ["pip"]


@pytest.fixture
def base(newest):
    return read_interpreter(newest.path)


@pytest.fixture
def environment(newest, base, cache, tmp_path):
    """An environment of its own with pip alone."""
    environment = make_environment(newest, tmp_path / "environment")
    installed(prepared(base, cache), target_in(environment, base))
    return environment


@pytest.mark.parametrize("work", ["reinstall", "upgrade", "uninstall", "ensurepip", "compile"])
def test_what_installers_do_to_an_environment_leaves_the_cache_alone(environment, base, cache, work):
    (wheel,) = wheels_of(base)
    newest = max(
        (wheels_of(read_interpreter(python.path))[0] for python in INSTALLED), key=lambda one: one.release
    )
    if work == "reinstall":
        pip(environment, "install", "--no-index", "--force-reinstall", str(wheel.path))
    elif work == "upgrade":
        pip(environment, "install", "--no-index", "--upgrade", "--force-reinstall", str(newest.path))
        assert pip(environment, "--version").startswith(f"pip {newest.version} ")
    elif work == "uninstall":
        pip(environment, "uninstall", "--yes", "pip")
        assert [path for path in packages_of(environment).rglob("*") if path.is_file()] == []
        assert not list((environment / "bin").glob("pip*"))
    elif work == "ensurepip":
        code = "import ensurepip; ensurepip.bootstrap(upgrade=True, default_pip=True)"
        assert ask(environment / "bin" / "python", code).returncode == 0
    else:
        folder = str(packages_of(environment))
        code = f"import compileall; compileall.compile_dir({folder!r}, force=True, quiet=1)"
        assert ask(environment / "bin" / "python", code).returncode == 0
    (seed,) = prepared(base, cache)
    manifest = seed.unpacked.tree.with_name(f"{seed.unpacked.tree.name.rpartition('-')[0]}.manifest")
    yesterday = time.time() - 2 * 86400
    os.utime(manifest, (yesterday, yesterday))  # so that every content is read
    (again,) = prepared(base, cache)
    assert again.unpacked.how == "found"


def test_what_belongs_to_the_environment_is_shared_with_none(environment):
    (info,) = packages_of(environment).glob("pip-*.dist-info")
    own = [info / "RECORD", info / "INSTALLER", *(environment / "bin").glob("pip*")]
    own += [path for path in [info / "REQUESTED"] if path.exists()]
    assert {path.stat().st_nlink for path in own} == {1}
    assert (packages_of(environment) / "pip" / "__init__.py").stat().st_nlink > 1


def test_no_file_is_overwritten(base, cache, tmp_path):
    seeds = prepared(base, cache)
    target = bare_folders(tmp_path / "one", base)
    (target.site_packages / "pip").mkdir()
    (target.site_packages / "pip" / "__init__.py").write_text("mine")
    with pytest.raises(FileExistsError):
        installed(seeds, target)
    assert (target.site_packages / "pip" / "__init__.py").read_text() == "mine"
    target = bare_folders(tmp_path / "two", base)
    (target.scripts / "pip").write_text("mine")
    with pytest.raises(FileExistsError):
        installed(seeds, target)
    assert (target.scripts / "pip").read_text() == "mine"


def test_a_link_in_the_way_is_not_followed(base, cache, tmp_path):
    target = bare_folders(tmp_path / "environment", base)
    (tmp_path / "elsewhere").mkdir()
    (target.site_packages / "pip").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        installed(prepared(base, cache), target)
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("umask", [0o077, 0o002, 0o027])
def test_any_umask_works(newest, base, tmp_path, umask):
    before = os.umask(umask)
    try:
        environment = make_environment(newest, tmp_path / "environment")
        assert installed(prepared(base, tmp_path / "cache"), target_in(environment, base)) == {"hardlink"}
    finally:
        os.umask(before)
    assert "pip " in pip(environment, "list")
    modes = modes_below(packages_of(environment))
    assert {mode & 0o777 for path, mode in modes.items() if mode & 0o40000} == {0o777 & ~umask}
    shared = {mode & 0o777 for path, mode in modes.items() if path.startswith("pip/") and not mode & 0o40000}
    assert shared <= {0o644, 0o755}  # the folders keep others out; nobody else writes into the cache
    assert (environment / "bin" / "pip").stat().st_mode & 0o777 == 0o777 & ~umask
    (again,) = prepared(base, tmp_path / "cache")
    assert again.unpacked.how == "found"


def test_stopping_between_files_stops_at_once(base, cache, tmp_path):
    target = bare_folders(tmp_path / "environment", base)
    steps = 0

    def step():
        nonlocal steps
        steps += 1
        if steps == 10:
            raise CancelledError("stopped")

    (seed,) = prepared(base, cache)
    with pytest.raises(CancelledError):
        install_seed(seed, target, step)
    assert len([path for path in target.site_packages.rglob("*") if path.is_file()]) == 9


def test_an_environment_on_exfat_gets_copies_that_need_no_compiling(base, cache, exfat):
    target = bare_folders(exfat / "environment", base)
    assert installed(prepared(base, cache), target) == {"copy"}
    assert uncompiled(base.path, target.site_packages) == []


def test_windows_gets_executables(base, cache, tmp_path):
    target = bare_folders(tmp_path / "with space", base)
    target = target_in(tmp_path / "with space", base, windows=True)
    installed(prepared(base, cache), target)
    series = base.version.series
    assert {path.name for path in target.scripts.iterdir()} == {"pip.exe", "pip3.exe", f"pip{series}.exe"}
    content = (target.scripts / "pip.exe").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["__main__.py"]
        compile(archive.read("__main__.py"), "__main__.py", "exec")
    assert content.startswith(b"MZ")
    assert b'#!"' + os.fsencode(target.interpreter) + b'"\nPK' in content
    assert [name for name, _, _ in recorded(target.site_packages) if name.endswith("Scripts/pip.exe")]


def test_a_wheel_names_the_scripts_of_the_python_that_built_it():
    text = (
        b"[console_scripts]\npip = a:b\npip3 = a:b\npip3.7=a:b\npipx = a:b\neasy_install-3.6 = c : d.e [x]\n"
    )
    scripts = scripts_for("3.12", console_scripts(text + b"easy_install=c:d.e\n[other]\nx = y\n"))
    names = ["pip", "pip3", "pip3.12", "pipx", "easy_install", "easy_install-3.12"]
    assert [script.name for script in scripts] == names
    assert (scripts[-1].module, scripts[-1].function) == ("c", "d.e")


@pytest.mark.parametrize(
    "line", ["pip = a", "pip = a:b c", "../pip = a:b", "a/b = a:b", "pip = a;b:c", "= a:b"]
)
def test_a_command_that_cannot_be_made_is_refused(line):
    with pytest.raises(HoldfastError, match="cannot make"):
        console_scripts(f"[console_scripts]\n{line}\n".encode())
