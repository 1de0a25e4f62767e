"""The interpreter that is chosen for a project, and why."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast.creation.base import choose_base
from holdfast.discovery.finder import find_interpreters
from holdfast.errors import HoldfastError
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.workspace.choice import choose, choose_installed
from holdfast.workspace.project import find_own_environment
from holdfast.workspace.requests import project_requests
from holdfast.workspace.settings import Settings
from machines import write
from projects import VERSIONS, chosen, clean, version_of
from pythons import INSTALLED, make_environment

# The choice


@pytest.mark.parametrize(
    ("content", "version", "pinned"),
    [
        ("3.12\n", "3.12.4", False),
        ("3.12.1\n", "3.12.1", True),
        ("3\n", "3.13.0", False),
        ("3.14\n", "3.14.0rc2", False),
        ("3.14.0rc2\n", "3.14.0rc2", True),
        (">=3.10\n", "3.11.2", False),
        (">=3.12\n", "3.13.0", False),
        ("latest\n", "3.13.0", False),
        ("system\n", "3.11.2", False),
        ("3.99\n3.10\n", "3.10.13", False),
        ("python-3.12\n", "3.12.4", False),
        ("2.7\n", "2.7.18", False),
        ("../../.pyenv/versions/3.12.1\n", "3.12.1", False),
        ("~/.pyenv/versions/3.9.18/bin/python3\n", "3.9.18", False),
        ("/usr/bin/python3\n", "3.11.2", False),
        ("cpython-3.12.1-linux-aarch64-gnu\n", "3.12.1", True),
    ],
)
def test_a_version_file_chooses_and_says_so(project, machine, content, version, pinned):
    write(project / ".python-version", content)
    choice = chosen(project, machine)
    assert str(choice.interpreter.version) == version
    met = [one.text for one, fits in choice.requests if fits]
    assert choice.reason == f"`.python-version` asks for {met[0]}"
    assert choice.unmet == ()
    assert (choice.path == choice.interpreter.real) >= pinned


def test_a_series_floats_on_its_link_and_a_patch_is_pinned(project, machine):
    write(project / ".python-version", "3.12\n")
    assert chosen(project, machine).path == machine.at(f"{VERSIONS}/3.12/bin/python3.12")
    write(project / ".python-version", "3.12.4\n")
    assert chosen(project, machine).path == machine.at(f"{VERSIONS}/3.12.4/bin/python3.12")


def test_where_nothing_is_asked_for_it_is_what_path_starts(project, machine):
    choice = chosen(project, machine)
    assert (str(choice.interpreter.version), choice.source) == ("3.11.2", "PATH")
    assert choice.reason == "nothing asks for a version, and it is what PATH starts"
    machine.env["PATH"] = ""
    assert chosen(project, machine).reason == "nothing asks for a version, and it is the newest"


def test_a_shim_on_path_stands_for_what_its_manager_chooses(project, machine):
    shims = machine.at("/home/ada/.pyenv/shims")
    write(shims / "python3", "#!/usr/bin/env bash\nexec pyenv exec python3\n", 0o755)
    machine.env["PATH"] = "/home/ada/.pyenv/shims:/usr/bin"
    write(machine.at("/home/ada/.pyenv/version"), "3.10.13\n")
    assert version_of(project, machine) == "3.10.13"
    write(project / ".python-version", "system\n")
    assert version_of(project, machine) == "3.11.2"


def test_requirements_rule_out_and_preferences_choose(project, machine):
    write(project / "pyproject.toml", '[project]\nrequires-python = ">=3.10,<3.13"\n')
    assert version_of(project, machine) == "3.11.2"
    write(project / ".python-version", "3.12\n")
    choice = chosen(project, machine)
    assert str(choice.interpreter.version) == "3.12.4"
    assert choice.reason == "`.python-version` asks for 3.12"
    write(project / ".python-version", "3.9\n")
    choice = chosen(project, machine)
    assert str(choice.interpreter.version) == "3.11.2"
    assert choice.reason == "`pyproject.toml` requires >=3.10,<3.13"
    assert [one.why for one in choice.unmet] == [
        "`.python-version` asks for 3.9, but `pyproject.toml` requires >=3.10,<3.13"
    ]
    assert [(one.text, fits) for one, fits in choice.requests] == [("3.9", False), (">=3.10,<3.13", True)]


def test_what_contradicts_is_told_also_where_it_is_not_installed(project, machine):
    write(project / "pyproject.toml", '[project]\nrequires-python = ">=3.10"\n')
    write(project / ".python-version", "3.8\n")
    assert [one.why for one in chosen(project, machine).unmet] == [
        "`.python-version` asks for 3.8, but `pyproject.toml` requires >=3.10"
    ]
    write(project / ".python-version", "3.12.77\n")
    assert [one.why for one in chosen(project, machine).unmet] == [
        "`.python-version` asks for 3.12.77, which is not installed"
    ]
    write(project / ".python-version", "my-env\n")
    assert [one.why for one in chosen(project, machine).unmet] == [
        "`.python-version` asks for my-env, which is not installed"
    ]


def test_of_two_preferences_the_nearer_wins_and_the_other_is_told(project, machine):
    write(project / ".python-version", "3.12\n")
    write(project / ".tool-versions", "python 3.10.13\n")
    write(machine.at("/home/ada/.tool-versions"), "python 3.13.0\n")
    choice = chosen(project, machine)
    assert str(choice.interpreter.version) == "3.12.4"
    assert [one.why for one in choice.unmet] == [
        "`.tool-versions` asks for 3.10.13, but `.python-version` asks for 3.12"
    ]
    write(project / "pyproject.toml", '[tool.holdfast]\npython = "3.9"\n')
    assert chosen(project, machine).reason == "`pyproject.toml` asks for 3.9"


def test_a_later_preference_decides_what_the_first_leaves_open(project, machine):
    write(project / ".python-version", "3.12\n")
    write(project / "runtime.txt", "python-3.12.1\n")
    choice = chosen(project, machine)
    assert str(choice.interpreter.version) == "3.12.1"
    assert choice.path == machine.at(f"{VERSIONS}/3.12.1/bin/python3.12")


def test_where_nothing_fits_what_is_required_all_of_it_is_named(project, machine):
    write(project / "pyproject.toml", '[project]\nrequires-python = ">=3.99"\n')
    write(project / "Pipfile", '[requires]\npython_version = "3.12"\n')
    with pytest.raises(HoldfastError, match=r"`pyproject.toml` requires >=3.99 and `Pipfile` requires 3.12"):
        chosen(project, machine)


def test_a_machine_without_python_says_so(project, bare_host):
    reader = Reader(bare_host)
    with pytest.raises(HoldfastError, match="No Python was found"):
        choose_installed(project_requests(project, bare_host), (), reader)


def test_a_key_of_another_system_is_not_installed_here(project, machine):
    write(project / ".python-version", "cpython-3.12.1-windows-aarch64-none\n")
    choice = chosen(project, machine)
    assert [one.why for one in choice.unmet] == [
        "`.python-version` asks for cpython-3.12.1-windows-aarch64-none, which is not installed"
    ]


def test_finished_and_ordinary_builds_go_first(project, machine):
    threads = machine.standalone(f"{VERSIONS}/3.15.1t", "3.15.1")
    (threads.parents[1] / "lib" / "python3.15").rename(threads.parents[1] / "lib" / "python3.15t")
    threads.rename(threads.with_name("python3.15t"))
    for name in ("python", "python3"):
        (threads.parent / name).unlink()
        (threads.parent / name).symlink_to("python3.15t")
    write(project / "pyproject.toml", '[project]\nrequires-python = ">=3.14"\n')
    host = machine.host()
    builds = [one.interpreter for one in find_interpreters(Reader(host)) if one.interpreter.free_threaded]
    assert [build.tag for build in builds] == ["python3.15t"]
    assert version_of(project, machine) in ("3.15.1", "3.14.0rc2")  # nothing else fits
    machine.standalone(f"{VERSIONS}/3.14.0", "3.14.0")
    assert version_of(project, machine) == "3.14.0"
    write(project / ".python-version", "3.15t\n")
    assert chosen(project, machine).interpreter.free_threaded


# The own environment


def test_the_own_environment_goes_before_all_others(tmp_path, newest):
    project = tmp_path / "app"
    (project / "src").mkdir(parents=True)
    write(project / "pyproject.toml", '[project]\nrequires-python = ">=3.99"\n')
    write(project / ".python-version", "2.7\n")
    environment = make_environment(newest, project / ".venv")
    host = Host.current()
    for folder in (project, project / "src"):
        choice = choose(project_requests(folder, host), Settings(), Reader(host))
        assert (choice.environment, choice.path) == (environment, environment / "bin" / "python")
        assert choice.reason == "it is the project's own environment"
        assert [one.why for one in choice.unmet] == [
            f"`pyproject.toml` requires >=3.99, but `.venv` has Python {newest.version}",
            f"`.python-version` asks for 2.7, but `.venv` has Python {newest.version}",
        ]
        assert choice.interpreter.stable == newest.path


def test_the_only_environment_in_the_folder_is_its_own(tmp_path, newest, host):
    assert find_own_environment(tmp_path, ".venv", host) is None
    environment = make_environment(newest, tmp_path / "env")
    assert find_own_environment(tmp_path, ".venv", host) == environment
    make_environment(newest, tmp_path / "env2")
    assert find_own_environment(tmp_path, ".venv", host) is None
    assert find_own_environment(tmp_path, "env2", host) == tmp_path / "env2"


def test_a_redirect_file_names_the_environment(tmp_path, newest, host):
    environment = make_environment(newest, tmp_path / "elsewhere" / "env")
    project = tmp_path / "app"
    for text in ("../elsewhere/env\n", f"{environment}\n"):
        write(project / ".venv", text)
        found = find_own_environment(project, ".venv", host)
        assert found is not None
        assert found.samefile(environment)


def test_a_dangling_venv_is_the_own_environment_still(tmp_path, newest, host):
    make_environment(newest, tmp_path / "other")
    (tmp_path / ".venv").symlink_to("gone")
    assert find_own_environment(tmp_path, ".venv", host) == tmp_path / ".venv"


def test_an_environment_of_pyenv_may_be_named(tmp_path, newest):
    root = tmp_path / "pyenv"
    (root / "versions").mkdir(parents=True)
    environment = make_environment(newest, root / "versions" / "mine")
    project = tmp_path / "app"
    write(project / ".python-version", "mine\n")
    host = Host(platform="linux", home=tmp_path, env={"PYENV_ROOT": str(root), "PATH": "/usr/bin"})
    choice = choose(project_requests(project, host), Settings(), Reader(host))
    assert (choice.environment, choice.reason) == (environment, "`.python-version` asks for mine")
    assert choice.unmet == ()


def test_the_interpreter_that_pdm_recorded_leads_to_its_environment(tmp_path, newest, host):
    environment = make_environment(newest, tmp_path / "envs" / "app-1")
    project = tmp_path / "app"
    write(project / ".pdm-python", f"{environment}/bin/python")
    choice = choose(project_requests(project, host), Settings(), Reader(host))
    assert choice.environment == environment


# Creating without a request


def test_an_environment_is_based_on_what_its_project_asks_for(tmp_path, newest):
    host = Host.current()
    write(tmp_path / ".python-version", f"{newest.series}\n")
    base = choose_base(None, Reader(host), project=tmp_path)
    assert base.interpreter.version.series == newest.series
    assert base.reason == f"`.python-version` asks for {newest.series}"
    write(tmp_path / ".python-version", f"{newest.version}\n")
    assert choose_base(None, Reader(host), project=tmp_path).path == newest.path.resolve()
    write(tmp_path / ".python-version", "3.99\n")
    with pytest.raises(
        HoldfastError, match=r"`.python-version` asks for 3.99, which is not installed. Install it"
    ):
        choose_base(None, Reader(host), project=tmp_path)
    assert choose_base(newest.series, Reader(host), project=tmp_path).reason is None


def test_a_preference_above_the_project_does_not_stop_the_creation(tmp_path, host):
    project = tmp_path / "app"
    write(project / "pyproject.toml", "")
    write(tmp_path / ".python-version", "3.99\n")
    assert choose_base(None, Reader(host), project=project).interpreter.carries_environments


# The same answers as pyenv and uv


PYENV = shutil.which(
    "pyenv", path=f"{os.environ.get('PYENV_ROOT', '')}/bin{os.pathsep}{os.environ.get('PATH', '')}"
)
UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")

CONTENTS = [
    *("3.12", "3.12\n", "3.12.1", "3.12.4\r\n", "3", "2.7", "3.14.0rc2", "3.9", "  3.12.1  ", "\t3.10"),
    *("# comment\n\n3.10\n", "3.12.1 # behind", "3.12.1\n3.10.13\n", "3.12 \n# x\n3.9", "3.12.1 3.10.13"),
    *(
        "system",
        "python-3.12",
        "python-3.12.1",
        "3.99",
        "3.12.77",
        "banana",
        "",
        "\n\n",
        "# only",
        "3.1",
        "312",
    ),
    *(
        "python3.12",
        "cpython@3.12",
        ">=3.12",
        ">= 3.10",
        "==3.12.*",
        "~=3.12",
        "^3.12",
        "3.12-dev",
        "3.x",
        "v3.12",
    ),
    *(
        "latest",
        "any",
        "default",
        "pypy3.10",
        "3.13t",
        "miniconda3",
        "miniconda3-24.1",
        "mine",
        "3.14",
        "\ufeff3.12",
    ),
    *(
        "3.12\0",
        "\0\0\0",
        "../3.12.1",
        "/usr/bin/python3",
        "3.12.1-32",
        "cpython-3.12.1-linux-x86_64-gnu",
        "é✨",
    ),
]

NOT_PYENVS = {
    **dict.fromkeys(
        ("312", "python3.12", "cpython@3.12", "v3.12", "^3.12"), "pyenv takes names of folders only"
    ),
    **dict.fromkeys((">=3.12", ">= 3.10", "==3.12.*", "~=3.12"), "pyenv knows no ranges"),
    **dict.fromkeys(("any", "default", "latest"), "words of uv and mise"),
    "3.12-dev": "pyenv means the folder of that name; for us it is a 3.12 that may be unfinished",
    "3.14": "pyenv takes no prerelease for it; we do where there is nothing else, as uv does",
    "\ufeff3.12": "pyenv takes the mark for a part of the name",
    "3.12.1 3.10.13": "pyenv reads one word of a line; uv, and we, the whole line",
    "3.12\0": "bash drops the zero byte",
}


def pyenv_says(folder: Path, root: Path) -> str | None:
    """The version that pyenv would start; None where it is not installed."""
    done = subprocess.run(
        [PYENV, "version-name"],
        cwd=folder,
        env=clean({"PYENV_ROOT": str(root)}),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.strip().split(":")[0] or None if done.returncode == 0 or done.stdout.strip() else None


@pytest.mark.skipif(PYENV is None, reason="pyenv is not installed")
@pytest.mark.parametrize("content", CONTENTS, ids=repr)
def test_pyenv_would_start_the_same_or_there_is_a_reason(project, machine, content):
    machine.standalone(f"{VERSIONS}/miniconda3-24.1", "3.11.7")
    write(project / ".python-version", content)
    said = pyenv_says(project, machine.at("/home/ada/.pyenv"))
    choice = chosen(project, machine)
    started = machine.at("/usr" if said == "system" else f"{VERSIONS}/{said}")
    is_same = said is not None and choice.interpreter.prefix.folder.samefile(started)
    if said is None:  # it is not installed
        is_same = not any(fits for _, fits in choice.requests)
    assert is_same == (content not in NOT_PYENVS), (said, choice.path)


NOT_UVS = {
    **dict.fromkeys(("python-3.12", "python-3.12.1"), "uv does not know this notation of pyenv and Heroku"),
    **dict.fromkeys(("^3.12", "3.12-dev", "latest"), "uv does not know these either"),
    "3.12.1 # behind": "uv takes the comment for a part of the version",
    "3": "uv takes the first on PATH, pyenv and we the newest",
    "\ufeff3.12": "uv takes the mark for a part of the version",
}


@pytest.fixture(scope="session")
def uvs_cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("uv")


@pytest.fixture
def several(tmp_path) -> Host:
    """A machine on whose PATH stand the real interpreters that uv supports, the oldest first."""
    supported = [python for python in INSTALLED if int(python.series.partition(".")[2]) >= 8]
    if UV is None or len(supported) < 2:
        pytest.skip("uv is not installed, or there is nothing to choose between")
    path = os.pathsep.join(str(python.prefix / "bin") for python in reversed(supported))
    return Host(platform="linux", home=tmp_path, env={"PATH": path, "PYENV_ROOT": str(tmp_path / "none")})


def uv_says(folder: Path, host: Host, cache: Path) -> str | None:
    """The version that uv would use; None where it finds none."""
    done = subprocess.run(
        [UV, "python", "find", "--offline", "--system", "--show-version"],
        cwd=folder,
        env={"PATH": host.env["PATH"], "HOME": str(host.home), "UV_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.strip() if done.returncode == 0 else None


def assert_same_as_uv(folder: Path, host: Host, cache: Path) -> None:
    reader = Reader(host)
    on_path = [one for one in find_interpreters(reader) if one.source == "PATH"]
    said = uv_says(folder, host, cache)
    try:
        choice = choose_installed(project_requests(folder, host), on_path, reader)
    except HoldfastError:
        assert said is None
        return
    if said is None:
        assert choice.unmet
    else:
        assert str(choice.interpreter.version) == said


@pytest.mark.parametrize("content", [one for one in CONTENTS if one not in NOT_UVS], ids=repr)
def test_uv_would_use_the_same_for_a_version_file(tmp_path, several, uvs_cache, content):
    newest, *_, oldest = [python.version for python in INSTALLED if python.series not in ("3.6", "3.7")]
    text = content.replace("3.12.1", newest).replace("3.10.13", oldest)
    write(tmp_path / "app" / ".python-version", text)
    assert_same_as_uv(tmp_path / "app", several, uvs_cache)


@pytest.mark.parametrize(
    ("required", "version"),
    [
        *(
            (required, None)
            for required in (">=3.10", "==3.12.*", "~=3.11", ">=3.8,<3.12", ">=3.99", "!=3.8.*")
        ),
        *((required, "3.12") for required in (">=3.10", "==3.12.*", "~=3.11")),
        # Of a version file that contradicts uv warns and follows it, while we keep to what is required.
    ],
)
def test_uv_would_use_the_same_for_a_project(tmp_path, several, uvs_cache, required, version):
    table = f'[project]\nname = "app"\nversion = "1"\nrequires-python = "{required}"\n'
    write(tmp_path / "app" / "pyproject.toml", table)
    if version:
        write(tmp_path / "app" / ".python-version", version)
    (tmp_path / "app" / "src").mkdir()
    assert_same_as_uv(tmp_path / "app" / "src", several, uvs_cache)
