"""Environments as files describe them: who made them, what is where, and what they rest on in the end."""

import os
import shutil
from functools import cache
from pathlib import Path

import pytest

from downloads import unavailable
from holdfast.environments.base import recorded_bases, true_base
from holdfast.environments.environment import describe_environment
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from machines import PosixMachine, WindowsMachine, link, pe, write
from makers import by_holdfast, by_stdlib, by_stdlib_copies, by_uv, by_virtualenv, by_virtualenv_copies
from pythons import (
    INSTALLED,
    ask,
    copied_prefix,
    facts_of,
    make_environment,
)

HERE = Host.current()


def described(path, host=HERE):
    return describe_environment(path, host)


def base_of(path, host=HERE):
    return true_base(described(path, host), Reader(host))


KINDS = {
    by_stdlib: "stdlib",
    by_stdlib_copies: "stdlib",
    by_virtualenv: "virtualenv",
    by_virtualenv_copies: "virtualenv",
    by_uv: "uv",
    by_holdfast: "holdfast",
}
OF_OLD_PYTHONS = {by_stdlib, by_stdlib_copies, by_holdfast}
"""The makers that still make environments of every version that is installed here."""
CASES = [
    pytest.param(maker, python, id=f"{maker.__name__}-{python}")
    for python in INSTALLED
    for maker in KINDS
    if maker in OF_OLD_PYTHONS or tuple(map(int, python.series.split("."))) >= (3, 8)
]


@pytest.fixture(scope="module")
def made_by(tmp_path_factory):
    """Environments by maker and Python; tests must not write into them."""
    folder = tmp_path_factory.mktemp("made")

    @cache
    def make(maker, python) -> Path:
        maker(python.path, folder / f"{maker.__name__}-{python}")
        return folder / f"{maker.__name__}-{python}"

    return make


@pytest.mark.parametrize(("maker", "python"), CASES)
def test_what_makers_leave_is_described_as_the_interpreter_tells_it(maker, python, made_by):
    made = made_by(maker, python)
    environment = described(made)
    said = facts_of(made / "bin" / "python")
    assert environment.kind == KINDS[maker]
    assert str(environment.recorded_version) == said["version"]
    assert environment.tag == python.tag
    assert environment.has_home
    assert not environment.is_foreign
    base = base_of(made)
    assert (str(base.version), str(base.prefix.folder)) == (said["version"], said["base"])


NESTINGS = [
    (by_stdlib, by_stdlib),
    (by_stdlib_copies, by_stdlib),
    (by_stdlib, by_stdlib_copies),
    (by_stdlib_copies, by_stdlib_copies),
    (by_stdlib_copies, by_uv),
    (by_uv, by_uv),
    (by_uv, by_stdlib_copies),
    (by_uv, by_virtualenv),
    (by_virtualenv, by_stdlib),
    (by_virtualenv_copies, by_stdlib),
    (by_virtualenv, by_uv),
    (by_holdfast, by_stdlib_copies),
    (by_stdlib, by_holdfast),
]


@pytest.mark.parametrize("python", INSTALLED, ids=str)
def test_the_true_base_is_found_through_environments_of_every_maker(python, made_by, tmp_path):
    too_old = tuple(map(int, python.series.split("."))) < (3, 8)
    for number, (outer, inner) in enumerate(NESTINGS):
        if too_old and not {outer, inner} <= OF_OLD_PYTHONS:
            continue
        made = tmp_path / str(number)
        inner(made_by(outer, python) / "bin" / "python", made)
        base = base_of(made)
        said = ask(made / "bin" / "python", "import sys; print(sys.base_prefix)").stdout.strip()
        names = (outer.__name__, inner.__name__)
        assert base, names
        assert base.prefix.folder == python.prefix, names
        if said and not os.path.exists(os.path.join(said, "pyvenv.cfg")):
            assert os.path.samefile(said, base.prefix.folder), names


@pytest.mark.parametrize("maker", [by_stdlib, by_stdlib_copies])
def test_the_true_base_is_found_at_any_depth(maker, newest, tmp_path):
    python = newest.path
    for depth in range(6):
        maker(python, tmp_path / str(depth))
        python = tmp_path / str(depth) / "bin" / "python"
    assert base_of(tmp_path / "5").prefix.folder == newest.prefix


def test_the_base_of_an_environment_of_a_relocated_build(relocated, tmp_path):
    for maker in (by_stdlib, by_stdlib_copies, by_virtualenv):
        made = tmp_path / maker.__name__
        maker(relocated.path, made)
        assert base_of(made).prefix.folder == relocated.prefix


def test_relative_links_lead_to_the_base(copied, tmp_path):
    made = make_environment(copied, tmp_path / "work" / "env")
    python = made / "bin" / "python"
    python.unlink()
    python.symlink_to(os.path.relpath(copied.path, python.parent))
    assert base_of(made).prefix.folder == copied.prefix
    assert facts_of(python)["base"] == str(copied.prefix)


def test_an_environment_by_another_name_has_the_same_base(copied, tmp_path):
    made = make_environment(copied, tmp_path / "env")
    (tmp_path / ".venv").symlink_to("env")
    assert base_of(tmp_path / ".venv").real == base_of(made).real


def test_homes_that_lead_in_a_circle_have_no_base(newest, tmp_path):
    for name, other in (("a", "b"), ("b", "c"), ("c", "a"), ("self", "self")):
        made = make_environment(newest, tmp_path / name, "--copies")
        (made / "pyvenv.cfg").write_text(f"home = {tmp_path / other / 'bin'}\nversion = {newest.version}\n")
    for name in ("a", "b", "c", "self"):
        assert base_of(tmp_path / name) is None


def test_a_copy_does_not_take_another_version_from_its_home(tmp_path):
    """`/usr/bin` holds Pythons of several versions and kinds."""
    machine = PosixMachine(tmp_path)
    machine.standalone("/usr", "3.12.4")
    folder = machine.at("/srv/env")
    write(folder / "bin" / "python", machine.program("aarch64"), 0o755)
    config = "home = /usr/bin\nimplementation = CPython\nversion_info = {}\n"
    write(folder / "pyvenv.cfg", config.format("3.11.2"))
    assert base_of(folder, machine.host()) is None
    write(folder / "pyvenv.cfg", config.format("3.12.1"))
    assert str(base_of(folder, machine.host()).version) == "3.12.4"


def test_what_broke_still_names_its_base_by_the_executables_it_recorded(copied, tmp_path):
    made = make_environment(copied, tmp_path / "env")
    series = link(copied.prefix.parent / copied.series, copied.prefix.name)
    config = f"home = /gone/bin\nversion = {copied.version}\nexecutable = {series / 'bin' / copied.tag}\n"
    (made / "pyvenv.cfg").write_text(config)
    for name in os.listdir(made / "bin"):
        if name.startswith("python"):
            (made / "bin" / name).unlink()
    assert true_base(described(made), Reader(HERE)) is None
    (found,) = recorded_bases(described(made), Reader(HERE))
    assert found.stable == series / "bin" / copied.tag


# Kinds by what they write down


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        ("home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.6.15\n", "stdlib"),
        (
            "home = /x\nversion = 3.12.1\nexecutable = /x/python3.12\ncommand = /x/python3 -m venv /e\n",
            "stdlib",
        ),
        ("home = /x\nimplementation = CPython\nuv = 0.5.1\nversion_info = 3.12.1\n", "uv"),
        ("home = /x\nversion_info = 3.8.1.final.0\nvirtualenv = 20.0.1\nversion = 3.8.1\n", "virtualenv"),
        ("home = /x\nversion_info = 3.12.1\nholdfast = 0.1\n", "holdfast"),
        ("HOME = /x\nUV=0.5.1\n", "uv"),
        ("home = /x\n", "unknown"),
        ("", "unknown"),
    ],
)
def test_who_made_an_environment_is_told_by_what_each_writes_down(tmp_path, config, kind):
    write(tmp_path / "pyvenv.cfg", config)
    assert described(tmp_path).kind == kind


def test_an_environment_of_conda_is_its_own_base(tmp_path, newest):
    prefix = tmp_path / "envs" / "shop"
    copied_prefix(newest, prefix)
    write(prefix / "conda-meta" / "history", "==> 2024-01-01 00:00:00 <==\n")
    environment = described(prefix)
    assert (environment.kind, environment.has_home) == ("conda", False)
    base = base_of(prefix)
    assert (base.prefix.folder, base.best.rank) == (prefix, "conda")
    assert facts_of(prefix / "bin" / "python")["prefix"] == str(prefix)


def test_an_environment_made_from_condas_rests_on_condas_prefix(tmp_path, newest):
    prefix = tmp_path / "miniconda3"
    python = copied_prefix(newest, prefix)
    write(prefix / "conda-meta" / "history")
    made = make_environment(python, tmp_path / "env")
    assert (described(made).kind, base_of(made).best.path) == ("stdlib", python.path)


def test_an_environment_of_conda_on_windows_has_its_interpreter_at_the_top(tmp_path):
    machine = WindowsMachine(tmp_path)
    executable = machine.install("C:\\Users\\ada\\miniconda3\\envs\\shop", "3.12.2")
    write(executable.parent / "conda-meta" / "history")
    (executable.parent / "Scripts").mkdir()
    environment = described(executable.parent, machine.host())
    assert (environment.kind, environment.interpreter) == ("conda", executable)
    assert base_of(executable.parent, machine.host()).stable == executable


# Redirect files


@pytest.mark.parametrize("written", ["relative", "absolute", "through another file"])
def test_a_redirect_file_stands_for_its_environment(newest, tmp_path, written):
    made = make_environment(newest, tmp_path / "environments" / "shop")
    project = tmp_path / "project"
    project.mkdir()
    text = {"relative": "../environments/shop", "absolute": str(made), "through another file": "second"}[
        written
    ]
    (project / ".venv").write_text(text + "\n")
    (project / "second").write_text("../environments/shop")
    environment = described(project / ".venv")
    assert (environment.real, environment.redirect) == (made, project / ".venv")
    assert environment.kind == "stdlib"
    assert base_of(project / ".venv").prefix.folder == newest.prefix


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"nowhere\n", b".venv\n", b"C:\\env\n", b"x" * 100_000, bytes(range(256))]
)
def test_a_redirect_file_that_leads_nowhere_is_no_environment(tmp_path, content):
    (tmp_path / ".venv").write_bytes(content)
    environment = described(tmp_path / ".venv")
    assert (environment.kind, environment.redirect) == ("unknown", tmp_path / ".venv")
    assert environment.python.state == "missing"


# PyPy


@pytest.fixture(scope="module")
def pypy():
    path = shutil.which("pypy3")
    if path is None:
        unavailable("there is no pypy3 here")
    return Path(path)


@pytest.mark.parametrize("maker", [by_stdlib, by_virtualenv, by_virtualenv_copies, by_uv])
def test_environments_of_pypy(maker, pypy, tmp_path):
    made = tmp_path / "env"
    maker(pypy, made)
    base = base_of(made)
    series = base.version.series
    assert (base.implementation, base.real) == ("pypy", pypy.resolve())
    environment = described(made)
    assert (environment.tag, environment.implementation) == (f"pypy{series}", "pypy")
    code = "import sys, sysconfig; print(sys.base_prefix, sysconfig.get_path('purelib'))"
    prefix, packages = ask(made / "bin" / "python", code).stdout.split()
    assert prefix == str(base.prefix.folder)
    assert environment.site_packages in ((Path(packages),), ())


def test_a_fixture_of_an_environment_of_an_old_pypy(tmp_path):
    machine = PosixMachine(tmp_path)
    folder = machine.at("/srv/env")
    for name in ("python", "pypy3"):
        write(folder / "bin" / name, machine.program("aarch64"), 0o755)
    write(folder / "site-packages" / "six.py")
    write(folder / "pyvenv.cfg", "home = /opt/pypy/bin\nversion = 3.6.12\n")
    environment = described(folder, machine.host())
    assert (environment.tag, environment.site_packages) == ("pypy3.6", (folder / "site-packages",))


# Windows


def windows_environment(machine, place, home, version, **keys):
    """An environment as stdlib venv makes it there: redirectors of the base, and the name of its folder."""
    folder = machine.at(place)
    for name in ("python.exe", "pythonw.exe"):
        write(folder / "Scripts" / name, pe(), 0o755)
    (folder / "Lib" / "site-packages").mkdir(parents=True)
    lines = {"home": home, "include-system-site-packages": "false", "version": version, **keys}
    write(folder / "pyvenv.cfg", "".join(f"{key} = {value}\r\n" for key, value in lines.items()))
    return folder


def test_an_environment_of_windows(tmp_path):
    machine = WindowsMachine(tmp_path)
    base = machine.install("C:\\Python312", "3.12.4")
    folder = windows_environment(machine, "C:\\work\\.venv", "C:\\Python312", "3.12.1")
    environment = described(folder, machine.host())
    assert (environment.tag, environment.kind, environment.has_home) == ("python3.12", "stdlib", True)
    assert environment.site_packages == (folder / "Lib" / "site-packages",)
    found = base_of(folder, machine.host())
    assert (found.path, str(found.version)) == (base, "3.12.4")


def test_an_environment_of_windows_made_from_another_rests_on_the_true_base(tmp_path):
    machine = WindowsMachine(tmp_path)
    machine.install("C:\\Python312", "3.12.4")
    windows_environment(machine, "C:\\outer", "C:\\Python312", "3.12.4")
    inner = windows_environment(machine, "C:\\inner", "C:\\outer\\Scripts", "3.12.4")
    assert machine.text(base_of(inner, machine.host()).stable) == "C:\\Python312\\python.exe"


def test_an_environment_of_windows_rests_on_what_home_starts_now(tmp_path):
    """Its redirector starts `home` whatever version that is by now."""
    machine = WindowsMachine(tmp_path)
    machine.install("C:\\Python", "3.13.1")
    folder = windows_environment(machine, "C:\\work\\.venv", "C:\\Python", "3.12.1")
    assert str(base_of(folder, machine.host()).version) == "3.13.1"


def test_an_environment_of_the_store_or_of_nothing_has_no_base(tmp_path):
    machine = WindowsMachine(tmp_path)
    apps = "C:\\Users\\ada\\AppData\\Local\\Microsoft\\WindowsApps"
    write(machine.at(apps) / "python.exe", b"", 0o755)
    for number, home in enumerate((apps, "C:\\gone", "/usr/bin", "bin")):
        folder = windows_environment(machine, f"C:\\{number}", home, "3.12.1")
        assert base_of(folder, machine.host()) is None


@pytest.mark.parametrize(
    ("name", "keys", "tag"),
    [
        ("python.exe", {"implementation": "PyPy"}, "pypy3.13"),
        ("pypy3.exe", {}, "pypy3.13"),
        ("python3.13t.exe", {}, "python3.13t"),
        ("python3.13.exe", {}, "python3.13"),
    ],
)
def test_the_tag_of_an_environment_of_windows(tmp_path, name, keys, tag):
    machine = WindowsMachine(tmp_path)
    folder = windows_environment(machine, "C:\\work\\.venv", "C:\\Python", "3.13.1", **keys)
    write(folder / "Scripts" / name, pe(), 0o755)
    assert described(folder, machine.host()).tag == tag


def test_an_environment_of_msys2_has_the_folders_of_posix_and_is_native(tmp_path):
    machine = WindowsMachine(tmp_path)
    folder = machine.at("C:\\work\\.venv")
    python = write(folder / "bin" / "python.exe", pe(), 0o755)
    write(folder / "lib" / "python3.12" / "site-packages" / "six.py")
    write(folder / "pyvenv.cfg", "home = C:\\msys64\\ucrt64\\bin\nversion = 3.12.4\n")
    environment = described(folder, machine.host())
    assert (environment.interpreter, environment.is_foreign) == (python, False)
    assert environment.tag == "python3.12"


def test_a_real_environment_of_another_system_is_foreign(newest, tmp_path):
    made = make_environment(newest, tmp_path / "env")
    assert described(made, Host(platform="windows", home=tmp_path, env={})).is_foreign
