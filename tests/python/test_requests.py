"""Version requests: what people and tools write, and which interpreters fit it."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from holdfast.errors import UsageError
from holdfast.host import Host
from holdfast.interpreters.interpreter import Interpreter, describe
from holdfast.interpreters.notations import parse_request, read_request
from holdfast.interpreters.ranges import read_conda, read_poetry, read_specifiers
from holdfast.interpreters.request import NotUnderstood, VersionRequest
from holdfast.interpreters.version import Version, parse_version
from holdfast.links.chain import follow
from machines import PosixMachine

VERSIONS = [
    *(Version(3, minor, micro) for minor in range(6, 16) for micro in (0, 1, 6, 12)),
    Version(2, 7, 18),
    Version(3, 14, 0, "rc2"),
    Version(3, 14, 0, "a1"),
]


def interpreter(version="3.12.6", implementation="cpython", **facts) -> Interpreter:
    """What is known of an interpreter that need not exist."""
    chain = follow(Path("/opt/pythons/x/bin/python"))
    facts = {"architecture": "x86_64", **facts}
    return Interpreter(
        chain.start, chain, "ok", version=parse_version(version), implementation=implementation, **facts
    )


def fits(text: str, version="3.12.6", implementation="cpython", **facts) -> bool:
    return parse_request(text).fits(interpreter(version, implementation, **facts))


def understood(read) -> VersionRequest:
    assert isinstance(read, VersionRequest), read
    return read


@pytest.mark.parametrize(
    "text",
    [
        *("3", "3.{minor}", "{version}", "python3.{minor}", "Python 3.{minor}", "3{minor}", "v3.{minor}"),
        *(">=3.{minor}", "=={version}", "==3.{minor}.*", "~=3.{minor}", "^3.{minor}", "~3.{minor}", "*"),
        *("cpython@3.{minor}", "cpython-{version}", "python-{version}", "any", "latest", "3.{minor}+gil"),
    ],
)
def test_requests_that_an_interpreter_fits(newest, text):
    minor = newest.series.partition(".")[2]
    written = text.format(minor=minor, version=newest.version)
    request = parse_request(written)
    assert request.fits(describe(newest.path, Host.current()))
    assert request.pins == (newest.version in written)
    assert request.text == written


@pytest.mark.parametrize("text", ["2", "<3", "pypy3.10", "3.99", "!=3.*", "3.99t", "graalpy", ">=3,<3"])
def test_requests_that_it_does_not_fit(newest, text):
    assert not parse_request(text).fits(describe(newest.path, Host.current()))


@pytest.mark.parametrize(
    ("text", "some_fit", "some_do_not"),
    [
        ("3.12", ["3.12.0", "3.12.6"], ["3.1.2", "3.11.9", "3.13.0"]),
        ("3.1", ["3.1.5"], ["3.10.0", "3.12.1"]),
        ("312", ["3.12.6"], ["3.1.2", "3.13.0"]),
        ("3.12.6", ["3.12.6"], ["3.12.5", "3.12.60"]),
        ("==3.12", ["3.12.0"], ["3.12.6"]),
        ("~=3.11", ["3.11.0", "3.13.1"], ["3.10.9", "2.7.18"]),
        ("~=3.11.4", ["3.11.4", "3.11.9"], ["3.11.3", "3.12.0"]),
        ("^3.10", ["3.10.0", "3.15.0"], ["3.9.9"]),
        ("~3.10", ["3.10.0", "3.10.9"], ["3.9.9", "3.11.0"]),
        ("~3", ["3.0.0", "3.15.0"], ["2.7.18"]),
        ("~2.7 || ^3.9", ["2.7.18", "3.12.0"], ["3.8.1"]),
        (">=3.10,<3.13,!=3.11.*", ["3.10.0", "3.12.9"], ["3.11.4", "3.13.0"]),
        (">= 3.10", ["3.10.0"], ["3.9.18"]),
        ("3.12.*", ["3.12.6"], ["3.13.0"]),
        ("prefix:3.12", ["3.12.6"], ["3.13.0"]),
        ("latest:3.12", ["3.12.6"], ["3.13.0"]),
        ("3.14-dev", ["3.14.0a1", "3.14.0rc2", "3.14.1"], ["3.13.0", "3.15.0a1"]),
    ],
)
def test_a_request_means_a_range_of_versions(text, some_fit, some_do_not):
    assert [version for version in some_fit if not fits(text, version)] == []
    assert [version for version in some_do_not if fits(text, version)] == []


@pytest.mark.parametrize(
    "text", ["3.12.6", "==3.12.6", "== 3.12.6", "python-3.12.6", "cpython@3.12.6", "^3.12.6"]
)
def test_what_names_a_patch_pins_it(text):
    assert parse_request(text).pins == (not text.startswith("^"))


def test_a_patch_that_is_not_known_fits_no_request_for_one():
    assert fits("3.12", "3.12")
    assert not fits("3.12.0", "3.12")


# Prereleases, as pip (which compares sys.version_info[:3]) and uv (VersionRequest::matches_interpreter) do


@pytest.mark.parametrize(
    "text", ["3.14", ">=3.14", "^3.14", "3.14.0rc2", "3.14rc2", ">=3.14.0rc1", "3.14-dev", "3"]
)
def test_a_candidate_fits_its_series(text):
    assert fits(text, "3.14.0rc2")


@pytest.mark.parametrize(
    "text", ["3.14.0", "==3.14.0", "<3.14", ">=3.15", "3.14.0rc1", ">=3.14.0rc3", "3.14.1"]
)
def test_a_candidate_is_not_the_final_release(text):
    assert not fits(text, "3.14.0rc2")


# Builds


@pytest.mark.parametrize(
    "text", ["3.13t", "3.13+freethreaded", "313t", "cpython@3.13t", ">=3.13t", "3.13.0t"]
)
def test_free_threaded_builds_are_asked_for(text):
    assert fits(text, "3.13.0", free_threaded=True)
    assert not fits(text, "3.13.0")


@pytest.mark.parametrize("text", ["3.13", "3", ">=3.8", "3.13.0", "3.13+gil", "latest"])
def test_a_request_that_does_not_say_so_takes_no_experimental_build(text):
    assert not fits(text, "3.13.0", free_threaded=True)


def test_from_3_14_on_free_threaded_builds_are_no_experiment():
    assert fits("3.14", "3.14.2", free_threaded=True)
    assert not fits("3.14+gil", "3.14.2", free_threaded=True)


def test_debug_builds_fit_unless_the_request_says_otherwise():
    assert fits("3.12", debug=True)
    assert fits("3.12d", debug=True)
    assert fits("3.12+debug", debug=True)
    assert not fits("3.12d")
    assert fits("3.13td", "3.13.0", debug=True, free_threaded=True)
    assert not fits("3.13+freethreaded+debug", "3.13.0", debug=True)


@pytest.mark.parametrize(
    ("text", "architecture", "fitting"),
    [
        ("3.12-64", "x86_64", True),
        ("3.12-64", "aarch64", True),
        ("3.12-64", "x86", False),
        ("3.12-32", "x86", True),
        ("3.12-32", "x86_64", False),
        ("3.12-arm64", "aarch64", True),
        ("3.12-arm64", "x86_64", False),
        ("3.12-x86_64", "x86_64+aarch64", True),
        ("3.12-arm64", "x86_64+aarch64", True),
        ("3.12-64", None, False),
        ("cpython-3.12.6-linux-x86_64-gnu", "x86_64", True),
        ("cpython-3.12.6-linux-aarch64-gnu", "x86_64", False),
        ("any-3.12-any-aarch64", "aarch64", True),
        ("cpython-3.12-macos-aarch64-none", "aarch64", True),
    ],
)
def test_a_processor_may_be_asked_for(text, architecture, fitting):
    assert fits(text, architecture=architecture) == fitting


def test_a_key_of_uv_names_a_system():
    assert parse_request("cpython-3.12.6-linux-x86_64-gnu").platform == "linux"
    assert parse_request("cpython-3.12-macos-aarch64-none").platform == "darwin"
    assert parse_request("cpython-3.12.6+freethreaded-windows-x86_64-none").free_threaded
    assert parse_request("cpython-3.12").platform is None


@pytest.mark.parametrize(
    ("text", "implementation", "version", "own", "fitting"),
    [
        ("pypy3.10", "pypy", "3.10.14", "7.3.17", True),
        ("pypy@3.10", "pypy", "3.10.14", "7.3.17", True),
        ("pp310", "pypy", "3.10.14", "7.3.17", True),
        ("pypy", "pypy", "3.10.14", "7.3.17", True),
        ("pypy>=3.9", "pypy", "3.10.14", "7.3.17", True),
        ("pypy3.10-7.3.17", "pypy", "3.10.14", "7.3.17", True),
        ("pypy3.10-v7.3.17", "pypy", "3.10.14", "7.3.17", True),
        ("pypy3.10-7.3.16", "pypy", "3.10.14", "7.3.17", False),
        ("pypy3.10-7.3.1", "pypy", "3.10.14", "7.3.17", False),
        ("pypy3.10-7.3.17", "pypy", "3.10.14", None, False),
        ("pypy3.9", "pypy", "3.10.14", "7.3.17", False),
        ("pypy3.10", "cpython", "3.10.14", None, False),
        ("3.10", "pypy", "3.10.14", "7.3.17", False),
        ("cpython3.10", "pypy", "3.10.14", "7.3.17", False),
        ("any", "pypy", "3.10.14", "7.3.17", True),
        ("graalpy24.1", "graalpy", "3.11.7", "24.1.1", True),
        ("graalpy-24.1.1", "graalpy", "3.11.7", "24.1.1", True),
        ("graalpy@3.11", "graalpy", "3.11.7", "24.1.1", True),
        ("graalpy24.0", "graalpy", "3.11.7", "24.1.1", False),
        ("graalpy@3.10", "graalpy", "3.11.7", "24.1.1", False),
    ],
)
def test_other_implementations_are_asked_for_by_name(text, implementation, version, own, fitting):
    assert fits(text, version, implementation, own_version=own) == fitting


def test_what_cannot_be_used_fits_nothing():
    assert not parse_request("any").fits(interpreter()._replace(state="broken"))
    assert not parse_request("any").fits(interpreter()._replace(version=None))


# Names of installations


@pytest.fixture
def named(tmp_path):
    """`versions/3.12 -> 3.12.6` and `versions/miniconda3-24.1`, as pyenv lays them."""
    machine = PosixMachine(tmp_path)
    versions = "/home/ada/.pyenv/versions"
    machine.standalone(f"{versions}/3.12.6", "3.12.6")
    machine.at(f"{versions}/3.12").symlink_to("3.12.6")
    machine.standalone(f"{versions}/miniconda3-24.1", "3.11.7")
    return lambda name: describe(machine.at(f"{versions}/{name}/bin/python3"), machine.host())


def test_an_installation_may_be_asked_for_by_the_name_of_its_folder(named):
    assert parse_request("miniconda3-24.1").fits(named("miniconda3-24.1"))
    assert not parse_request("miniconda3-24.1").fits(named("3.12.6"))
    assert understood(read_request("3.12.6+mine", names=True)).name == "3.12.6+mine"
    assert understood(read_request("ref:main")).name == "ref-main"
    assert not understood(read_request("bin", names=True)).fits(named("3.12.6"))


def test_a_folder_goes_by_the_names_of_its_links_too(named):
    request = understood(read_request("path-less", names=True))
    for name in ("3.12", "3.12.6"):
        assert replace(request, name=name).fits(named("3.12"))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/usr/bin/python3", "/usr/bin/python3"),
        ("./venv", "./venv"),
        ("venv/bin/python", "venv/bin/python"),
        ("~/python", "~/python"),
        ("~", "~"),
        ("C:\\Python312\\python.exe", "C:\\Python312\\python.exe"),
        ("path:/opt/python", "/opt/python"),
        ("path:~/python", "~/python"),
    ],
)
def test_paths_are_told_from_versions(text, path):
    assert parse_request(text).path == path
    assert parse_request(text).implementation is None


def test_system_asks_for_what_stands_behind_the_version_managers():
    assert parse_request("System").system
    assert not parse_request("3.12").system


# What is not understood


@pytest.mark.parametrize(
    "text",
    [
        "banana",
        "3.x",
        "3..1",
        "✨",
        "3rc1",
        "3.12.6.1",
        ">=",
        ">=banana",
        "=3.12",
        "3.12 3.11",
        "",
        " ",
        "3.12-foo",
    ]
    + [
        "3.12.6-post1",
        "3.12²",
        "3.١٢",
        "\0",
        "3.12\0",
        "3.12\n3.11",
        "1" * 1000,
        "sub-1:latest",
        "x:y",
        "3.12t+gil",
    ],
)
def test_what_is_no_request_is_a_usage_error_with_a_reason(text):
    with pytest.raises(UsageError, match=r"(no|names no) version.*Write a version such as 3\.12") as error:
        parse_request(text)
    assert len(str(error.value)) < 300


def test_trailing_commas_are_forgiven_as_packaging_does():
    assert parse_request(">=3.10,").ranges == (">=3.10,",)


@given(st.text(max_size=300), st.booleans())
def test_any_text_is_understood_or_told_with_a_reason(text, names):
    for read in (lambda t: read_request(t, names=names), read_specifiers, read_poetry, read_conda):
        answer = read(text)
        if isinstance(answer, NotUnderstood):
            assert answer.reason
            assert len(answer.text) <= 300
        else:
            assert answer.text == text
            answer.fits(interpreter())


@given(st.text(alphabet="0123456789.,<>=!~^*| \ttdabrcpyonel@+-vxX", min_size=1, max_size=40))
def test_whatever_nearly_is_a_version_is_understood_or_not_without_an_error(text):
    for read in (read_request, read_specifiers, read_poetry, read_conda):
        answer = read(text)
        if isinstance(answer, VersionRequest):
            assert {answer.allows(version) for version in VERSIONS} <= {True, False}


@pytest.mark.parametrize("unit", ["(3.12", "3.", "~", "||", "^3,", "python", ">=3 ", "-", "=="])
def test_long_texts_are_refused_at_once(unit):
    assert isinstance(read_request(unit * 50_000), NotUnderstood)
    assert isinstance(read_poetry(unit * 50_000), NotUnderstood)
    assert isinstance(read_conda(unit * 50_000), NotUnderstood)
    assert isinstance(read_specifiers(unit * 50_000), NotUnderstood)


# The notations of tools


@pytest.mark.parametrize(
    "text",
    ["", ">=3.8", ">=3.8,<4", "==3.12.*", "!=3.9.*,>=3.7", "~=3.10", "<3.13", "===3.12.6", ">3.9"],
)
def test_requires_python_is_what_packaging_says(text):
    request = understood(read_specifiers(text))
    assert request.implementation is None
    for version in VERSIONS:
        release = f"{version.series}.{version.micro}"
        assert request.allows(version) == SpecifierSet(text).contains(release, prereleases=True), version


@pytest.mark.parametrize(
    ("text", "instead"), [("^3.8", ">=3.8,<4"), ("~3.8", ">=3.8,<3.9"), ("^x", ">=3.10"), ("3.8", None)]
)
def test_requires_python_in_poetrys_notation_is_told(text, instead):
    reason = str(read_specifiers(text))
    assert reason.endswith(f"is Poetry's notation; here it is {instead}" if instead else "such as >=3.10")


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("^3.10", ">=3.10,<4"),
        ("^3.10.2", ">=3.10.2,<4"),
        ("^3", ">=3,<4"),
        ("~3.10", ">=3.10,<3.11"),
        ("~3.10.2", ">=3.10.2,<3.11"),
        ("~3", ">=3,<4"),
        ("3.12", "==3.12"),
        ("=3.12.6", "==3.12.6"),
        ("3.12.*", "==3.12.*"),
        ("*", ""),
        (">=3.8 <3.12", ">=3.8,<3.12"),
        (">= 3.8, < 3.12", ">=3.8,<3.12"),
        ("<>3.9.1", "!=3.9.1"),
        (">=3.8,!=3.9.*,<4", ">=3.8,!=3.9.*,<4"),
        ("~=3.10", "~=3.10"),
    ],
)
def test_poetrys_constraints_mean_what_poetry_says(text, same_as):
    request, plain = understood(read_poetry(text)), understood(read_specifiers(same_as))
    assert [version for version in VERSIONS if request.allows(version) != plain.allows(version)] == []


def test_poetrys_alternatives():
    request = understood(read_poetry("~2.7 || ^3.9 | 3.7.*"))
    allowed = {version.series for version in VERSIONS if request.allows(version)}
    assert allowed == {"2.7", "3.7", *(f"3.{minor}" for minor in range(9, 16))}


@pytest.mark.parametrize("text", ["foo", "^foo", "3.10 foo", "||", "^", "^3.x", "3.8 - 3.10", "@3"])
def test_what_is_no_constraint_of_poetry_is_told(text):
    assert isinstance(read_poetry(text), NotUnderstood)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("=3.12", "==3.12.*"),
        (" =3.12", "==3.12.*"),
        ("=3", "==3.*"),
        ("=3.12.*", "==3.12.*"),
        ("=3.12.6", "==3.12.6"),
        ("==3.12.6", "==3.12.6"),
        ("=3.12.6=hab00c5b_0_cpython", "==3.12.6"),
        (" 3.12.6 hab00c5b_0", "==3.12.6"),
        (">=3.10,<3.13", ">=3.10,<3.13"),
        ("3.12.*", "==3.12.*"),
    ],
)
def test_condas_specifications_mean_what_conda_says(text, same_as):
    request, plain = understood(read_conda(text)), understood(read_specifiers(same_as))
    assert [version for version in VERSIONS if request.allows(version) != plain.allows(version)] == []


def test_condas_alternatives():
    request = understood(read_conda("3.10.*|>=3.13"))
    assert {version.series for version in VERSIONS if request.allows(version)} == {
        "3.10",
        "3.13",
        "3.14",
        "3.15",
    }


# Cost


def test_finding_without_a_request_does_not_pay_for_packaging():
    server = Path(__file__).parents[2] / "server"
    program = (
        f"import sys; sys.path[:0] = [{os.fspath(server)!r}, {os.fspath(server / 'bundled')!r}]\n"
        "import holdfast.interpreters.request\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'packaging', 'tomllib', 'tomli'}))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
