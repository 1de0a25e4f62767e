"""What is read of an interpreter without running it, against what it says of itself when it is run."""

import os

import pytest

from holdfast.discovery.finder import find_interpreters
from holdfast.errors import UsageError
from holdfast.host import Host
from holdfast.interpreters.interpreter import describe
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.request import parse_request
from holdfast.interpreters.version import Version, parse_version
from pythons import copied_prefix, facts_of, make_environment

MACHINE = [found.interpreter for found in find_interpreters(Host.current())]


@pytest.mark.parametrize("interpreter", MACHINE, ids=lambda one: str(one.path))
def test_every_interpreter_of_this_machine_is_what_it_says_it_is(interpreter):
    if not interpreter.usable:
        assert interpreter.error
        return
    code = (
        "from __future__ import print_function; import platform, sys; "
        "print(platform.python_version(), sys.prefix, platform.machine(), sep='|')"
    )
    options = ["-E", "-s"] if interpreter.version.major == 2 else ["-I"]
    output = os.popen(f"{interpreter.path} {' '.join(options)} -c {code!r}").read().strip()
    said = (str(interpreter.version), str(interpreter.prefix.folder), interpreter.architecture)
    assert "|".join(said) == output
    stable = os.popen(f"{interpreter.stable} {' '.join(options)} -c {code!r}").read().strip()
    assert stable == output


def test_an_interpreter_was_found_on_this_machine():
    assert any(interpreter.usable for interpreter in MACHINE)


def test_the_stable_path_is_the_link_that_names_only_the_series(copied):
    link = copied.prefix.parent / copied.series
    link.symlink_to(copied.prefix.name)
    for path in (copied.path, link / "bin" / "python", copied.prefix / "bin" / "python3"):
        interpreter = describe(path, Host.current())
        assert interpreter.stable == link / "bin" / copied.tag
    assert facts_of(interpreter.stable)["version"] == copied.version


def test_without_such_a_link_it_is_the_patch_folder(copied):
    assert describe(copied.prefix / "bin" / "python", Host.current()).stable == copied.path


def test_a_name_that_can_jump_to_another_series_is_never_stable(copied):
    (copied.prefix.parent / "latest").symlink_to(copied.prefix.name)
    assert describe(copied.prefix.parent / "latest" / "bin" / "python", Host.current()).stable == copied.path


def test_a_link_to_the_executable_alone_is_not_a_stable_path(copied, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / copied.tag).symlink_to(copied.path)
    assert describe(tmp_path / "bin" / copied.tag, Host.current()).stable == copied.path


def test_a_link_to_another_installation_of_the_series_is_not_taken(tmp_path, newest):
    one = copied_prefix(newest, tmp_path / "versions" / f"{newest.series}.0")
    other = copied_prefix(newest, tmp_path / "versions" / f"{newest.series}.1")
    (tmp_path / "versions" / newest.series).symlink_to(other.prefix.name)
    assert describe(one.path, Host.current()).stable == one.path


def test_only_a_relocated_build_needs_home_to_start(relocated, newest):
    reader = Reader(Host.current())
    assert reader.compiled_libraries(newest.path.resolve(), newest.tag) == {
        newest.prefix / "lib" / newest.tag
    }
    assert not reader.compiled_libraries(relocated.path, relocated.tag)


def test_an_executable_of_an_environment_is_told_from_a_base(newest, tmp_path):
    environment = make_environment(newest, tmp_path / "env")
    interpreter = describe(environment / "bin" / "python", Host.current())
    assert (interpreter.state, str(environment) in interpreter.error) == ("environment", True)


def test_a_stray_config_in_an_installation_makes_no_environment_of_it(copied):
    (copied.prefix / "pyvenv.cfg").write_text("home = /x\n")
    assert describe(copied.path, Host.current()).usable


def test_a_shim_is_told_by_its_folder_or_its_first_bytes(tmp_path):
    shims = tmp_path / ".pyenv" / "shims"
    shims.mkdir(parents=True)
    for path in (shims / "python3", tmp_path / "python3"):
        path.write_text("#!/bin/sh\nexec python3\n")
        path.chmod(0o755)
        assert describe(path, Host.current()).state == "shim"
    assert "pyenv" in describe(shims / "python3", Host.current()).error


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
    interpreter = describe(tmp_path / "python", Host.current())
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


@pytest.mark.parametrize(
    "text", ["3", "3.{minor}", ">=3.{minor}", "=={version}", "{version}", "python3.{minor}"]
)
def test_requests_that_an_interpreter_fits(newest, text):
    minor = newest.series.partition(".")[2]
    request = parse_request(text.format(minor=minor, version=newest.version))
    assert request.fits(describe(newest.path, Host.current()))
    assert request.pins == (newest.version in text.format(minor=minor, version=newest.version))


@pytest.mark.parametrize("text", ["2", "<3", "pypy3.10", "3.99", "!=3.*"])
def test_requests_that_it_does_not_fit(newest, text):
    assert not parse_request(text).fits(describe(newest.path, Host.current()))


@pytest.mark.parametrize("text", ["banana", "3.x", "3..1", "✨", ">=3.10,"])
def test_what_is_no_request_is_a_usage_error(text):
    if text == ">=3.10,":  # packaging allows the comma
        assert parse_request(text)
        return
    with pytest.raises(UsageError, match="no version"):
        parse_request(text)


def test_requests_of_pypy_fit_pypy_only():
    assert parse_request("pypy3.10").implementation == "pypy"
    assert parse_request("3.10").implementation == "cpython"
