"""The prediction of a start against CPython's own path logic, which 3.11 to 3.13 carry inside."""

import os
import random
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.formats.linkage import Linkage, read_linkage
from holdfast.host import Host
from holdfast.interpreters.compiled import code_file, compiled_prefix, is_relocatable
from holdfast.interpreters.landmark import has_landmark
from holdfast.interpreters.prefix import find_prefix
from holdfast.interpreters.startup import predict_startup
from oracle import carries_getpath, consult, consult_mock, mock_cases
from pythons import INSTALLED, ask

ORACLES = [python for python in INSTALLED if carries_getpath(python.path)]
TAG = "python9.8"
"""The version of CPython's mock systems."""


@pytest.fixture(params=ORACLES or [None], ids=str)
def oracle(request):
    """Each interpreter that carries getpath.py and the tests of it, in turn."""
    if request.param is None:
        pytest.skip("no CPython 3.11 to 3.13 with its tests is installed")
    return request.param


# CPython's own test cases.


def out_of_scope(case) -> str | None:
    """Why a case of CPython's own is none of ours."""
    if case["values"]["ENV_PYTHONHOME"]:
        return "PYTHONHOME is set: an environment variable is not a property of a path"
    if set(case["config"]) - {"orig_argv"}:
        return "a program that embeds Python has set the configuration"
    if any(path.endswith("pybuilddir.txt") for path in case["files"]):
        return "a build tree, not an installation"
    return None


def test_the_prediction_is_right_in_cpythons_own_cases(oracle, tmp_path, record_testsuite_property):
    cases = mock_cases(oracle.path)
    left_out = {case["name"]: reason for case in cases if (reason := out_of_scope(case))}
    held = [case for case in cases if case["name"] not in left_out]
    for number, case in enumerate(held):
        hold_case(case, case["answer"], tmp_path / str(number))
    for name, reason in left_out.items():
        record_testsuite_property(name, reason)
    assert {case["name"] for case in held} >= {
        *(
            "test_normal_posix",
            "test_venv_posix",
            "test_venv_changed_name_posix",
            "test_symlink_normal_posix",
        ),
        *("test_venv_changed_name_copy_posix", "test_custom_platlibdir_posix", "test_framework_macos"),
        *("test_venv_framework_macos", "test_venv_macos", "test_symlink_normal_macos", "test_normal_win32"),
        *("test_venv_win32", "test_symlink_normal_win32", "test_no_dlls_win32"),
    }
    assert {re.sub("_(posix|macos|win32)$", "", name) for name in left_out} <= {
        *("test_buildtree", "test_buildpath", "test_buildtree_pythonhome", "test_symlink_buildtree"),
        *("test_symlink_buildpath", "test_explicitly_set_stdlib_dir", "test_registry"),
    }


def hold_case(case, answer, folder):
    host = machine_of(case, folder)
    startup = predict_startup(called_path(case, host), host, TAG, compiled_as(case, host))
    if "error" in answer:
        assert startup.gives_up, case
        return
    found = "Could not find platform independent libraries <prefix>" not in answer["warnings"]
    assert startup.starts == found, (case, startup)
    if found:
        assert startup.base_prefix == host.at(answer["base_prefix"]), case
        if startup.library.suffix != ".zip" and not startup.pth:
            assert startup.library == host.at(answer["stdlib_dir"]), case


def machine_of(case, folder) -> Host:
    """The mock system, stood up in a folder."""
    windows = case["values"]["os_name"] == "nt"
    platform = {"nt": "windows", "darwin": "darwin"}.get(case["values"]["os_name"], "linux")
    host = Host(platform=platform, home=folder / "home", roots={"C:\\" if windows else "/": folder / "root"})
    called = called_path(case, host)
    files = {host.at(path): lines for path, lines in case["files"].items()}
    for path, lines in ({called: []} | files).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines))
        path.chmod(0o755)
        if path.name == "os.py":
            (path.parent / "encodings").mkdir()
    for path, target in case["links"].items():
        host.at(path).unlink(missing_ok=True)
        host.at(path).symlink_to(os.path.relpath(host.at(target), host.at(path).parent))
    return host


def called_path(case, host):
    """The path that a user would have called: launchers say it in a variable, shells find it on PATH."""
    values = case["values"]
    text = values["ENV___PYVENV_LAUNCHER__"] or values["argv0"]
    if host.is_absolute(text):
        return host.at(text)
    places = [f"{folder}/{text}" for folder in values["ENV_PATH"].split(":")]
    return host.at(next(place for place in places if {place} & {*case["files"], *case["links"]}))


def compiled_as(case, host):
    """Asked for the compiled-in prefix, answer as the case was compiled."""
    prefix = host.at(case["values"]["PREFIX"]) if case["values"]["PREFIX"] else None
    landmarks = [prefix / lib / TAG / "os.py" for lib in ("lib", "lib64")] if prefix else []
    return lambda executable, tag: prefix if any(map(os.path.isfile, landmarks)) else None


# Cases of our own on the mock systems.


def windows(called, *files, home=None, pth=None, library="", **others):
    """A case on Windows; with `home`, in an environment whose launcher starts the base."""
    base = rf"{home}\python.exe" if home else called
    values = {
        "os_name": "nt",
        "PREFIX": "",
        "ENV_PATH": "",
        "ENV___PYVENV_LAUNCHER__": called if home else "",
    }
    values |= {"argv0": base, "real_executable": base, "library": library}
    configs = {rf"{ntdirname(called, 2)}\pyvenv.cfg": [f"home = {home}"]} if home else {}
    pths = {pth: ["python98.zip", "Lib"]} if pth else {}
    return {
        "files": {path: [] for path in (called, *files)} | configs | pths | others,
        "links": {},
        "values": values,
    }


def ntdirname(path, times):
    return path.rsplit("\\", times)[0]


def posix(called, *files, compiled="/nope", links=(), configs=(), system="posix", library=""):
    """A case on POSIX: `configs` are the lines of each pyvenv.cfg."""
    values = {"os_name": system, "PREFIX": compiled, "ENV_PATH": "", "ENV___PYVENV_LAUNCHER__": ""}
    values |= {"argv0": called, "real_executable": "", "library": library}
    return {
        "files": {path: [] for path in (called, *files)} | dict(configs),
        "links": dict(links),
        "values": values,
    }


FRAMEWORK = "/Library/Frameworks/Python.framework/Versions/9.8"
OWN_CASES = {
    "Windows, an embeddable distribution": windows(
        r"C:\embed\python.exe", r"C:\embed\python98.zip", pth=r"C:\embed\python._pth"
    ),
    "Windows, ._pth named after the DLL": windows(
        r"C:\embed\python.exe",
        *(r"C:\embed\python98.dll", r"C:\embed\Lib\os.py"),
        pth=r"C:\embed\python98._pth",
        library=r"C:\embed\python98.dll",
    ),
    "Windows, an environment of a Python below a folder with a Lib of its own": windows(
        r"C:\w\env\Scripts\python.exe",
        *(r"C:\Lib\os.py", r"C:\w\Lib\os.py", r"C:\p\python.exe", r"C:\p\Lib\os.py"),
        home=r"C:\p",
    ),
    "Windows, the landmark two folders up": windows(r"C:\a\b\c\python.exe", r"C:\a\Lib\os.py"),
    "Windows, the landmark on the drive": windows(r"C:\a\python.exe", r"C:\Lib\os.py"),
    "Windows, the library beside the DLL": windows(
        r"C:\a\python.exe",
        *(r"C:\a\python98.dll", r"C:\a\Lib\os.py", r"C:\Lib\os.py"),
        library=r"C:\a\python98.dll",
    ),
    "Windows, a zip beside the executable": windows(
        r"C:\a\python.exe", r"C:\a\python98.zip", r"C:\Lib\os.py"
    ),
    "Windows, nothing near": windows(r"C:\a\python.exe"),
    "POSIX, the root does not count": posix("/bin/python", "/lib/python9.8/os.py"),
    "POSIX, the root counts as home": posix(
        "/env/bin/python", "/lib/python9.8/os.py", configs=[("/env/pyvenv.cfg", ["home = /"])]
    ),
    "POSIX, relocatable behind a link": posix(
        "/links/python", "/r/bin/python", "/r/lib/python9.8/os.py", links=[("/links/python", "/r/bin/python")]
    ),
    "POSIX, compiled in behind a link": posix("/links/python", "/usr/lib/python9.8/os.py", compiled="/usr"),
    "POSIX, home inside another installation": posix(
        "/env/bin/python",
        *("/p/bin/python", "/p/lib/python9.8/os.py", "/usr/lib/python9.8/os.py"),
        compiled="/p",
        links=[("/env/bin/python", "/p/bin/python")],
        configs=[("/env/pyvenv.cfg", ["home = /usr/local/bin"])],
    ),
    "POSIX, home in upper case": posix(
        "/env/bin/python", "/p/lib/python9.8/os.py", configs=[("/env/pyvenv.cfg", ["HOME=/p/bin"])]
    ),
    "POSIX, two homes": posix(
        "/env/bin/python",
        *("/p/lib/python9.8/os.py", "/q/lib/python9.8/os.py"),
        configs=[("/env/pyvenv.cfg", ["# home = /x", "home = /q/bin", "home = /p/bin"])],
    ),
    "POSIX, an empty home": posix(
        "/env/bin/python",
        *("/p/bin/python", "/p/lib/python9.8/os.py"),
        links=[("/env/bin/python", "/p/bin/python")],
        configs=[("/env/pyvenv.cfg", ["home =", "home = /q/bin"])],
    ),
    "POSIX, pyvenv.cfg beside and above": posix(
        "/env/bin/python",
        *("/p/lib/python9.8/os.py", "/q/lib/python9.8/os.py"),
        configs=[("/env/pyvenv.cfg", ["home = /q/bin"]), ("/env/bin/pyvenv.cfg", ["home = /p/bin"])],
    ),
    "POSIX, pyvenv.cfg above without a home": posix(
        "/env/bin/python",
        *("/env/lib/python9.8/os.py", "/p/lib/python9.8/os.py"),
        configs=[("/env/pyvenv.cfg", ["x = y"]), ("/env/bin/pyvenv.cfg", ["home = /p/bin"])],
    ),
    "POSIX, pyvenv.cfg beside only": posix(
        "/env/bin/python", "/p/lib/python9.8/os.py", configs=[("/env/bin/pyvenv.cfg", ["home = /p/bin"])]
    ),
    "POSIX, a zip above": posix("/p/bin/python", "/p/lib/python98.zip", "/p/bin/lib/python9.8/os.py"),
    "POSIX, a ._pth beside": posix(
        "/p/bin/python", "/p/bin/lib/python9.8/os.py", configs=[("/p/bin/python._pth", ["lib/python9.8"])]
    ),
    "macOS, a framework whose environment lost its home": posix(
        "/env/bin/python",
        *(f"{FRAMEWORK}/bin/python9.8", f"{FRAMEWORK}/lib/python9.8/os.py", f"{FRAMEWORK}/Python"),
        links=[("/env/bin/python", f"{FRAMEWORK}/bin/python9.8")],
        configs=[("/env/pyvenv.cfg", ["home = /gone/bin"])],
        system="darwin",
        library=f"{FRAMEWORK}/Python",
    ),
}


def test_the_prediction_is_right_in_cases_of_our_own(oracle, tmp_path):
    answers = consult_mock(oracle.path, list(OWN_CASES.values()))
    for number, (name, answer) in enumerate(zip(OWN_CASES, answers, strict=True)):
        hold_case(OWN_CASES[name], answer, tmp_path / str(number))


# Trees on the disk.

CONFIGS = [
    *(b"", b"home =\n", b"home = a/bin\n", b"x = y\n", b"\xff\xfe\n", b"\xef\xbb\xbfhome = {root}/a/bin\n"),
    *(
        b"home = {root}/a/bin\n",
        b"home={root}/a/bin",
        b"HOME\t=  {root}/a/b/bin \r\nhome = /\n",
    ),
    *(b"home = {root}/a/file\n", b"home = {root}/a/file/bin\n", b"home = {root}/circle\n"),
    *(b"home = {root}/c/gone/bin\n", b"home = {root}/gone/../a/bin\n", b"home = {root}/to_a/bin/\n"),
    *(b"# home = /x\nHome = {root}/c\n", b"x = y\0\nhome = {root}/a/bin\n", b"home = {root}/" + b"n" * 300),
    *(b"#" * 32_767 + b"\n", b"#" * 32_760 + b"\n", b"homes = /x\n = y\nhome = {root}/c/bin\x0c\n"),
]
FOLDERS = ["", "a", "a/b", "a/b/bin", "c", "env", "env/bin"]


def random_tree(root, tag, choose) -> dict:
    """A tree of installations, environments and links: the case for the oracle."""
    platlib = choose.choice(["lib", "lib", "lib64"])
    for folder in ("a/bin", "a/b/bin", "c/bin", "env/bin"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "a" / "file").touch()
    (root / "circle").symlink_to("circle")
    for name, target in (("to_a", "a"), ("to_env", root / "env"), ("env/to_bin", "bin")):
        (root / name).symlink_to(target)
    for folder in choose.sample(FOLDERS, choose.randrange(4)):
        library = root / folder / platlib / tag
        (library / "encodings").mkdir(parents=True)
        (library / choose.choice(["os.py", "os.py", "os.pyc"])).touch()
        if choose.random() < 0.1:
            (library.parent / (tag.replace(".", "") + ".zip")).touch()
    program = root / choose.choice(["a/bin", "a/b/bin", "c/bin", "env/bin"]) / "python9"
    program.touch(0o755)
    called = program
    for folder in choose.sample(["env/bin", "to_a/bin", "c", "env"], choose.randrange(3)):
        link = root / folder / "python"
        link.symlink_to(choose.choice([called, os.path.relpath(called, os.path.realpath(link.parent))]))
        called = link
    for folder in choose.sample(["env", "env/bin", "a", "c"], choose.randrange(3)):
        write_config(root / folder / "pyvenv.cfg", choose.choice([*CONFIGS, "folder", "circle"]), root)
    if choose.random() < 0.3:
        called = root / choose.choice(["c/..", "to_env/../c/.."]) / called.relative_to(root)
    compiled = root / choose.choice(["nowhere", "nowhere", "c", "a"])
    return {"executable": str(called), "compiled": str(compiled), "platlibdir": platlib}


def write_config(path, content, root):
    if content == "folder":
        path.mkdir()
    elif content == "circle":
        path.symlink_to(path.name)
    else:
        path.write_bytes(content.replace(b"{root}", os.fsencode(root)))


def test_the_prediction_is_right_for_random_trees(oracle, host, tmp_path, record_testsuite_property):
    choose = random.Random(31)
    trees = [tmp_path / str(number) for number in range(250)]
    cases = [random_tree(root, oracle.tag, choose) for root in trees]
    answers = consult(oracle.path, cases)
    ends = {"error": 0, "found": 0, "not found": 0}
    for case, answer in zip(cases, answers, strict=True):
        startup = predict_startup(Path(case["executable"]), host, oracle.tag, compiled_on_disk(case))
        missing = [text for text in answer.get("warnings", ()) if "platform independent" in text]
        end = "error" if "error" in answer else "not found" if missing else "found"
        ends[end] += 1
        if end == "error":
            assert startup.gives_up, (case, answer, startup)
        assert (startup.library is not None) == (end == "found"), (case, answer, startup)
        if end == "found":
            assert str(startup.executable) == answer["executable"], (case, answer, startup)
            assert os.path.normpath(startup.base_prefix) == os.path.normpath(answer["prefix"]), (case, answer)
            if startup.library.suffix != ".zip":
                assert str(startup.library) == answer["stdlib_dir"], (case, answer, startup)
    record_testsuite_property("ends", ends)
    assert min(ends.values()) > 20, ends


def compiled_on_disk(case):
    prefix = Path(case["compiled"])
    return lambda executable, tag: prefix if has_landmark(prefix / case["platlibdir"] / tag) else None


# What no oracle answers for: launchers, older and newer versions, and real executables.


def stand_up(folder, platform, files) -> Host:
    """A machine with nothing but these files: their content by their path."""
    root = {"C:\\" if platform == "windows" else "/": folder / "root"}
    host = Host(platform=platform, home=folder / "home", roots=root)
    for text, content in files.items():
        path = host.at(text)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())
        path.chmod(0o755)
        if path.name == "os.py":
            (path.parent / "encodings").mkdir()
    return host


PYTHON_39 = {r"C:\P39\python.exe": "", r"C:\P39\python39.dll": "", r"C:\P39\Lib\os.py": ""}
LAUNCHER = r"C:\env\Scripts\python.exe"


@pytest.mark.parametrize("config", [r"home = C:\P39", "x = y\r\nhome=C:\\P39\r\n", "\ufeffhome = C:\\P39"])
def test_a_launcher_of_windows_starts_home(tmp_path, config):
    host = stand_up(tmp_path, "windows", PYTHON_39 | {LAUNCHER: "", r"C:\env\pyvenv.cfg": config})
    startup = predict_startup(host.at(LAUNCHER), host, "python3.9")
    assert (startup.prefix, startup.executable) == (host.at(r"C:\env"), host.at(LAUNCHER))
    assert (startup.base_prefix, startup.library) == (host.at(r"C:\P39"), host.at(r"C:\P39\Lib"))
    assert startup.starts


@pytest.mark.parametrize("config", ["", "HOME = C:\\P39", "home = C:\\gone", "x" * 9000 + "\nhome = C:\\P39"])
def test_a_launcher_of_windows_without_a_home_starts_nothing(tmp_path, config):
    host = stand_up(tmp_path, "windows", PYTHON_39 | {LAUNCHER: "", r"C:\env\pyvenv.cfg": config})
    assert predict_startup(host.at(LAUNCHER), host, "python3.9").gives_up


def test_a_launcher_that_starts_a_launcher_runs_in_the_environment_of_the_latter(tmp_path):
    inner = {r"C:\inner\Scripts\pythonw.exe": "", r"C:\inner\pyvenv.cfg": r"home = C:\env\Scripts"}
    outer = {r"C:\env\Scripts\pythonw.exe": "", r"C:\env\pyvenv.cfg": r"home = C:\P39"}
    host = stand_up(tmp_path, "windows", PYTHON_39 | {r"C:\P39\pythonw.exe": ""} | inner | outer)
    startup = predict_startup(host.at(r"C:\inner\Scripts\pythonw.exe"), host, "python3.9")
    assert (startup.prefix, startup.base_prefix) == (host.at(r"C:\env"), host.at(r"C:\P39"))


def test_launchers_that_start_each_other_end(tmp_path):
    host = stand_up(tmp_path, "windows", {LAUNCHER: "", r"C:\env\pyvenv.cfg": r"home = C:\env\Scripts"})
    assert "circle" in predict_startup(host.at(LAUNCHER), host, "python3.12").gives_up


@pytest.mark.parametrize("tag", ["python3.9", "python3.12"])
def test_an_environment_of_windows_with_a_python_of_its_own_needs_home_for_the_library(tmp_path, tag):
    dll = rf"C:\env\Scripts\{tag.replace('.', '')}.dll"
    files = PYTHON_39 | {LAUNCHER: "", dll: "", r"C:\env\pyvenv.cfg": "home = C:\\P39\n"}
    host = stand_up(tmp_path, "windows", files)
    startup = predict_startup(host.at(LAUNCHER), host, tag)
    assert (startup.prefix, startup.base_prefix) == (host.at(r"C:\env"), host.at(r"C:\P39"))
    host.at(r"C:\env\pyvenv.cfg").unlink()
    assert predict_startup(host.at(LAUNCHER), host, tag).library is None


@pytest.mark.parametrize(("tag", "prefix"), [("python3.13", "/env"), ("python3.14", "/env/bin")])
def test_a_config_beside_the_executable_makes_another_prefix_from_3_14_on(tmp_path, tag, prefix):
    files = {"/env/bin/python": "", "/env/bin/pyvenv.cfg": "home = /p/bin\n", f"/p/lib/{tag}/os.py": ""}
    host = stand_up(tmp_path, "linux", files)
    startup = predict_startup(host.at("/env/bin/python"), host, tag)
    assert (startup.prefix, startup.base_prefix) == (host.at(prefix), host.at("/p"))


@pytest.mark.parametrize("tag", ["python3.6", "python3.10", "python3.13", "python3.14"])
def test_an_environment_without_a_home_is_one_all_the_same(tmp_path, tag):
    files = {"/p/bin/python": "", "/env/pyvenv.cfg": "x = y\n", f"/p/lib64/{tag}/os.py": ""}
    host = stand_up(tmp_path, "linux", files)
    link = host.at("/env/bin/python")
    link.parent.mkdir()
    link.symlink_to("../../p/bin/python")
    startup = predict_startup(link, host, tag)
    assert os.path.samefile(startup.base_prefix, host.at("/p"))
    assert (startup.prefix, startup.library) == (host.at("/env"), host.at(f"/p/lib64/{tag}"))


def test_a_free_threaded_build_has_a_library_of_its_own(tmp_path):
    files = {"/p/bin/python": "", "/p/lib/python3.13/os.py": "", "/p/lib/python3.13t/os.py": ""}
    host = stand_up(tmp_path, "linux", files)
    for tag in ("python3.13", "python3.13t"):
        assert predict_startup(host.at("/p/bin/python"), host, tag).library == host.at(f"/p/lib/{tag}")


def test_nothing_is_said_of_other_implementations(tmp_path, host):
    assert predict_startup(tmp_path, host, "pypy3.10") is None


def test_no_executable_is_searched_where_a_landmark_decides(host, tmp_path):
    def refuse(executable, tag):
        raise AssertionError(f"{executable} was searched")

    for python in INSTALLED:
        link = tmp_path / str(python) / python.path.name / "bin" / "python"
        link.parent.mkdir(parents=True)
        link.symlink_to(python.path)
        (link.parent.parent / "pyvenv.cfg").write_text(f"home = {python.path.parent}\n")
        for path in (python.path, link):
            assert predict_startup(path, host, python.tag, refuse).starts


def test_the_libpython_that_is_loaded_is_found_as_the_loader_finds_it(host):
    for python in INSTALLED:
        maps = ask(python.path, "print(open('/proc/self/maps').read())").stdout
        loaded = {line.split()[-1] for line in maps.splitlines() if "libpython" in line}
        real = Path(os.path.realpath(python.path))
        assert os.path.realpath(code_file(real, host)) in (loaded or {str(real)})


def test_only_a_build_that_forgot_its_prefix_is_relocatable(relocated, host):
    for python in (*INSTALLED, relocated):
        real = Path(os.path.realpath(python.path))
        prefix = find_prefix(real, host)
        compiled = compiled_prefix(real, prefix.tag, host)
        assert is_relocatable(prefix, compiled) == (python is relocated), (python, compiled)


def test_a_file_that_is_no_executable_has_no_linkage(tmp_path):
    real = Path(os.path.realpath(sys.executable))
    content = real.read_bytes()
    assert "libc.so.6" in read_linkage(real).needed or not read_linkage(real).needed
    for number, head in enumerate(
        (b"", b"\x7fELF", b"MZ", content[:63], content[:4000], b"\x7fELF" + b"\xff" * 999)
    ):
        (tmp_path / str(number)).write_bytes(head)
        assert read_linkage(tmp_path / str(number)) in (None, Linkage())
    for path in (tmp_path, tmp_path / "gone"):
        assert read_linkage(path) is None


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=20))
def test_a_damaged_executable_does_no_harm(tmp_path_factory, damage):
    content = bytearray(Path(os.path.realpath(sys.executable)).read_bytes()[:20_000])
    for place, byte in damage:
        content[place] = byte
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(content)
    assert isinstance(read_linkage(path), Linkage | None)
