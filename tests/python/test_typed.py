"""What commands do without, so that they start sooner."""

import subprocess
import sys
from pathlib import Path

import pytest

from pythons import INSTALLED

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"
SLOW = {"platformdirs", "subprocess", "threading", "typing"}
SLOWER = {*SLOW, "dataclasses", "inspect"}


def imported_by(*arguments, cwd: Path) -> set[str]:
    command = [sys.executable, "-X", "importtime", "-I", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


@pytest.mark.parametrize(
    ("slow", "command"),
    [
        (SLOWER, ["--version"]),
        (SLOW, ["explain", sys.executable]),
        (SLOWER, ["create", "--python", str(INSTALLED[0].path), "new"]),
    ],
    ids=["version", "explain", "create"],
)
def test_a_command_does_not_wait_for_what_it_does_not_use(tmp_path, slow, command):
    for name in ("first", "second"):  # what the first one learns of the base, and of pip, is kept
        folder = tmp_path / name
        folder.mkdir()
        imported = imported_by(LAUNCH, *command, cwd=folder)
    assert "pathlib" in imported
    assert not (imported - imported_by("-c", "", cwd=tmp_path)) & slow
