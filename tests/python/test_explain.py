"""`holdfast explain`: the tree that a person reads, and the JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pythons import make_environment

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"


def run(*arguments, cwd=None, **variables):
    return subprocess.run(
        [sys.executable, "-I", str(LAUNCH), "explain", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **variables},
        timeout=60,
    )


def explained(path, code=0, **options) -> dict:
    done = run(path, "--format", "json", **options)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def floating(copied):
    """An installation with the link that names only its X.Y."""
    (copied.prefix.parent / copied.series).symlink_to(copied.prefix.name)
    return copied.prefix.parent / copied.series / "bin" / copied.tag


def test_the_contract(floating, copied, tmp_path):
    (tmp_path / "project").mkdir()
    environment = tmp_path / "project" / ".venv"
    subprocess.run([floating, "-m", "venv", "--without-pip", environment], check=True)
    answer = explained(environment / "bin" / "python")
    hop_keys = {"from", "to", "kind", "via", "state", "stability"}
    assert {"path", "hops", "real", "stable", "verdict"} <= set(answer)
    assert all(hop_keys <= set(hop) for hop in answer["hops"])
    assert answer["real"] == str(copied.path.resolve())
    assert answer["stable"] == str(floating)
    names = [hop["kind"] for hop in answer["hops"]]
    links = answer["hops"][: names.index("config")]
    assert [hop["to"] for hop in links] == [*(hop["from"] for hop in links[1:]), answer["real"]]
    assert {"state": "ok", "stability": "patch"}.items() <= next(
        hop for hop in links if hop["via"] == str(floating.parent.parent)
    ).items()
    assert answer["environment"] == str(environment)


@pytest.mark.parametrize("name", ["", "pyvenv.cfg", "bin/python", "bin/python3"])
def test_every_part_of_an_environment_stands_for_it(newest, tmp_path, name):
    environment = make_environment(newest, tmp_path / "env")
    answer = explained(environment / name)
    assert (answer["environment"], answer["real"]) == (str(environment), str(newest.path.resolve()))
    assert answer["version"] == newest.version
    assert f"CPython {newest.version}" in answer["verdict"]


def test_an_installation_stands_for_its_interpreter(copied):
    assert explained(copied.prefix)["real"] == str(copied.path.resolve())


def test_the_reason_of_the_stable_path_is_told(copied, floating):
    said = run(copied.path).stdout
    assert f"Stable path: {floating}" in said
    assert explained(copied.path)["reason"] in said


def test_a_gap_is_named_and_the_exit_code_says_so(newest, tmp_path):
    environment = make_environment(newest, tmp_path / "env")
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").symlink_to("/gone/bin/python3.12")
    answer = explained(environment / "bin" / "python", code=1)
    assert answer["hops"][0]["state"] == "missing"
    assert "/gone does not exist" in answer["verdict"]
    done = run(environment / "bin" / "python")
    assert (done.returncode, "does not exist" in done.stdout) == (1, True)


def test_a_path_that_is_not_there(tmp_path):
    answer = explained(tmp_path / "nothing", code=1)
    assert answer["hops"] == []
    assert f"{tmp_path}/nothing does not exist" in answer["verdict"]


def test_a_home_that_is_gone_is_told_beside_links_that_work(newest, tmp_path):
    environment = make_environment(newest, tmp_path / "env", "--symlinks")
    text = (environment / "pyvenv.cfg").read_text()
    home = next(line for line in text.splitlines() if line.startswith("home"))
    (environment / "pyvenv.cfg").write_text(text.replace(home, "home = /gone/bin"))
    answer = explained(environment / "bin" / "python")
    assert [(hop["kind"], hop["state"]) for hop in answer["hops"]][-1] == ("config", "missing")
    assert "/gone/bin" in answer["verdict"]


@pytest.mark.parametrize(
    "name", ["with space", "line\nbreak", b"\xff\xfe-not-utf-8", "tab\there", "x" * 200, "esc\x1b[31m"]
)
def test_names_that_are_hard_to_print(tmp_path, newest, name):
    folder = os.path.join(os.fsencode(tmp_path), name if isinstance(name, bytes) else name.encode())
    os.mkdir(folder)
    link = os.path.join(folder, b"python")
    os.symlink(os.fsencode(newest.path), link)
    path = os.fsdecode(link)
    assert explained(path)["real"] == str(newest.path.resolve())
    text = run(path).stdout
    assert "\x1b" not in text
    assert "CPython" in text


def test_a_path_of_4000_characters_is_told(tmp_path):
    path = tmp_path / "/".join(["x" * 200] * 19)
    answer = explained(path, code=1)
    assert answer["path"] == str(path)
    assert "does not exist" in answer["verdict"]
    assert explained("/" + "y" * 5000, code=1)["hops"] == []


@pytest.mark.parametrize("kind", ["folder", "text", "binary", "empty", "fifo", "large"])
def test_what_is_no_interpreter_is_told_with_a_reason(tmp_path, kind):
    path = tmp_path / "thing"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.write_bytes(
            {
                "text": b"hello\nyou\n",
                "binary": bytes(range(256)),
                "empty": b"",
                "large": b"x" * 3_000_000,
            }[kind]
        )
    answer = explained(path)
    assert (answer["version"], answer["stable"]) == (None, None)
    assert answer["verdict"].startswith("It is ")


def test_no_colour_where_nobody_sees_it(newest):
    assert "\x1b" not in run(newest.path).stdout


def test_colour_on_a_terminal(newest, tmp_path):
    done = subprocess.run(
        ["script", "-qec", f"{sys.executable} -I {LAUNCH} explain {newest.path}", "/dev/null"],
        capture_output=True,
        env={key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm"},
        stdin=subprocess.DEVNULL,
    )
    assert b"\x1b[" in done.stdout


def test_it_starts_nothing_of_a_workspace(tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit('started')")
    program = tmp_path / "python3"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-started\n")
    program.chmod(0o755)
    answer = explained(program, cwd=tmp_path)
    assert answer["hops"][0]["kind"] == "shebang"
    assert not (tmp_path / "was-started").exists()
