"""Verdicts against the truth: `broken` exactly when the interpreter does not work when it is run."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from holdfast.creation.base import choose_base
from holdfast.creation.create import Request, create
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
from pythons import INSTALLED, SELF_CONTAINED, ask, copied_prefix, make_environment, relocated_prefix, works


def look(environment):
    """What is said about an environment as it is now."""
    return check(environment, Reader(Host.current()))


def by_stdlib(base, path):
    make_environment(base, path)


def by_stdlib_copies(base, path):
    make_environment(base, path, "--copies")


def by_virtualenv(base, path):
    tool(sys.executable, "-m", "virtualenv", "--no-download", "--no-seed", "-p", base.path, path)


def by_uv(base, path):
    uv = os.path.join(os.path.dirname(sys.executable), "uv")
    tool(uv, "venv", "--offline", "--no-config", "--python", base.path, path)


def by_holdfast(base, path):
    create(Request(path, choose_base(str(base.path), Reader(Host.current())), pip=False), Host.current())


def tool(*command):
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=120)


MAKERS = [by_stdlib, by_stdlib_copies, by_virtualenv, by_uv, by_holdfast]


def nothing(base, environment):
    pass


def base_removed(base, environment):
    shutil.rmtree(base.prefix)


def base_upgraded(base, environment):
    base.prefix.rename(base.prefix.with_name(f"{base.series}.99"))


def base_moved_and_linked(base, environment):
    base.prefix.rename(base.prefix.with_name("elsewhere"))
    base.prefix.symlink_to("elsewhere")


def python_removed(base, environment):
    (environment / "bin" / "python").unlink()


def bin_removed(base, environment):
    shutil.rmtree(environment / "bin")


def python_in_a_circle(base, environment):
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").symlink_to("python")


def python_may_not_run(base, environment):
    (environment / "bin" / "python").unlink()
    shutil.copy2(os.path.realpath(base.path), environment / "bin" / "python")
    (environment / "bin" / "python").chmod(0o644)


def home_gone(base, environment):
    config = environment / "pyvenv.cfg"
    lines = config.read_text().splitlines(keepends=True)
    changed = ["home = /gone/bin\n" if line.startswith("home") else line for line in lines]
    config.write_text("".join(changed))


def config_binary(base, environment):
    (environment / "pyvenv.cfg").write_bytes(os.urandom(50) + b"\xff\xfe\n")


def config_a_folder(base, environment):
    (environment / "pyvenv.cfg").unlink()
    (environment / "pyvenv.cfg").mkdir()


def config_in_a_circle(base, environment):
    (environment / "pyvenv.cfg").unlink()
    (environment / "pyvenv.cfg").symlink_to("pyvenv.cfg")


def config_with_comments(base, environment):
    with open(environment / "pyvenv.cfg", "a") as file:
        file.write("\n# a comment\nunknown = ☃\n")


def folder_moved(base, environment):
    environment.rename(environment.with_name("moved"))
    environment.symlink_to("moved")


def rewrite_home(environment, line):
    config = environment / "pyvenv.cfg"
    lines = config.read_bytes().splitlines(keepends=True)
    config.write_bytes(b"".join(line if one.startswith(b"home") else one for one in lines))


def home_absent(base, environment):
    rewrite_home(environment, b"")


def home_relative(base, environment):
    rewrite_home(environment, b"home = somewhere/bin\n")


def home_behind_a_byte_order_mark(base, environment):
    config = environment / "pyvenv.cfg"
    config.write_bytes(b"\xef\xbb\xbf" + config.read_bytes())


def home_a_file(base, environment):
    rewrite_home(environment, b"home = /etc/passwd\n")


def home_below_a_file(base, environment):
    rewrite_home(environment, b"home = /etc/passwd/bin\n")


def home_in_a_circle(base, environment):
    (environment / "circle").symlink_to("circle")
    rewrite_home(environment, b"home = %s\n" % os.fsencode(environment / "circle"))


def home_gone_below_another_installation(base, environment):
    """Below /usr, where Debian's own Python of some version has its library."""
    rewrite_home(environment, b"home = /usr/local/gone/bin\n")


def python_a_folder(base, environment):
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").mkdir()


def python_a_fifo(base, environment):
    (environment / "bin" / "python").unlink()
    os.mkfifo(environment / "bin" / "python", 0o755)


def python_empty(base, environment):
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").touch(0o755)


BREAKAGES = [
    nothing,
    home_absent,
    home_relative,
    home_behind_a_byte_order_mark,
    home_a_file,
    home_below_a_file,
    home_in_a_circle,
    home_gone_below_another_installation,
    python_a_folder,
    python_a_fifo,
    python_empty,
    base_removed,
    base_upgraded,
    base_moved_and_linked,
    python_removed,
    bin_removed,
    python_in_a_circle,
    python_may_not_run,
    home_gone,
    config_binary,
    config_a_folder,
    config_in_a_circle,
    config_with_comments,
    folder_moved,
]
BREAKS_THE_BASE = {base_removed, base_upgraded, base_moved_and_linked}
HARMLESS = {nothing, config_with_comments, base_moved_and_linked, folder_moved}
MAY_BE_HARMLESS = {home_absent, home_behind_a_byte_order_mark}
"""It depends on who made the environment, how, and on the version."""
BASES = {"built": copied_prefix, "relocated": relocated_prefix}
SHORT = [nothing, base_removed, base_upgraded, base_moved_and_linked, python_removed, home_gone]
CASES = [
    (maker, kind, python)
    for python in INSTALLED
    for kind in BASES
    for maker in MAKERS
    if kind == "built" or python in SELF_CONTAINED
    # The makers from PyPI know the newest Pythons best.
    if maker not in (by_virtualenv, by_uv) or python == INSTALLED[0]
    # A copied executable of a relocated build is dead from the start, see below: seeing it once is enough.
    if (maker, kind) != (by_stdlib_copies, "relocated") or python == SELF_CONTAINED[0]
]


@pytest.mark.parametrize(
    ("maker", "kind", "python"),
    CASES,
    ids=[f"{maker.__name__}-{kind}-{python}" for maker, kind, python in CASES],
)
def test_the_verdict_is_what_happens(tmp_path, maker, kind, python):
    base = BASES[kind](python, tmp_path / "versions" / f"{python.series}.0")
    breakages = BREAKAGES if maker in (by_stdlib, by_stdlib_copies) else SHORT
    if python not in SELF_CONTAINED:
        # A copy of the system's Python meets the library of its own build there, and works by accident.
        breakages = [one for one in breakages if one is not home_gone_below_another_installation]
    with ThreadPoolExecutor(max_workers=2) as pool:
        asked = [pool.submit(hold_verdict, tmp_path, maker, kind, base, one) for one in breakages]
    for answer in asked:
        answer.result()


def hold_verdict(tmp_path, maker, kind, base, breakage):
    if breakage in BREAKS_THE_BASE:
        base = copied_prefix(base, tmp_path / breakage.__name__ / base.prefix.name)
    environment = tmp_path / breakage.__name__ / "env"
    maker(base, environment)
    if not works(environment):
        # Both make a dead environment of a relocated build: uv records the wrong `home` of one that it
        # does not know, and a copied executable finds no libpython by its `$ORIGIN/../lib`.
        assert (maker, kind) in ((by_uv, "relocated"), (by_stdlib_copies, "relocated"))
        return
    breakage(base, environment)
    verdict = look(environment)
    assert (verdict.state != "broken") == works(environment), (
        f"{breakage.__name__}: {verdict.state}, {verdict.problems}"
    )
    if breakage not in MAY_BE_HARMLESS:
        assert (verdict.problems == ()) == (breakage in HARMLESS), breakage.__name__
    for problem in verdict.problems:
        assert is_regular_file(problem.file), breakage.__name__
        assert problem.message.endswith(".")


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
    base_upgraded(copied, environment)
    (problem,) = look(environment).problems
    line = (environment / "pyvenv.cfg").read_text().splitlines()[problem.span.line]
    assert line[problem.span.start : problem.span.end] == str(copied.prefix / "bin")


def test_the_message_names_what_is_gone_and_what_is_there_instead(copied, tmp_path):
    environment = make_environment(copied, tmp_path / "env")
    base_upgraded(copied, environment)
    (problem,) = look(environment).problems
    assert problem.rule == "interpreter-dangling"
    assert f"{copied.prefix}, which no longer exists" in problem.message
    assert f"({copied.series}.99 is there now)" in problem.message


def test_one_cause_is_one_problem(copied, tmp_path):
    environment = make_environment(copied, tmp_path / "env")
    base_removed(copied, environment)
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
