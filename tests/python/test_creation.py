"""Creating environments: they work, or nothing is there."""

import contextlib
import csv
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from holdfast.cancellation import Cancellation
from holdfast.creation.base import choose_base
from holdfast.creation.create import create
from holdfast.creation.plan import Request
from holdfast.errors import CancelledError, HoldfastError
from holdfast.files.probe import LinkSupport
from holdfast.health.check import check
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.workspace.requests import project_requests
from pythons import (
    SELF_CONTAINED,
    ask,
    copied_prefix,
    facts_of,
    hang,
    make_environment,
    relocated_prefix,
    works,
)

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"


def make(base, path, **options):
    return create(
        Request(path, choose_base(str(base.path), Reader(Host.current())), **options), Host.current()
    )


def test_every_python_gives_a_working_environment_with_pip(python, tmp_path):
    made = make(python, tmp_path / ".venv")
    assert works(made.environment)
    assert check(made.environment, Reader(Host.current())).problems == ()
    said = facts_of(made.interpreter)
    assert said["version"] == python.version
    assert os.path.samefile(said["base"], python.prefix)
    pip = subprocess.run(
        [made.interpreter, "-m", "pip", "--version"], capture_output=True, text=True, timeout=120
    )
    assert pip.stdout.startswith(f"pip {made.seeded[0].version} from {made.environment}")
    script = subprocess.run(
        [made.environment / "bin" / "pip", "list"], capture_output=True, text=True, timeout=120
    )
    assert "pip " in script.stdout, script.stderr


def test_it_can_itself_be_the_base_of_another(newest, tmp_path):
    outer = make(newest, tmp_path / "outer", pip=False)
    inner = make_environment(
        type(newest)(outer.interpreter, outer.environment, newest.version), tmp_path / "inner"
    )
    assert works(inner)


def test_the_record_of_pip_is_true(newest, tmp_path):
    made = make(newest, tmp_path / ".venv")
    packages = made.environment / "lib" / newest.tag / "site-packages"
    (info,) = packages.glob("pip-*.dist-info")
    assert (info / "INSTALLER").read_text() == "pip\n"
    recorded = set()
    with open(info / "RECORD", newline="") as file:
        for name, digest, size in csv.reader(file):
            recorded.add(os.path.normpath(packages / name))
            if digest:
                content = (packages / name).read_bytes()
                expected = urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
                assert (digest, size) == (f"sha256={expected}", str(len(content)))
    present = {str(path) for path in packages.rglob("*") if path.is_file()}
    assert present <= recorded


def test_pip_can_take_itself_away(newest, tmp_path):
    made = make(newest, tmp_path / ".venv")
    done = subprocess.run(
        [made.interpreter, "-m", "pip", "uninstall", "-y", "pip"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    packages = made.environment / "lib" / newest.tag / "site-packages"
    assert [path.name for path in packages.iterdir() if not path.name.startswith("__pycache__")] == []
    assert not (made.environment / "bin" / "pip").exists()


def test_without_pip_there_is_none(newest, tmp_path):
    made = make(newest, tmp_path / ".venv", pip=False)
    assert made.seeded == ()
    assert ask(made.interpreter, "import pip").returncode == 1


def test_nothing_but_the_environment_appears(newest, tmp_path):
    make(newest, tmp_path / ".venv", pip=False)
    assert os.listdir(tmp_path) == [".venv"]
    assert (tmp_path / ".venv" / ".gitignore").read_text() == "*\n"


def test_missing_parents_are_made(newest, tmp_path):
    assert works(make(newest, tmp_path / "a" / "b" / ".venv", pip=False).environment)


def test_an_empty_folder_is_filled(newest, tmp_path):
    (tmp_path / ".venv").mkdir()
    assert works(make(newest, tmp_path / ".venv", pip=False).environment)


def test_the_stable_path_is_what_it_rests_on_so_it_survives_an_upgrade(copied, tmp_path):
    link = copied.prefix.parent / copied.series
    link.symlink_to(copied.prefix.name)
    made = make(copied, tmp_path / ".venv", pip=False)
    assert f"home = {link / 'bin'}\n" in (made.environment / "pyvenv.cfg").read_text()
    copied.prefix.rename(copied.prefix.with_name(f"{copied.series}.99"))
    link.unlink()
    link.symlink_to(f"{copied.series}.99")
    assert works(made.environment)
    assert check(made.environment, Reader(Host.current())).problems == ()


@pytest.mark.parametrize("python", SELF_CONTAINED, ids=str)
def test_a_relocated_build_reached_through_a_link_gets_the_right_home(tmp_path, python):
    """python-build-standalone through a link to its executable is dead when stdlib venv makes it."""
    base = relocated_prefix(python, tmp_path / "relocated")
    (tmp_path / "bin").mkdir()
    link = tmp_path / "bin" / "python"
    link.symlink_to(base.path)
    made = make(type(base)(link, base.prefix, base.version), tmp_path / ".venv", pip=False)
    assert works(made.environment)
    assert os.path.samefile(facts_of(made.interpreter)["base"], base.prefix)


def test_made_from_an_environment_it_rests_on_the_true_base(newest, tmp_path):
    outer = make(newest, tmp_path / "outer", pip=False)
    base = type(newest)(outer.interpreter, outer.environment, newest.version)
    made = make(base, tmp_path / "inner", pip=False)
    shutil.rmtree(outer.environment)
    assert works(made.environment)


def test_copies_where_the_folder_holds_no_links(newest, tmp_path, monkeypatch):
    monkeypatch.setattr("holdfast.creation.create.probe_links", lambda folder: LinkSupport())
    made = make(newest, tmp_path / ".venv", pip=False)
    assert made.links == "copy"
    assert works(made.environment)
    assert not [path for path in made.environment.rglob("*") if path.is_symlink()]


def test_a_base_that_cannot_start_is_refused_and_nothing_is_left(copied, tmp_path):
    shutil.rmtree(copied.prefix / "lib" / copied.tag / "encodings")
    with pytest.raises(HoldfastError, match="does not start"):
        make(copied, tmp_path / "project" / ".venv", pip=False)
    assert not (tmp_path / "project").exists()


def test_a_copy_brings_the_library_that_it_looks_for_beside_itself(relocated, tmp_path):
    made = make(relocated, tmp_path / ".venv", pip=False, links="copy")
    assert made.links == "copy"
    assert works(made.environment)
    assert [path.name for path in (made.environment / "lib").glob("libpython*")]


AWKWARD = ["with space", "quo'te", 'dou"ble', "$HOME `id`", "naïve ☃", "back\\slash", "ex!claim", "x" * 120]


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_work_with_pip(newest, tmp_path, name):
    made = make(newest, tmp_path / name / ".venv")
    assert works(made.environment)
    pip = subprocess.run([made.environment / "bin" / "pip", "--version"], capture_output=True, timeout=120)
    assert pip.returncode == 0, pip.stderr


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda path: path.write_text("precious"), "is a file"),
        (lambda path: path.symlink_to("gone"), "leads nowhere"),
        (lambda path: (path.mkdir(), (path / "file").touch()), "not empty"),
        (lambda path: (path.mkdir(), (path / "pyvenv.cfg").touch()), "is an environment already"),
        (lambda path: path.symlink_to("loop"), "leads nowhere"),
        (os.mkfifo, "is a file"),
    ],
)
def test_what_stands_there_is_never_overwritten(newest, tmp_path, prepare, message):
    prepare(tmp_path / ".venv")
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(HoldfastError, match=message):
        make(newest, tmp_path / ".venv")
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize("prompt", ["x\ninclude-system-site-packages = true", "x\ry", os.fsdecode(b"\xff")])
def test_a_prompt_that_would_say_more_than_itself_is_refused(newest, tmp_path, prompt):
    with pytest.raises(HoldfastError, match="Choose another one"):
        make(newest, tmp_path / "env", prompt=prompt)
    assert os.listdir(tmp_path) == []


def test_a_dot_for_a_prompt_stands_for_the_folder_s_name(newest, tmp_path):
    command = [sys.executable, "-I", LAUNCH, "create", "--no-pip", "--prompt", ".", "--python", newest.path]
    subprocess.run(command, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    assert f"prompt = {tmp_path.name}\n" in (tmp_path / ".venv" / "pyvenv.cfg").read_text()


@pytest.mark.parametrize("name", ["a:b", "a\nb", os.fsdecode(b"caf\xe9")])
def test_names_that_shells_cannot_carry_are_refused(newest, tmp_path, name):
    with pytest.raises(HoldfastError, match="Choose another name"):
        make(newest, tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_folder_without_permission_is_a_clear_message(newest, as_plain_user):
    (as_plain_user / "closed").mkdir(mode=0o500)
    with pytest.raises(HoldfastError, match="Permission denied"):
        create(
            Request(
                as_plain_user / "closed" / ".venv",
                choose_base("/usr/bin/python3", Reader(Host.current())),
                False,
            ),
            Host.current(),
        )


@pytest.mark.parametrize("after", ["Placing the interpreter", "Installing pip", "Starting the new Python"])
def test_cancelling_at_any_step_leaves_nothing(newest, tmp_path, after):
    cancellation = Cancellation()

    def report(what, _percent):
        if what.startswith(after):
            cancellation.cancel()

    base = choose_base(str(newest.path), Reader(Host.current()))
    with pytest.raises(CancelledError):
        create(Request(tmp_path / ".venv", base), Host.current(), cancellation=cancellation, report=report)
    assert os.listdir(tmp_path) == []


def test_a_new_python_that_hangs_is_stopped_by_cancelling(copied, tmp_path):
    hang(copied)
    cancellation = Cancellation()
    base = choose_base(str(copied.path), Reader(Host.current()))
    threading.Timer(0.5, cancellation.cancel).start()
    with pytest.raises(CancelledError):
        create(Request(tmp_path / "env", base, pip=False), Host.current(), cancellation=cancellation)
    assert not (tmp_path / "env").exists()


def test_the_working_folder_is_not_replaced(newest, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HoldfastError, match="working folder"):
        make(newest, tmp_path)


def test_an_empty_folder_keeps_its_mode(newest, tmp_path):
    (tmp_path / ".venv").mkdir(mode=0o700)
    made = make(newest, tmp_path / ".venv", pip=False)
    assert made.environment.stat().st_mode & 0o777 == 0o700


def test_the_longest_name_works(newest, tmp_path):
    assert works(make(newest, tmp_path / ("漢" * 85), pip=False).environment)


def test_a_folder_that_may_not_be_looked_into_gives_an_environment_or_a_message(as_plain_user, newest):
    (as_plain_user / "env").mkdir(mode=0)
    base = choose_base("/usr/bin/python3", Reader(Host.current()))
    with contextlib.suppress(HoldfastError):
        create(Request(as_plain_user / "env", base, pip=False), Host.current())
    (as_plain_user / "env").chmod(0o700)
    assert sorted(os.listdir(as_plain_user)) == ["env"]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_leaves_nothing(copied, tmp_path, name):
    hang(copied)
    command = [sys.executable, "-I", LAUNCH, "create", "a/b/env", "--no-pip", "--python", copied.path]
    process = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not list(tmp_path.glob("a/b/.holdfast-*/pyvenv.cfg")):
        assert process.poll() is None
    process.send_signal(getattr(signal, name))
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (1, "Stopped.\n")
    assert not (tmp_path / "a").exists()


def test_a_base_without_pip_says_what_to_do(copied, tmp_path):
    shutil.rmtree(copied.prefix / "lib" / copied.tag / "ensurepip")
    with pytest.raises(HoldfastError, match="comes without pip"):
        make(copied, tmp_path / "env")
    assert not (tmp_path / "env").exists()
    assert works(make(copied, tmp_path / "env", pip=False).environment)


def test_a_wheel_that_names_a_file_outside_is_refused(copied, tmp_path):
    bundled = copied.prefix / "lib" / copied.tag / "ensurepip" / "_bundled"
    shutil.rmtree(bundled, ignore_errors=True)  # Debian keeps its wheels elsewhere
    bundled.mkdir()
    with zipfile.ZipFile(bundled / "pip-99.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("../../../../../escaped", "x")
    with pytest.raises(HoldfastError, match="outside its folder"):
        make(copied, tmp_path / "env")
    assert not list(tmp_path.rglob("escaped"))


@pytest.mark.parametrize("request_text", ["3.99", "/nope/python", "/usr/bin/env"])
def test_bases_that_do_not_exist_are_refused(request_text):
    with pytest.raises(HoldfastError):
        choose_base(request_text, Reader(Host.current()))


def test_a_patch_request_pins_and_a_series_request_floats(tmp_path, newest, bare_host):
    base = copied_prefix(newest, tmp_path / "versions" / newest.version)
    link = tmp_path / "versions" / newest.series
    link.symlink_to(newest.version)
    floating = choose_base(newest.series, Reader(bare_host), [link])
    pinned = choose_base(newest.version, Reader(bare_host), [link])
    assert floating.path == link / "bin" / newest.tag
    assert pinned.path == base.path


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".python-version", "./evil/bin/{python}"),
        ("pyproject.toml", '[tool.holdfast]\npython = "./evil/bin/{python}"\n'),
        (".pdm-python", "./evil/bin/{python}"),
    ],
)
def test_an_interpreter_in_the_project_is_started_only_where_it_was_named(newest, tmp_path, host, file, text):
    """Whoever clones a repository has not asked to run what is in it."""
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    evil = copied_prefix(newest, project / "evil")
    (project / file).write_text(text.format(python=evil.path.name))
    with pytest.raises(HoldfastError, match="lies in the project itself"):
        choose_base(None, Reader(host), project=project)
    (project / file).unlink()
    with pytest.raises(HoldfastError, match="lies in the project itself"):
        choose_base(f"=={evil.version}", Reader(Host("linux", tmp_path)), [project / "evil"], project)
    assert choose_base(str(evil.path), Reader(host), project=project).path == evil.path


def test_what_a_stranger_has_written_above_a_project_counts_for_nothing(newest, tmp_path, host):
    if os.getuid() != 0:
        pytest.skip("only root can make a file of another user")
    (tmp_path / "project" / ".git").mkdir(parents=True)
    (tmp_path / ".python-version").write_text("3.99")
    os.chown(tmp_path / ".python-version", 65534, 65534)
    asked = project_requests(tmp_path / "project", host)
    assert asked.asked == ()
    assert "belongs to another user" in asked.ignored[0].reason


def test_a_base_in_what_is_replaced_is_refused(newest, tmp_path):
    old = make_environment(newest, tmp_path / "env")
    base = copied_prefix(newest, old / "lib" / "python-own")
    with pytest.raises(HoldfastError, match="lies in"):
        make(base, old, replace=True, pip=False)
    assert works(old)


def test_what_is_written_names_no_way_round(newest, tmp_path):
    (tmp_path / "project" / "sub").mkdir(parents=True)
    command = [sys.executable, "-I", LAUNCH, "create", "--no-pip", "--python", newest.path, "../.venv"]
    subprocess.run(command, cwd=tmp_path / "project" / "sub", check=True, stdout=subprocess.DEVNULL)
    made = tmp_path / "project" / ".venv"
    assert works(made)
    written = [made / "pyvenv.cfg", made / "bin" / "activate"]
    assert not [file for file in written if b"sub/.." in file.read_bytes()]


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-8"])
def test_names_are_written_as_the_system_has_them_whatever_the_locale(newest, tmp_path, encoding):
    """A UTF-8 name works in a program whose locale is another; one that is not UTF-8 is refused in any."""
    code = """
import os, sys
sys.path[:0] = %r
from pathlib import Path
from holdfast.creation.activation import activation_scripts
from holdfast.formats.pyvenv_cfg import can_hold
from holdfast.formats.shebang import script_head
name = bytes.fromhex(sys.argv[1])
path = Path(os.fsdecode(name))
written = (activation_scripts(path, "bin", "x")["activate"], script_head(os.fspath(path)))
print(can_hold(path), *(name in content for content in written))
""" % [str(LAUNCH.parent)]
    for name, holds in (("/Jürgen".encode(), "True"), ("/Jürgen".encode("latin-1"), "False")):
        done = subprocess.run(
            [sys.executable, "-c", code, name.hex()],
            capture_output=True,
            text=True,
            env={
                "LC_ALL": "C",
                "PYTHONCOERCECLOCALE": "0",
                "PYTHONUTF8": "0" if encoding != "UTF-8" else "1",
            },
        )
        assert done.stdout.split() == [holds, "True", "True"], done.stderr


def test_settings_that_are_not_followed_are_told(newest, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.holdfast]\nalias = "yes"\nenvironment = "env"\n')
    command = [sys.executable, "-I", LAUNCH, "create", "--no-pip", "--python", newest.path]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert (
        f"{tmp_path}/pyproject.toml, line 2: alias is not true or false, and was not followed." in done.stdout
    )
    assert works(tmp_path / "env")


@pytest.mark.parametrize("named", [True, False], ids=["named Python", "usual Python"])
def test_a_pyproject_that_is_no_toml_is_told_once(named, newest, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.holdfast\nenvironment = "env"\n')
    command = [sys.executable, "-I", LAUNCH, "create", "--no-pip"]
    command += ["--python", newest.path] if named else []
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout.count("`pyproject.toml` is not followed: it is not valid TOML") == 1
    assert works(tmp_path / ".venv")


def test_a_version_file_that_asks_for_no_version_is_told(tmp_path):
    (tmp_path / ".python-version").write_text("ban ana\n")
    command = [sys.executable, "-I", LAUNCH, "create", "--no-pip"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert "`.python-version` is not followed: “ban ana” is no version" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--python", ""), "The Python is empty."),
        (("env", "--redirect"), "only where its name is .venv, not env."),
    ],
    ids=["empty Python", "redirect of another name"],
)
def test_what_would_be_passed_over_or_lead_nowhere_is_refused(arguments, said, tmp_path):
    command = [sys.executable, "-I", LAUNCH, "create", "--no-pip", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_working_folder_that_is_gone_is_not_made_again(newest, tmp_path):
    (tmp_path / "gone").mkdir()
    script = 'cd gone && rmdir ../gone && exec "$@"'
    command = [sys.executable, "-I", LAUNCH, "create", "--no-pip", "--python", newest.path]
    done = subprocess.run(["sh", "-c", script, "sh", *command], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, "is gone" in done.stderr) == (1, True)
    assert os.listdir(tmp_path) == []


def test_a_shim_is_no_base(tmp_path):
    (tmp_path / "shims").mkdir()
    shim = tmp_path / "shims" / "python3"
    shim.write_text("#!/bin/sh\n")
    shim.chmod(0o755)
    with pytest.raises(HoldfastError, match="shim"):
        choose_base(str(shim), Reader(Host.current()))


def test_python_2_is_refused_with_a_reason(host):
    with pytest.raises(HoldfastError, match=r"too old|No installed Python fits"):
        choose_base("2.7", Reader(host))
