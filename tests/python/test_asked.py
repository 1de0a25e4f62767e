"""What a project asks for and its environment, or this machine, does not have."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from holdfast.creation.base import choose_base
from holdfast.errors import HoldfastError
from holdfast.health.check import check, check_project
from holdfast.health.surroundings import Surroundings
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.workspace.projects import Projects
from machines import write
from makers import MAKERS
from projects import VERSIONS
from pythons import INSTALLED, make_environment

UNMET = "requires-python-unmet"
UNAVAILABLE = "python-version-unavailable"


def marked(problem) -> str:
    """The text on which a problem stands."""
    line = problem.file.read_text().splitlines()[problem.span.line]
    return line[problem.span.start : problem.span.end]


# What the project requires of its environment


def unmet(environment, host):
    found = [one for one in check(environment, Reader(host)).problems if one.severity in ("error", "warning")]
    assert {one.rule for one in found} <= {UNMET}
    return next(iter(found), None)


def requires(folder: Path, text: str) -> None:
    write(folder / "pyproject.toml", text)


@pytest.mark.parametrize("maker", MAKERS)
def test_a_requirement_that_the_environment_does_not_meet_is_told_on_it(tmp_path, newest, host, maker):
    environment = tmp_path / ".venv"
    maker(newest.path, environment)
    minor = int(newest.series.partition(".")[2])
    requires(tmp_path, f'[project]\nname = "a"\nrequires-python = ">=3.{minor}"\n')
    assert unmet(environment, host) is None
    requires(tmp_path, f'[project]\nname = "a"\nrequires-python = ">=3.{minor + 1}" # soon\n')
    problem = unmet(environment, host)
    assert (problem.severity, problem.fatal) == ("warning", False)
    assert (problem.file, marked(problem)) == (tmp_path / "pyproject.toml", f'">=3.{minor + 1}"')
    assert (
        f"requires Python >=3.{minor + 1}, but its environment .venv has {newest.version}" in problem.message
    )


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nrequires-python = "{}"\n',
        "[project]\nrequires-python = '{}'\n",
        'project = {{ name = "a", requires-python = "{}" }}\n',
        'project.requires-python = "{}"\n',
        '[project]\n"requires-python" = "{}"\n',
        '[tool.poetry.dependencies]\npython = "{}"\n',
    ],
)
def test_the_requirement_is_found_however_it_is_written(tmp_path, newest, host, text):
    environment = make_environment(newest, tmp_path / ".venv")
    requires(tmp_path, text.format(f"=={newest.series}.*"))
    assert unmet(environment, host) is None
    requires(tmp_path, text.format("<3.0"))
    assert "<3.0" in marked(unmet(environment, host))


@pytest.mark.parametrize(
    "text",
    [
        "[project]\nrequires-python = '>=3.6'\n",
        "[project]\nrequires-python = ''\n",
        "[project]\nrequires-python = 'banana'\n",
        "[project]\nrequires-python = 3\n",
        "[tool.other]\nrequires-python = '<3'\n",
        "# requires-python = '<3'\n",
        "[tool.hatch.envs.default]\npython = '2.7'\n",
        "[tool.holdfast]\npython = '2.7'\n",
        "[tool.mypy]\npython_version = '2.7'\n",
        "[project\nrequires-python = '<3'\n",
        "[tool.poetry.dependencies]\npython = '^3.6'\n",
        "[tool.poetry.dependencies]\npython = { version = '<3' }\n",
        "[tool.poetry.dependencies]\npython = [{ version = '<3' }, { version = '<2' }]\n",
        "[tool.poetry.dependencies]\npython = ['<3', '^3.6']\n",
    ],
)
def test_what_is_met_or_no_requirement_is_not_told(tmp_path, newest, host, text):
    environment = make_environment(newest, tmp_path / ".venv")
    requires(tmp_path, text)
    assert unmet(environment, host) is None


def test_only_the_project_s_own_environment_has_to_meet_it(tmp_path, newest, host):
    requires(tmp_path, "[project]\nrequires-python = '<3'\n")
    for name in (".venv", "other", ".tox/py", "venv"):
        make_environment(newest, tmp_path / name)
    told = [name for name in (".venv", "other", ".tox/py", "venv") if unmet(tmp_path / name, host)]
    assert told == [".venv"]
    requires(tmp_path, "[project]\nrequires-python = '<3'\n[tool.holdfast]\nenvironment = 'other'\n")
    told = [name for name in (".venv", "other", ".tox/py", "venv") if unmet(tmp_path / name, host)]
    assert told == ["other"]


def test_an_only_environment_of_another_name_is_the_own_one(tmp_path, newest, host):
    requires(tmp_path, "[project]\nrequires-python = '<3'\n")
    assert unmet(make_environment(newest, tmp_path / "env"), host)


def test_of_a_broken_environment_only_that_is_told(tmp_path, newest, host):
    environment = make_environment(newest, tmp_path / ".venv")
    requires(tmp_path, "[project]\nrequires-python = '<3'\n")
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").symlink_to("/gone/bin/python3")
    assert UNMET not in {one.rule for one in check(environment, Reader(host)).problems}


def test_pip_refuses_exactly_where_it_is_told(tmp_path, python, host):
    """Every installed CPython, and what its own pip makes of the requirement."""
    environment = make_environment(python, tmp_path / ".venv")
    minor = int(python.series.partition(".")[2])
    for text in (
        f">=3.{minor}",
        f">3.{minor}",
        f"<3.{minor}",
        f"<=3.{minor}",
        f"~=3.{minor}",
        f"!={python.version}",
    ):
        requires(tmp_path, f'[project]\nname = "a"\nversion = "1"\nrequires-python = "{text}"\n')
        code = (
            "import sys; from pip._vendor.packaging.specifiers import SpecifierSet;"
            f"sys.exit(not SpecifierSet({text!r}).contains('.'.join(map(str, sys.version_info[:3]))))"
        )
        run = subprocess.run([python.path, "-I", "-c", code], capture_output=True, check=False)
        assert bool(unmet(environment, host)) == bool(run.returncode), text


# What the machine does not have


def unavailable(folder: Path, host: Host):
    project = Projects(host).around_each([folder])[0]
    problems = check_project(project, Surroundings(Reader(host))).problems
    return [one for one in problems if one.rule == UNAVAILABLE]


FILES = [
    (".python-version", "{}\n", "{}"),
    (".tool-versions", "node 20\npython {}\n", "{}"),
    ("mise.toml", '[tools]\npython = "{}"\n', '"{}"'),
    ("pyproject.toml", '[tool.holdfast]\npython = "{}"\n', '"{}"'),
]


@pytest.mark.parametrize(("name", "text", "mark"), FILES)
def test_a_version_that_is_not_there_is_told_on_it(project, machine, name, text, mark):
    write(project / name, text.format("3.8"))
    write(project / ".git" / "HEAD", "")
    (problem,) = unavailable(project, machine.host())
    assert (problem.severity, problem.file, problem.environment) == ("warning", project / name, project)
    assert marked(problem) == mark.format("3.8")
    assert "3.8 is asked for here, but it is not installed" in problem.message
    assert "CPython 3.13.0" in problem.message
    write(project / name, text.format("3.12"))
    assert unavailable(project, machine.host()) == []


@pytest.mark.parametrize(
    "content",
    [
        "3.12",
        "3.12.1",
        "3",
        "3.14",
        "2.7",
        "latest",
        "system",
        "3.99\n3.10",
        ">=3.10",
        "~/.pyenv/versions/3.9.18",
    ]
    + ["3.8", "3.12.2", "3.15", "pypy3.10", "miniconda3-24.1", ">=3.20", "/gone/bin/python", "3.99\n3.98"]
    + ["banana ?", "", "C:\\Python312\\python.exe", "cpython-3.12-windows-x86_64-none"],
)
def test_it_is_told_exactly_where_create_refuses(project, machine, content):
    write(project / ".git" / "HEAD", "")
    write(project / ".python-version", f"{content}\n")
    host = machine.host()
    try:
        choose_base(None, Reader(host), project=project)
        refused = False
    except HoldfastError as error:
        refused = "not installed" in str(error)
    of_another_system = "windows" in content or ":" in content
    assert bool(unavailable(project, host)) == (refused and not of_another_system)


def with_variable(machine, **variables):
    host = machine.host()
    return host._replace(env={**host.env, **variables})


def test_where_uv_fetches_what_is_missing_nothing_is_told(project, machine):
    write(project / ".git" / "HEAD", "")
    write(project / ".python-version", "3.8\n")
    write(machine.at("/home/ada/.local/bin/uv"), "#!/bin/sh\n")
    assert unavailable(project, machine.host()) == []
    assert unavailable(project, with_variable(machine, UV_PYTHON_DOWNLOADS="never"))
    assert unavailable(project, with_variable(machine, UV_OFFLINE="1"))
    write(project / "pyproject.toml", '[tool.uv]\npython-downloads = "manual"\n')
    assert unavailable(project, machine.host())
    write(project / "pyproject.toml", '[tool.uv]\npython-downloads = "automatic"\n')
    assert unavailable(project, machine.host()) == []
    write(project / ".python-version", "miniconda3-24.1\n")  # which uv does not know
    assert unavailable(project, machine.host())
    (project / ".python-version").unlink()
    write(project / ".tool-versions", "python 3.8\n")
    assert unavailable(project, machine.host())


def test_what_stands_above_the_project_is_a_person_s_default(project, machine):
    write(project / ".git" / "HEAD", "")
    write(project.parent / ".python-version", "3.8\n")
    assert unavailable(project, machine.host()) == []
    write(project / "sub" / "x.py", "")
    write(project / ".python-version", "3.8\n")
    assert len(unavailable(project / "sub", machine.host())) == 1


def test_a_virtual_environment_of_pyenv_is_one(project, machine):
    write(project / ".git" / "HEAD", "")
    write(project / ".python-version", "app-env\n")
    assert len(unavailable(project, machine.host())) == 1
    write(machine.at(f"{VERSIONS}/app-env/pyvenv.cfg"), "home = /usr/bin\n")
    assert unavailable(project, machine.host()) == []


def test_an_environment_that_fits_is_enough(tmp_path, newest, bare_host):
    """On a machine where the search finds nothing."""
    write(tmp_path / "app" / ".python-version", f"{newest.series}\n")
    write(tmp_path / "app" / "pyproject.toml", "")
    (problem,) = unavailable(tmp_path / "app", bare_host)
    assert "as no Python is" in problem.message
    environment = make_environment(newest, tmp_path / "app" / ".venv")
    assert unavailable(tmp_path / "app", bare_host) == []
    write(tmp_path / "app" / ".python-version", "2.6\n")
    assert len(unavailable(tmp_path / "app", bare_host)) == 1
    (environment / "bin" / "python").unlink()
    (environment / "bin" / "python").symlink_to("/gone/python3")
    (environment / "pyvenv.cfg").write_text("home = /gone\n")
    assert unavailable(tmp_path / "app", bare_host) == []  # its own problem says it


def test_every_installed_python_may_be_asked_for(tmp_path, python, host):
    write(tmp_path / "pyproject.toml", "")
    for text in (python.version, python.series, f"cpython@{python.series}", f"=={python.series}.*"):
        write(tmp_path / ".python-version", f"{text}\n")
        assert unavailable(tmp_path, host) == [], text


def test_pyenv_refuses_what_is_told(tmp_path):
    """With the pyenv of this machine, where there is one."""
    pyenv = Path.home() / ".pyenv" / "bin" / "pyenv"
    if not pyenv.exists() or not INSTALLED:
        pytest.skip("there is no pyenv")
    env = {"PATH": f"{pyenv.parent}:/usr/bin:/bin", "HOME": str(Path.home())}
    host = Host(platform="linux", home=Path.home(), env=env)
    write(tmp_path / "pyproject.toml", "")
    for text in (INSTALLED[0].version, INSTALLED[0].series, "3.99", f"{INSTALLED[0].series}.999", "system"):
        write(tmp_path / ".python-version", f"{text}\n")
        run = subprocess.run([pyenv, "version-name"], cwd=tmp_path, env=env, capture_output=True, check=False)
        assert bool(unavailable(tmp_path, host)) == bool(run.returncode), text


def test_projects_without_a_version_file_cost_no_search(tmp_path, host):
    for number in range(300):
        write(tmp_path / str(number) / "pyproject.toml", "[project]\nname = 'a'\n")
    projects = Projects(host).around_each(tmp_path / str(number) for number in range(300))
    around = Surroundings(Reader(host))
    start = time.perf_counter()
    for project in projects:
        check_project(project, around)
    assert time.perf_counter() - start < 2
    assert "installed" not in vars(around)


def test_files_that_are_anything_are_no_wish(tmp_path, host):
    write(tmp_path / "pyproject.toml", "")
    file = tmp_path / ".python-version"
    for content in (b"\xff\xfe3\0", b"3" * 200_000, b"\0", b"#\n"):
        file.write_bytes(content)
        assert unavailable(tmp_path, host) == []
    file.unlink()
    os.mkfifo(file)
    assert unavailable(tmp_path, host) == []
