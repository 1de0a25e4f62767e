"""Macs with everything on them, looked over from another system."""

import pytest

from holdfast.discovery.finder import look_over
from holdfast.interpreters.reader import Reader
from machines import MacMachine, link, mach_o, write

FRAMEWORK = "/Library/Frameworks/Python.framework"


@pytest.fixture
def machine(tmp_path) -> MacMachine:
    return MacMachine(tmp_path)


def listed(machine):
    """By the paths as macOS writes them."""
    found = look_over(Reader(machine.host())).interpreters
    return {machine.text(one.interpreter.path): one for one in found}


def stable(machine, one):
    return machine.text(one.interpreter.stable)


def test_a_framework_of_python_org_is_one_interpreter_under_all_of_its_names(machine):
    machine.framework(FRAMEWORK, "3.12.4", "x86_64", "aarch64")
    for name in ("python3.12", "python3"):
        link(machine.at(f"/usr/local/bin/{name}"), f"../../..{FRAMEWORK}/Versions/3.12/bin/{name}")
    (found,) = look_over(Reader(machine.host())).interpreters
    assert found.interpreter.usable, found.interpreter.error
    assert str(found.interpreter.version) == "3.12.4"
    assert set(found.interpreter.architecture.split("+")) == {"x86_64", "aarch64"}
    assert found.sources == ("PATH", "python.org", "system")
    assert stable(machine, found) == f"{FRAMEWORK}/Versions/3.12/bin/python3.12"
    assert {machine.text(path) for path in found.aliases} == {
        f"{FRAMEWORK}/Versions/{version}/bin/{name}"
        for version in ("3.12", "Current")
        for name in ("python3.12", "python3")
    } | {"/usr/local/bin/python3.12", "/usr/local/bin/python3"}


def test_current_is_never_the_stable_path(machine):
    machine.framework(FRAMEWORK, "3.12.4", "aarch64")
    machine.framework(FRAMEWORK, "3.13.1", "aarch64")
    found = listed(machine)
    assert [str(one.interpreter.version) for one in found.values()] == ["3.13.1", "3.12.4"]
    assert not any("Current" in stable(machine, one) for one in found.values())


def test_free_threaded_frameworks_are_found(machine):
    executable = machine.framework("/Library/Frameworks/PythonT.framework", "3.13.1", "aarch64")
    library = executable.parent.parent / "lib"
    (library / "python3.13").rename(library / "python3.13t")
    executable.rename(executable.with_name("python3.13t"))
    one = listed(machine)["/Library/Frameworks/PythonT.framework/Versions/3.13/bin/python3.13t"]
    assert (one.source, one.interpreter.tag) == ("python.org", "python3.13t")


@pytest.mark.parametrize(
    ("prefix", "processor"), [("/opt/homebrew", "aarch64"), ("/usr/local", "x86_64")], ids=["arm", "intel"]
)
def test_homebrew_is_named_by_opt_whatever_name_led_to_it(machine, prefix, processor):
    opt = machine.brew(prefix, "3.12.4", processor)
    machine.env["PATH"] = f"{prefix}/bin:/usr/bin"
    (found,) = look_over(Reader(machine.host())).interpreters
    assert found.interpreter.usable, found.interpreter.error
    assert (str(found.interpreter.version), found.interpreter.architecture) == ("3.12.4", processor)
    assert found.interpreter.stable == opt
    assert found.aliases[0] == opt
    assert found.sources[:2] == ("PATH", "homebrew")
    assert machine.at(f"{prefix}/bin/python3.12") in found.aliases
    assert machine.at(f"{prefix}/Cellar/python@3.12/3.12.4/bin/python3.12") in found.aliases


def test_what_the_cellar_still_keeps_is_another_interpreter(machine):
    machine.brew("/opt/homebrew", "3.12.3", "aarch64")
    for path in ("opt/python@3.12", "bin/python3.12"):
        machine.at(f"/opt/homebrew/{path}").unlink()
    machine.brew("/opt/homebrew", "3.12.4", "aarch64")
    versions = [str(one.interpreter.version) for one in look_over(Reader(machine.host())).interpreters]
    assert versions == ["3.12.4", "3.12.3"]


def test_apples_tools_carry_a_python_each(machine):
    tools = "/Library/Developer/CommandLineTools"
    xcode = "/Applications/Xcode-15.4.app/Contents/Developer"
    for folder in (tools, xcode):
        machine.framework(f"{folder}/Library/Frameworks/Python3.framework", "3.9.6", "x86_64", "aarch64")
        link(
            machine.at(f"{folder}/usr/bin/python3"),
            "../../Library/Frameworks/Python3.framework/Versions/3.9/bin/python3",
        )
    write(machine.at("/Applications/Notes.app/Contents/Info.plist"))
    found = look_over(Reader(machine.host())).interpreters
    assert {one.source: str(one.interpreter.version) for one in found} == {
        "xcode": "3.9.6",
        "command-line-tools": "3.9.6",
    }
    assert all(any(path.match("usr/bin/python3") for path in one.aliases) for one in found)


def test_the_systems_python3_is_a_stub_and_no_interpreter(machine):
    write(machine.at("/usr/bin/python3"), mach_o("x86_64", "aarch64"), 0o755)
    one = listed(machine)["/usr/bin/python3"]
    assert one.interpreter.state == "shim"
    assert "developer tools" in one.interpreter.error.lower()


def test_each_source_finds_what_it_keeps(machine):
    home = "/Users/ada"
    support = f"{home}/Library/Application Support"
    places = {
        f"{home}/.pyenv/versions/3.12.4": ("pyenv", "3.12.4"),
        f"{home}/.local/share/uv/python/cpython-3.12.5-macos-aarch64-none": ("uv", "3.12.5"),
        f"{support}/uv/python/cpython-3.11.1-macos-aarch64-none": ("uv", "3.11.1"),
        f"{home}/.asdf/installs/python/3.10.1": ("asdf", "3.10.1"),
        f"{home}/.local/share/mise/installs/python/3.10.2": ("mise", "3.10.2"),
        f"{home}/.rye/py/cpython@3.10.3": ("rye", "3.10.3"),
        f"{support}/hatch/pythons/3.10/python": ("hatch", "3.10.4"),
        f"{support}/pdm/python/cpython@3.10.5": ("pdm", "3.10.5"),
        f"{support}/pypoetry/python/cpython@3.10.6": ("poetry", "3.10.6"),
        f"{support}/pipx/py/3.10": ("pipx", "3.10.7"),
        f"{home}/miniforge3": ("conda", "3.10.8"),
        "/opt/homebrew/Caskroom/miniconda/base": ("conda", "3.10.9"),
        "/opt/local/Library/Frameworks/Python.framework/Versions/3.10": ("macports", "3.10.10"),
        "/nix/var/nix/profiles/default": ("nix", "3.10.11"),
        "/opt/handmade": ("opt", "3.10.12"),
    }
    for place, (_, version) in places.items():
        machine.standalone(place, version)
    found = look_over(Reader(machine.host())).interpreters
    by_prefix = {machine.text(one.interpreter.prefix.folder): one for one in found}
    assert {place: one.source for place, one in by_prefix.items()} == {
        place: source for place, (source, _) in places.items()
    }
    for place, (_, version) in places.items():
        interpreter = by_prefix[place].interpreter
        assert (str(interpreter.version), interpreter.architecture) == (version, "aarch64")


def test_uvs_link_to_the_minor_version_is_the_stable_path(machine):
    root = "/Users/ada/.local/share/uv/python"
    machine.standalone(f"{root}/cpython-3.12.5-macos-aarch64-none", "3.12.5")
    short = link(machine.at(f"{root}/cpython-3.12-macos-aarch64-none"), "cpython-3.12.5-macos-aarch64-none")
    (found,) = look_over(Reader(machine.host())).interpreters
    assert found.interpreter.stable == short / "bin" / "python3.12"


def test_environments_of_the_machine_are_known(machine):
    home = "/Users/ada"
    places = {
        f"{home}/Library/Application Support/hatch/env/virtual/shop/Xy12/shop": "hatch",
        f"{home}/Library/Application Support/pdm/venvs/shop-Xy-3.12": "pdm",
        f"{home}/Library/Caches/pypoetry/virtualenvs/shop-Xy-py3.12": "poetry",
        f"{home}/.virtualenvs/shop": "virtualenvwrapper",
        f"{home}/.local/share/virtualenvs/shop-Xy": "pipenv",
        f"{home}/.local/pipx/venvs/black": "pipx",
        f"{home}/.local/share/uv/tools/ruff": "uv",
    }
    for place in places:
        write(machine.at(place) / "pyvenv.cfg", "home = /usr/local/bin\n")
    found = {machine.text(one.path): one.source for one in look_over(Reader(machine.host())).environments}
    assert found == places
