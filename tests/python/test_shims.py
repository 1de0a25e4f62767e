"""What a version manager's shim would start, against what the manager itself says."""

import itertools
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from holdfast.host import Host
from holdfast.links.shims.choosing import choice_of
from holdfast.links.shims.recognise import shim_at
from holdfast.links.shims.shim import Shim

PYENV = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")

FILES = [
    None,
    "",
    "\n\n",
    "3.12",
    "3.12\r\n",
    "3.1",
    "3",
    "python-3.11\n",
    "# comment\n3.10 # and more\n",
    "3.9\n3.12\n2.7\n",
    "system",
    "3.99\n3.11\n",
    "3.99",
    "banana",
    "../../../tmp",
    "3.13t",
    "3.13-dev",
    " 3.8 \n",
    "3.12.1",
    "pypy3.10\n3.7\n",
    "3.99:3.9:3.12\n",
    "..\n3.11\n",
    "../versions/3.12.1\n",
    "../shims\n3.11\n",
    "3.12.1/../3.11.7\n",
    f"{PYENV}/versions/3.12.1\n3.11\n",
    "/usr\n3.11\n",
    "\u00a03.12\n3.11\n",
    "3.12\x0b\n3.11\n",
]
PROGRAMS = ["python", "python3.11"]


@pytest.fixture(scope="module")
def pyenv():
    program = Path(PYENV, "bin", "pyenv")
    if not program.exists():
        pytest.skip("pyenv is not installed")
    return program


@pytest.mark.parametrize("content", FILES, ids=repr)
def test_pyenv_starts_what_we_say(pyenv, tmp_path, content):
    folder = tmp_path / "project" / "below"
    folder.mkdir(parents=True)
    if content is not None:
        (tmp_path / "project" / ".python-version").write_text(content)
    agrees_with(pyenv, folder, {})


@pytest.mark.parametrize("program", ["python3", "python2.7", "python3.99", "pip"])
def test_a_program_that_only_some_have_is_taken_from_the_first_that_has_it(pyenv, tmp_path, program):
    (tmp_path / ".python-version").write_text("3.9\n3.12\n2.7\n")
    agrees_with(pyenv, tmp_path, {}, [program])


@pytest.mark.parametrize("version", ["3.10", "3.8:3.12", "system", "3.99:3.9", f"{PYENV}/versions/3.12.1"])
def test_the_variable_wins_over_the_file(pyenv, tmp_path, version):
    (tmp_path / ".python-version").write_text("3.11\n")
    agrees_with(pyenv, tmp_path, {"PYENV_VERSION": version})


def test_the_folder_may_be_named_by_a_variable(pyenv, tmp_path):
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    (tmp_path / "here" / ".python-version").write_text("3.11\n")
    (tmp_path / "there" / ".python-version").write_text("3.9\n")
    agrees_with(pyenv, tmp_path / "here", {"PYENV_DIR": str(tmp_path / "there")})


def agrees_with(pyenv, folder, variables, programs=PROGRAMS):
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PYENV_")}
    environ |= {"PYENV_ROOT": PYENV, **variables}
    host = Host(platform="linux", home=Path.home(), env=environ)
    for program in programs:
        done = subprocess.run(
            [pyenv, "which", program], cwd=folder, env=environ, capture_output=True, text=True
        )
        choice = choice_of(Shim("pyenv", Path(PYENV), program), folder, host)
        said = str(choice.executable) if os.access(choice.executable, os.X_OK) else ""
        assert said == done.stdout.strip(), (program, done.stderr)


def test_a_shim_of_this_machine_is_recognised_and_starts_what_we_say(pyenv, tmp_path):
    path = Path(PYENV, "shims", "python")
    if not path.exists():
        pytest.skip("pyenv has no shims")
    shim = shim_at(path, path)
    assert (shim.manager, shim.root, shim.program) == ("pyenv", Path(PYENV), "python")
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PYENV_")}
    for version in ("3.9", "3.12"):
        (tmp_path / ".python-version").write_text(version)
        done = subprocess.run(
            [path, "-c", "import sys; print(sys.executable)"],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
        )
        host = Host(platform="linux", home=Path.home(), env=environ)
        choice = choice_of(shim, tmp_path, host)
        assert (str(choice.executable), choice.wish.said_in) == (
            done.stdout.strip(),
            tmp_path / ".python-version",
        )


def installed(root, *versions):
    for version in versions:
        (root / version / "bin").mkdir(parents=True)
        shutil.copy("/bin/true", root / version / "bin" / "python")


def test_asdf_reads_its_files_upward_and_then_at_home(tmp_path):
    root, home, folder = tmp_path / ".asdf", tmp_path / "home", tmp_path / "a" / "b"
    installed(root / "installs" / "python", "3.12.1", "3.11.4")
    folder.mkdir(parents=True)
    home.mkdir()
    (home / ".tool-versions").write_text("nodejs 20\npython 3.11.4 # old\n")
    host = Host(platform="linux", home=home)
    shim = Shim("asdf", root, "python")
    assert choice_of(shim, folder, host).version == "3.11.4"
    (tmp_path / "a" / ".tool-versions").write_text("python 3.99.0 3.12.1 system\n")
    choice = choice_of(shim, folder, host)
    assert (choice.version, choice.executable.parent.parent.name) == ("3.12.1", "3.12.1")
    assert choice.wish.said_in == tmp_path / "a" / ".tool-versions"
    named = Host(platform="linux", home=home, env={"ASDF_PYTHON_VERSION": "3.11.4"})
    assert choice_of(shim, folder, named).version == "3.11.4"


def test_asdf_reads_python_version_only_where_its_settings_say_so(tmp_path):
    root = tmp_path / ".asdf"
    installed(root / "installs" / "python", "3.12.1")
    (tmp_path / ".python-version").write_text("3.12.1\n")
    host, shim = Host(platform="linux", home=tmp_path), Shim("asdf", root, "python")
    assert choice_of(shim, tmp_path, host) is None
    (tmp_path / ".asdfrc").write_text("legacy_version_file = yes\n")
    assert choice_of(shim, tmp_path, host).version == "3.12.1"


def test_asdf_takes_a_path_and_the_system(tmp_path):
    installed(tmp_path, "mine", "usr")
    host = Host(platform="linux", home=tmp_path, env={"PATH": f"{tmp_path}/usr/bin"})
    shim = Shim("asdf", tmp_path / ".asdf", "python")
    for text, name in ((f"path:{tmp_path}/mine", "mine"), ("path:~/mine", "mine"), ("system", "usr")):
        (tmp_path / ".tool-versions").write_text(f"python {text}\n")
        assert choice_of(shim, tmp_path, host).executable == tmp_path / name / "bin" / "python"


@pytest.mark.parametrize("manager", ["asdf", "mise"])
def test_a_version_that_is_a_path_by_its_looks_leads_nowhere_else(tmp_path, manager):
    installed(tmp_path, "mine")
    (tmp_path / ".tool-versions").write_text(f"python {tmp_path}/mine\n")
    shim = Shim(manager, tmp_path / "manager", "python")
    choice = choice_of(shim, tmp_path, Host(platform="linux", home=tmp_path))
    assert choice.executable == Path(f"{shim.root}/installs/python/{tmp_path}/mine/bin/python")


def test_mise_takes_a_path_and_a_branch(tmp_path):
    installed(tmp_path, "mine")
    root = tmp_path / "mise"
    installed(root / "installs" / "python", "ref-main")
    host, shim = Host(platform="linux", home=tmp_path), Shim("mise", root, "python")
    branch = root / "installs" / "python" / "ref-main"
    for text, folder in ((f"path:{tmp_path}/mine", tmp_path / "mine"), ("ref:main", branch)):
        (tmp_path / "mise.toml").write_text(f'[tools]\npython = "{text}"\n')
        assert choice_of(shim, tmp_path, host).executable == folder / "bin" / "python"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mise.toml", '[tools]\npython = "3.12"\n'),
        (".mise.toml", '[tools]\npython = ["3.12", "3.11"]\n'),
        ("mise.local.toml", '[tools]\npython = {version = "3.12", virtualenv = ".venv"}\n'),
        (".config/mise.toml", "[tools]\npython = 3.12\n"),
        (".tool-versions", "python 3.12\n"),
    ],
)
def test_mise_reads_each_of_its_files(tmp_path, name, content):
    root, folder = tmp_path / "mise", tmp_path / "project" / "below"
    installed(root / "installs" / "python", "3.12.9", "3.12.10", "3.11.4")
    folder.mkdir(parents=True)
    file = tmp_path / "project" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(content)
    choice = choice_of(Shim("mise", root, "python"), folder, Host(platform="linux", home=tmp_path))
    assert choice.executable == root / "installs" / "python" / "3.12.10" / "bin" / "python"
    assert choice.wish.said_in == file


def test_mise_falls_back_on_what_the_person_chose_for_all(tmp_path):
    root = tmp_path / "mise"
    installed(root / "installs" / "python", "3.12.9")
    (tmp_path / ".config" / "mise").mkdir(parents=True)
    host, shim = Host(platform="linux", home=tmp_path), Shim("mise", root, "python")
    assert choice_of(shim, tmp_path / "elsewhere", host) is None
    (tmp_path / ".config" / "mise" / "config.toml").write_text('[tools]\npython = "latest"\n')
    assert choice_of(shim, tmp_path / "elsewhere", host).version == "latest"


def test_shims_are_told_by_what_they_are(tmp_path):
    scripts = {
        "pyenv": 'exec "/x/libexec/pyenv" exec "$program" "$@"',
        "asdf": 'exec asdf exec "python" "$@"',
    }
    for manager, line in scripts.items():
        path = tmp_path / manager / "shims" / "python3"
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/usr/bin/env bash\n{line}\n")
        assert shim_at(path, path) == Shim(manager, tmp_path / manager, "python3")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "mise").write_bytes(b"\x7fELF")
    path = tmp_path / "data" / "shims" / "python3"
    path.parent.mkdir(parents=True)
    path.symlink_to(tmp_path / "bin" / "mise")
    assert shim_at(path, path.resolve()) == Shim("mise", tmp_path / "data", "python3")
    assert shim_at(tmp_path / "bin" / "mise", tmp_path / "bin" / "mise") is None


def test_a_script_of_a_plugin_is_no_shim(tmp_path):
    """pyenv-virtualenv has a folder `shims` of its own, and in it what a shell reads."""
    path = tmp_path / "pyenv" / "plugins" / "pyenv-virtualenv" / "shims" / "activate"
    path.parent.mkdir(parents=True)
    path.write_text('#!/usr/bin/env bash\neval "$(pyenv sh-activate --verbose "$@" || true)"\n')
    assert shim_at(path, path) is None


@pytest.mark.parametrize(
    "junk", [b"\xff\xfe\x00junk", b"\0" * 5000, b"x" * 2_000_000], ids=["utf-16", "nul", "large"]
)
def test_version_files_with_garbage_choose_nothing_that_is_not_there(tmp_path, junk):
    for name, manager in itertools.product(
        (".python-version", ".tool-versions", "mise.toml"), ("pyenv", "asdf", "mise")
    ):
        (tmp_path / name).write_bytes(junk)
        choice = choice_of(Shim(manager, tmp_path / "m", "python"), tmp_path, Host("linux", tmp_path))
        assert choice is None or not choice.executable.exists()
        (tmp_path / name).unlink()
