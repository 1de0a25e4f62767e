"""Stable paths: which name of an interpreter is recorded, and that environments live on it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from holdfast.host import Host
from holdfast.interpreters.interpreter import describe
from machines import MacMachine, PosixMachine, WindowsMachine, link, write
from pythons import SELF_CONTAINED, ask, copied_prefix, facts_of, make_environment, relocated_prefix, works

HERE = Host.current()


def best(path, host=HERE):
    return describe(path, host).best


def sibling(python, name):
    """A link beside an installation's folder."""
    return link(python.prefix.parent / name, python.prefix.name)


def searches_from_home(python):
    """Whether CPython looks for its library from `home` on, also where `python` is a link."""
    return tuple(map(int, python.series.split("."))) >= (3, 11)


# The names that version managers keep, on a machine like any other


def test_the_link_that_names_only_the_series_is_best_whichever_name_was_asked_for(copied):
    series = sibling(copied, copied.series)
    for path in (copied.path, series / "bin" / "python", copied.prefix / "bin" / "python3"):
        found = best(path)
        assert (found.path, found.rank) == (series / "bin" / copied.tag, "series")
    assert facts_of(found.path)["version"] == copied.version


def test_the_reason_names_the_link_and_the_upgrade_that_it_survives(copied):
    sibling(copied, copied.series)
    micro = int(copied.version.rpartition(".")[2])
    assert best(copied.path).reason == (
        f"`versions/{copied.series}` names {copied.series} without a patch, "
        f"so it stays right when {copied.series}.{micro + 1} replaces {copied.version}"
    )


def test_without_such_a_link_it_is_the_patch_folder_and_that_is_said(copied):
    found = best(copied.prefix / "bin" / "python")
    assert (found.path, found.rank) == (copied.path, "patch")
    assert found.reason == f"it names the patch version {copied.series}.0: an upgrade removes it"


@pytest.mark.parametrize("name", ["latest", "3", "current", "default", "stable", "python3", "mine"])
def test_a_name_that_can_jump_to_another_series_is_never_stable(copied, name):
    moving = sibling(copied, name)
    assert best(moving / "bin" / "python").path == copied.path


def test_a_chain_of_links_is_as_good_as_its_best_name(copied):
    series = sibling(copied, copied.series)
    moving = link(copied.prefix.parent / "latest", copied.series)
    assert best(moving / "bin" / "python3").path == series / "bin" / copied.tag


def test_a_link_to_another_installation_of_the_series_is_not_taken(tmp_path, newest):
    one = copied_prefix(newest, tmp_path / "versions" / f"{newest.series}.0")
    other = copied_prefix(newest, tmp_path / "versions" / f"{newest.series}.1")
    sibling(other, newest.series)
    assert best(one.path).path == one.path


@pytest.mark.parametrize("how", ["linked", "hard-linked"])
def test_another_tree_that_shares_the_landmark_file_is_another_prefix(copied, how):
    impostor = copied.prefix.parent / copied.series
    library = impostor / "lib" / copied.tag
    library.mkdir(parents=True)
    landmark = copied.prefix / "lib" / copied.tag / "os.py"
    if how == "linked":
        (library / "os.py").symlink_to(landmark)
    else:
        os.link(landmark, library / "os.py")
    (impostor / "bin").symlink_to(copied.prefix / "bin")
    assert best(impostor / "bin" / copied.tag).path == copied.path


def test_a_name_without_a_version_in_a_folder_without_one_pins_nothing(tmp_path, newest):
    python = copied_prefix(newest, tmp_path / "python")
    (python.prefix / "bin" / python.tag).rename(python.prefix / "bin" / "real")
    for name in ("python", "python3", python.tag):
        (python.prefix / "bin" / name).unlink(missing_ok=True)
    (python.prefix / "bin" / "real").rename(python.prefix / "bin" / "python")
    found = best(python.prefix / "bin" / "python")
    assert (found.path, found.rank) == (python.prefix / "bin" / "python", "unversioned")


def test_a_conda_prefix_is_kept_and_said_to_move_with_conda(tmp_path, newest):
    python = copied_prefix(newest, tmp_path / "miniconda3" / "envs" / f"py-{newest.version}")
    write(python.prefix / "conda-meta" / "history", "==> 2024-01-01 00:00:00 <==\n")
    sibling(python, newest.series)
    found = best(python.prefix / "bin" / "python")
    assert (found.path, found.rank) == (python.path, "conda")
    assert "moves with it" in found.reason


def test_the_plain_name_is_not_that_of_another_executable(copied):
    debug = copied.path.with_name(f"{copied.tag}d")
    shutil.copy2(copied.path, debug)
    assert best(debug).path == debug


# A link to the executable alone: environments are made through it and run


@pytest.mark.parametrize("python", SELF_CONTAINED, ids=str)
def test_a_link_to_the_executable_alone_is_kept_where_environments_work_through_it(python, tmp_path):
    if describe(python.path, HERE).best.rank != "patch":
        pytest.skip("this interpreter has a better name")
    name = link(tmp_path / "bin" / python.tag, str(python.path))
    found = best(name)
    assert (found.path, found.rank) == (name, "executable")
    assert python.series in found.reason
    for option in ("--symlinks", "--copies"):
        environment = tmp_path / option.strip("-")
        make = [name, "-I", "-m", "venv", "--without-pip", option, environment]
        subprocess.run(make, check=True, capture_output=True)
        assert works(environment)
        assert Path(facts_of(environment / "bin" / "python")["base"]) == python.prefix


@pytest.mark.parametrize("python", SELF_CONTAINED[:1], ids=str)
def test_a_link_that_names_no_series_is_not_kept(python, tmp_path):
    expected = best(python.path)
    for place in ("bin/python3", "bin/python", f"{python.version}/{python.tag}", "latest/python"):
        assert best(link(tmp_path / place, str(python.path))) == expected


@pytest.mark.parametrize("python", SELF_CONTAINED[:1], ids=str)
def test_a_link_below_another_installation_of_the_series_is_not_kept(python, tmp_path):
    other = copied_prefix(python, tmp_path / "other")
    name = link(other.prefix / "sbin" / python.tag, str(python.path))
    assert best(name) == best(python.path)
    environment = tmp_path / "env"
    subprocess.run([name, "-I", "-m", "venv", "--without-pip", environment], check=True, capture_output=True)
    if tuple(map(int, python.series.split("."))) >= (
        3,
        11,
    ):  # the library of the other, as `home` leads to it
        assert Path(facts_of(environment / "bin" / "python")["base"]) == other.prefix


def test_a_link_to_the_executable_of_a_relocated_build_is_not_kept(tmp_path):
    if not SELF_CONTAINED:
        pytest.skip("every CPython here is the system's, which cannot be relocated")
    newest = SELF_CONTAINED[0]
    python = relocated_prefix(newest, tmp_path / "relocated" / newest.version)
    name = link(tmp_path / "bin" / python.tag, str(python.path))
    assert best(name).path == python.path
    if searches_from_home(python):
        environment = make_environment(python, tmp_path / "env")
        config = environment / "pyvenv.cfg"
        config.write_text(config.read_text().replace(f"home = {python.path.parent}", f"home = {name.parent}"))
        assert ask(environment / "bin" / "python", "0").returncode != 0


def test_a_copied_executable_is_its_own_name(copied, tmp_path):
    (tmp_path / "tools").mkdir()
    copy = shutil.copy2(copied.path, tmp_path / "tools" / copied.tag)
    interpreter = describe(Path(copy), HERE)
    done = ask(copy, "import sys; print(sys.prefix)")
    if interpreter.usable:
        assert str(interpreter.prefix.folder) == done.stdout.strip()
        assert interpreter.stable == Path(copy)
    else:
        assert done.returncode != 0


# Fixture trees: each manager's layout, as its installer makes it


MANAGERS = [
    # prefix, version, links beside it, path that was asked for, the stable one
    ("/home/ada/.pyenv/versions/3.12.4", "3.12.4", {"3.12": "3.12.4"}, "", "/home/ada/.pyenv/versions/3.12"),
    (
        "/home/ada/.local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu",
        "3.12.4",
        {"cpython-3.12-linux-x86_64-gnu": "cpython-3.12.4-linux-x86_64-gnu"},
        "",
        "/home/ada/.local/share/uv/python/cpython-3.12-linux-x86_64-gnu",
    ),
    (
        "/home/ada/.local/share/mise/installs/python/3.12.4",
        "3.12.4",
        {"3": "./3.12.4", "3.12": "./3.12.4", "latest": "./3.12.4"},
        "latest",
        "/home/ada/.local/share/mise/installs/python/3.12",
    ),
    ("/home/ada/.asdf/installs/python/3.12.4", "3.12.4", {}, "", "/home/ada/.asdf/installs/python/3.12.4"),
    ("/opt/python/3.14.0rc2", "3.14.0rc2", {"3.14": "3.14.0rc2"}, "", "/opt/python/3.14"),
    ("/opt/python3.12", "3.12.4", {"python": "python3.12"}, "python", "/opt/python3.12"),
    ("/usr", "3.11.2", {}, "", "/usr"),
    ("/usr/local", "3.13.1", {}, "", "/usr/local"),
]


@pytest.mark.parametrize("case", MANAGERS, ids=lambda case: case[0])
def test_each_managers_link_is_found(tmp_path, case):
    prefix, version, links, asked, stable = case
    machine = PosixMachine(tmp_path)
    executable = machine.standalone(prefix, version)
    for name, target in links.items():
        link(machine.at(prefix).parent / name, target)
    folder = machine.at(prefix).parent / asked if asked else machine.at(prefix)
    for name in ("python", "python3", executable.name):
        assert (
            best(folder / "bin" / name, machine.host()).path == machine.at(stable) / "bin" / executable.name
        )


def test_merged_usr_is_named_by_usr(tmp_path):
    machine = PosixMachine(tmp_path)
    machine.standalone("/usr", "3.11.2")
    machine.at("/bin").rmdir()
    for name in ("bin", "lib"):
        link(machine.at(f"/{name}"), f"usr/{name}")
    found = best(machine.at("/bin/python3"), machine.host())
    assert (machine.text(found.path), found.rank) == ("/usr/bin/python3.11", "system")
    assert found.reason.startswith("`python3.11` names 3.11 without a patch")


@pytest.mark.parametrize(
    "asked", ["bin/python3.12", "opt/python3/bin/python3.12", "Cellar/python@3.12/3.12.4_1/bin/python3.12"]
)
def test_homebrew_on_linux_is_named_by_opt(tmp_path, asked):
    machine = PosixMachine(tmp_path)
    brew = "/home/linuxbrew/.linuxbrew"
    machine.standalone(f"{brew}/Cellar/python@3.12/3.12.4_1", "3.12.4")
    link(machine.at(f"{brew}/opt/python@3.12"), "../Cellar/python@3.12/3.12.4_1")
    link(machine.at(f"{brew}/opt/python3"), "../Cellar/python@3.12/3.12.4_1")
    link(machine.at(f"{brew}/bin/python3.12"), "../Cellar/python@3.12/3.12.4_1/bin/python3.12")
    found = best(machine.at(f"{brew}/{asked}"), machine.host())
    assert (machine.text(found.path), found.rank) == (f"{brew}/opt/python@3.12/bin/python3.12", "series")
    assert "`opt/python@3.12`" in found.reason


def test_a_formula_of_homebrew_without_a_series_is_never_named(tmp_path):
    machine = MacMachine(tmp_path)
    keg = "/opt/homebrew/Cellar/python-freethreading/3.13.1"
    machine.standalone(keg, "3.13.1")
    link(machine.at("/opt/homebrew/opt/python-freethreading"), "../Cellar/python-freethreading/3.13.1")
    found = best(machine.at("/opt/homebrew/opt/python-freethreading/bin/python3.13"), machine.host())
    assert (machine.text(found.path), found.rank) == (f"{keg}/bin/python3.13", "patch")


@pytest.mark.parametrize("asked", ["/usr/local/bin/python3", "/usr/local/bin/python3.12", "Current", "3.12"])
def test_a_framework_is_named_by_its_series_never_by_current(tmp_path, asked):
    machine = MacMachine(tmp_path)
    framework = "/Library/Frameworks/Python.framework"
    machine.framework(framework, "3.12.4", "aarch64")
    for name in ("python3", "python3.12"):
        link(machine.at(f"/usr/local/bin/{name}"), f"../../..{framework}/Versions/3.12/bin/{name}")
    path = asked if asked.startswith("/") else f"{framework}/Versions/{asked}/bin/python3"
    found = best(machine.at(path), machine.host())
    assert machine.text(found.path) == f"{framework}/Versions/3.12/bin/python3.12"
    assert (found.rank, "`Versions/3.12`" in found.reason) == ("series", True)


def test_apples_tools_are_named_by_their_framework(tmp_path):
    machine = MacMachine(tmp_path)
    tools = "/Library/Developer/CommandLineTools"
    machine.framework(f"{tools}/Library/Frameworks/Python3.framework", "3.9.6", "aarch64")
    asked = link(
        machine.at(f"{tools}/usr/bin/python3"),
        "../../Library/Frameworks/Python3.framework/Versions/3.9/bin/python3",
    )
    found = best(asked, machine.host())
    assert (
        machine.text(found.path) == f"{tools}/Library/Frameworks/Python3.framework/Versions/3.9/bin/python3.9"
    )


WINDOWS = [
    ("C:\\Users\\ada\\AppData\\Local\\Programs\\Python\\Python312", "3.12.4", {}, "", "series"),
    ("C:\\Python312", "3.12.4", {}, "", "series"),
    ("C:\\Program Files\\Python312-arm64", "3.12.4", {}, "", "series"),
    ("C:\\Users\\ada\\AppData\\Local\\Python\\pythoncore-3.14-64", "3.14.0", {}, "", "series"),
    ("C:\\WPy64-31180\\python-3.11.8.amd64", "3.11.8", {}, "", "patch"),
    ("C:\\Python", "3.12.4", {}, "", "unversioned"),
    ("C:\\scoop\\apps\\python\\3.12.4", "3.12.4", {"current": "3.12.4"}, "", "patch"),
    ("C:\\scoop\\apps\\python312\\3.12.4", "3.12.4", {"current": "3.12.4"}, "current", "series"),
    (
        "C:\\uv\\cpython-3.12.4-windows-x86_64-none",
        "3.12.4",
        {"cpython-3.12-windows-x86_64-none": "cpython-3.12.4-windows-x86_64-none"},
        "cpython-3.12-windows-x86_64-none",
        "series",
    ),
]


@pytest.mark.parametrize("case", WINDOWS, ids=lambda case: case[0])
def test_windows_folders_are_ranked_by_what_they_name(tmp_path, case):
    prefix, version, links, stable, rank = case
    machine = WindowsMachine(tmp_path)
    executable = machine.install(prefix, version)
    for name, target in links.items():
        link(executable.parent.parent / name, target)
    for folder in (executable.parent, *(executable.parent.parent / name for name in links)):
        found = best(folder / "python.exe", machine.host())
        expected = executable.parent.parent / stable if stable else executable.parent
        assert (found.path, found.rank) == (expected / "python.exe", rank)
