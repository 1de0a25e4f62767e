"""`holdfast find`: what a person reads, and the JSON."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pythons import copied_prefix, make_environment

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"


@pytest.fixture
def machine(tmp_path):
    """The variables of a person who has one home, and only what a test puts on PATH."""
    (tmp_path / "home").mkdir()
    (tmp_path / "work").mkdir()

    def run(*arguments, path=(), **variables):
        return subprocess.run(
            [sys.executable, "-I", str(LAUNCH), "find", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path / "work",
            env={"HOME": str(tmp_path / "home"), "PATH": ":".join(map(str, path)), **variables},
            timeout=60,
        )

    return run


def answer(done, code=0) -> dict:
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_the_contract(machine, copied, tmp_path):
    (copied.prefix.parent / copied.series).symlink_to(copied.prefix.name)
    make_environment(copied, tmp_path / "work" / ".venv")
    found = answer(machine("--format", "json", path=[copied.path.parent]))
    (one,) = [one for one in found["interpreters"] if one["source"] == "PATH"]
    stable = str(copied.prefix.parent / copied.series / "bin" / copied.tag)
    assert (one["path"], one["real"], one["state"], one["error"]) == (
        str(copied.path),
        str(copied.path),
        "ok",
        None,
    )
    assert (one["stable"], one["aliases"][0], one["version"]) == (stable, stable, copied.version)
    assert {str(copied.path.parent / name) for name in ("python", "python3")} < set(one["aliases"])
    assert one["architecture"] == os.uname().machine
    assert "patch" in one["reason"]
    (environment,) = found["environments"]
    assert environment == {
        "path": str(tmp_path / "work" / ".venv"),
        "interpreter": str(tmp_path / "work" / ".venv" / "bin" / "python"),
        "version": copied.version,
        "base": stable,
        "kind": "stdlib",
        "source": "here",
        "state": "healthy",
        "error": None,
    }


def test_environments_that_other_tools_keep_are_listed_wherever_they_are(machine, newest, tmp_path):
    home = tmp_path / "home"
    places = {
        "poetry": home / ".cache/pypoetry/virtualenvs/app-py3",
        "virtualenvwrapper": home / ".virtualenvs/work",
        "pipx": home / ".local/share/pipx/venvs/black",
    }
    for place in places.values():
        place.parent.mkdir(parents=True)
        make_environment(newest, place)
    found = answer(machine("--environments", "--format", "json"))
    assert {one["path"]: one["state"] for one in found["environments"]} == {
        str(place): "healthy" for place in places.values()
    }
    assert {one["source"] for one in found["environments"]} >= {"poetry", "pipx"}
    assert found["interpreters"] == []


def test_an_environment_of_conda_is_its_own_base(machine, newest, tmp_path):
    prefix = tmp_path / "home" / "miniforge3" / "envs" / "science"
    prefix.parent.mkdir(parents=True)
    base = copied_prefix(newest, prefix)
    (prefix / "conda-meta").mkdir()
    (prefix / "conda-meta" / "history").touch()
    found = answer(machine("--format", "json"))
    (environment,) = [one for one in found["environments"] if one["kind"] == "conda"]
    assert (environment["path"], environment["state"]) == (str(prefix), "healthy")
    assert environment["version"] == newest.version
    (one,) = [one for one in found["interpreters"] if one["source"] == "conda"]
    assert one["real"] == str(base.path)


def test_what_is_broken_is_listed_with_its_reason(machine, tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "python3.9").symlink_to("/gone/bin/python3.9")
    (folder / "python3").symlink_to("python3")
    (folder / "python").write_text("#!/bin/sh\n")
    (folder / "python").chmod(0o755)
    found = answer(machine("--format", "json", path=[folder]))
    told = {
        Path(one["path"]).name: (one["state"], one["error"])
        for one in found["interpreters"]
        if folder == Path(one["path"]).parent
    }
    assert told["python3.9"] == ("broken", "/gone does not exist")
    assert told["python3"][0] == "broken"
    assert told["python"][0] == "shim"
    text = machine("--interpreters", path=[folder]).stdout
    assert "/gone does not exist" in text


def test_places_that_cannot_be_looked_into_are_named(machine, tmp_path):
    (tmp_path / "file").touch()
    found = answer(machine("--format", "json", path=[tmp_path / "file", tmp_path / "gone"]))
    assert {(one["path"], one["source"]) for one in found["skipped"]} >= {
        (str(tmp_path / "file"), "PATH"),
        (str(tmp_path / "gone"), "PATH"),
    }
    said = machine("--interpreters", path=[tmp_path / "file", tmp_path / "gone"]).stdout
    assert said.endswith(f"\nCould not be looked into\n  {tmp_path}/file: it is not a folder (PATH)\n")


def test_a_broken_environment_is_listed_with_its_reason(machine, copied, tmp_path):
    make_environment(copied, tmp_path / "work" / ".venv")
    copied.prefix.rename(copied.prefix.with_name("gone"))
    (environment,) = answer(machine("--environments", "--format", "json"))["environments"]
    assert (environment["state"], environment["base"]) == ("broken", None)
    assert f"{copied.prefix}, which no longer exists" in environment["error"]
    first, second = machine("--environments").stdout.splitlines()[1:]
    assert first == f"  broken  Python {copied.version}  .venv  (venv)"
    assert second.strip() == environment["error"]


def test_by_request(machine, copied):
    series = copied.series
    done = machine(series, "--interpreters", "--format", "json", path=[copied.path.parent])
    assert {one["version"].rpartition(".")[0] for one in answer(done)["interpreters"]} == {series}
    done = machine(f"=={copied.version}", "--interpreters", path=[copied.path.parent])
    assert (done.returncode, str(copied.path) in done.stdout) == (0, True)


def test_what_nobody_has(machine):
    done = machine("3.99")
    assert (done.returncode, done.stdout) == (1, "No interpreter fits “3.99”.\n")
    assert answer(machine("3.99", "--format", "json"), code=1)["interpreters"] == []
    assert machine("--environments", "3.99").returncode == 1


def test_only_what_was_asked_for(machine, newest, tmp_path):
    make_environment(newest, tmp_path / "work" / "env")
    environments = machine("--environments", newest.series).stdout
    assert environments.splitlines() == [
        "Environments",
        f"  healthy  CPython {newest.version}  env  (venv)",
    ]
    interpreters = machine("--interpreters", path=[newest.path.parent]).stdout
    assert "healthy" not in interpreters
    assert f"CPython {newest.version}" in interpreters


def test_one_line_for_all_shims_of_a_manager(machine, tmp_path):
    shims = tmp_path / "home" / ".pyenv" / "shims"
    shims.mkdir(parents=True)
    for name in ("python", "python3", "python3.12"):
        (shims / name).write_text("#!/usr/bin/env bash\nexec pyenv exec\n")
        (shims / name).chmod(0o755)
    text = machine("--interpreters", path=[shims]).stdout
    assert [line for line in text.splitlines() if "shim" in line] == [
        "  ~/.pyenv/shims/python and 2 more: it is a pyenv shim"
    ]


def test_what_had_to_be_read_or_asked_is_remembered(machine, newest, tmp_path):
    """A copy of an executable that finds its library by nothing but its bytes."""
    (tmp_path / "alone").mkdir()
    shutil.copy2(newest.path.resolve(), tmp_path / "alone" / "python3")
    cache = tmp_path / "home" / ".cache" / "holdfast" / "interpreters.json"
    first = answer(machine("--interpreters", "--format", "json", path=[tmp_path / "alone"]))
    again = answer(machine("--interpreters", "--format", "json", path=[tmp_path / "alone"]))
    assert first == again
    (one,) = [one for one in first["interpreters"] if one["source"] == "PATH"]
    assert (one["state"], one["version"]) == ("ok", newest.version)
    assert cache.exists()
    cache.write_bytes(b"\xff junk")
    assert answer(machine("--interpreters", "--format", "json", path=[tmp_path / "alone"])) == first


def test_nothing_below_the_working_folder_is_started(machine, tmp_path):
    program = tmp_path / "work" / "python3"
    shutil.copy2("/bin/true", program)
    trap = tmp_path / "work" / "trap" / "python3"
    trap.parent.mkdir()
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-started\n")
    trap.chmod(0o755)
    found = answer(machine("--interpreters", "--format", "json", path=[program.parent, trap.parent]))
    assert {one["state"] for one in found["interpreters"] if one["source"] == "PATH"} == {"broken", "shim"}
    assert not (tmp_path / "was-started").exists()


def test_an_environment_under_two_names_is_listed_once(machine, newest, tmp_path):
    make_environment(newest, tmp_path / "work" / "app" / ".venv")
    (tmp_path / "work" / "other").mkdir()
    (tmp_path / "work" / "other" / ".venv").symlink_to("../app/.venv")
    (environment,) = answer(machine("--environments", "--format", "json"))["environments"]
    assert (environment["state"], environment["base"] is None) == ("healthy", False)


def test_nothing_of_the_project_around_the_working_folder_is_started(machine, newest, tmp_path):
    """A copy of an executable of which only a start can tell that it is a Python: it would be believed."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "tools").mkdir()
    shutil.copy2(newest.path.resolve(), tmp_path / "tools" / "python3")
    found = answer(machine("--interpreters", "--format", "json", path=[tmp_path / "tools"]))
    (one,) = [one for one in found["interpreters"] if one["path"] == str(tmp_path / "tools" / "python3")]
    assert (one["state"], one["version"]) == ("broken", None)


def test_nothing_to_which_an_environment_leads_is_started(machine, newest, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    program = shutil.copy2(newest.path.resolve(), tmp_path / "elsewhere" / "python3")
    environment = tmp_path / "work" / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(program)
    (environment / "pyvenv.cfg").write_text(f"home = {tmp_path}/elsewhere\nversion = {newest.version}\n")
    (found,) = answer(machine("--environments", "--format", "json"))["environments"]
    assert (found["path"], found["base"]) == (str(environment), None)


def test_what_was_asked_by_two_names_is_not_started_again(machine, newest, tmp_path):
    (tmp_path / "alone" / "bin").mkdir(parents=True)
    shutil.copy2(newest.path.resolve(), tmp_path / "alone" / "python3")
    (tmp_path / "alone" / "bin" / "python3").symlink_to("../python3")
    path = [tmp_path / "alone" / "bin", tmp_path / "alone"]
    cache = tmp_path / "home" / ".cache" / "holdfast" / "interpreters.json"
    first = answer(machine("--interpreters", "--format", "json", path=path))
    before = cache.stat()
    assert answer(machine("--interpreters", "--format", "json", path=path)) == first
    after = cache.stat()  # reading it may change when it was read last, and nothing else
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_environment_whose_base_is_on_a_dead_mount_is_listed(machine, dead_mount, newest, tmp_path):
    environment = make_environment(newest, tmp_path / "work" / "env")
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").symlink_to(dead_mount / "bin" / "python3")
    other = make_environment(newest, tmp_path / "work" / "other")
    (other / "pyvenv.cfg").write_text(f"home = {dead_mount}/bin\nversion = {newest.version}\n")
    start = time.perf_counter()
    found = answer(machine("--environments", "--format", "json", path=[dead_mount / "bin"]))
    text = machine("--environments", path=[dead_mount / "bin"]).stdout
    assert time.perf_counter() - start < 8
    assert {one["path"]: one["state"] for one in found["environments"]} == {
        str(environment): "broken",
        str(other): "broken",
    }
    assert f"{dead_mount}, a disk or share that does not answer" in text


def test_a_home_that_is_not_absolute_is_none(machine, newest, tmp_path):
    (tmp_path / "alone").mkdir()
    shutil.copy2(newest.path.resolve(), tmp_path / "alone" / "python3")  # worth remembering
    done = machine("--interpreters", path=[tmp_path / "alone"], HOME="relative")
    assert (done.returncode, done.stderr) == (0, "")
    assert newest.version in done.stdout
    assert os.listdir(tmp_path / "work") == []
