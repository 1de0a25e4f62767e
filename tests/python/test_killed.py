"""Creations that are killed, or meet another: whole or absent, old or new, and the next run tidies up."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from created import Content, content_of, leftovers, make, next_run
from pythons import INSTALLED, works

pytestmark = pytest.mark.on_disk

HOLDFAST = (sys.executable, "-I", str(Path(__file__).parents[2] / "server" / "launch.py"))
ROUNDS = {"new": 70, "exchange": 70, "exfat": 50, "renames": 50}
"""How often it is killed: what makes a new one, and what replaces one, in one step or in two."""

Attempt = Callable[[], int]
"""Starts a creation; its process."""


def call(destination: Path, *options: str) -> list:
    return [*HOLDFAST, "create", destination, "--python", INSTALLED[0].path, "--alias", *options]


def started(command: list) -> int:
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    return os.posix_spawn(command[0], [os.fspath(word) for word in command], os.environ, file_actions=nowhere)


def duration_of(attempt: Attempt) -> float:
    start = time.monotonic()
    _, status = os.waitpid(attempt(), 0)
    assert status == 0
    return time.monotonic() - start


def is_killed(attempt: Attempt, delay: float) -> bool:
    """Kill a creation after so many seconds; whether it had not come to its end yet."""
    process = attempt()
    time.sleep(delay)
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status)


@pytest.fixture
def moments() -> random.Random:
    """For when to kill. The seed is shown where a test fails."""
    seed = random.SystemRandom().randrange(1 << 32)
    sys.stdout.write(f"seed {seed}\n")
    return random.Random(seed)


def test_a_new_one_is_whole_or_absent_whenever_its_program_is_killed(tmp_path, newest, moments):
    destination = tmp_path / "project" / ".venv"
    (tmp_path / "project").mkdir()

    def attempt() -> int:
        return started(call(destination))

    duration_of(attempt)  # fills the cache
    shutil.rmtree(destination)
    took = duration_of(attempt)
    whole = content_of(destination)
    assert works(destination)
    for _ in range(ROUNDS["new"]):
        shutil.rmtree(destination, ignore_errors=True)
        killed = is_killed(attempt, moments.uniform(0, took))
        found = content_of(destination)
        assert found == whole or (killed and found is None)
        next_run(destination)
        assert leftovers(destination.parent) == []
        assert content_of(destination) == found
    shutil.rmtree(destination, ignore_errors=True)
    duration_of(attempt)
    assert content_of(destination) == whole
    assert works(destination)


def replaced_again_and_again(
    destination: Path, attempts: dict[str, Attempt], rounds: int, moments
) -> Counter:
    """Kill what replaces an environment by another and back, and see after each time that it is one of them.

    `attempts`: what makes the one and what makes the other.
    """
    contents: dict[str, Content | None] = {}
    for name, attempt in (*attempts.items(), *attempts.items()):
        took = duration_of(attempt)
        contents[name] = content_of(destination)
    seen: Counter = Counter()
    now = name
    for _ in range(rounds):
        wanted = next(name for name in attempts if name != now)
        killed = is_killed(attempts[wanted], moments.uniform(0, took))
        found = content_of(destination)
        assert found is None or found in contents.values()
        next_run(destination)
        assert leftovers(destination.parent) == []
        before, now = now, next(name for name in attempts if content_of(destination) == contents[name])
        assert killed or now == wanted
        assert found in (None, contents[now])
        seen["a gap" if found is None else "old" if now == before else "new"] += 1
    return seen


def test_a_replaced_one_is_old_or_new_whenever_its_program_is_killed(tmp_path, newest, moments):
    destination = tmp_path / ".venv"
    make(newest.path, destination, pip=False)
    attempts = {
        name: lambda name=name: started(call(destination, "--replace", "--prompt", name))
        for name in ("one", "two")
    }
    seen = replaced_again_and_again(destination, attempts, ROUNDS["exchange"], moments)
    assert works(destination)
    assert seen["a gap"] == 0


def test_without_an_exchange_the_next_run_restores_it(exfat, newest, moments):
    destination = exfat / ".venv"
    make(newest.path, destination, pip=False)
    attempts = {
        name: lambda name=name: started(call(destination, "--replace", "--no-pip", "--prompt", name))
        for name in ("one", "two")
    }
    replaced_again_and_again(destination, attempts, ROUNDS["exfat"], moments)
    assert works(destination)


def test_by_two_renames_the_next_run_restores_it(tmp_path, newest, moments, monkeypatch):
    monkeypatch.setattr("holdfast.creation.moving.exchange", lambda *_: False)
    destination = tmp_path / ".venv"
    make(newest.path, destination, pip=False)

    def attempt(prompt: str) -> int:
        process = os.fork()
        if process == 0:
            try:
                make(newest.path, destination, prompt=prompt, replace=True, pip=False)
                os._exit(0)
            finally:
                os._exit(1)
        return process

    attempts = {name: lambda name=name: attempt(name) for name in ("one", "two")}
    replaced_again_and_again(destination, attempts, ROUNDS["renames"], moments)
    assert works(destination)


# Two at once


@pytest.mark.parametrize("option", ["--no-alias", "--replace"])
def test_of_two_at_once_one_wins_and_the_other_says_so(tmp_path, newest, option):
    destination = tmp_path / "project" / ".venv"
    if option == "--replace":
        make(newest.path, destination, pip=False)
    for _ in range(6):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        both = [subprocess.Popen(call(destination, option), **pipes) for _ in range(2)]
        said = [process.communicate(timeout=120) for process in both]
        for process, (output, errors) in zip(both, said, strict=True):
            if process.returncode == 0:
                assert output.startswith(f"Created {destination}\n")
            else:
                assert process.returncode == 1
                assert re.fullmatch(
                    f"holdfast create: {re.escape(str(destination))} is "
                    r"(being made by another program right now\. Wait until it is done"
                    r"|an environment already\. Choose another name, or replace it \(--replace\))\.\n",
                    errors,
                )
        won = [process.returncode for process in both].count(0)
        assert won == 1 or (won == 2 and option == "--replace")
        assert works(destination)
        assert os.listdir(destination.parent) == [".venv"]
        if option != "--replace":
            shutil.rmtree(destination.parent)


def test_one_that_comes_in_the_middle_of_another_says_so_at_once(tmp_path, copied):
    (copied.prefix / "lib" / copied.tag / "sitecustomize.py").unlink(missing_ok=True)
    (copied.prefix / "lib" / copied.tag / "sitecustomize.py").write_text("import time; time.sleep(2)\n")
    destination = tmp_path / "project" / ".venv"
    command = [*HOLDFAST, "create", destination, "--no-pip", "--python", copied.path]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not leftovers(destination.parent):
        assert first.poll() is None
    second = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert first.poll() is None
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr == (
        f"holdfast create: {destination} is being made by another program right now. Wait until it is done.\n"
    )
    output, errors = first.communicate(timeout=60)
    assert (first.returncode, errors) == (0, "")
    assert output.startswith("Created")
    assert works(destination)
    assert os.listdir(destination.parent) == [".venv"]
