"""The command line, run as people and CI run it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from holdfast import __version__
from protocol_schema import SCHEMA_FILE
from pythons import INSTALLED, make_environment, works

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"


def holdfast(*arguments, cwd=None, stdin=None):
    return subprocess.run(
        [sys.executable, "-I", str(LAUNCH), *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )


def answer(done, shape=None):
    """The one JSON document on stdout, held against its schema."""
    document = json.loads(done.stdout)
    if shape:
        schema = json.loads(SCHEMA_FILE.read_text())
        jsonschema.validate(document, {"$ref": f"#/$defs/{shape}", "$defs": schema["$defs"]})
    return document


@pytest.fixture
def broken(copied, tmp_path):
    environment = make_environment(copied, tmp_path / "project" / ".venv")
    copied.prefix.rename(copied.prefix.with_name(f"{copied.series}.99"))
    return environment


def test_the_version_is_said():
    assert holdfast("--version").stdout == f"holdfast {__version__}\n"


def test_create_check_and_find_agree_on_an_environment(newest, tmp_path):
    done = holdfast("create", "--python", newest.path, "--format", "json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    made = answer(done)
    assert made["environment"] == str(tmp_path / ".venv")
    assert made["version"] == newest.version
    assert made["seeded"][0]["name"] == "pip"
    assert works(tmp_path / ".venv")
    checked = holdfast("check", "--format", "json", cwd=tmp_path)
    assert checked.returncode == 0
    assert answer(checked, "CheckReport") == {
        "problems": [],
        "environments": [
            {
                "path": str(tmp_path / ".venv"),
                "state": "healthy",
                "version": newest.version,
                "base": made["base"]["stable"],
            }
        ],
    }
    found = answer(holdfast("find", "--format", "json", cwd=tmp_path))
    (environment,) = [one for one in found["environments"] if one["source"] == "here"]
    assert environment["path"] == str(tmp_path / ".venv")
    assert (environment["kind"], environment["state"]) == ("holdfast", "healthy")
    assert newest.version in [one["version"] for one in found["interpreters"]]


def test_create_without_pip_and_with_a_prompt(newest, tmp_path):
    done = holdfast("create", "env", "--no-pip", "--prompt", "mine", "--python", newest.path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "prompt = mine\n" in (tmp_path / "env" / "pyvenv.cfg").read_text()
    assert "VIRTUAL_ENV_PROMPT=mine" in (tmp_path / "env" / "bin" / "activate").read_text()


def test_create_says_what_it_made(newest, tmp_path):
    done = holdfast("create", "--no-pip", "--python", newest.series, cwd=tmp_path)
    assert done.stdout.startswith(f"Created {tmp_path / '.venv'}\n  Python {newest.series}")
    assert "\033" not in done.stdout


def test_create_over_something_is_exit_1_and_a_message(tmp_path):
    (tmp_path / ".venv").write_text("precious")
    done = holdfast("create", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"holdfast create: {tmp_path / '.venv'} is a file. Choose another name.\n"


def test_check_says_where_what_and_why(broken, tmp_path):
    done = holdfast("check", cwd=tmp_path)
    assert done.returncode == 1
    first, *excerpt, fix, _, summary = done.stdout.splitlines()
    assert first.startswith("project/.venv/pyvenv.cfg:1:8: error: bin/python leads to ")
    assert first.endswith("[interpreter-dangling]")
    home = (broken / "pyvenv.cfg").read_text().splitlines()[0].removeprefix("home = ")
    assert excerpt == ["  |", f"1 | home = {home}", f"  |        {'^' * len(home)}"]
    assert fix.startswith("  = help: Link to Python")
    assert fix.endswith(": holdfast repair project/.venv")
    assert summary == "1 error. 1 environment: 1 broken."


def test_check_speaks_json(broken, tmp_path):
    done = holdfast("check", "--format", "json", tmp_path / "project")
    report = answer(done, "CheckReport")
    assert done.returncode == 1
    (problem,) = report["problems"]
    assert problem["rule"] == "interpreter-dangling"
    assert problem["file"] == str(broken / "pyvenv.cfg")
    assert problem["fixes"][0]["preferred"]
    assert report["environments"][0]["state"] == "broken"


def test_check_speaks_to_github(broken, tmp_path):
    done = holdfast("check", "--format", "github", cwd=tmp_path)
    end = len((broken / "pyvenv.cfg").read_text().splitlines()[0]) + 1
    where = f"file=project/.venv/pyvenv.cfg,line=1,endLine=1,col=8,endColumn={end}"
    assert done.stdout.startswith(
        f"::error {where},title=Holdfast interpreter-dangling::bin/python leads to "
    )
    assert len(done.stdout.splitlines()) == 1


def test_rules_can_be_ignored_and_selected(broken, tmp_path):
    assert holdfast("check", "--ignore", "interpreter-dangling", cwd=tmp_path).returncode == 0
    assert holdfast("check", "--select", "home-missing", cwd=tmp_path).returncode == 0
    assert holdfast("check", "--select", "interpreter-dangling", cwd=tmp_path).returncode == 1
    assert "healthy" not in holdfast("check", "--ignore", "interpreter-dangling", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--select", "no-such-rule"],
        ["check", "--ignore", "no-such-rule"],
        ["check", "gone"],
        ["check", "file"],
        ["check", "--format", "banana"],
        ["repair", "folder"],
        ["repair", "gone"],
        ["repair", "--all", "folder"],
        ["find", "banana"],
        ["create", "--python", "banana"],
        ["banana"],
        [],
    ],
)
def test_a_wrong_call_is_exit_2_and_a_message_without_a_trace(tmp_path, arguments):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    done = holdfast(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_check_of_a_folder_without_environments_is_all_well(tmp_path):
    done = holdfast("check", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "No environments were found.\n")


def test_repair_asks_and_takes_silence_for_no(broken, tmp_path):
    done = holdfast("repair", broken, stdin="")
    assert done.returncode == 1
    assert "--yes" in done.stderr
    assert not works(broken)


def test_a_dry_run_shows_the_steps_and_changes_nothing(broken):
    done = holdfast("repair", broken, "--dry-run")
    assert done.returncode == 1
    assert f"Link {broken}/bin/" in done.stdout
    assert "change `home` to" in done.stdout
    assert not works(broken)


def test_repair_mends_and_says_so(broken):
    done = holdfast("repair", broken, "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("  Repaired.\n")
    assert works(broken)
    again = holdfast("repair", broken, "--yes")
    assert (again.returncode, again.stdout) == (0, f"{broken}: nothing to repair.\n")


def test_repair_speaks_json(broken, tmp_path):
    report = answer(holdfast("repair", "--yes", "--format", "json", cwd=tmp_path / "project"), "Repair")
    assert report["applied"] == [f"relink:{os.path.realpath(broken / 'bin' / 'python')}"]
    assert report["remaining"] == []
    assert report["environment"] == str(broken)


def test_json_cannot_ask(broken, tmp_path):
    done = holdfast("repair", broken, "--format", "json")
    assert (done.returncode, done.stdout) == (2, "")
    assert not works(broken)


def test_repair_of_many_speaks_a_list(broken, tmp_path):
    done = holdfast("repair", "--all", "--dry-run", "--format", "json", cwd=tmp_path)
    (report,) = json.loads(done.stdout)
    assert report["environment"] == str(broken)
    (tmp_path / "empty").mkdir()
    none = holdfast("repair", "--all", "--yes", "--format", "json", cwd=tmp_path / "empty")
    assert (none.returncode, json.loads(none.stdout)) == (0, [])
    text = holdfast("repair", "--all", "--yes", cwd=tmp_path / "empty")
    assert (text.returncode, text.stdout) == (0, "No environments were found.\n")


def test_repair_without_an_environment_says_what_to_name(tmp_path):
    done = holdfast("repair", cwd=tmp_path)
    assert done.returncode == 2
    assert "--all" in done.stderr


def test_the_suggested_command_can_be_pasted(copied, tmp_path):
    make_environment(copied, tmp_path / "my env")
    copied.prefix.rename(copied.prefix.with_name(f"{copied.series}.99"))
    assert ": holdfast repair 'my env'\n" in holdfast("check", cwd=tmp_path).stdout


def test_repair_all_mends_every_environment_below(broken, tmp_path):
    done = holdfast("repair", "--all", "--yes", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert works(broken)


@pytest.mark.parametrize("command", ["create", "check", "repair", "find", "explain", "path"])
def test_no_command_but_the_server_imports_pygls(command):
    program = (
        "import sys, runpy; sys.argv = ['launch.py', '--version']\n"
        f"sys.path[:0] = [{str(LAUNCH.parent)!r}]\n"
        f"import holdfast.cli.main, holdfast.cli.{command}\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'pygls', 'lsprotocol', 'attrs', 'asyncio'}))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_modules_in_the_working_folder_do_not_run(tmp_path):
    for name in ("attrs", "typing_extensions", "packaging", "json", "argparse", "holdfast"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    holdfast("check", cwd=tmp_path)
    holdfast("find", cwd=tmp_path)
    assert not (tmp_path / "ran").exists()


def test_what_a_python_has_installed_has_no_say(tmp_path):
    environment = make_environment(INSTALLED[0], tmp_path / "env")
    (packages,) = (environment / "lib").glob("python*/site-packages")
    (packages / "chatty.pth").write_text("import sys; sys.stdout.write('hello')\n")
    command = [environment / "bin" / "python", "-I", LAUNCH, "--version"]
    assert subprocess.run(command, capture_output=True, text=True).stdout.startswith("hello")
    command.insert(1, "-S")  # as the editor does
    assert subprocess.run(command, capture_output=True, text=True).stdout == f"holdfast {__version__}\n"


def test_names_that_are_not_utf_8_are_checked_and_printed(copied, tmp_path):
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\xff")
    os.mkdir(folder)
    # stdlib venv cannot make one there: it writes the name into pyvenv.cfg.
    make_environment(copied, tmp_path / "env").rename(Path(folder) / "env")
    copied.prefix.rename(copied.prefix.with_name(f"{copied.series}.99"))
    text = holdfast("check", cwd=tmp_path)
    assert (text.returncode, "Traceback" in text.stderr) == (1, False)
    report = answer(holdfast("check", "--format", "json", cwd=tmp_path), "CheckReport")
    assert os.fsencode(report["problems"][0]["environment"]) == os.fsencode(Path(folder) / "env")
    done = holdfast("repair", "--all", "--yes", cwd=tmp_path)
    assert (done.returncode, "environment-moved" in done.stdout) == (1, True)  # which nothing mends yet
    assert works(Path(folder) / "env")


def test_bad_neighbours_do_not_hide_a_broken_environment(broken, tmp_path):
    """A pyvenv.cfg that is binary, large, a folder, a FIFO or a loop: a problem each, and no hang."""
    for name in ("binary", "large", "folder", "fifo", "loop", "gone"):
        (tmp_path / name / "bin").mkdir(parents=True)
    (tmp_path / "binary" / "pyvenv.cfg").write_bytes(os.urandom(1000) + b"\xff")
    with open(tmp_path / "large" / "pyvenv.cfg", "wb") as file:
        file.truncate(50_000_000)
    (tmp_path / "folder" / "pyvenv.cfg").mkdir()
    os.mkfifo(tmp_path / "fifo" / "pyvenv.cfg")
    (tmp_path / "loop" / "pyvenv.cfg").symlink_to("pyvenv.cfg")
    (tmp_path / "gone" / "pyvenv.cfg").symlink_to("nowhere")
    done = holdfast("check", "--format", "json", cwd=tmp_path)
    assert done.stderr == ""
    report = answer(done, "CheckReport")
    of_config = [problem for problem in report["problems"] if problem["rule"].startswith("config-")]
    bad = {Path(problem["environment"]).name: problem["rule"] for problem in of_config}
    malformed = dict.fromkeys(("binary", "large", "folder", "fifo", "loop"), "config-malformed")
    assert bad == {**malformed, "gone": "config-missing"}
    assert "interpreter-dangling" in [problem["rule"] for problem in report["problems"]]
    assert {one["state"] for one in report["environments"]} == {"broken"}


def test_a_fifo_or_a_huge_file_where_code_should_be_is_no_hang(tmp_path, relocated):
    environment = make_environment(relocated, tmp_path / "env")
    shutil.copy2(relocated.path, environment / "bin" / "copy")
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "copy").rename(environment / "bin" / "python")
    config = environment / "pyvenv.cfg"
    config.write_text(config.read_text().replace("home = ", "home = /gone"))
    os.mkfifo(environment / "lib" / f"lib{relocated.tag}.so")
    with open(environment / "lib" / f"lib{relocated.tag}.so.1.0", "wb") as file:
        file.truncate(3_000_000_000)
    assert holdfast("check", cwd=tmp_path).returncode == 1


def test_a_name_with_a_line_break_cannot_speak_to_a_workflow(copied, tmp_path):
    folder = tmp_path / "a\n::error ::owned\x1b]0;title"
    make_environment(copied, tmp_path / "env")
    folder.mkdir()
    (tmp_path / "env").rename(folder / "env,with:signs")
    copied.prefix.rename(copied.prefix.with_name(f"{copied.series}.99"))
    text = holdfast("check", cwd=tmp_path).stdout
    github = holdfast("check", "--format", "github", cwd=tmp_path).stdout
    for output in (text, github):
        assert not any(line.startswith("::error ::owned") for line in output.splitlines())
        assert "\x1b" not in output
    assert "env%2Cwith%3Asigns" in github


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_closed_streams_give_no_trace(broken, tmp_path, closed):
    done = subprocess.run(
        f"{sys.executable} -I {LAUNCH} check {closed}",
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr


def test_a_working_folder_that_is_gone_gives_no_trace(tmp_path):
    program = f"cd gone && rmdir ../gone && {sys.executable} -I {LAUNCH} check"
    (tmp_path / "gone").mkdir()
    done = subprocess.run(program, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, f"holdfast check: {tmp_path}/gone does not exist.\n")


def test_an_output_that_is_closed_early_is_no_trace(broken, tmp_path):
    done = subprocess.run(
        f"{sys.executable} -I {LAUNCH} find --format json | head -c 1",
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", ["--help", "find --help", "banana", "path"])
def test_an_output_that_nobody_reads_is_no_trace(tmp_path, arguments):
    """Not even one that Python writes when it ends."""
    line = f"{sys.executable} -I {LAUNCH} {arguments} | true"
    for _ in range(3):
        done = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True)
        assert "BrokenPipeError" not in done.stderr


def test_a_place_is_named_from_the_folder_that_the_shell_names(broken, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "link").symlink_to(tmp_path / "project")
    line = f"cd elsewhere/link && {sys.executable} -I {LAUNCH} check"
    done = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.startswith(".venv/pyvenv.cfg:1:8: ")
    assert done.stdout.splitlines()[4].endswith(": holdfast repair .venv")
