"""What is said of environments. That it is true, test_truth_table.py holds."""

import os
import shutil
import subprocess
import time

import pytest

from holdfast.environments.base import true_base
from holdfast.environments.environment import describe_environment
from holdfast.files.reading import is_regular_file
from holdfast.health.check import check
from holdfast.health.pages import rule_page
from holdfast.health.rules import RULES
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.repair.machine import Machine
from holdfast.repair.survey import survey
from pythons import ask, make_environment, works


def look(environment):
    """What is said about an environment as it is now."""
    return check(environment, Reader(Host.current()))


def base_removed(base):
    shutil.rmtree(base.prefix)


def base_upgraded(base):
    base.prefix.rename(base.prefix.with_name(f"{base.series}.99"))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_its_page(rule):
    page = rule_page(rule)
    assert page is not None
    text = page.read_text()
    assert text.startswith(f"# {rule}\n")
    for heading in ("## How it comes about", "## How Holdfast mends it", "## How to silence it"):
        assert heading in text


def test_the_problem_stands_on_the_value_of_home(copied, tmp_path):
    environment = make_environment(copied, tmp_path / "env")
    base_upgraded(copied)
    (problem,) = look(environment).problems
    line = (environment / "pyvenv.cfg").read_text().splitlines()[problem.span.line]
    assert line[problem.span.start : problem.span.end] == str(copied.prefix / "bin")


def test_the_message_names_what_is_gone_and_what_is_there_instead(copied, tmp_path):
    environment = make_environment(copied, tmp_path / "env")
    base_upgraded(copied)
    (problem,) = look(environment).problems
    assert problem.rule == "interpreter-dangling"
    assert f"{copied.prefix}, which no longer exists" in problem.message
    assert f"({copied.series}.99 is there now)" in problem.message


def test_a_link_to_what_is_there_instead_is_not_named_beside_it(copied, tmp_path):
    """pyenv and uv keep one such as `3.12` beside the versions."""
    environment = make_environment(copied, tmp_path / "env")
    base_upgraded(copied)
    there = f"{copied.series}.99"
    (copied.prefix.parent / copied.series).symlink_to(there)
    (copied.prefix.parent / f"{copied.series}-too").symlink_to(copied.prefix.parent / there)
    (problem,) = look(environment).problems
    assert f"({there} is there now)" in problem.message


def test_one_cause_is_one_problem(copied, tmp_path):
    environment = make_environment(copied, tmp_path / "env")
    base_removed(copied)
    assert [problem.rule for problem in look(environment).problems] == ["interpreter-dangling"]


def test_a_problem_stands_on_a_text_file_where_the_config_is_none(newest, tmp_path):
    environment = make_environment(newest, tmp_path / "env")
    (tmp_path / "pyproject.toml").touch()
    (environment / "pyvenv.cfg").unlink()
    os.mkfifo(environment / "pyvenv.cfg")
    (problem,) = look(environment).problems
    assert problem.rule == "config-malformed"
    assert is_regular_file(problem.file)
    (environment / ".gitignore").unlink(missing_ok=True)
    (environment / "bin" / "activate").unlink()
    (problem,) = look(environment).problems
    assert problem.file == tmp_path / "pyproject.toml"


@pytest.mark.parametrize("size", [32_767, 32_768, 50_000_000])
def test_a_large_config_is_what_each_python_takes_it_for(python, tmp_path, size):
    environment = make_environment(python, tmp_path / "env")
    with open(environment / "pyvenv.cfg", "ab") as file:
        file.write(b"#" * (size - file.tell() - 1) + b"\n")
    verdict = look(environment)
    assert bool(verdict.problems) == (size >= 32_768)
    assert (verdict.state != "broken") == works(environment)


def test_an_environment_of_the_other_system_is_not_taken_for_a_damaged_one(tmp_path):
    environment = tmp_path / "env"
    (environment / "Scripts").mkdir(parents=True)
    (environment / "Scripts" / "python.exe").write_bytes(b"MZ")
    (environment / "pyvenv.cfg").write_text("home = C:\\Python312\nversion = 3.12.1\n")
    verdict = look(environment)
    assert verdict.state == "broken"
    assert "another operating system" in verdict.problems[0].message


def test_a_denied_interpreter_is_denied(as_plain_user, newest):
    environment = as_plain_user / "env"
    (environment / "bin").mkdir(parents=True)
    closed = as_plain_user / "closed"
    closed.mkdir()
    (closed / "python3.12").touch()
    (environment / "bin" / "python").symlink_to(closed / "python3.12")
    (environment / "pyvenv.cfg").write_text(f"home = {closed}\n")
    closed.chmod(0)
    (problem,) = look(environment).problems
    closed.chmod(0o700)
    assert problem.rule == "interpreter-denied"


def test_the_true_base_is_found_through_environments_made_from_environments(python, tmp_path):
    outer = make_environment(python, tmp_path / "outer")
    inner = tmp_path / "inner"
    subprocess.run([outer / "bin" / "python", "-I", "-m", "venv", "--without-pip", inner], check=True)
    base = true_base(describe_environment(inner, Host.current()), Reader(Host.current()))
    said = ask(inner / "bin" / "python", "import sys; print(sys.base_prefix)").stdout.strip()
    assert base.prefix.folder == python.prefix
    assert os.path.samefile(said, python.prefix)


def test_a_verdict_knows_the_version_of_the_base_not_the_stale_one(copied, tmp_path):
    environment = make_environment(copied, tmp_path / "env")
    config = environment / "pyvenv.cfg"
    config.write_text(config.read_text().replace(f"version = {copied.version}", "version = 3.0.0"))
    verdict = look(environment)
    assert str(verdict.version) == copied.version
    assert verdict.base.stable == copied.path


def test_an_environment_that_waits_for_a_dead_mount_is_broken_and_not_repaired(dead_mount, newest, tmp_path):
    linked = make_environment(newest, tmp_path / "linked")
    (linked / "bin" / "python").unlink()
    (linked / "bin" / "python").symlink_to(dead_mount / "bin" / "python3")
    homed = make_environment(newest, tmp_path / "homed")
    (homed / "pyvenv.cfg").write_text(f"home = {dead_mount}/bin\nversion = {newest.version}\n")
    start = time.perf_counter()
    surveyed = survey([linked, homed], Machine(Host.current()))
    assert time.perf_counter() - start < 4
    for one, rule in zip(surveyed, ("interpreter-denied", "home-missing"), strict=True):
        (finding,) = one.findings
        assert (one.verdict.state, finding.problem.rule, finding.fixes) == ("broken", rule, ())
        assert "does not answer" in finding.message
