"""A Windows machine with everything on it, looked over from another system."""

import pytest

from holdfast.discovery.finder import look_over
from holdfast.interpreters.reader import Reader
from machines import WindowsMachine, pe, write


@pytest.fixture
def machine(tmp_path) -> WindowsMachine:
    return WindowsMachine(tmp_path)


def listed(machine):
    """By their path as Windows writes it."""
    return {machine.text(one.interpreter.path): one for one in look_over(Reader(machine.host())).interpreters}


def test_a_fresh_windows_has_no_interpreter(machine):
    finding = look_over(Reader(machine.host()))
    assert finding.interpreters == ()
    assert finding.skipped == ()


def test_the_registry_names_interpreters_of_both_hives_and_views(machine):
    cases = {
        "C:\\mine\\python.exe": ("PythonCore", "3.12", ("HKEY_CURRENT_USER",), "3.12.4", "x86_64"),
        "C:\\ours\\python.exe": ("PythonCore", "3.11", ("HKEY_LOCAL_MACHINE", 64), "3.11.9", "x86_64"),
        "C:\\small\\python.exe": ("PythonCore", "3.10-32", ("HKEY_LOCAL_MACHINE", 32), "3.10.11", "i686"),
        "C:\\arm\\python.exe": ("PythonCore", "3.13-arm64", ("HKEY_CURRENT_USER",), "3.13.1", "aarch64"),
        "C:\\astral\\python.exe": ("Astral", "CPython3.9.19", ("HKEY_CURRENT_USER",), "3.9.19", "x86_64"),
    }
    for executable, (company, tag, where, version, architecture) in cases.items():
        folder = executable.rpartition("\\")[0]
        machine.install(folder, version, architecture)
        machine.register(company, tag, folder + "\\", executable, where)
    found = listed(machine)
    assert set(found) == set(cases)
    for executable, (_, _, _, version, architecture) in cases.items():
        one = found[executable]
        assert (one.source, str(one.interpreter.version), one.interpreter.architecture) == (
            "registry",
            version,
            architecture,
        )
        assert one.interpreter.usable, one.interpreter.error


def test_an_entry_without_an_executable_means_python_exe_in_its_folder(machine):
    machine.install("C:\\old", "3.4.4")
    machine.register("PythonCore", "3.4", "C:\\old\\", None)
    assert str(listed(machine)["C:\\old\\python.exe"].interpreter.version) == "3.4.4"


def test_the_launchers_own_key_is_no_python(machine):
    machine.install("C:\\launcher", "3.12.4")
    machine.register("PyLauncher", "3.12", "C:\\launcher\\", "C:\\launcher\\python.exe")
    assert listed(machine) == {}


def test_what_is_registered_still_and_no_longer_there_is_listed_as_broken(machine):
    machine.register("PythonCore", "3.8", "C:\\gone\\", "C:\\gone\\python.exe")
    one = listed(machine)["C:\\gone\\python.exe"]
    assert one.interpreter.state == "broken"
    assert "does not exist" in one.interpreter.error


def test_entries_that_are_rubbish_are_passed_over(machine):
    machine.register("PythonCore", "3.8", "", None)
    machine.register("PythonCore", "3.7", "relative\\", "python.exe")
    machine.register("PythonCore", "3.6", "/usr/lib", "/usr/bin/python3")
    assert listed(machine) == {}


def test_each_source_finds_what_it_keeps(machine):
    places = {
        "C:\\Users\\ada\\AppData\\Local\\Programs\\Python\\Python312": ("python.org", "3.12.4"),
        "C:\\Users\\ada\\AppData\\Local\\Programs\\Python\\Python311-32": ("python.org", "3.11.9"),
        "C:\\Program Files\\Python310": ("python.org", "3.10.11"),
        "C:\\Program Files (x86)\\Python39-32": ("python.org", "3.9.13"),
        "C:\\Python27": ("python.org", "2.7.18"),
        "C:\\Users\\ada\\AppData\\Local\\Python\\pythoncore-3.14-64": ("pymanager", "3.14.0"),
        "C:\\Users\\ada\\scoop\\apps\\python\\3.12.1": ("scoop", "3.12.1"),
        "C:\\Users\\ada\\WinPython\\WPy64-31241\\python": ("winpython", "3.12.5"),
        "C:\\WPy64-31180\\python-3.11.8.amd64": ("winpython", "3.11.8"),
        "C:\\Users\\ada\\.pyenv\\pyenv-win\\versions\\3.8.10": ("pyenv", "3.8.10"),
        "C:\\Users\\ada\\AppData\\Roaming\\uv\\python\\cpython-3.13.1-windows-x86_64-none": ("uv", "3.13.1"),
        "C:\\Users\\ada\\miniconda3": ("conda", "3.12.2"),
        "C:\\tools\\Anaconda3": ("chocolatey", "3.11.5"),
        "C:\\Users\\ada\\AppData\\Local\\mise\\installs\\python\\3.12.3": ("mise", "3.12.3"),
        "C:\\Users\\ada\\AppData\\Local\\pdm\\pdm\\python\\cpython@3.12.6": ("pdm", "3.12.6"),
        "C:\\Users\\ada\\AppData\\Local\\hatch\\pythons\\3.11\\python": ("hatch", "3.11.10"),
        "C:\\Users\\ada\\AppData\\Roaming\\pypoetry\\python\\cpython@3.12.7": ("poetry", "3.12.7"),
        "C:\\Users\\ada\\.rye\\py\\cpython@3.12.8": ("rye", "3.12.8"),
        "C:\\Users\\ada\\AppData\\Local\\pipx\\pipx\\py\\3.12": ("pipx", "3.12.9"),
    }
    for place, (_, version) in places.items():
        machine.install(place, version)
    found = listed(machine)
    assert {text.removesuffix("\\python.exe"): one.source for text, one in found.items()} == {
        place: source for place, (source, _) in places.items()
    }
    for place, (_, version) in places.items():
        interpreter = found[place + "\\python.exe"].interpreter
        assert (interpreter.state, str(interpreter.version)) == ("ok", version)
        assert interpreter.architecture == "x86_64"


def test_pythons_in_the_root_are_chocolateys_where_it_installed_one(machine):
    machine.install("C:\\Python312", "3.12.4")
    write(machine.at("C:\\ProgramData\\chocolatey\\lib\\python312\\python312.nuspec"))
    found = listed(machine)["C:\\Python312\\python.exe"]
    assert found.sources == ("chocolatey", "python.org")


def test_one_interpreter_that_many_name_is_listed_once_with_all_of_them(machine):
    prefix = "C:\\Users\\ada\\AppData\\Local\\Programs\\Python\\Python312"
    machine.install(prefix, "3.12.4")
    machine.register("PythonCore", "3.12", prefix + "\\", prefix + "\\python.exe")
    machine.add_to_path(prefix + "\\")
    machine.add_to_path(f'"{prefix}"')
    (found,) = look_over(Reader(machine.host())).interpreters
    assert found.sources == ("PATH", "python.org", "registry")
    assert [machine.text(path) for path in found.aliases] == [prefix + "\\python.exe"]


def test_pyenv_wins_copies_of_one_executable_are_one_interpreter(machine):
    prefix = "C:\\Users\\ada\\.pyenv\\pyenv-win\\versions\\3.12.4"
    names = ("python3.exe", "python312.exe", "python3.12.exe")
    machine.install(prefix, "3.12.4", "x86_64", *names)
    (found,) = look_over(Reader(machine.host())).interpreters
    assert {path.name for path in found.aliases} == {"python.exe", *names}


def test_two_architectures_in_one_folder_are_two_interpreters(machine):
    machine.install("C:\\Python312", "3.12.4")
    write(machine.at("C:\\Python312\\python3.12.exe"), pe("aarch64"), 0o755)
    found = listed(machine)
    assert {one.interpreter.architecture for one in found.values()} == {"x86_64", "aarch64"}


def test_the_stub_of_the_store_is_listed_and_refused(machine):
    apps = "C:\\Users\\ada\\AppData\\Local\\Microsoft\\WindowsApps"
    for name in ("python.exe", "python3.exe"):
        write(machine.at(apps) / name, b"", 0o755)
    machine.add_to_path(apps)
    found = listed(machine)
    assert set(found) == {f"{apps}\\python.exe", f"{apps}\\python3.exe"}
    for one in found.values():
        assert one.sources == ("PATH", "store")
        assert one.interpreter.state == "shim"
        assert "Microsoft Store" in one.interpreter.error


def test_the_py_launcher_is_listed_as_a_launcher(machine):
    write(machine.at("C:\\Windows\\py.exe"), pe(), 0o755)
    one = listed(machine)["C:\\Windows\\py.exe"]
    assert one.source == "launcher"
    assert one.interpreter.state == "shim"
    assert "launcher" in one.interpreter.error


def test_aliases_of_the_install_manager_are_no_interpreters(machine):
    prefix = "C:\\Users\\ada\\AppData\\Local\\Python\\pythoncore-3.14-64"
    aliases = "C:\\Users\\ada\\AppData\\Local\\Python\\bin"
    machine.install(prefix, "3.14.0")
    for name in ("python.exe", "python3.exe", "python3.14.exe"):
        write(machine.at(aliases) / name, pe(), 0o755)
        write(machine.at(aliases) / f"{name}.__target__", f"{prefix}\\python.exe")
    found = listed(machine)
    usable = [text for text, one in found.items() if one.interpreter.usable]
    assert usable == [prefix + "\\python.exe"]
    assert {one.interpreter.state for one in found.values()} == {"ok", "shim"}


def test_batch_files_of_pyenv_win_are_shims(machine):
    shims = "C:\\Users\\ada\\.pyenv\\pyenv-win\\shims"
    write(machine.at(shims) / "python.bat", "@echo off\r\n", 0o755)
    machine.add_to_path(shims)
    assert listed(machine)[shims + "\\python.bat"].interpreter.state == "shim"


@pytest.mark.parametrize("folder", ["C:\\ProgramData\\chocolatey\\bin", "C:\\Users\\ada\\scoop\\shims"])
def test_wrappers_of_package_managers_are_no_bases(machine, folder):
    write(machine.at(folder) / "python3.12.exe", pe(), 0o755)
    machine.add_to_path(folder)
    (found,) = look_over(Reader(machine.host())).interpreters
    assert not found.interpreter.usable
    assert found.interpreter.error


def test_scoops_junction_current_is_an_alias_of_the_version(machine):
    machine.install("C:\\Users\\ada\\scoop\\apps\\python\\3.12.4", "3.12.4")
    machine.at("C:\\Users\\ada\\scoop\\apps\\python\\current").symlink_to("3.12.4")
    (found,) = look_over(Reader(machine.host())).interpreters
    assert {path.parent.name for path in found.aliases} == {"3.12.4", "current"}


def test_what_only_resembles_an_interpreter_is_left_alone(machine):
    write(machine.at("C:\\Python-notes\\python.exe"), pe(), 0o755)
    write(machine.at("C:\\Windows\\pythonw.exe"), pe(), 0o755)
    write(machine.at("C:\\Windows\\python"), b"#!/bin/sh\n", 0o755)
    assert listed(machine) == {}


def test_environments_of_the_machine_are_known(machine):
    places = {
        "C:\\Users\\ada\\AppData\\Local\\hatch\\env\\virtual\\shop\\Xy12\\shop": "hatch",
        "C:\\Users\\ada\\AppData\\Local\\pdm\\pdm\\venvs\\shop-Xy-3.12": "pdm",
        "C:\\Users\\ada\\AppData\\Local\\pypoetry\\Cache\\virtualenvs\\shop-Xy-py3.12": "poetry",
        "C:\\Users\\ada\\.virtualenvs\\shop": "virtualenvwrapper",
        "C:\\Users\\ada\\pipx\\venvs\\black": "pipx",
        "C:\\Users\\ada\\AppData\\Roaming\\uv\\tools\\ruff": "uv",
    }
    for place in places:
        write(machine.at(place) / "pyvenv.cfg", "home = C:\\Python312\n")
    write(machine.at("C:\\Users\\ada\\miniconda3\\conda-meta\\history"))
    write(machine.at("C:\\Users\\ada\\miniconda3\\envs\\science\\conda-meta\\history"))
    found = {machine.text(one.path): one.source for one in look_over(Reader(machine.host())).environments}
    conda = {"C:\\Users\\ada\\miniconda3": "conda", "C:\\Users\\ada\\miniconda3\\envs\\science": "conda"}
    assert found == places | conda


def test_an_environment_on_path_stands_for_its_executables(machine):
    machine.install("C:\\Python312", "3.12.4")
    write(machine.at("C:\\work\\.venv\\pyvenv.cfg"), "home = C:\\Python312\n")
    write(machine.at("C:\\work\\.venv\\Scripts\\python.exe"), pe(), 0o755)
    machine.add_to_path("C:\\work\\.venv\\Scripts")
    finding = look_over(Reader(machine.host()))
    assert [machine.text(one.interpreter.path) for one in finding.interpreters] == [
        "C:\\Python312\\python.exe"
    ]
    assert [machine.text(one.path) for one in finding.environments] == ["C:\\work\\.venv"]


def test_a_list_of_conda_environments_with_windows_line_ends_is_read(machine):
    machine.install("C:\\x", "3.12.4")
    write(machine.home / ".conda" / "environments.txt", "C:\\x\r\nnot a path\r\nC:\\gone\r\n")
    assert {text: one.source for text, one in listed(machine).items()} == {"C:\\x\\python.exe": "conda"}
