"""Scripts of environments: what is said of them, and what happens when they are called."""

import os
import shutil
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breakages import folder_copied, folder_moved, python_may_not_run
from downloads import PIP_WHEEL
from holdfast.formats.shebang import script_head
from holdfast.health.check import check
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from machines import link, write
from makers import MAKERS, by_holdfast, by_stdlib
from pythons import make_environment
from test_catalogue import rules, scene_of, text_at, the_only_problem

BODY = "import sys\nprint(sys.prefix)\n"


def put(environment, name, first_line, body=BODY):
    """A script, with a first line of bytes or text, and its line end."""
    head = first_line if isinstance(first_line, bytes) else os.fsencode(first_line)
    return write(environment / "bin" / name, head + b"\n" + body.encode(), 0o755)


def prefix_of(script):
    """The environment, or the installation, in which a script runs; None where it does not."""
    try:
        done = subprocess.run([script], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    except OSError:
        return None
    return done.stdout.rstrip("\n") if done.returncode == 0 else None


@pytest.fixture
def environment(newest, tmp_path):
    return make_environment(newest, tmp_path / "project" / ".venv")


@pytest.fixture
def other(newest, tmp_path):
    return make_environment(newest, tmp_path / "other" / ".venv")


def keep_a_package(environment, tag):
    """So that scripts are no sign of packages that were lost."""
    (environment / "lib" / tag / "site-packages" / "shop").mkdir()


@pytest.fixture(autouse=True)
def package(request, newest):
    for name in ("environment", "other"):
        if name in request.fixturenames:
            keep_a_package(request.getfixturevalue(name), newest.tag)


# Interpreters that are gone


@pytest.mark.parametrize(
    ("head", "named"),
    [
        ("#!/gone/bin/python", "/gone/bin/python"),
        ("#! /gone/bin/python3 -s", "/gone/bin/python3"),
        ("#!/bin/sh\n'''exec' '/gone/bin/python' \"$0\"\n' '''", "/gone/bin/python"),
        ("#!/bin/sh\n'''exec' \"/gone/b b/python\" \"$0\"\n' '''", "/gone/b b/python"),
    ],
)
def test_a_script_whose_interpreter_is_gone_is_an_error(environment, head, named):
    script = put(environment, "tool", head)
    assert prefix_of(script) is None
    problem = the_only_problem(environment)
    assert (problem.rule, problem.severity, problem.fatal) == ("script-interpreter-missing", "error", False)
    assert (problem.file, text_at(problem)) == (script, named)
    assert "/gone does not exist" in problem.message
    assert check(environment, Reader(Host.current())).state == "degraded"


def test_many_scripts_are_counted_in_one_problem(environment):
    for number in range(40):
        put(environment, f"tool{number:02}", f"#!{environment}/{number % 2}/python")
    problem = the_only_problem(environment)
    assert problem.file == environment / "bin" / "tool00"
    assert "(and 39 more: tool02, tool04, tool06, …)" in problem.message
    assert "bin/tool00 names" in problem.message
    assert len(problem.related) == 20
    first = problem.related[0]
    assert (first.file, text_at(first)) == (environment / "bin" / "tool02", f"{environment}/0/python")
    assert first.message == f"names {environment}/0/python"


def test_a_script_that_is_no_text_is_told_and_not_opened(environment):
    script = write(environment / "bin" / "app.pyz", b"#!/gone/bin/python\nPK\3\4\0\0", 0o755)
    assert prefix_of(script) is None
    problem = the_only_problem(environment)
    assert problem.file == environment / "pyvenv.cfg"
    assert problem.message.startswith("bin/app.pyz names /gone/bin/python")
    assert problem.related == ()


def test_a_name_of_the_environments_own_python_that_is_gone_is_told(environment):
    name = environment / "bin" / "python3"
    script = put(environment, "tool", f"#!{name}")
    assert prefix_of(script) == str(environment)
    assert rules(environment) == []
    name.unlink()
    assert prefix_of(script) is None
    assert rules(environment) == [("script-interpreter-missing", "error")]


def test_scripts_that_went_through_an_alias_that_was_removed_are_told(environment):
    alias = link(environment / "Scripts", "bin")
    script = put(environment, "tool", f"#!{environment}/Scripts/python")
    assert prefix_of(script) == str(environment)
    assert rules(environment) == []
    alias.unlink()
    assert prefix_of(script) is None
    assert rules(environment) == [("script-interpreter-missing", "error")]


def test_scripts_through_an_alias_that_is_broken_are_counted_with_it(environment):
    put(environment, "tool", f"#!{environment}/Scripts/python")
    link(environment / "Scripts", "gone")
    problem = the_only_problem(environment)
    assert (problem.rule, problem.severity) == ("alias-broken", "error")
    assert "1 script in bin" in problem.message


def test_a_folder_in_the_place_of_the_alias_hides_no_script(environment):
    script = put(environment, "tool", f"#!{environment}/Scripts/python")
    (environment / "Scripts").mkdir()
    assert prefix_of(script) is None
    assert rules(environment) == [("script-interpreter-missing", "error")]


def test_an_interpreter_in_a_circle_is_no_interpreter(environment, tmp_path):
    link(tmp_path / "python", "python")
    script = put(environment, "tool", f"#!{tmp_path}/python")
    assert prefix_of(script) is None
    assert "whose links run in a circle" in the_only_problem(environment).message


def test_an_interpreter_that_may_not_be_executed_starts_no_script(environment, tmp_path):
    script = put(environment, "tool", f"#!{tmp_path}/python")
    write(tmp_path / "python", b"", 0o644)
    assert prefix_of(script) is None
    assert "which you may not execute" in the_only_problem(environment).message


def test_an_interpreter_on_a_disk_that_does_not_answer_is_not_waited_for(environment, dead_mount):
    put(environment, "tool", f"#!{dead_mount}/bin/python")
    started = time.monotonic()
    problem = the_only_problem(environment)
    assert time.monotonic() - started < 10
    assert "a disk or share that does not answer" in problem.message


# Another environment


def test_a_script_of_another_environment_runs_there(environment, other):
    script = put(environment, "tool", f"#!{other}/bin/python")
    put(environment, "tool2", f"#!{other}/bin/python")
    assert prefix_of(script) == str(other)
    problem = the_only_problem(environment)
    assert (problem.rule, problem.severity) == ("script-interpreter-missing", "warning")
    assert f"another environment, {other}," in problem.message
    assert "(and 1 more: tool2)" in problem.message
    assert text_at(problem) == f"{other}/bin/python"


def test_what_is_gone_is_told_before_what_is_elsewhere(environment, other):
    put(environment, "a-tool", f"#!{other}/bin/python")
    put(environment, "tool", "#!/gone/bin/python")
    problem = the_only_problem(environment)
    assert (problem.severity, text_at(problem)) == ("error", "/gone/bin/python")
    assert problem.message.endswith(f"One more leads to the Python of another environment, {other}.")


# Another cause is told by its own rule


@pytest.mark.parametrize(("breakage", "told"), [(folder_moved, "moved"), (folder_copied, "copied")])
def test_scripts_of_a_moved_environment_are_counted_there(copied, tmp_path, breakage, told):
    environment = make_environment(copied, tmp_path / "project" / ".venv")
    keep_a_package(environment, copied.tag)
    put(environment, "tool", f"#!{environment}/bin/python")
    put(environment, "tool2", f"#!{environment}/bin/python3")
    moved = breakage(scene_of(copied, environment)).environment
    assert prefix_of(moved / "bin" / "tool") == (None if told == "moved" else str(environment))
    problem = the_only_problem(moved)
    assert problem.rule == "environment-moved"
    assert "2 scripts and its activation scripts" in problem.message


def test_scripts_of_a_broken_interpreter_are_not_told_beside_it(copied, tmp_path):
    environment = make_environment(copied, tmp_path / ".venv")
    keep_a_package(environment, copied.tag)
    for folder in (environment, link(tmp_path / "link", ".venv")):
        for name in ("python", "python3", copied.tag):
            put(environment, f"{folder.name}-{name}", f"#!{folder}/bin/{name}")
    shutil.rmtree(copied.prefix)
    assert rules(environment) == [("interpreter-dangling", "error")]


def test_scripts_of_an_interpreter_that_may_not_run_are_not_told_beside_it(environment, newest):
    python_may_not_run(scene_of(newest, environment))
    (environment / "bin" / "python3").unlink()
    link(environment / "bin" / "python3", "python")
    put(environment, "tool", f"#!{environment}/bin/python3")
    assert [rule for rule, _ in rules(environment)] == ["interpreter-denied"]


# Nothing to tell


@pytest.mark.parametrize("name", ["plain", "with blank", "x" * 120, "y" * 200 + "/" + "z" * 200, "it's “so”"])
def test_scripts_that_pip_writes_have_no_problem(newest, tmp_path, name):
    environment = make_environment(newest, tmp_path / name / ".venv")
    install = ["install", "--no-index", "--no-deps", "--no-compile", "--disable-pip-version-check", PIP_WHEEL]
    python = environment / "bin" / "python"
    subprocess.run([python, "-I", PIP_WHEEL / "pip", *install], check=True, capture_output=True, timeout=120)
    assert subprocess.run([python.with_name("pip"), "--version"], capture_output=True).returncode == 0
    assert rules(environment) == []


def test_scripts_of_a_relocatable_environment_go_with_it(newest, tmp_path):
    uv = os.path.join(os.path.dirname(sys.executable), "uv")
    alone = ["--offline", "--no-cache", "--no-config"]
    environment = tmp_path / "env"
    for command in (
        ["venv", *alone, "--relocatable", "--python", newest.path, environment],
        ["pip", "install", *alone, "--no-deps", "--python", environment / "bin" / "python", PIP_WHEEL],
    ):
        subprocess.run([uv, *command], check=True, capture_output=True, timeout=120)
    moved = environment.rename(tmp_path / "moved")
    assert subprocess.run([moved / "bin" / "pip", "--version"], capture_output=True).returncode == 0
    assert rules(moved) == []


@pytest.mark.parametrize("maker", [by_stdlib, by_holdfast])
def test_long_paths_and_blanks_are_right_behind_bin_sh(newest, tmp_path, maker):
    environment = tmp_path / "with blank" / ("x" * 250) / ".venv"
    environment.parent.mkdir(parents=True)
    maker(newest.path, environment)
    keep_a_package(environment, newest.tag)
    script = put(environment, "tool", script_head(f"{environment}/bin/python")[:-1])
    assert prefix_of(script) == str(environment)
    assert rules(environment) == []


@pytest.mark.parametrize(
    "line",
    [
        "#!/usr/bin/env python3",
        "#!/usr/bin/env -S python3 -s",
        "#!/usr/bin/env no-such-python",
        "#!/bin/sh",
        "#!/bin/sh\nexec /gone/bin/python",
        "#!/gone/bin/perl",
        "#!/gone/bin/a tool with python",
        "#!/gone/bin/time -v /usr/bin/python3",
        "#!python",
        "#!",
        "#",
        "\ufeff#!/gone/bin/python",
        "#!/usr/bin/python3",
    ],
)
def test_other_scripts_are_not_judged(environment, line):
    put(environment, "tool", line)
    assert rules(environment) == []


def test_a_script_that_names_the_environment_by_another_path_is_right(environment, tmp_path):
    link(tmp_path / "link", str(environment))
    script = put(environment, "tool", f"#!{tmp_path}/link/bin/python")
    assert prefix_of(script) == f"{tmp_path}/link"
    assert rules(environment) == []
    elsewhere = environment.rename(tmp_path / "elsewhere")
    link(environment, str(elsewhere))
    put(environment, "tool2", f"#!{environment}/bin/python")
    assert rules(environment) == []


def test_whatever_stands_among_scripts_is_answered_at_once(environment, tmp_path):
    programs = environment / "bin"
    os.mkfifo(programs / "fifo")
    (programs / "folder").mkdir()
    link(programs / "circle", "circle")
    link(programs / "gone", "/gone/bin/python")
    write(programs / "empty")
    write(programs / "latin", b"#!/gone/bin/pyth\xf6n\n")
    write(programs / os.fsdecode(b"na\xffme"), b"#!/usr/bin/python3\n")
    with open(programs / "huge", "wb") as huge:
        huge.write(b"\x7fELF")
        huge.truncate(10 << 30)
    started = time.monotonic()
    assert rules(environment) == []
    assert time.monotonic() - started < 5


def test_thousands_of_scripts_take_no_time(environment):
    for number in range(5500):
        put(environment, f"tool{number}", f"#!{environment}/bin/python")
    reader = Reader(Host.current())
    check(environment, reader)
    started = time.process_time()
    assert check(environment, reader).problems == ()
    assert time.process_time() - started < 2


# First lines that the system does not take


@pytest.mark.parametrize("length", [127, 128, 200, 254, 255, 256, 257, 300, 700])
@pytest.mark.parametrize("option", ["", " -s", " -" + "s" * 100])
def test_a_path_may_be_as_long_as_this_system_reads(environment, tmp_path, length, option):
    inside = length - len(f"#!{tmp_path}/") - len("/python")
    parts = ["x" * 99] * (inside // 100) + ["y" * (inside % 100)]
    folder = tmp_path.joinpath(*parts)
    path = f"{folder}/python"
    path = path.replace("/python", "/" * (length - 2 - len(path) + 1) + "python")
    link(folder / "python", "/usr/bin/python3")
    script = put(environment, "tool", f"#!{path}{option}")
    assert len(path) == length - 2
    found = [one for one in rules(environment) if one[0] == "script-shebang-unusable"]
    works = prefix_of(script) is not None
    assert works == (length <= 255)
    assert found == ([("script-shebang-unusable", "hint" if works else "error")] if length > 127 else [])


@pytest.mark.parametrize("form", ["#!{}", "#! {}", '#!"{}"', "#!{} -s"])
def test_a_path_with_a_blank_starts_nothing(newest, tmp_path, form):
    environment = make_environment(newest, tmp_path / "a b" / ".venv")
    keep_a_package(environment, newest.tag)
    script = put(environment, "tool", form.format(f"{environment}/bin/python"))
    assert prefix_of(script) is None
    problem = the_only_problem(environment)
    assert (problem.rule, problem.severity) == ("script-shebang-unusable", "error")
    assert (problem.file, text_at(problem)) == (script, f"{environment}/bin/python")


def test_quotes_around_a_path_start_nothing(environment):
    script = put(environment, "tool", f'#!"{environment}/bin/python"')
    assert prefix_of(script) is None
    assert "with quotes" in the_only_problem(environment).message


@pytest.mark.parametrize(
    ("head", "works"),
    [
        ("#!{python}\r", False),
        ("#!{python} -s\r", False),
        ("#!/usr/bin/env python3\r", False),
        ("#!/usr/bin/env -S python3\r", True),
        ("#!/bin/sh\r\n'''exec' {python} \"$0\" \"$@\"\r\n' '''\r", False),
    ],
)
def test_line_ends_of_windows_start_nothing(environment, head, works):
    script = put(environment, "tool", head.format(python=environment / "bin" / "python"))
    assert (prefix_of(script) is not None) == works
    found = rules(environment)
    assert found == ([] if works else [("script-shebang-unusable", "error")])


def test_a_script_has_one_problem_only(environment):
    put(environment, "tool", "#!/gone/bin/python\r")
    assert rules(environment) == [("script-shebang-unusable", "error")]


# Activation scripts


def activated(environment):
    """The Python that bash finds after it was activated."""
    command = ["bash", "-c", f"source {environment}/bin/activate; command -v python"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout.strip()


@pytest.mark.parametrize("maker", MAKERS)
def test_every_activation_script_that_names_a_folder_is_read(maker, newest, tmp_path):
    environment, elsewhere = tmp_path / "project" / ".venv", tmp_path / "elsewhere" / ".venv"
    for path in (environment, elsewhere):
        path.parent.mkdir()
        maker(newest.path, path)
    assert rules(environment) == []
    for script in sorted((environment / "bin").glob("[aA]ctivate*")):
        content = script.read_text()
        if str(environment) not in content or script.suffix in (".py", ".bat"):
            continue
        script.write_text(content.replace(str(environment), str(elsewhere)))
        problem = the_only_problem(environment)
        assert problem.severity == "warning"
        if problem.rule == "environment-moved":  # pyvenv.cfg does not say where it was made
            assert script.name == "activate"
        else:
            assert (problem.rule, problem.file) == ("activate-stale", script)
            assert text_at(problem) == str(elsewhere)
        script.write_text(content)


def test_after_a_stale_activation_another_python_is_found(environment, other):
    for name in ("activate", "activate.csh", "activate.fish"):
        file = environment / "bin" / name
        file.write_text(file.read_text().replace(str(environment), str(other)))
    assert activated(environment) == f"{other}/bin/python"
    problem = the_only_problem(environment)
    assert (problem.rule, problem.severity) == ("activate-stale", "warning")
    assert (problem.file, text_at(problem)) == (environment / "bin" / "activate", str(other))
    assert [one.file.name for one in problem.related] == ["activate.csh", "activate.fish"]
    assert [text_at(one) for one in problem.related] == [str(other)] * 2


def test_an_activation_script_that_names_the_environment_through_a_link_is_right(environment, tmp_path):
    link(tmp_path / "link", str(environment))
    file = environment / "bin" / "activate"
    file.write_text(file.read_text().replace(str(environment), f"{tmp_path}/link"))
    assert activated(environment) == f"{tmp_path}/link/bin/python"
    assert rules(environment) == []


# Anything


PIECES = st.sampled_from(
    [b"#!", b"/", b"/bin/sh", b"/usr/bin/env ", b"-S ", b"python", b"/gone/bin/python", b"/usr/bin/python3"]
    + [b" ", b"\t", b'"', b"'", b"\r", b"\n", b"\0", b"'''exec' ", b"\xff", "𝜋".encode(), b"x" * 100]
    + [b"VIRTUAL_ENV=", b"setenv VIRTUAL_ENV ", b"set -gx VIRTUAL_ENV ", b'@set "VIRTUAL_ENV=', b"C:\\"]
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(heads=st.lists(st.lists(PIECES, max_size=12).map(b"".join), min_size=1, max_size=3))
@pytest.mark.parametrize("name", ["tool", "activate"])
def test_whatever_a_script_begins_with_is_answered_with_what_stands_there(environment, name, heads):
    before = {path: path.read_bytes() for path in (environment / "bin").glob("activate*")}
    for number, head in enumerate(heads):
        (environment / "bin" / f"{name}{number or ''}").write_bytes(head)
    for problem in check(environment, Reader(Host.current())).problems:
        for place in (problem, *problem.related):
            lines = place.file.read_bytes().decode("utf-8", "surrogateescape").split("\n")  # type: ignore[attr-defined]
            units = len(lines[place.span.line].encode("utf-16-le", "surrogatepass")) // 2  # type: ignore[attr-defined]
            assert 0 <= place.span.start <= place.span.end <= units  # type: ignore[attr-defined]
    for number in range(3):
        (environment / "bin" / f"{name}{number or ''}").unlink(missing_ok=True)
    for path, content in before.items():
        path.write_bytes(content)
