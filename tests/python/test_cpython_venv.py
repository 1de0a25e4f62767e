"""CPython's own tests of `venv`, with Holdfast in the place of what makes environments there.

What its users rely on holds of Holdfast's environments, too, but for what is listed here and in
tests/README.md.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from pythons import INSTALLED, Python
from shells import PATH

TESTS = Path(__file__).parents[1]
ADAPTER = TESTS / "python" / "venv_adapter"
HOLDFAST = (sys.executable, "-I", str(TESTS.parent / "server" / "launch.py"))


@dataclass(frozen=True)
class Deviation:
    """A test of CPython that fails on purpose."""

    reason: str
    complaint: str
    """A pattern that is found in whatever it says: it must fail for this reason and no other."""
    since: tuple[int, int] = (3, 6)
    """The first Python whose tests ask for this."""


COMMAND = Deviation(
    "`command` in pyvenv.cfg says what made the environment, which is `holdfast create DIR`: "
    "there is no `python -m venv` and none of its options to be named.",
    r"'command = |command = \.\* |Holdfast has no option for that|holdfast repair: ",
)
IGNORED = Deviation(
    "`.gitignore` is always written: an environment holds the paths of one machine, and no repository "
    "should hold it.",
    "FileNotFoundError not raised",
)

DEVIATIONS = {
    "BasicTest.test_cli_without_scm_ignore_files": IGNORED,
    "BasicTest.test_config_file_command_key": COMMAND,
    "BasicTest.test_create_scm_ignore_files_empty": IGNORED,
    "BasicTest.test_create_scm_ignore_files_multiple": Deviation(
        "`.gitignore` is the only one that Holdfast knows; others come from a subclass of `EnvBuilder`, and "
        "classes are venv's interface, not Holdfast's.",
        "Holdfast has no option for that",
    ),
    "BasicTest.test_defaults_with_pathlib_path": COMMAND,
    "BasicTest.test_defaults_with_pathlike": COMMAND,
    "BasicTest.test_defaults_with_str_path": COMMAND,
    "BasicTest.test_overwrite_existing": Deviation(
        "An environment is made where nothing is, or in the place of what is proved to be one. Holdfast does "
        "not write among files of others, as venv does, and does not delete them, as `--clear` does.",
        "exists and is not empty",
    ),
    "BasicTest.test_prompt": Deviation(
        "`prompt` in pyvenv.cfg is the text as it was given. venv writes it as a Python literal, with quotes "
        "for which that file has no rule.",
        "\"prompt = 'My prompt'\\\\n\" not found",
        since=(3, 8),
    ),
}

ASIDE = {
    "BasicTest.test_prompt": "Up to 3.7 it asks the builder and makes nothing.",
    "BasicTest.test_upgrade_dependencies": "It asks which command of pip a builder would run.",
    "BasicTest.test_venv_same_path": "It compares paths by a private function of venv.",
    "EnsurePipTest.test_devnull": "It reads the null device.",
}
"""Tests that pass without Holdfast, and so say nothing of it, each with what it does instead."""


def suite_of(python: Python) -> Path:
    return python.prefix / "lib" / python.tag / "test" / "test_venv.py"


@pytest.fixture
def shipped(python) -> Python:
    """Each installed CPython that brings its tests, in turn."""
    if not suite_of(python).exists():
        pytest.skip(f"{python} has no test.test_venv (Debian: lib{python.tag}-testsuite)")
    return python


def run_suite(python: Python, command: tuple[str, ...]) -> tuple[list[dict], list[str]]:
    """What became of each of CPython's tests, and the names of what is left where they worked.

    `command` stands for Holdfast.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("venv", "home", "work"):
            (folder / part).mkdir()
        (folder / "venv" / "__init__.py").symlink_to(ADAPTER / "adapter.py")
        (folder / "holdfast.json").write_text(json.dumps(command))
        (folder / "calls").touch()
        done = subprocess.run(
            [python.path, "-I", ADAPTER / "runner.py", folder],
            cwd=folder / "home",
            env={
                "PATH": PATH,
                "LC_ALL": "C.UTF-8",
                "HOME": str(folder / "home"),
                "TMPDIR": str(folder / "work"),
                "XDG_CACHE_HOME": os.environ[
                    "XDG_CACHE_HOME"
                ],  # that of the run: pip is compiled there already
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return json.loads((folder / "outcomes.json").read_text()), os.listdir(folder / "work")


def kind_of(test: dict) -> str:
    """What a test turned out to be."""
    passed = "holds" if test["calls"] else "aside"
    return {"passed": passed, "failed": "deviates", "skipped": "skipped"}[test["outcome"]]


def expected_kind(test: dict, python: Python) -> str:
    """What it has to be, unless it is skipped."""
    series = tuple(int(part) for part in python.series.split("."))
    deviation = DEVIATIONS.get(test["name"])
    if deviation and series >= deviation.since:
        return "deviates"
    return "aside" if test["name"] in ASIDE else "holds"


def has_another_reason(test: dict) -> bool:
    """Whether a test that fails on purpose says anything else than what it is to say."""
    complaint = DEVIATIONS[test["name"]].complaint
    return not all(re.search(complaint, said) for said in test["said"])


def test_what_users_of_venv_rely_on_holds(shipped, record_property):
    tests, left = run_suite(shipped, HOLDFAST)
    counts = Counter(kind_of(test) for test in tests)
    score = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
    record_property("score", score)
    print(f"{shipped}: {score}")  # noqa: T201 - pytest shows it where it is asked to (-rP)
    for test in tests:
        kind, said = kind_of(test), "\n".join(test["said"])
        if kind == "skipped":
            record_property(test["name"], said)
            continue
        expected = expected_kind(test, shipped)
        assert kind == expected, f"{test['name']}: {kind}, not {expected}\n{said}"
        assert kind != "deviates" or not has_another_reason(test), f"{test['name']}\n{said}"
    assert left == []
    assert counts["holds"] > 10
    assert counts["holds"] > 2 * counts["deviates"]


def test_a_creator_that_makes_nothing_holds_nothing():
    shipping = next((python for python in INSTALLED if suite_of(python).exists()), None)
    if shipping is None:
        pytest.skip("no installed CPython brings its tests")
    tests, _ = run_suite(shipping, (sys.executable, "-I", "-c", "pass"))
    assert Counter(kind_of(test) for test in tests)["deviates"] > 10
    holding = {test["name"] for test in tests if kind_of(test) == "holds"}
    assert holding <= set(DEVIATIONS)  # one of them wants a file not to be there


def test_every_listed_test_exists_in_some_version():
    texts = [suite_of(python).read_text() for python in INSTALLED if suite_of(python).exists()]
    if not texts:
        pytest.skip("no installed CPython brings its tests")
    for name in (*DEVIATIONS, *ASIDE):
        method = name.rpartition(".")[2]
        assert any(f"def {method}(" in text for text in texts), name


def test_the_readme_lists_the_same():
    _, _, section = (TESTS / "README.md").read_text().partition("\n## CPython's own tests of venv\n")
    listed = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("- ")]
    deviations = []
    for name, deviation in DEVIATIONS.items():
        since = "" if deviation.since == (3, 6) else " (from {}.{} on)".format(*deviation.since)
        deviations.append(f"- `{name}`{since}: {deviation.reason}")
    assert listed == deviations + [f"- `{name}`: {what}" for name, what in ASIDE.items()]
