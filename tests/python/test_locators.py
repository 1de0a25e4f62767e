"""Where interpreters and environments are looked for, on Linux; what is worth a word where that fails."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disks import server_of
from holdfast.discovery.finder import find_interpreters, look_over
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from machines import MacMachine, PosixMachine, WindowsMachine, elf, link, write
from pythons import INSTALLED, copied_prefix, make_environment

VERSION = "3.12.4"


@pytest.fixture
def machine(tmp_path) -> PosixMachine:
    return PosixMachine(tmp_path)


def usable(machine):
    return [one for one in look_over(Reader(machine.host())).interpreters if one.interpreter.usable]


@pytest.mark.parametrize(
    ("source", "place", "variables"),
    [
        ("pyenv", "/home/ada/.pyenv/versions/3.12.4", {}),
        ("pyenv", "/srv/pyenv/versions/3.12.4", {"PYENV_ROOT": "/srv/pyenv"}),
        ("pyenv", "/home/ada/.pyenv/versions/miniconda3/envs/science", {}),
        ("uv", "/home/ada/.local/share/uv/python/cpython-3.12.4-linux-aarch64-gnu", {}),
        ("uv", "/srv/uv/cpython-3.12.4-linux-aarch64-gnu", {"UV_PYTHON_INSTALL_DIR": "/srv/uv"}),
        ("uv", "/srv/data/uv/python/cpython-3.12.4", {"XDG_DATA_HOME": "/srv/data"}),
        ("uv", "/home/ada/.local/share/uv/python/cpython-3.12.4/install", {}),
        ("asdf", "/home/ada/.asdf/installs/python/3.12.4", {}),
        ("asdf", "/home/ada/tools/asdf/installs/python/3.12.4", {"ASDF_DATA_DIR": "~/tools/asdf"}),
        ("mise", "/home/ada/.local/share/mise/installs/python/3.12.4", {}),
        ("mise", "/srv/data/mise/installs/python/3.12.4", {"XDG_DATA_HOME": "/srv/data"}),
        ("mise", "/srv/mise/installs/python/3.12.4", {"MISE_DATA_DIR": "/srv/mise"}),
        ("mise", "/srv/installs/python/3.12.4", {"MISE_INSTALLS_DIR": "/srv/installs"}),
        ("mise", "/usr/local/share/mise/installs/python/3.12.4", {}),
        ("mise", "/srv/b/python/3.12.4", {"MISE_SHARED_INSTALL_DIRS": "/srv/a:/srv/b"}),
        ("rye", "/home/ada/.rye/py/cpython@3.12.4", {}),
        ("rye", "/srv/rye/py/cpython@3.12.4/install", {"RYE_HOME": "/srv/rye"}),
        ("hatch", "/home/ada/.local/share/hatch/pythons/3.12/python", {}),
        ("hatch", "/srv/hatch/pythons/3.7/python/install", {"HATCH_DATA_DIR": "/srv/hatch"}),
        ("hatch", "/home/ada/.local/share/hatch/env/virtual/.pythons/3.12/python", {}),
        ("pdm", "/home/ada/.local/share/pdm/python/cpython@3.12.4", {}),
        ("poetry", "/home/ada/.local/share/pypoetry/python/cpython@3.12.4", {}),
        ("poetry", "/srv/poetry/python/cpython@3.12.4t", {"POETRY_HOME": "/srv/poetry"}),
        ("poetry", "/srv/p/cpython@3.12.4", {"POETRY_PYTHON_INSTALLATION_DIR": "/srv/p"}),
        ("pipx", "/home/ada/.local/share/pipx/py/3.12", {}),
        ("pipx", "/srv/pipx/py/3.12", {"PIPX_HOME": "/srv/pipx"}),
        ("conda", "/home/ada/miniconda3", {}),
        ("conda", "/home/ada/miniforge3/envs/science", {}),
        ("conda", "/opt/conda", {}),
        ("conda", "/srv/root", {"CONDA_PREFIX": "/srv/root"}),
        ("conda", "/srv/mamba/envs/science", {"MAMBA_ROOT_PREFIX": "/srv/mamba"}),
        ("conda", "/srv/conda/envs/science", {"CONDA_EXE": "/srv/conda/bin/conda"}),
        ("conda", "/srv/b/science", {"CONDA_ENVS_PATH": "/srv/a:/srv/b"}),
        ("conda", "/home/ada/.conda/envs/science", {}),
        ("pixi", "/home/ada/.pixi/envs/black", {}),
        ("pixi", "/srv/pixi/envs/black", {"PIXI_HOME": "/srv/pixi"}),
        ("homebrew", "/home/linuxbrew/.linuxbrew/opt/python@3.12", {}),
        ("homebrew", "/srv/brew/opt/python@3.12", {"HOMEBREW_PREFIX": "/srv/brew"}),
        ("homebrew", "/home/ada/.linuxbrew/Cellar/python@3.12/3.12.4", {}),
        ("opt", "/opt/handmade", {}),
        ("opt", "/opt/python/cp312-cp312", {}),
        ("opt", "/opt/hostedtoolcache/Python/3.12.4/arm64", {}),
        ("opt", "/srv/cache/Python/3.12.4/arm64", {"RUNNER_TOOL_CACHE": "/srv/cache"}),
        ("nix", "/home/ada/.nix-profile", {}),
        ("nix", "/etc/profiles/per-user/ada", {"USER": "ada"}),
    ],
)
def test_a_source_finds_the_interpreters_that_it_keeps(machine, source, place, variables):
    machine.standalone(place, VERSION)
    machine.env |= variables
    (found,) = usable(machine)
    assert found.source == source
    assert machine.text(found.interpreter.prefix.folder) == place
    assert str(found.interpreter.version) == VERSION


@pytest.mark.parametrize(
    ("source", "place", "variables"),
    [
        ("pyenv", "/home/ada/.pyenv/versions/3.12.4/envs/shop", {}),
        ("uv", "/home/ada/.local/share/uv/tools/ruff", {}),
        ("uv", "/srv/tools/ruff", {"UV_TOOL_DIR": "/srv/tools"}),
        ("hatch", "/home/ada/.local/share/hatch/env/virtual/shop/Xy12/shop", {}),
        ("hatch", "/home/ada/.local/share/hatch/env/virtual/script", {}),
        ("pdm", "/home/ada/.local/share/pdm/venvs/shop-Xy-3.12", {}),
        ("poetry", "/home/ada/.cache/pypoetry/virtualenvs/shop-Xy-py3.12", {}),
        ("poetry", "/srv/venvs/shop", {"POETRY_VIRTUALENVS_PATH": "/srv/venvs"}),
        ("poetry", "/srv/cache/virtualenvs/shop", {"POETRY_CACHE_DIR": "/srv/cache"}),
        ("poetry", "/home/ada/.local/share/pypoetry/venv", {}),
        ("pipenv", "/home/ada/.local/share/virtualenvs/shop-Xy", {}),
        ("virtualenvwrapper", "/home/ada/.virtualenvs/shop", {}),
        ("virtualenvwrapper", "/srv/envs/shop", {"WORKON_HOME": "/srv/envs"}),
        ("pipx", "/home/ada/.local/share/pipx/venvs/black", {}),
        ("pipx", "/home/ada/.local/pipx/shared", {}),
        ("pipx", "/opt/pipx/venvs/black", {}),
        ("PATH", "/srv/active", {"VIRTUAL_ENV": "/srv/active"}),
        ("PATH", "/srv/env", {"PATH": "/srv/env/bin"}),
    ],
)
def test_a_source_knows_the_environments_that_it_keeps(machine, source, place, variables):
    write(machine.at(place) / "pyvenv.cfg", "home = /usr/bin\n")
    machine.env |= variables
    found = look_over(Reader(machine.host())).environments
    assert [(machine.text(one.path), one.source) for one in found] == [(place, source)]


@pytest.mark.parametrize(
    ("source", "file", "content", "place"),
    [
        ("hatch", ".config/hatch/config.toml", '[dirs.env]\nvirtual = "/srv/e"\n', "/srv/e/shop"),
        ("hatch", ".config/hatch/config.toml", '[dirs]\ndata = "/srv/h"\n', "/srv/h/env/virtual/a/b/c"),
        ("pdm", ".config/pdm/config.toml", '[venv]\nlocation = "~/venvs"\n', "/home/ada/venvs/shop"),
        ("poetry", ".config/pypoetry/config.toml", '[virtualenvs]\npath = "/srv/p"\n', "/srv/p/shop"),
        ("poetry", ".config/pypoetry/config.toml", 'cache-dir = "/srv/c"\n', "/srv/c/virtualenvs/shop"),
    ],
)
def test_what_a_tool_was_told_to_use_instead_counts(machine, source, file, content, place):
    write(machine.home / file, content)
    write(machine.at(place) / "pyvenv.cfg")
    found = look_over(Reader(machine.host())).environments
    assert [(machine.text(one.path), one.source) for one in found] == [(place, source)]


@pytest.mark.parametrize(
    "content", ["[venv", "venv = 1", "[venv]\nlocation = []", '[venv]\nlocation = "here"']
)
def test_settings_that_say_no_folder_count_for_nothing(machine, content):
    write(machine.home / ".config" / "pdm" / "config.toml", content)
    write(machine.home / ".local/share/pdm/venvs/shop/pyvenv.cfg")
    assert [one.source for one in look_over(Reader(machine.host())).environments] == ["pdm"]


def test_condas_own_settings_name_folders_of_environments(machine):
    machine.standalone("/srv/a/one", "3.11.1")
    machine.standalone("/home/ada/mine/two", "3.12.1")
    write(
        machine.home / ".condarc",
        "channels:\n  - conda-forge\n"
        "envs_dirs:\n  # ours\n  - /srv/a\n\n  - '~/mine'\n  - relative\n"
        "ssl: true\n",
    )
    assert [machine.text(one.interpreter.prefix.folder) for one in usable(machine)] == [
        "/home/ada/mine/two",
        "/srv/a/one",
    ]


def test_environments_of_conda_count_by_their_conda_meta(machine):
    for place in ("/opt/conda", "/opt/conda/envs/science", "/srv/elsewhere"):
        (machine.at(place) / "conda-meta").mkdir(parents=True)
    (machine.at("/opt/conda/envs/.tmp") / "conda-meta").mkdir(parents=True)
    write(machine.home / ".conda" / "environments.txt", "/srv/elsewhere\n/opt/conda\n/srv/gone\n")
    found = look_over(Reader(machine.host())).environments
    assert [(machine.text(one.path), one.source) for one in found] == [
        ("/opt/conda", "conda"),
        ("/opt/conda/envs/science", "conda"),
        ("/srv/elsewhere", "conda"),
    ]


def test_an_environment_is_listed_once_whatever_leads_to_it(machine):
    real = "/home/ada/.pyenv/versions/3.12.4/envs/shop"
    write(machine.at(real) / "pyvenv.cfg")
    link(machine.home / ".pyenv/versions/shop", "3.12.4/envs/shop")
    link(machine.home / ".virtualenvs/shop", "../.pyenv/versions/shop")
    assert len(look_over(Reader(machine.host())).environments) == 1


def test_a_configuration_that_strayed_into_an_installation_makes_no_environment_of_it(machine):
    machine.standalone("/home/ada/.pyenv/versions/3.12.4", VERSION)
    write(machine.home / ".pyenv/versions/3.12.4/pyvenv.cfg", "home = /usr/bin\n")
    finding = look_over(Reader(machine.host()))
    assert finding.environments == ()
    assert [one.interpreter.state for one in finding.interpreters] == ["ok"]


def test_ryes_links_and_text_files_lead_to_interpreters_elsewhere(machine):
    machine.standalone("/srv/one", "3.11.1")
    machine.standalone("/srv/two", "3.12.1")
    link(machine.home / ".rye/py/cpython@3.11.1", "../../../../srv/one/bin/python3.11")
    write(machine.home / ".rye/py/cpython@3.12.1", "/srv/two/bin/python3.12\n")
    found = {str(one.interpreter.version): one.source for one in usable(machine)}
    assert found == {"3.12.1": "rye", "3.11.1": "rye"}


# What one interpreter is


def test_bin_and_usr_bin_are_one_folder_on_a_merged_system(machine):
    machine.standalone("/usr", "3.11.2")
    machine.at("/bin").rmdir()
    link(machine.at("/bin"), "usr/bin")
    (found,) = usable(machine)
    assert machine.text(found.interpreter.stable) == "/usr/bin/python3.11"
    assert {machine.text(path) for path in found.aliases} >= {"/bin/python3", "/usr/bin/python3"}
    assert found.sources == ("PATH", "system")


def test_a_bin_of_its_own_is_searched_too(machine):
    machine.standalone("/usr", "3.11.2")
    write(machine.at("/bin/python3.9"), elf("aarch64"), 0o755)
    machine.env["PATH"] = "/usr/bin"
    found = {
        machine.text(one.interpreter.path): one for one in look_over(Reader(machine.host())).interpreters
    }
    assert found["/bin/python3.9"].sources == ("system",)


def test_the_stable_path_leads_the_names_and_all_names_are_kept(machine):
    machine.standalone("/home/ada/.pyenv/versions/3.12.4", VERSION)
    link(machine.home / ".pyenv/versions/3.12", "3.12.4")
    link(machine.at("/usr/local/bin/python3.12"), "../../../home/ada/.pyenv/versions/3.12.4/bin/python3")
    (found,) = usable(machine)
    assert machine.text(found.aliases[0]) == "/home/ada/.pyenv/versions/3.12/bin/python3.12"
    assert len(found.aliases) == len(set(found.aliases)) == 7
    assert found.sources == ("PATH", "pyenv", "system")


def test_hard_linked_installations_are_two(machine):
    machine.standalone("/home/ada/.pyenv/versions/3.12.4", VERSION)
    first, second = (machine.home / ".pyenv" / "versions" / name for name in ("3.12.4", "copy"))
    shutil.copytree(first, second, symlinks=True, copy_function=os.link)
    assert {one.interpreter.prefix.folder for one in usable(machine)} == {first, second}


def test_hard_linked_names_in_one_folder_are_one_interpreter(machine):
    """CPython below 3.8 installs python3.7m and python3.7 so."""
    executable = machine.standalone("/home/ada/.pyenv/versions/3.7.16", "3.7.16")
    os.link(executable, executable.with_name("python3.7m"))
    (found,) = usable(machine)
    assert {path.name for path in found.aliases} == {"python", "python3", "python3.7", "python3.7m"}


def test_versions_that_share_a_folder_stay_apart(machine):
    for version in ("3.11.2", "3.12.4"):
        machine.standalone("/usr", version) if version == "3.11.2" else None
    write(machine.at("/usr/bin/python3.12"), elf("aarch64"), 0o755)
    write(machine.at("/usr/lib/python3.12/os.py"))
    assert [one.interpreter.tag for one in usable(machine)] == ["python3.12", "python3.11"]


# What cannot be used, or not be looked into


def test_a_dangling_name_on_path_is_listed_with_its_reason(machine):
    link(machine.at("/usr/local/bin/python3.9"), "/home/ada/.pyenv/versions/3.9.18/bin/python3.9")
    link(machine.at("/usr/local/bin/python3"), "python3.9")
    (found,) = look_over(Reader(machine.host())).interpreters
    assert found.interpreter.state == "broken"
    assert "does not exist" in found.interpreter.error
    assert {path.name for path in found.aliases} == {"python3.9", "python3"}


def test_shims_are_listed_as_such_each_for_itself(machine):
    shims = machine.home / ".local/share/mise/shims"
    write(machine.at("/usr/bin/mise"), elf("aarch64"), 0o755)
    for name in ("python", "python3.12"):
        link(shims / name, "../../../../../../usr/bin/mise")
    write(machine.home / ".pyenv/shims/python3", '#!/usr/bin/env bash\nexec pyenv exec "$0"\n', 0o755)
    machine.env["PATH"] += ":/home/ada/.local/share/mise/shims:/home/ada/.pyenv/shims"
    found = look_over(Reader(machine.host())).interpreters
    assert {machine.text(one.interpreter.path): one.interpreter.state for one in found} == {
        "/home/ada/.local/share/mise/shims/python": "shim",
        "/home/ada/.local/share/mise/shims/python3.12": "shim",
        "/home/ada/.pyenv/shims/python3": "shim",
    }


def test_an_executable_of_an_environment_stands_for_the_environment(tmp_path, newest):
    environment = make_environment(newest, tmp_path / "env")
    host = Host(platform="linux", home=tmp_path, env={"PATH": str(environment / "bin")})
    finding = look_over(Reader(host))
    assert (environment, "PATH") in [(one.path, one.source) for one in finding.environments]
    assert not any(path.is_relative_to(environment) for one in finding.interpreters for path in one.aliases)


def test_a_broken_environment_on_path_is_an_environment_and_no_interpreter(machine):
    write(machine.at("/srv/env/pyvenv.cfg"), "home = /gone\n")
    link(machine.at("/srv/env/bin/python"), "/gone/python3.12")
    machine.env["PATH"] = "/srv/env/bin"
    finding = look_over(Reader(machine.host()))
    assert finding.interpreters == ()
    assert [machine.text(one.path) for one in finding.environments] == ["/srv/env"]


def test_places_on_path_that_cannot_be_looked_into_are_named(as_plain_user):
    machine = PosixMachine(as_plain_user)
    (machine.at("/closed") / "bin").mkdir(parents=True)
    machine.at("/closed").chmod(0)
    write(machine.at("/file"))
    link(machine.at("/loop"), "loop")
    machine.env["PATH"] = "/gone:/file:/loop:/closed/bin:relative:/usr/bin"
    skipped = {
        str(one.path).removeprefix(str(as_plain_user)): one
        for one in look_over(Reader(machine.host())).skipped
    }
    machine.at("/closed").chmod(0o700)
    assert {path: one.reason for path, one in skipped.items()} == {
        "/gone": "it does not exist",
        "/file": "it is not a folder",
        "/loop": "its links lead in a circle",
        "/closed/bin": "permission is denied",
        "relative": "it is relative: it means another folder wherever one stands",
    }
    assert {one.source for one in skipped.values()} == {"PATH"}


def test_missing_folders_of_other_sources_are_not_worth_a_word(machine):
    assert look_over(Reader(machine.host())).skipped == ()


def test_a_denied_folder_of_a_version_manager_is_named_with_it(as_plain_user):
    machine = PosixMachine(as_plain_user)
    versions = machine.home / ".pyenv" / "versions"
    versions.mkdir(parents=True)
    versions.chmod(0)
    (skipped,) = look_over(Reader(machine.host())).skipped
    versions.chmod(0o700)
    assert (skipped.path, skipped.source, skipped.reason) == (versions, "pyenv", "permission is denied")


def test_a_search_path_of_the_settings_that_is_missing_is_named(machine):
    (skipped,) = look_over(Reader(machine.host()), [machine.at("/gone")]).skipped
    assert (skipped.source, skipped.reason) == ("searchPaths", "it does not exist")


# Bad input


def test_two_hundred_folders_on_path_cost_no_interpreter_and_little_time(machine):
    machine.standalone("/good", VERSION)
    write(machine.at("/file"))
    link(machine.at("/loop"), "loop")
    odd = os.fsdecode(b"/bad-\xff\xfe")
    for folder in (odd, "/new\nline", "/tab\t"):
        machine.at(folder).mkdir()
        link(machine.at(folder) / "python3", "/gone")
    many = [f"/missing/{number}" for number in range(150)]
    rubbish = [
        "",
        ".",
        "relative/bin",
        "/file",
        "/loop",
        "/" + "x" * 4000,
        odd,
        "/new\nline",
        "/tab\t",
        "/\0",
    ]
    machine.env["PATH"] = ":".join([*many, *rubbish, *many, "/good/bin", "/good/bin"])
    start = time.perf_counter()
    finding = look_over(Reader(machine.host()))
    assert time.perf_counter() - start < 1
    assert [one.interpreter.state for one in finding.interpreters] == ["ok", "broken"]
    assert len(finding.interpreters[1].aliases) == 3
    named = {one.path for one in finding.skipped}
    assert {machine.at(path) for path in (*many, "/file", "/loop")} <= named
    assert any("name too long" in one.reason for one in finding.skipped)


@pytest.mark.parametrize("kind", ["folder", "binary", "huge", "fifo", "loop", "million"])
def test_whatever_stands_at_environments_txt_ends_in_time_and_loses_nothing(machine, kind):
    machine.standalone("/srv/science", VERSION)
    file = machine.home / ".conda" / "environments.txt"
    file.parent.mkdir()
    start = b"/srv/science\n"
    if kind == "folder":
        file.mkdir()
    elif kind == "binary":
        file.write_bytes(start + b"/a\0b\n/" + bytes(range(256)) * 20)
    elif kind == "huge":
        with open(file, "wb") as opened:
            opened.write(start)
            opened.truncate(100_000_000)
    elif kind == "fifo":
        os.mkfifo(file)
    elif kind == "loop":
        file.symlink_to(file.name)
    else:
        file.write_bytes(start + b"".join(b"/x%d\n" % number for number in range(1_000_000)))
    begun = time.perf_counter()
    finding = look_over(Reader(machine.host()))
    assert time.perf_counter() - begun < 2
    expected = kind in ("binary", "huge", "million")
    assert [one.interpreter.usable for one in finding.interpreters] == [True] * expected
    assert [one.path for one in finding.skipped] == ([file] if kind == "million" else [])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.text(st.characters(exclude_categories=()), max_size=60),
    listed=st.binary(max_size=200),
    variable=st.sampled_from(["PYENV_ROOT", "CONDA_PREFIX", "WORKON_HOME", "CONDA_ENVS_PATH", "VIRTUAL_ENV"]),
)
@pytest.mark.parametrize("kind", [PosixMachine, MacMachine, WindowsMachine])
def test_no_variable_and_no_list_ends_a_look(kind, path, listed, variable, tmp_path_factory):
    machine = kind(tmp_path_factory.mktemp("machine"))
    write(machine.home / ".conda" / "environments.txt", listed)
    write(machine.home / ".condarc", b"envs_dirs:\n - " + listed)
    for absolute in ("", "/", "C:\\"):
        machine.env |= {"PATH": f"/usr/bin:C:\\;{absolute}{path}", variable: absolute + path}
        assert look_over(Reader(machine.host())).interpreters == ()


def test_a_folder_named_python_is_no_interpreter(machine):
    (machine.at("/usr/bin") / "python3.12").mkdir()
    (machine.at("/usr/bin") / "python3-config").touch()
    (found,) = look_over(Reader(machine.host())).interpreters
    assert (found.interpreter.path.name, found.interpreter.state) == ("python3.12", "broken")


# Mounts that do not answer


def test_a_mount_that_does_not_answer_is_waited_for_once(dead_mount, tmp_path, newest):
    (tmp_path / "bin").mkdir()
    for name in ("python3.9", "python3.8"):
        (tmp_path / "bin" / name).symlink_to(dead_mount / "bin" / name)
    (tmp_path / "home").symlink_to(dead_mount)
    path = [dead_mount / "bin", dead_mount, tmp_path / "home" / "bin", tmp_path / "bin", newest.path.parent]
    host = Host(
        platform="linux",
        home=tmp_path / "home",
        env={"PATH": ":".join(map(str, path)), "PYENV_ROOT": str(dead_mount)},
    )
    start = time.perf_counter()
    finding = look_over(Reader(host))
    assert time.perf_counter() - start < 3
    assert newest.path in {path for one in finding.interpreters for path in one.aliases}
    expected = [*path[:3], tmp_path / "bin" / "python3.9", tmp_path / "bin" / "python3.8"]
    reasons = {one.path: one.reason for one in finding.skipped}
    assert set(reasons) == set(expected)
    assert set(reasons.values()) == {f"{dead_mount} does not answer", "it does not answer"}
    again = time.perf_counter()
    look_over(Reader(host))
    assert time.perf_counter() - again < 1, "the second look waited anew"


def test_a_mount_that_answers_again_is_looked_into(dead_mount, host):
    assert host.anew().mounts.silent(dead_mount / "bin") == dead_mount
    os.kill(server_of(dead_mount), signal.SIGCONT)
    for _ in range(100):
        if host.anew().mounts.silent(dead_mount / "bin") is None:
            break
        time.sleep(0.02)
    assert host.anew().mounts.silent(dead_mount / "bin") is None


def test_a_mount_that_answers_is_searched(exfat, tmp_path):
    (exfat / "bin").mkdir()
    (exfat / "bin" / "python3.12").write_bytes(elf("x86_64"))
    host = Host(platform="linux", home=tmp_path, env={"PATH": str(exfat / "bin")})
    finding = look_over(Reader(host))
    assert exfat / "bin" / "python3.12" in {path for one in finding.interpreters for path in one.aliases}
    assert [one.path for one in finding.skipped] == []


def test_a_machine_with_a_dead_mount_lets_the_program_end(dead_mount, tmp_path):
    """The thread that waits for the mount keeps nobody."""
    code = (
        "import sys; from pathlib import Path; from holdfast.host import Host\n"
        "from holdfast.discovery.finder import look_over\n"
        "from holdfast.interpreters.reader import Reader\n"
        "print(len(look_over(Reader(Host.current())).skipped))"
    )
    server = Path(__file__).parents[2] / "server"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": str(dead_mount), "PYTHONPATH": str(server), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert int(done.stdout) >= 1, done.stderr


def test_mount_points_with_spaces_are_understood(tmp_path):
    share = "36 35 0:31 / /mnt/my\\040share rw - fuse.sshfs host: rw\n"
    disk = "37 35 8:1 / /mnt/disk rw - ext4 /dev/sda rw\n"
    write(tmp_path / "proc/self/mountinfo", share + disk)
    host = Host(platform="linux", home=tmp_path, roots={"/": tmp_path})
    assert host.mounts._remote == {"/mnt/my share"}


# Speed


def test_looking_over_this_machine_takes_less_than_a_tenth_of_a_second(host):
    if len(INSTALLED) < 2:
        pytest.skip("there is next to nothing to find on this machine")
    times = []
    for _ in range(5):
        start = time.process_time()  # of this process: other tests may run beside it
        find_interpreters(Reader(host))
        times.append(time.process_time() - start)
    assert min(times) < 0.1


def test_each_folder_is_listed_once_however_many_sources_name_it(machine, monkeypatch):
    machine.standalone("/home/ada/.pyenv/versions/3.12.4", VERSION)
    machine.env["PATH"] = "/home/ada/.pyenv/versions/3.12.4/bin:/usr/bin:/usr/bin"
    listed = []
    listdir = os.listdir
    monkeypatch.setattr(
        "holdfast.discovery.folders.os.listdir", lambda path: listed.append(path) or listdir(path)
    )
    look_over(Reader(machine.host()))
    folders = [path for path in listed if path.name == "bin"]  # others list those of libraries, too
    assert len(folders) == len(set(folders))


def test_copies_of_real_installations_are_found_where_managers_keep_them(tmp_path, newest):
    for place in (".pyenv/versions/a", ".asdf/installs/python/b", ".local/share/mise/installs/python/c"):
        copied_prefix(newest, tmp_path / place)
    libraries = newest.prefix / "lib"  # in which the copies look for their libpython
    host = Host(platform="linux", home=tmp_path, roots={"/": tmp_path, str(libraries): libraries})
    assert {one.source for one in find_interpreters(Reader(host)) if one.interpreter.usable} == {
        "pyenv",
        "asdf",
        "mise",
    }
