"""Kinds of Python: PyPy, GraalPy, free-threaded and debug builds, and the layouts of Windows.

What can be installed is described and then run; the others are trees of files as they are distributed.
"""

import json
import shutil
import subprocess

import pytest

from downloads import unavailable
from holdfast.host import Host
from holdfast.interpreters.interpreter import describe
from holdfast.interpreters.name import parse_name
from holdfast.interpreters.patchlevel import read_patchlevel
from machines import MacMachine, PosixMachine, WindowsMachine, link, patchlevel, pe, write

HERE = Host.current()


def said_by(executable) -> dict:
    """What an interpreter says of itself; `debug` is told by its ABI flags."""
    code = (
        "import json, platform, sys; print(json.dumps({"
        "'version': platform.python_version(), 'implementation': platform.python_implementation().lower(), "
        "'prefix': sys.prefix, 'machine': platform.machine(), 'debug': hasattr(sys, 'gettotalrefcount'), "
        "'own': getattr(sys, 'pypy_version_info', None) and '.'.join(map(str, sys.pypy_version_info[:3]))}))"
    )
    done = subprocess.run(
        [executable, "-I", "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


def described(path, host=HERE) -> dict:
    """The same, of what was read."""
    interpreter = describe(path, host)
    assert interpreter.usable, interpreter.error
    return {
        "version": str(interpreter.version),
        "implementation": interpreter.implementation,
        "prefix": str(interpreter.prefix.folder),
        "machine": interpreter.architecture,
        "debug": interpreter.debug,
        "own": interpreter.own_version,
    }


# PyPy


@pytest.fixture(scope="module")
def pypy():
    """The PyPy of this machine."""
    path = shutil.which("pypy3")
    if path is None:
        unavailable("there is no pypy3 here")
    return HERE.at(path)


def test_an_installed_pypy_is_what_it_says_it_is(pypy):
    assert described(pypy) == said_by(pypy)
    interpreter = describe(pypy, HERE)
    assert interpreter.tag == f"pypy{interpreter.version.series}"
    assert said_by(interpreter.stable) == said_by(pypy)
    assert interpreter.stable.name == interpreter.tag
    assert interpreter.carries_environments


PYPY_HEADER = patchlevel("3.10.14") + '#define PYPY_VERSION "7.3.17"\n'


@pytest.mark.parametrize("asked", ["pypy3.10", "pypy3", "python3.10", "python"])
def test_a_fixture_of_pypys_own_distribution(tmp_path, asked):
    machine = PosixMachine(tmp_path)
    prefix = machine.at("/opt/pypy3.10-v7.3.17-linux64")
    write(prefix / "bin" / "pypy3.10", machine.program("x86_64"), 0o755)
    for name in ("pypy3", "pypy", "python3.10", "python3", "python"):
        link(prefix / "bin" / name, "pypy3.10")
    write(prefix / "lib" / "pypy3.10" / "os.py")
    write(prefix / "include" / "pypy3.10" / "patchlevel.h", PYPY_HEADER)
    series = link(machine.at("/opt/pypy3.10"), prefix.name)
    interpreter = describe(prefix / "bin" / asked, machine.host())
    assert (str(interpreter.version), interpreter.implementation) == ("3.10.14", "pypy")
    assert (interpreter.own_version, interpreter.tag) == ("7.3.17", "pypy3.10")
    assert (interpreter.stable, interpreter.best.rank) == (series / "bin" / "pypy3.10", "series")


def test_a_version_of_pypy_in_a_folders_name_pins_that_patch(tmp_path):
    machine = PosixMachine(tmp_path)
    prefix = machine.at("/home/ada/.pyenv/versions/pypy3.10-7.3.17")
    executable = write(prefix / "bin" / "pypy3.10", machine.program("x86_64"), 0o755)
    write(prefix / "lib" / "pypy3.10" / "os.py")
    write(prefix / "include" / "pypy3.10" / "patchlevel.h", PYPY_HEADER)
    assert describe(executable, machine.host()).best.rank == "patch"


@pytest.mark.parametrize(
    ("version", "library", "own"),
    [("3.6.12", "3", "7.3.3"), ("2.7.18", "2.7", "7.3.17"), ("3.7.13", "3", "7.3.9")],
)
def test_a_fixture_of_pypys_old_layout(tmp_path, version, library, own):
    machine = PosixMachine(tmp_path)
    prefix = machine.at("/opt/pypy")
    executable = write(prefix / "bin" / "pypy3", machine.program("x86_64"), 0o755)
    write(prefix / "lib-python" / library / "os.py")
    (prefix / "lib_pypy").mkdir()
    write(prefix / "include" / "patchlevel.h", patchlevel(version) + f'#define PYPY_VERSION "{own}"\n')
    interpreter = describe(executable, machine.host())
    assert (str(interpreter.version), interpreter.own_version) == (version, own)
    assert interpreter.tag == "pypy" + version.rpartition(".")[0]


@pytest.mark.parametrize("name", ["pypy3.10.exe", "pypy3.10-c.exe", "python.exe", "pypy3.exe"])
@pytest.mark.parametrize("layout", ["new", "old"])
def test_a_fixture_of_pypy_on_windows(tmp_path, name, layout):
    machine = WindowsMachine(tmp_path)
    prefix = machine.at("C:\\pypy3.10-v7.3.17-win64")
    write(prefix / name, pe(), 0o755)
    write(prefix / ("libpypy3.10-c.dll" if layout == "new" else "libpypy3-c.dll"), pe())
    write(prefix / "include" / ("pypy3.10" if layout == "new" else ".") / "patchlevel.h", PYPY_HEADER)
    if layout == "new":
        write(prefix / "Lib" / "os.py")
    else:
        write(prefix / "lib-python" / "3" / "os.py")
        (prefix / "lib_pypy").mkdir()
    interpreter = describe(prefix / name, machine.host())
    assert (str(interpreter.version), interpreter.implementation) == ("3.10.14", "pypy")
    assert (interpreter.tag, interpreter.own_version) == ("pypy3.10", "7.3.17")


# GraalPy


def test_a_fixture_of_graalpy(tmp_path):
    machine = PosixMachine(tmp_path)
    prefix = machine.at("/home/ada/.pyenv/versions/graalpy-24.1.1")
    executable = write(prefix / "bin" / "graalpy", machine.program("x86_64"), 0o755)
    for name in ("python3.11", "python3", "python"):
        link(prefix / "bin" / name, "graalpy")
    write(prefix / "lib" / "python3.11" / "os.py")
    (prefix / "lib" / "graalpy24.1").mkdir()
    write(prefix / "include" / "python3.11" / "patchlevel.h", patchlevel("3.11.7"))
    write(prefix / "release", 'IMPLEMENTOR="GraalVM Community"\nGRAALVM_VERSION="24.1.1"\n')
    interpreter = describe(prefix / "bin" / "python", machine.host())
    assert (str(interpreter.version), interpreter.implementation) == ("3.11.7", "graalpy")
    assert (interpreter.own_version, interpreter.tag, interpreter.real) == (
        "24.1.1",
        "python3.11",
        executable,
    )
    assert interpreter.best.rank == "patch"


def test_a_fixture_of_graalpy_on_windows(tmp_path):
    machine = WindowsMachine(tmp_path)
    prefix = machine.at("C:\\graalpy")
    write(prefix / "bin" / "graalpy.exe", pe(), 0o755)
    write(prefix / "Lib" / "os.py")
    (prefix / "lib-graalpython").mkdir()
    write(prefix / "include" / "patchlevel.h", patchlevel("3.11.7"))
    interpreter = describe(prefix / "bin" / "graalpy.exe", machine.host())
    assert (str(interpreter.version), interpreter.implementation) == ("3.11.7", "graalpy")
    assert interpreter.prefix.folder == prefix


# Free-threaded and debug builds


@pytest.fixture(scope="module")
def debug_build():
    """The debug build of this machine."""
    path = shutil.which("python3-dbg")
    if path is None:
        unavailable("there is no python3-dbg here")
    return HERE.at(path)


def test_an_installed_debug_build_is_told_and_is_not_the_other_one(debug_build):
    assert described(debug_build) == said_by(debug_build)
    interpreter = describe(debug_build, HERE)
    assert interpreter.debug
    assert said_by(interpreter.stable)["debug"]
    release = interpreter.real.with_name(interpreter.tag)
    assert describe(release, HERE).debug == said_by(release)["debug"]


@pytest.mark.parametrize("flags", ["d", "dm"])
def test_a_fixture_of_a_debug_build_under_its_plain_name(tmp_path, flags):
    """`make install` hard-links the versioned executable to the one with the flags."""
    machine = PosixMachine(tmp_path)
    executable = machine.standalone("/opt/debug", "3.7.16")
    executable.with_name(f"python3.7{flags}").hardlink_to(executable)
    assert describe(executable.with_name("python3"), machine.host()).debug


@pytest.mark.parametrize("asked", ["python3.13t", "python3.13", "python3"])
def test_a_fixture_of_a_free_threaded_build(tmp_path, asked):
    machine = PosixMachine(tmp_path)
    prefix = machine.at("/home/ada/.pyenv/versions/3.13.1t")
    executable = write(prefix / "bin" / "python3.13t", machine.program("x86_64"), 0o755)
    executable.with_name("python3.13").hardlink_to(executable)
    link(prefix / "bin" / "python3", "python3.13")
    write(prefix / "lib" / "python3.13t" / "os.py")
    write(prefix / "include" / "python3.13t" / "patchlevel.h", patchlevel("3.13.1"))
    series = link(prefix.parent / "3.13t", prefix.name)
    interpreter = describe(prefix / "bin" / asked, machine.host())
    assert (interpreter.free_threaded, interpreter.tag, str(interpreter.version)) == (
        True,
        "python3.13t",
        "3.13.1",
    )
    assert interpreter.stable == series / "bin" / "python3.13t"


def test_two_thread_builds_in_one_prefix_are_told_apart(tmp_path):
    machine = PosixMachine(tmp_path)
    prefix = machine.at("/usr/local")
    for tag in ("python3.13", "python3.13t"):
        write(prefix / "bin" / tag, machine.program("x86_64") + tag.encode(), 0o755)
        write(prefix / "lib" / tag / "os.py")
    found = {tag: describe(prefix / "bin" / tag, machine.host()) for tag in ("python3.13", "python3.13t")}
    assert [one.free_threaded for one in found.values()] == [False, True]
    assert [one.tag for one in found.values()] == ["python3.13", "python3.13t"]


# Windows


def test_a_real_cpython_for_windows(windows_python):
    host = Host(platform="windows", home=windows_python, env={})
    interpreter = describe(windows_python / "python.exe", host)
    assert interpreter.usable, interpreter.error
    assert (str(interpreter.version), interpreter.implementation) == ("3.11.9", "cpython")
    assert (interpreter.architecture, interpreter.tag) == ("x86_64", "python3.11")
    assert (interpreter.prefix.folder, interpreter.free_threaded) == (windows_python, False)
    assert interpreter.stable == windows_python / "python.exe"


def test_the_version_of_a_real_windows_dll_is_read_where_no_header_is(windows_python, tmp_path):
    prefix = tmp_path / "python"
    for name in ("python.exe", "python311.dll", "python3.dll"):
        write(prefix / name, (windows_python / name).read_bytes(), 0o755)
    write(prefix / "lib" / "os.py")  # the real Windows finds it in any case
    host = Host(platform="windows", home=tmp_path, env={})
    interpreter = describe(prefix / "python.exe", host)
    assert str(interpreter.version) == "3.11.9"


DLLS = [
    (("python312.dll", "python3.dll"), "python.exe", "python3.12", False),
    (("python313t.dll",), "python.exe", "python3.13t", False),
    (("python313.dll", "python313t.dll"), "python.exe", "python3.13", False),
    (("python313.dll", "python313t.dll"), "python3.13t.exe", "python3.13t", False),
    (("python312_d.dll",), "python_d.exe", "python3.12", True),
    (("python312.dll", "python312_d.dll"), "python.exe", "python3.12", False),
    (("PYTHON27.DLL",), "python.exe", "python2.7", False),
    (("python38.dll", "vcruntime140.dll"), "pythonw.exe", "python3.8", False),
    (("python312.dll",), "python312.exe", "python3.12", False),
]


@pytest.mark.parametrize("case", DLLS, ids=lambda case: f"{case[1]} with {case[0][-1]}")
def test_the_dll_of_a_windows_executable_tells_what_it_is(tmp_path, case):
    dlls, name, tag, debug = case
    machine = WindowsMachine(tmp_path)
    for dll in dlls:
        write(machine.at("C:\\py") / dll, pe())
    write(machine.at("C:\\py\\Lib\\os.py"))
    executable = write(machine.at("C:\\py") / name, pe(), 0o755)
    interpreter = describe(executable, machine.host())
    assert (interpreter.tag, interpreter.debug) == (tag, debug)
    assert interpreter.free_threaded == tag.endswith("t")


def test_an_embeddable_distribution_carries_no_environments(tmp_path):
    machine = WindowsMachine(tmp_path)
    folder = machine.at("C:\\tool\\python")
    for name in ("python.exe", "python312.dll", "python312.zip", "python312._pth"):
        write(folder / name, pe(), 0o755)
    interpreter = describe(folder / "python.exe", machine.host())
    assert not interpreter.usable
    assert interpreter.error == "it is an embeddable Python, which cannot carry environments"
    assert (str(interpreter.version), interpreter.architecture) == ("3.12", "x86_64")


@pytest.mark.parametrize(
    ("library", "executable"), [("lib\\python3.12", "bin\\python3.12.exe"), ("lib\\python", "python.exe")]
)
def test_layouts_of_posix_on_windows(tmp_path, library, executable):
    """MSYS2, and conda from 3.15 on."""
    machine = WindowsMachine(tmp_path)
    write(machine.at(f"C:\\root\\{library}\\os.py"))
    path = write(machine.at(f"C:\\root\\{executable}"), pe(), 0o755)
    write(path.with_name("python312.dll" if executable == "python.exe" else "libpython3.12.dll"), pe())
    interpreter = describe(path, machine.host())
    assert (interpreter.tag, interpreter.prefix.folder) == ("python3.12", machine.at("C:\\root"))


@pytest.mark.parametrize(
    "place", ["python.exe", "PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0\\python3.exe"]
)
def test_the_stub_of_the_store_is_refused_with_its_reason(tmp_path, place):
    machine = WindowsMachine(tmp_path)
    stub = write(machine.at(f"C:\\Users\\ada\\AppData\\Local\\Microsoft\\WindowsApps\\{place}"), b"", 0o755)
    interpreter = describe(stub, machine.host())
    assert interpreter.state == "shim"
    assert "Microsoft Store" in interpreter.error


def test_apples_python3_is_a_stub_and_another_systems_is_not(tmp_path):
    mac = MacMachine(tmp_path / "mac")
    stub = write(mac.at("/usr/bin/python3"), mac.program("aarch64"), 0o755)
    assert describe(stub, mac.host()).state == "shim"
    linux = PosixMachine(tmp_path / "linux")
    linux.standalone("/usr", "3.11.2")
    assert describe(linux.at("/usr/bin/python3"), linux.host()).usable


# What their files say


DETAILS = {
    "schema_version": "1.0",
    "base_prefix": "/nowhere",
    "platform": "linux-x86_64",
    "language": {
        "version": "3.14",
        "version_info": {"major": 3, "minor": 14, "micro": 0, "releaselevel": "candidate", "serial": 2},
    },
    "implementation": {"name": "cpython", "version": {"major": 3, "minor": 14}},
}


def test_build_details_tell_the_version_before_a_header_does(tmp_path):
    machine = PosixMachine(tmp_path)
    executable = machine.standalone("/opt/python3.14", "3.14.1")
    details = executable.parent.parent / "lib" / "python3.14" / "build-details.json"
    write(details, json.dumps(DETAILS))
    assert str(describe(executable, machine.host()).version) == "3.14.0rc2"
    for bad in ("{", "[]", json.dumps({**DETAILS, "language": {"version": "3.9.1"}}), "x" * 1_000_000):
        write(details, bad)
        assert str(describe(executable, machine.host()).version) == "3.14.1"


@pytest.mark.parametrize(
    ("name", "kind", "series", "free_threaded", "debug"),
    [
        ("python", "python", None, False, False),
        ("python3", "python", None, False, False),
        ("python3.12", "python", "3.12", False, False),
        ("python3.12.4", "python", "3.12", False, False),
        ("python3.13t", "python", "3.13", True, False),
        ("python3.13td", "python", "3.13", True, True),
        ("python3.12d", "python", "3.12", False, True),
        ("python3.7m", "python", "3.7", False, False),
        ("python3.7dm", "python", "3.7", False, True),
        ("python2.7", "python", "2.7", False, False),
        ("python2.7-dbg", "python", "2.7", False, True),
        ("python3-intel64", "python", None, False, False),
        ("python.exe", "python", None, False, False),
        ("pythonw.exe", "python", None, False, False),
        ("pythonw3.13t.exe", "python", "3.13", True, False),
        ("python_d.exe", "python", None, False, True),
        ("python3.13t_d.exe", "python", "3.13", True, True),
        ("python312.exe", "python", "3.12", False, False),
        ("Python", "python", None, False, False),
        ("pypy3", "pypy", None, False, False),
        ("pypy3.10-c.exe", "pypy", "3.10", False, False),
        ("pypy3.10w.exe", "pypy", "3.10", False, False),
        ("graalpy", "graalpy", None, False, False),
    ],
)
def test_names_of_executables_are_read(name, kind, series, free_threaded, debug):
    found = parse_name(name)
    assert (found.kind, found.series, found.free_threaded, found.debug) == (
        kind,
        series,
        free_threaded,
        debug,
    )


@pytest.mark.parametrize(
    "name",
    [
        "python3.12-config",
        "python3.12-gdb.py",
        "pythonista",
        "python-argcomplete-tcsh",
        "ipython",
        "",
        "3.12",
    ],
)
def test_names_of_other_programs_are_not(name):
    assert parse_name(name) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b'#define PY_VERSION "x"\n', b"#define PY_VERSION 3\n", b"x" * 1_000_000],
)
def test_a_header_that_says_nothing_is_passed_over(tmp_path, content):
    write(tmp_path / "include" / "patchlevel.h", content)
    assert read_patchlevel(tmp_path) is None
