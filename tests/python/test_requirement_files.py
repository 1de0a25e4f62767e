"""What a project offers to install, read from its files and never executed."""

import os
import time

import pytest

from holdfast.creation.requirements.found import parse_source, requirement_sources
from holdfast.errors import HoldfastError, UsageError

APPLICATION = """
[project]
name = "app"
version = "1.0"
dependencies = ["spam"]
[project.optional-dependencies]
docs = ["eggs>=2"]
[dependency-groups]
dev = ["ham", {include-group = "more"}]
more = ["bacon"]
"""
PACKAGE = APPLICATION + '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'


def offered(folder, host) -> dict:
    return {source.id: source for source in requirement_sources(folder, host)}


def kinds(folder, host) -> dict[str, str]:
    return {source.id: source.kind for source in requirement_sources(folder, host)}


def test_everything_that_can_be_installed_is_offered_locks_first(tmp_path, host):
    (tmp_path / "pyproject.toml").write_text(PACKAGE)
    files = ("requirements.txt", "requirements-dev.txt", "test_requirements.txt", "docs-requirements.txt")
    for name in ("uv.lock", "pylock.toml", "pylock.dev.toml", *files, "notes.txt", "constraints.txt"):
        (tmp_path / name).write_text("")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "prod.txt").write_text("spam\n")
    (tmp_path / "requirements" / "prod.in").write_text("spam\n")
    (tmp_path / "poetry.lock").write_text("")
    assert list(kinds(tmp_path, host).items()) == [
        ("uv.lock", "uv.lock"),
        ("pylock.dev.toml", "pylock"),
        ("pylock.toml", "pylock"),
        ("pyproject.toml", "project"),
        ("pyproject.toml[docs]", "project"),
        ("pyproject.toml:dev", "group"),
        ("pyproject.toml:more", "group"),
        ("requirements.txt", "file"),
        ("requirements-dev.txt", "file"),
        ("docs-requirements.txt", "file"),
        ("test_requirements.txt", "file"),
        ("requirements/prod.txt", "file"),
    ]
    assert all(source.trouble is None and source.label for source in requirement_sources(tmp_path, host))


def test_an_empty_project_offers_nothing(tmp_path, host):
    assert requirement_sources(tmp_path, host) == ()
    assert requirement_sources(tmp_path / "gone", host) == ()


def test_a_pyproject_that_configures_tools_offers_nothing(tmp_path, host):
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 100\n")
    assert requirement_sources(tmp_path, host) == ()


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ("", "dependencies"),
        ("[build-system]\nrequires = []\n", "project"),
        ("[build-system]\nrequires = []\n[tool.uv]\npackage = false\n", "dependencies"),
        ("[build-system]\nrequires = []\n[tool.poetry]\npackage-mode = false\n", "dependencies"),
        ("[tool.uv]\npackage = true\n", "project"),
        ("[tool.setuptools]\npackages = ['app']\n", "project"),
    ],
)
def test_a_project_is_installed_where_it_is_a_package(tmp_path, host, more, kind):
    (tmp_path / "pyproject.toml").write_text(APPLICATION + more)
    found = kinds(tmp_path, host)
    assert (found["pyproject.toml"], found["pyproject.toml[docs]"]) == (kind, kind)


def test_a_setup_py_makes_a_package(tmp_path, host):
    (tmp_path / "pyproject.toml").write_text(APPLICATION)
    (tmp_path / "setup.py").write_text("raise SystemExit('this is never run')\n")
    assert kinds(tmp_path, host)["pyproject.toml"] == "project"


def test_requirements_stand_in_the_source_where_the_file_tells_them(tmp_path, host):
    (tmp_path / "pyproject.toml").write_text(APPLICATION)
    found = offered(tmp_path, host)
    assert found["pyproject.toml"].requirements == ("spam",)
    assert found["pyproject.toml[docs]"].requirements == ("spam", "eggs>=2")
    assert found["pyproject.toml:dev"].requirements == ("ham", "bacon")


def test_an_extra_that_names_the_project_itself_is_left_to_tools_that_know_it(tmp_path, host):
    (tmp_path / "pyproject.toml").write_text(
        APPLICATION.replace("[dependency", 'all = ["App[docs]"]\n[dependency')
    )
    assert offered(tmp_path, host)["pyproject.toml[all]"].requirements is None


def test_dependencies_that_only_a_build_tells_make_a_package(tmp_path, host):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "app"\ndynamic = ["dependencies"]\n')
    assert kinds(tmp_path, host)["pyproject.toml"] == "project"


@pytest.mark.parametrize(
    ("groups", "trouble"),
    [
        ('dev = [{include-group = "dev"}]', "without end"),
        ('dev = [{include-group = "a"}]\na = [{include-group = "dev"}]', "without end"),
        ('dev = [{include-group = "gone"}]', "no group “gone”"),
        ('dev = "ham"', "not a list"),
        ("dev = [3]", "neither a requirement nor a group"),
        ("dev = [{path = 'x'}]", "neither a requirement nor a group"),
        ("'--index-url=x' = ['ham']", "its name"),
        ("'' = ['ham']", "its name"),
        ("'a]b' = ['ham']", "its name"),
    ],
)
def test_a_group_that_tools_would_refuse_says_why(tmp_path, host, groups, trouble):
    (tmp_path / "pyproject.toml").write_text(f"[dependency-groups]\n{groups}\n")
    first = requirement_sources(tmp_path, host)[0]
    assert trouble in first.trouble
    with pytest.raises(HoldfastError, match="cannot be installed"):
        parse_source(first.id, tmp_path, host)


def test_groups_that_include_each_other_many_times_over_take_no_time(tmp_path, host):
    twice = "\n".join(
        f'g{number} = [{{include-group = "g{number + 1}"}}, {{include-group = "G{number + 1}"}}]'
        for number in range(40)
    )
    (tmp_path / "pyproject.toml").write_text(f'[dependency-groups]\n{twice}\ng40 = ["ham"]\n')
    started = time.monotonic()
    assert offered(tmp_path, host)["pyproject.toml:g0"].requirements == ("ham",)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", ["requirements.txt", "pylock.toml", "uv.lock", "pyproject.toml"])
@pytest.mark.parametrize(
    ("bad", "trouble"),
    [("folder", "a folder"), ("fifo", "a pipe"), ("loop", "circle"), ("large", "too large")],
)
def test_what_is_no_file_is_offered_with_the_reason(tmp_path, host, name, bad, trouble):
    file = tmp_path / name
    if bad == "folder":
        file.mkdir()
    elif bad == "fifo":
        os.mkfifo(file)
    elif bad == "loop":
        file.symlink_to(name)
    else:
        with file.open("wb") as large:
            large.truncate(100_000_000)
    (source,) = requirement_sources(tmp_path, host)
    assert source.id == name
    assert trouble in source.trouble


@pytest.mark.parametrize("name", ["requirements.txt", "pylock.toml", "uv.lock", "pyproject.toml"])
def test_binary_junk_is_offered_with_the_reason(tmp_path, host, name):
    (tmp_path / name).write_bytes(bytes(range(256)) * 4)
    (source,) = requirement_sources(tmp_path, host)
    assert "text" in source.trouble


def test_broken_toml_is_offered_with_its_line(tmp_path, host):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = \n")
    (source,) = requirement_sources(tmp_path, host)
    assert "not valid TOML" in source.trouble
    assert "line 2" in source.trouble


def test_requirements_that_are_no_lists_of_texts_say_so(tmp_path, host):
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "app"\ndependencies = [3]\n[project.optional-dependencies]\nx = "eggs"\n'
    )
    assert all("not a list" in source.trouble for source in requirement_sources(tmp_path, host))


def test_a_requirements_file_of_windows_powershell_is_text(tmp_path, host):
    (tmp_path / "requirements.txt").write_bytes("spam\n".encode("utf-16"))
    assert offered(tmp_path, host)["requirements.txt"].trouble is None


def test_a_lock_without_its_project_says_what_is_missing(tmp_path, host):
    (tmp_path / "uv.lock").write_text("version = 1\n")
    assert "pyproject.toml" in offered(tmp_path, host)["uv.lock"].trouble


def test_names_that_are_no_text_are_left_out(tmp_path, host):
    (tmp_path / os.fsdecode(b"requirements-\xff.txt")).write_text("spam\n")
    (tmp_path / "requirements-\n.txt").write_text("spam\n")
    (tmp_path / "requirements-größe 1.txt").write_text("spam\n")
    assert list(offered(tmp_path, host)) == ["requirements-größe 1.txt"]


def test_nothing_is_asked_of_a_disk_that_does_not_answer(dead_mount, tmp_path, host):
    assert requirement_sources(dead_mount, host) == ()
    (tmp_path / "requirements.txt").symlink_to(dead_mount / "requirements.txt")
    assert "does not answer" in offered(tmp_path, host)["requirements.txt"].trouble


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("requirements.txt", "requirements.txt"),
        ("./requirements.txt", "requirements.txt"),
        ("pyproject.toml", "pyproject.toml"),
        ("pyproject.toml[docs]", "pyproject.toml[docs]"),
        ("./pyproject.toml[DOCS]", "pyproject.toml[docs]"),
        ("pyproject.toml:dev", "pyproject.toml:dev"),
        ("pyproject.toml:Dev", "pyproject.toml:dev"),
        ("deps/base.in", "deps/base.in"),
    ],
)
def test_a_text_of_the_command_line_names_a_source(tmp_path, host, text, found):
    (tmp_path / "pyproject.toml").write_text(PACKAGE)
    (tmp_path / "requirements.txt").write_text("spam\n")
    (tmp_path / "deps").mkdir()
    (tmp_path / "deps" / "base.in").write_text("spam\n")
    assert parse_source(text, tmp_path, host).id == found


def test_a_requirements_file_may_be_named_by_its_whole_path(tmp_path, host):
    file = tmp_path / "elsewhere" / "base.txt"
    file.parent.mkdir()
    file.write_text("spam\n")
    source = parse_source(str(file), tmp_path / "app", host)
    assert (source.kind, source.file) == ("file", file)


def test_backslashes_separate_names_on_windows(tmp_path, host):
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "dev.txt").write_text("spam\n")
    windows = host._replace(platform="windows")
    assert parse_source(r".\requirements\dev.txt", tmp_path, windows).id == "requirements/dev.txt"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "requirement.txt",
        "pyproject.toml:nope",
        "pyproject.toml[nope]",
        "\0.txt",
        "../..",
        "setup.py",
    ],
)
def test_a_text_that_names_nothing_is_answered_with_what_there_is(tmp_path, host, text):
    (tmp_path / "pyproject.toml").write_text(PACKAGE)
    (tmp_path / "requirements.txt").write_text("spam\n")
    with pytest.raises(UsageError, match=r"The project offers: pyproject.toml, .*requirements.txt\."):
        parse_source(text, tmp_path, host)


def test_the_lock_of_another_tool_is_refused_by_its_name(tmp_path, host):
    (tmp_path / "poetry.lock").write_text("")
    with pytest.raises(UsageError, match="only Poetry reads it"):
        parse_source("poetry.lock", tmp_path, host)
