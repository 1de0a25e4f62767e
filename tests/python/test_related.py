"""Places that are related to a problem: in the editor, at a terminal, and in JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast.host import Host
from holdfast.lsp.diagnostics import diagnostic
from holdfast.lsp.uris import path_of
from holdfast.repair.machine import Machine
from holdfast.repair.survey import survey
from pythons import make_environment
from test_scripts import put

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"


@pytest.fixture
def environment(newest, tmp_path):
    """An environment with three scripts whose interpreter is gone, one of them in a name that is no UTF-8."""
    environment = make_environment(newest, tmp_path / ".venv")
    (environment / "lib" / newest.tag / "site-packages" / "shop").mkdir()
    for name in ("first", "second", os.fsdecode(b"th\xffrd")):
        put(environment, name, "#!/gone/bin/python")
    return environment


def holdfast(*arguments, cwd):
    command = [sys.executable, "-I", str(LAUNCH), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, timeout=120)


def test_the_editor_is_told_of_them(environment):
    (surveyed,) = survey((environment,), Machine(Host.current()))
    (finding,) = surveyed.findings
    shown = diagnostic(finding)
    assert [path_of(one.location.uri).name for one in shown.related_information] == ["second", "th\udcffrd"]
    one = shown.related_information[0]
    assert (one.message, one.location.range.start.character, one.location.range.end.character) == (
        "names /gone/bin/python",
        2,
        18,
    )


def test_json_has_them(environment, tmp_path):
    done = holdfast("check", "--format", "json", cwd=tmp_path)
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem["file"] == str(environment / "bin" / "first")
    assert problem["related"] == [
        {
            "file": str(environment / "bin" / name),
            "range": {"start": {"line": 0, "character": 2}, "end": {"line": 0, "character": 18}},
            "message": "names /gone/bin/python",
        }
        for name in ("second", "th\udcffrd")
    ]


def test_a_terminal_shows_them_below_the_line(environment, tmp_path):
    shown = holdfast("check", cwd=tmp_path).stdout.decode()
    assert ".venv/bin/first:1:3: error: " in shown
    assert "1 | #!/gone/bin/python\n" in shown
    assert "  = note: .venv/bin/second:1:3: names /gone/bin/python\n" in shown
    assert "  = note: .venv/bin/th\\udcffrd:1:3: names /gone/bin/python\n" in shown
