"""What is read of an interpreter without running it, against what it says of itself when it is run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast.discovery.finder import find_interpreters
from holdfast.host import Host
from holdfast.interpreters import compiled
from holdfast.interpreters.compiled import code_file
from holdfast.interpreters.interpreter import describe
from holdfast.interpreters.memory import Memory
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.version import Version, parse_version
from machines import link, write
from pythons import SELF_CONTAINED, ask, copied_prefix, make_environment

HERE = Host.current()
MACHINE = [found.interpreter for found in find_interpreters(Reader(HERE))]

ASK = """
from __future__ import print_function
import json, os, platform, sys
print(json.dumps({
    "version": platform.python_version(),
    "implementation": platform.python_implementation().lower(),
    "architecture": platform.machine(),
    "prefix": sys.prefix,
    "library": os.path.dirname(os.__file__),
    "debug": hasattr(sys, "gettotalrefcount"),
    "free_threaded": "t" in getattr(sys, "abiflags", ""),
}))
"""


def said_by(executable, *options) -> dict:
    done = subprocess.run([executable, *options, "-c", ASK], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def read_of(interpreter) -> dict:
    return {
        "version": str(interpreter.version),
        "implementation": interpreter.implementation,
        "architecture": interpreter.architecture,
        "prefix": str(interpreter.prefix.folder),
        "library": str(interpreter.prefix.library),
        "debug": interpreter.debug,
        "free_threaded": interpreter.free_threaded,
    }


@pytest.mark.parametrize("interpreter", MACHINE, ids=lambda one: str(one.path))
def test_every_interpreter_of_this_machine_is_what_it_says_it_is(interpreter):
    if not interpreter.usable:
        assert interpreter.error
        return
    options = ["-E", "-s"] if interpreter.version.major == 2 else ["-I"]
    assert read_of(interpreter) == said_by(interpreter.path, *options)
    assert said_by(interpreter.stable, *options) == said_by(interpreter.path, *options)
    assert interpreter.best.reason
    assert not interpreter.is_unclear


def test_an_interpreter_was_found_on_this_machine():
    assert any(interpreter.usable for interpreter in MACHINE)


@pytest.mark.parametrize("name", ["python", "python3", "py"])
def test_links_to_an_interpreter_are_that_interpreter(copied, tmp_path, name):
    for number, path in enumerate(
        (copied.path, copied.prefix / "bin" / "python", link(tmp_path / "a", str(copied.path)))
    ):
        alias = link(tmp_path / str(number) / "b" / name, os.path.relpath(path, tmp_path / str(number) / "b"))
        assert read_of(describe(alias, HERE)) == said_by(alias, "-I")


@pytest.mark.parametrize("python", SELF_CONTAINED, ids=str)
def test_an_executable_that_was_copied_alone_takes_the_prefix_it_was_compiled_with(python, tmp_path):
    copy = Path(shutil.copy2(python.path, tmp_path / python.tag))
    interpreter = describe(copy, HERE)
    assert interpreter.usable, interpreter.error
    assert read_of(interpreter) == said_by(copy, "-I")
    assert interpreter.stable == copy


@pytest.mark.parametrize("python", SELF_CONTAINED, ids=str)
def test_a_landmark_on_the_way_up_wins_over_the_compiled_prefix(python, tmp_path):
    other = copied_prefix(python, tmp_path / "other")
    for place in ("sbin", "deep/down/here"):
        copy = other.prefix / place / python.tag
        copy.parent.mkdir(parents=True)
        shutil.copy2(python.path, copy)
        assert read_of(describe(copy, HERE)) == said_by(copy, "-I")
        assert describe(copy, HERE).prefix.folder == other.prefix


def test_only_the_installations_own_library_counts(copied, tmp_path):
    series = int(copied.series.partition(".")[2])
    write(tmp_path / "lib" / f"python3.{series + 1}" / "os.py")
    copy = Path(shutil.copy2(copied.path, tmp_path / copied.tag))
    interpreter = describe(copy, HERE)
    assert interpreter.prefix is None or interpreter.prefix.folder != tmp_path


def test_a_build_that_lost_its_library_is_broken_and_only_a_start_could_tell_more(relocated, tmp_path):
    copy = Path(shutil.copy2(relocated.path, tmp_path / relocated.tag))
    interpreter = describe(copy, HERE)
    assert (interpreter.state, interpreter.is_unclear) == ("broken", True)
    assert interpreter.error == "no standard library is near it"
    assert ask(copy, "0").returncode != 0


def test_a_build_whose_libpython_is_gone_is_broken(relocated, tmp_path):
    """As where an installation was moved, or `make install` was not followed by ldconfig."""
    lib = relocated.prefix / "lib"
    (shared,) = list(lib.glob(f"lib{relocated.tag}.so.*")) or [None]
    if shared is None:
        pytest.skip("this Python has no libpython of its own")
    elsewhere = shared.rename(tmp_path / shared.name)
    found = ask(relocated.path, "pass").returncode == 0
    if found:
        pytest.skip("this machine has another libpython of that version")
    told = describe(relocated.path, HERE)
    assert (told.state, told.error) == ("broken", "the libpython that it was linked to is not found")
    assert told.best is None
    loaded = {**os.environ, "LD_LIBRARY_PATH": str(elsewhere.parent)}
    assert ask(relocated.path, "pass", environ=loaded).returncode == 0
    assert describe(relocated.path, HERE._replace(env=loaded)).state == "ok"


def test_a_library_without_its_version_leaves_that_unclear(tmp_path):
    """A fixture: no header, no version in the bytes, none in the folder's name."""
    write(tmp_path / "lib" / "python3.12" / "os.py")
    path = write(tmp_path / "bin" / "python3.12", b"\x7fELF", 0o755)
    interpreter = describe(path, HERE)
    assert (interpreter.state, str(interpreter.version), interpreter.is_unclear) == ("ok", "3.12", True)


def test_only_a_relocated_build_needs_home_to_start(relocated, newest):
    reader = Reader(HERE)
    assert reader.compiled_prefix(newest.path.resolve(), newest.tag) == newest.prefix
    assert reader.compiled_prefix(relocated.path, relocated.tag) is None


def test_copies_that_load_one_libpython_are_read_once(newest, tmp_path, monkeypatch):
    """As in hundreds of environments of copies whose `home` went with an upgrade."""
    code = code_file(newest.path.resolve(), HERE)
    if code == newest.path.resolve():
        pytest.skip("this Python has no libpython of its own")
    read = []
    monkeypatch.setattr(compiled, "absolute_texts", lambda file: read.append(file) or frozenset())
    reader = Reader(HERE)
    for name in "abc":
        (tmp_path / name).mkdir()
        reader.compiled_prefix(
            Path(shutil.copy2(newest.path.resolve(), tmp_path / name / newest.tag)), newest.tag
        )
    assert read == [code]


def test_a_file_that_is_full_of_paths_is_not_read_to_its_end(tmp_path):
    file = write(tmp_path / "python3.12", b"".join(b"\0/%06x" % number for number in range(200_000)) + b"\0")
    assert len(compiled.absolute_texts(file)) <= 50_000


def test_an_executable_of_an_environment_is_told_from_a_base(newest, tmp_path):
    environment = make_environment(newest, tmp_path / "env")
    interpreter = describe(environment / "bin" / "python", HERE)
    assert (interpreter.state, str(environment) in interpreter.error) == ("environment", True)


def test_a_stray_config_in_an_installation_makes_no_environment_of_it(copied):
    (copied.prefix / "pyvenv.cfg").write_text("home = /x\n")
    assert describe(copied.path, HERE).usable


def test_a_shim_is_told_by_its_folder_or_its_first_bytes(tmp_path):
    shims = tmp_path / ".pyenv" / "shims"
    shims.mkdir(parents=True)
    for path in (shims / "python3", tmp_path / "python3"):
        path.write_text("#!/bin/sh\nexec python3\n")
        path.chmod(0o755)
        assert describe(path, HERE).state == "shim"
    assert "pyenv" in describe(shims / "python3", HERE).error


@pytest.mark.parametrize(
    ("make", "state"),
    [
        (lambda path: None, "broken"),
        (lambda path: path.mkdir(), "broken"),
        (os.mkfifo, "broken"),
        (lambda path: path.symlink_to("python"), "broken"),
        (lambda path: path.write_bytes(b"\x7fELF"), "denied"),
    ],
)
def test_what_is_no_interpreter_is_described_with_a_reason(tmp_path, make, state):
    make(tmp_path / "python")
    interpreter = describe(tmp_path / "python", HERE)
    assert interpreter.state == state
    assert interpreter.error


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.12.1", Version(3, 12, 1)),
        ("3.12", Version(3, 12)),
        ("3.13.0rc2", Version(3, 13, 0, "rc2")),
        ("3.12.1.final.0", Version(3, 12, 1)),
        ("3.14.0a1+", Version(3, 14, 0, "a1")),
        ("python", None),
        ("", None),
    ],
)
def test_versions_are_read(text, version):
    assert parse_version(text) == version


def test_a_final_release_is_newer_than_its_candidate():
    assert Version(3, 13, 0) > Version(3, 13, 0, "rc2") > Version(3, 13, 0, "b1")


# Odd files and names


@pytest.mark.parametrize(
    "name", [b"caf\xe9", b"new\nline", b"a b\t'\"$x", "ünïcode ✨".encode(), b"x" * 250, b"-rf"], ids=repr
)
def test_folders_of_any_name_hold_interpreters(newest, tmp_path, name):
    python = copied_prefix(newest, tmp_path / os.fsdecode(name) / newest.series)
    interpreter = describe(python.path, HERE)
    assert interpreter.usable, interpreter.error
    assert interpreter.stable == python.path
    assert str(interpreter.version) == newest.version


def test_a_path_as_long_as_the_system_takes_is_described(newest, tmp_path):
    folder = tmp_path
    while len(str(folder)) < 3500:
        folder /= "d" * 100
    folder.mkdir(parents=True)
    name = link(folder / newest.tag, str(newest.path))
    assert describe(name, HERE).real == newest.path.resolve()
    assert describe(folder / ("x" * 300), HERE).state == "broken"
    assert describe(folder / ("x/" * 4000), HERE).state == "broken"


@pytest.mark.parametrize("spoil", ["landmark", "header", "executable", "config"])
def test_a_pipe_in_any_place_does_not_hang(copied, spoil):
    """Each would wait for a writer for ever."""
    place = {
        "landmark": copied.prefix / "lib" / copied.tag / "os.py",
        "header": copied.prefix / "include" / copied.tag / "patchlevel.h",
        "executable": copied.path,
        "config": copied.prefix / "pyvenv.cfg",
    }[spoil]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    interpreter = describe(copied.prefix / "bin" / "python", HERE)
    # Without its landmark an interpreter takes the prefix that it was compiled with.
    own = interpreter.prefix is not None and interpreter.prefix.folder == copied.prefix
    assert own == (spoil in ("header", "config"))


def test_folders_in_place_of_files_and_files_in_place_of_folders(copied):
    landmark = copied.prefix / "lib" / copied.tag / "os.py"
    landmark.unlink()
    landmark.mkdir()
    (copied.prefix / "include").write_text("")
    (copied.prefix / "lib64").write_text("")
    interpreter = describe(copied.path, HERE)
    assert interpreter.prefix is None or interpreter.prefix.folder != copied.prefix


def test_an_empty_executable_and_a_huge_one_are_told(copied):
    copied.path.unlink()
    copied.path.touch(0o755)
    assert "empty" in describe(copied.path, HERE).error
    with open(copied.path, "r+b") as file:
        file.truncate(1_000_000_000)
    assert describe(copied.path, HERE).state == "ok"  # with a library and no version that could be read


def test_a_prefix_that_may_not_be_looked_into(as_plain_user, newest):
    python = as_plain_user / "py" / "bin" / "python3.12"
    write(python, b"\x7fELF", 0o755)
    write(as_plain_user / "py" / "lib" / "python3.12" / "os.py")
    (as_plain_user / "py" / "lib").chmod(0)
    interpreter = describe(python, HERE)
    (as_plain_user / "py" / "lib").chmod(0o755)
    assert interpreter.state == "broken"


def test_what_the_headers_tell_is_not_looked_for_in_large_files(tmp_path):
    """Files that are opened, seen from inside: an audit hook cannot be taken back, so in another process."""
    with_headers = [
        python for python in SELF_CONTAINED if any((python.prefix / "include").glob("*/patchlevel.h"))
    ]
    if not with_headers:
        pytest.skip("no interpreter with headers is here")
    code = (
        "import os, sys; from pathlib import Path\n"
        "from holdfast.host import Host; from holdfast.interpreters.interpreter import describe\n"
        "host, read = Host.current(), []\n"
        "sys.addaudithook(lambda event, args: read.append(args[0]) if event == 'open' else None)\n"
        "for path in sys.argv[1:]: describe(Path(path), host)\n"
        "print(*{os.fsdecode(path) for path in read if isinstance(path, (str, bytes, Path))}, sep='\\n')"
    )
    paths = [str(python.path) for python in with_headers]
    server = Path(__file__).parents[2] / "server"
    done = subprocess.run(
        [sys.executable, "-c", code, *paths], capture_output=True, text=True, env={"PYTHONPATH": str(server)}
    )
    opened = {Path(line) for line in done.stdout.splitlines() if not line.endswith((".py", ".pyc"))}
    assert opened, done.stderr
    executables = {Path(path).resolve() for path in paths}
    assert not {path for path in opened - executables if path.name.startswith("lib")}
    assert len(opened) <= 6 * len(paths), opened


def test_a_version_read_of_a_large_file_is_remembered_until_that_changes(tmp_path, monkeypatch):
    write(tmp_path / "lib" / "python3.12" / "os.py")
    path = write(tmp_path / "bin" / "python3.12", b"\x7fELF\0 says 3.12.4\0", 0o755)
    kept = tmp_path / "memory.json"
    memory = Memory(lambda: kept)
    assert str(describe(path, HERE, memory).version) == "3.12.4"
    memory.save()
    monkeypatch.setattr("holdfast.interpreters.release.find_in_file", lambda *_, **__: (b"99",))
    assert str(describe(path, HERE, Memory(lambda: kept)).version) == "3.12.4"
    os.utime(path, (0, 0))
    assert str(describe(path, HERE, Memory(lambda: kept)).version) == "3.12.99"
