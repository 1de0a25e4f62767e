"""`holdfast explain`: the tree that a person reads, and the JSON."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pythons import ask, facts_of, make_environment

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


def test_the_tree_is_told_without_saying_anything_twice(copied, floating, tmp_path):
    (tmp_path / "bin").mkdir()
    link = tmp_path / "bin" / "python"
    link.symlink_to(floating)
    assert run(link).stdout.splitlines()[:5] == [
        str(link),
        f"├─ link python → {floating}  (may lead to another X.Y one day)",
        f"├─ folder link {copied.series} → {copied.prefix.name}  (moves with each patch upgrade)",
        f"│  {copied.path}",
        f"└─ CPython {copied.version}, {os.uname().machine}",
    ]


def test_the_readme_shows_what_is_printed(copied, tmp_path):
    versions, project = tmp_path / "ada" / ".pyenv" / "versions", tmp_path / "work" / "app"
    for folder in (versions, project):
        folder.mkdir(parents=True)
    copied.prefix.rename(versions / copied.version)
    (versions / copied.series).symlink_to(copied.version)
    python = versions / copied.version / "bin" / copied.tag
    create = [sys.executable, "-I", str(LAUNCH), "create", "--no-pip", "--python", str(python)]
    subprocess.run(create, cwd=project, check=True, capture_output=True)
    said = run(".venv/bin/python", cwd=project).stdout
    newer = f"{copied.series}.{int(copied.version.rpartition('.')[2]) + 1}"
    for here, there in (
        (f"{tmp_path}/work", "/work"),
        (f"{tmp_path}/ada", "/home/ada"),
        (newer, "3.12.2"),
        (copied.version, "3.12.1"),
        (copied.series, "3.12"),
        (os.uname().machine, "x86_64"),
    ):
        said = said.replace(here, there)
    shown = (LAUNCH.parents[1] / "README.md").read_text()
    assert f"$ holdfast explain .venv/bin/python\n{said}```\n" in shown


def test_an_environment_is_told_what_upgrades_do_to_it(copied, floating, tmp_path):
    for python, name in ((floating, "floats"), (copied.path, "pinned")):
        subprocess.run([python, "-m", "venv", "--without-pip", tmp_path / name], check=True)
    assert explained(tmp_path / "floats")["verdict"].endswith(" Patch upgrades keep it.")
    assert explained(tmp_path / "pinned")["verdict"].endswith(f" Made anew from {floating} it would stay.")


def test_where_no_path_is_stable_the_link_that_would_be_one_is_named(copied):
    prefix = copied.prefix.rename(copied.prefix.with_name(copied.version))
    said = run(prefix / "bin" / copied.path.name).stdout
    tip = f"a link {copied.series} → {copied.version} in {prefix.parent} would."
    assert f"No path to that outlives a patch upgrade; {tip}\nBest path: " in said
    (prefix.parent / copied.series).symlink_to(prefix.name)
    assert f"\nStable path: {prefix.parent / copied.series}/" in run(prefix / "bin" / copied.path.name).stdout


def test_home_beside_links_that_work_is_followed_to_the_standard_library(relocated, tmp_path):
    """`python` is a link to a relocatable Python: its environment has the link's folder as `home`."""
    (tmp_path / "python").symlink_to(relocated.path)
    subprocess.run([tmp_path / "python", "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    assert ask(tmp_path / "env" / "bin" / "python", "pass").returncode != 0
    verdict = explained(tmp_path / "env", code=1)["verdict"]
    assert "does not start" in verdict
    config = tmp_path / "env" / "pyvenv.cfg"
    instead = verdict.split(" It should name ")[1].removesuffix(".")
    config.write_text(config.read_text().replace(f"home = {tmp_path}\n", f"home = {instead}\n"))
    assert ask(tmp_path / "env" / "bin" / "python", "pass").returncode == 0
    assert "does not start" not in explained(tmp_path / "env")["verdict"]


def test_a_link_from_outside_starts_the_base_and_the_verdict_says_so(newest, tmp_path):
    environment = make_environment(newest, tmp_path / "env")
    (tmp_path / "tool").symlink_to(environment / "bin" / "python")
    assert Path(facts_of(tmp_path / "tool")["prefix"]) != environment
    assert f"Call {environment}/bin/python itself." in explained(tmp_path / "tool")["verdict"]
    (tmp_path / "linked").symlink_to(environment)
    assert Path(facts_of(tmp_path / "linked" / "bin" / "python")["prefix"]).samefile(environment)
    assert "itself" not in explained(tmp_path / "linked" / "bin" / "python")["verdict"]


def test_a_script_is_no_interpreter(newest, tmp_path):
    environment = make_environment(newest, tmp_path / "env")
    for place, words in (
        (tmp_path / "tool", f"It is a script for the Python of the environment {environment}, "),
        (environment / "bin" / "tool", f"It is a script in the environment {environment}, "),
    ):
        place.write_text(f"#!{environment}/bin/python\n")
        assert explained(place)["verdict"].startswith(words)
    (tmp_path / "none").write_text("#!/usr/bin/env no-such-python\n")
    verdict = "It is a script for no-such-python, which is not on PATH."
    assert explained(tmp_path / "none", code=1)["verdict"] == verdict


def test_a_circle_is_told_once(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert run(tmp_path / "a").stdout.splitlines()[3:] == [
        "└─ link b → a",
        f"   {tmp_path}/a  (the links run in a circle)",
        "",
        f"It leads nowhere: its links run in a circle at {tmp_path}/a.",
    ]


def test_a_bare_name_is_what_a_shell_would_start(newest, tmp_path):
    search = str(newest.path.parent)
    assert explained(newest.path.name, cwd=tmp_path, PATH=search)["path"] == str(newest.path)
    (tmp_path / newest.path.name).write_text("a file\nof text\n")
    here = explained(newest.path.name, cwd=tmp_path, PATH=search)
    assert here["path"] == str(tmp_path / newest.path.name)


def test_an_empty_path_is_a_wrong_call():
    done = run("")
    assert (done.returncode, done.stdout) == (2, "")


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


def test_a_tree_in_signs_that_every_terminal_has(newest, tmp_path):
    (tmp_path / "python").symlink_to(newest.path)
    command = [sys.executable, LAUNCH, "explain", tmp_path / "python"]  # -I would ignore the encoding
    said = subprocess.check_output(command, env={**os.environ, "PYTHONIOENCODING": "cp1252"}).decode("ascii")
    assert f"\n|- link python -> {newest.path}  (" in said
    assert f"\n`- CPython {newest.version}" in said


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


def test_a_relative_link_to_an_environment_leads_to_its_base(newest, tmp_path):
    make_environment(newest, tmp_path / "app" / ".venv")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / ".venv").symlink_to("../app/.venv")
    answer = explained(tmp_path / "other" / ".venv")
    assert (answer["real"], answer["version"]) == (str(newest.path.resolve()), newest.version)


def test_a_path_of_another_system_stands_as_it_is_written(tmp_path):
    (tmp_path / "python").symlink_to("C:\\Python312\\python.exe")
    answer = explained(tmp_path / "python", code=1)
    assert (answer["hops"][0]["to"], answer["real"]) == ("C:\\Python312\\python.exe",) * 2


def test_a_circle_is_shown_once(tmp_path):
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    assert [hop["says"] for hop in explained(tmp_path / "one", code=1)["hops"]] == ["two", "one"]


def in_shell(line, cwd, **variables):
    """The answer to a line of sh, which calls the command by `"$@"`; pyenv, if it is here, says nothing."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYENV_")}
    done = subprocess.run(
        ["sh", "-c", line, "sh", sys.executable, "-I", str(LAUNCH), "explain"],
        cwd=cwd,
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def test_a_folder_that_was_entered_by_a_link_keeps_its_name(floating, tmp_path):
    link = floating.parent.parent
    answer = in_shell('cd "$FOLDER" && "$@" bin/python --format json', tmp_path, FOLDER=str(link))
    assert answer["path"] == str(link / "bin" / "python")
    assert answer["hops"][0]["via"] == str(link)
    inner = in_shell('cd "$FOLDER"/bin && "$@" ../bin/python --format json', tmp_path, FOLDER=str(link))
    assert inner["real"] == answer["real"]


def test_a_shim_is_called_in_the_folder_that_the_shell_names(tmp_path):
    """pyenv looks upward from $PWD."""
    for folder in ("pyenv/versions/3.12/bin", "pyenv/shims", "named", "real/project"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("versions/3.12/bin/python", "shims/python"):
        (tmp_path / "pyenv" / name).write_text("#!/bin/sh\nexec pyenv exec\n")
        (tmp_path / "pyenv" / name).chmod(0o755)
    (tmp_path / "named" / "project").symlink_to(tmp_path / "real" / "project")
    (tmp_path / "named" / ".python-version").write_text("3.12\n")
    shim = tmp_path / "pyenv" / "shims" / "python"
    answer = in_shell(f'cd named/project && "$@" {shim} --format json', tmp_path)
    assert answer["hops"][0]["via"] == str(tmp_path / "named" / ".python-version")


def test_a_name_of_the_folder_that_is_not_its_own_is_not_believed(newest, tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "python").symlink_to(newest.path)
    for named in ("/", str(tmp_path), f"{tmp_path}/here/../here", "here", "/gone", "\0"[:0], "x" * 5000):
        answer = explained("python", cwd=tmp_path / "here", PWD=named)
        assert answer["path"] == str(tmp_path / "here" / "python")


def test_in_a_folder_that_was_deleted_other_paths_are_explained(newest, tmp_path):
    (tmp_path / "gone").mkdir()
    answer = in_shell(f'cd gone && rmdir ../gone && "$@" {newest.path} --format json', tmp_path)
    assert answer["real"] == str(newest.path.resolve())
    done = subprocess.run(
        f"mkdir gone && cd gone && rmdir ../gone && unset PWD && {sys.executable} -I {LAUNCH} explain x",
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (
        1,
        "holdfast explain: The folder in which you are is gone. Go to another one.\n",
    )


def test_the_root_is_no_installation():
    assert explained("/")["verdict"] == "It is a folder, neither an environment nor a Python installation."


@pytest.mark.parametrize(
    "name", ["\x1b[8mhidden", "\x1b[1;31mred", "\x9b8m", "\u202etxt.exe", "\u2066x", "\x07"]
)
def test_a_terminal_obeys_no_name(tmp_path, name):
    (tmp_path / name).mkdir()
    done = subprocess.run(
        ["script", "-qec", f'{sys.executable} -I {LAUNCH} explain "$NAME"', "/dev/null"],
        capture_output=True,
        text=True,
        env={**os.environ, "TERM": "xterm", "NAME": str(tmp_path / name)},
        stdin=subprocess.DEVNULL,
    )
    assert ascii(name)[1:-1] in done.stdout
    assert name not in done.stdout


def test_no_colour_where_the_terminal_knows_none(newest):
    done = subprocess.run(
        ["script", "-qec", f"{sys.executable} -I {LAUNCH} explain {newest.path}", "/dev/null"],
        capture_output=True,
        env={key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "dumb"},
        stdin=subprocess.DEVNULL,
    )
    assert b"CPython" in done.stdout
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("kind", ["itself", "inside", "link", "script", "on PATH"])
def test_what_is_on_a_dead_mount_is_told(dead_mount, tmp_path, kind):
    (tmp_path / "link").symlink_to(dead_mount / "bin" / "python3")
    (tmp_path / "script").write_text(f"#!{dead_mount}/bin/python3\n")
    path = {"itself": dead_mount, "inside": dead_mount / "bin" / "python3", "on PATH": "python3"}.get(
        kind, tmp_path / kind
    )
    start = time.perf_counter()
    answer = explained(path, code=1, cwd=tmp_path, PATH=f"{dead_mount}/bin")
    assert time.perf_counter() - start < 4
    if kind != "on PATH":
        assert f"{dead_mount} is a disk or share that does not answer" in answer["verdict"]
        assert [hop["state"] for hop in answer["hops"]] == ["silent"] * (kind in ("link", "script"))
