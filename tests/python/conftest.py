"""Real interpreters and real breakages for the tests."""

import os
import tempfile
from pathlib import Path

import pytest

from holdfast.host import Host
from pythons import INSTALLED, SELF_CONTAINED, Python, copied_prefix, relocated_prefix


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
    return Host(
        platform="linux", home=tmp_path / "home", env={"PATH": "/none"}, roots={"/": tmp_path / "root"}
    )


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
