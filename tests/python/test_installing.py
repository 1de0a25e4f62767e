"""Installing what a project needs, by the real pip and the real uv, from packages made on the spot."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from downloads import PIP_WHEEL
from holdfast.cancellation import Cancellation
from holdfast.creation.requirements.found import parse_source
from holdfast.creation.requirements.installing import Installation, NotInstalledError, install
from holdfast.creation.requirements.running import run_tool
from holdfast.creation.requirements.tool import choose_tool, find_uv, installed_pip
from holdfast.errors import CancelledError, HoldfastError
from packages import BUILD_SYSTEM, make_package, make_wheel
from pythons import INSTALLED, ask, environment_by_venv, make_environment, works

UV = Path(sys.executable).parent / "uv"
TOOLS = ("pip", "uv")

APPLICATION = """
[project]
name = "app"
version = "1.0"
dependencies = ["spam"]
[project.optional-dependencies]
docs = ["eggs"]
[dependency-groups]
dev = ["ham", {include-group = "more"}]
more = ["bacon"]
"""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    for name in ("spam", "ham", "bacon"):
        make_wheel(folder, name, "1.0")
    make_wheel(folder, "eggs", "1.0", "spam")
    return folder


@pytest.fixture
def machine(tmp_path, host, wheels):
    """Hosts whose index is a folder; `pip` has no uv on its PATH."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "uv").symlink_to(UV)
    home = tmp_path / "home"
    home.mkdir()
    uv_config = home / "uv.toml"
    uv_config.write_text("no-index = true\n")
    own = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": wheels.as_uri(),
        "UV_CONFIG_FILE": str(uv_config),
        "UV_FIND_LINKS": str(wheels),
    }
    bare = host._replace(env=own)
    return {"pip": bare, "uv": bare._replace(env={**own, "PATH": f"{programs}:/usr/bin:/bin"})}


@pytest.fixture
def environment(newest, tmp_path) -> Path:
    return with_pip(newest, tmp_path / "app" / ".venv")


@pytest.fixture
def project(environment) -> Path:
    return environment.parent


def with_pip(python, path) -> Path:
    """A copy of an environment with pip: making one takes seconds."""
    return shutil.copytree(environment_by_venv(python.path), path, symlinks=True)


def install_in(project, host, *names, environment=None, **options):
    sources = tuple(parse_source(name, project, host) for name in names)
    return install(Installation(sources, environment or project / ".venv", project), host, **options)


def has(environment, *modules) -> bool:
    """Whether all of these modules can be imported. Raises where some can and some cannot."""
    found = {ask(environment / "bin" / "python", f"import {module}").returncode == 0 for module in modules}
    (every,) = found
    return every


@pytest.mark.parametrize("tool", TOOLS)
def test_a_file_and_a_group_are_installed_into_an_environment_of_any_python(python, tool, tmp_path, machine):
    project = tmp_path / "app"
    with_pip(python, project / ".venv")
    (project / "requirements.txt").write_text("eggs\n")
    (project / "pyproject.toml").write_text(APPLICATION)
    done = install_in(project, machine[tool], "requirements.txt", "pyproject.toml:dev")
    assert done.tool.startswith(tool)
    assert has(project / ".venv", "eggs", "spam", "ham", "bacon")
    assert works(project / ".venv")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_project_is_installed_editable_with_the_extras_that_are_asked_for(
    tool, tmp_path, environment, machine
):
    project = make_package(
        tmp_path / "package", APPLICATION, "spam", "eggs; extra == 'docs'", "ham; extra == 'x'"
    )
    with (project / "METADATA").open("a") as file:
        file.write("Provides-Extra: docs\nProvides-Extra: x\n")
    install_in(project, machine[tool], "pyproject.toml", "pyproject.toml[docs]", environment=environment)
    assert has(environment, "app", "spam", "eggs")
    assert not has(environment, "ham")
    (project / "src" / "app.py").write_text("ANSWER = 1000\n")
    assert ask(environment / "bin" / "python", "import app; print(app.ANSWER)").stdout == "1000\n"


@pytest.mark.parametrize("tool", TOOLS)
def test_of_an_application_only_what_it_depends_on_is_installed(tool, project, machine):
    (project / "pyproject.toml").write_text(APPLICATION)
    (project / "app").mkdir()
    (project / "migrations").mkdir()  # setuptools would refuse two packages side by side
    install_in(project, machine[tool], "pyproject.toml[docs]")
    assert has(project / ".venv", "spam", "eggs")
    assert not has(project / ".venv", "ham", "app")


@pytest.mark.parametrize("tool", TOOLS)
def test_an_empty_group_installs_nothing(tool, project, machine):
    (project / "pyproject.toml").write_text("[dependency-groups]\ndev = []\n")
    install_in(project, machine[tool], "pyproject.toml:dev")
    assert not has(project / ".venv", "ham")


def test_pip_installs_hashed_files_beside_others(project, wheels, machine):
    hashed = subprocess.run(
        [project / ".venv/bin/python", "-I", "-m", "pip", "hash", wheels / "spam-1.0-py3-none-any.whl"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()[1]
    (project / "requirements.txt").write_text(f"spam==1.0 {hashed}\n")
    (project / "requirements-dev.txt").write_text("ham\n")
    install_in(project, machine["pip"], "requirements-dev.txt", "requirements.txt")
    assert has(project / ".venv", "spam", "ham")


def locked(project, machine, pyproject=APPLICATION) -> Path:
    """The project's uv.lock, made by uv."""
    (project / "pyproject.toml").write_text(pyproject)
    python = str(INSTALLED[0].path)
    subprocess.run(
        [UV, "lock", "--python", python],
        cwd=project,
        env=dict(machine["uv"].env),
        check=True,
        capture_output=True,
        timeout=60,
    )
    return project / "uv.lock"


def test_a_uv_lock_is_installed_as_locked_with_extras_and_groups_and_pip_stays(
    project, wheels, machine, tmp_path
):
    mine = shutil.copytree(wheels, tmp_path / "mine")
    host = machine["uv"]._replace(env={**machine["uv"].env, "UV_FIND_LINKS": str(mine)})
    lock = locked(project, {"uv": host})
    make_wheel(mine, "eggs", "2.0")
    before, text = (project / ".venv").stat().st_ino, lock.read_text()
    install_in(project, host, "uv.lock", "pyproject.toml[docs]", "pyproject.toml:more")
    python = project / ".venv" / "bin" / "python"
    assert ask(python, "import eggs; print(eggs.VERSION)").stdout == "1.0\n"
    assert has(project / ".venv", "spam", "bacon", "pip")
    assert (project / ".venv").stat().st_ino == before
    assert lock.read_text() == text


def test_a_uv_lock_installs_the_project_editable(environment, machine, tmp_path):
    project = make_package(tmp_path / "package", "", "spam")
    locked(project, machine, BUILD_SYSTEM + APPLICATION)
    install_in(project, machine["uv"], "uv.lock", environment=environment)
    assert has(environment, "app", "spam", "ham", "bacon")  # the group `dev` is one of uv's defaults
    assert ask(environment / "bin" / "python", "import app; print(app.__file__)").stdout.startswith(
        str(project / "src")
    )


def test_a_uv_lock_for_another_python_leaves_the_environment_as_it_is(project, machine):
    lock = locked(project, machine)
    (project / "pyproject.toml").write_text(
        APPLICATION.replace("[project]", '[project]\nrequires-python = ">=3.99"')
    )
    lock.write_text('version = 1\nrequires-python = ">=3.99"\n' + lock.read_text().split("\n\n", 1)[1])
    mark = project / ".venv" / "mark"
    mark.touch()
    with pytest.raises(NotInstalledError, match=r"3\.99"):
        install_in(project, machine["uv"], "uv.lock")
    assert mark.exists()
    assert works(project / ".venv")


def test_a_uv_lock_is_refused_before_anything_where_there_is_no_uv(project, machine):
    locked(project, machine)
    (project / "requirements.txt").write_text("spam\n")
    with pytest.raises(HoldfastError, match=r"uv\.lock: only uv reads it"):
        install_in(project, machine["pip"], "requirements.txt", "uv.lock")
    assert not has(project / ".venv", "spam")


def exported(project, machine) -> Path:
    """A pylock.toml of what the project depends on, made by uv."""
    locked(project, machine)
    export = [UV, "export", "-q", "--frozen", "--no-dev", "--format", "pylock.toml", "-o", "pylock.toml"]
    subprocess.run(export, cwd=project, env=dict(machine["uv"].env), check=True, timeout=60)
    return project / "pylock.toml"


def test_a_pylock_is_installed_by_a_pip_that_reads_it(project, machine):
    exported(project, machine)
    python = project / ".venv" / "bin" / "python"
    upgrade = [python, "-I", "-m", "pip", "install", "-q", "--no-index", PIP_WHEEL]
    subprocess.run(upgrade, check=True, capture_output=True, timeout=120)
    assert install_in(project, machine["pip"], "pylock.toml").tool == f"pip {PIP_WHEEL.name.split('-')[1]}"
    assert has(project / ".venv", "spam")
    assert not has(project / ".venv", "ham")


def test_a_pylock_is_installed_by_uv_and_refused_by_an_older_pip(project, machine):
    exported(project, machine)
    source = parse_source("pylock.toml", project, machine["pip"])
    with pytest.raises(HoldfastError, match=r"26\.1"):
        choose_tool([source], machine["pip"], [project], "25.3")
    assert choose_tool([source], machine["pip"], [project], "26.1").name == "pip 26.1"
    install_in(project, machine["uv"], "pylock.toml")
    assert has(project / ".venv", "spam")
    assert not has(project / ".venv", "ham")


def test_without_pip_and_uv_nothing_is_tried(tmp_path, newest, machine):
    project = tmp_path / "app"
    make_environment(newest, project / ".venv")
    (project / "requirements.txt").write_text("spam\n")
    assert installed_pip(project / ".venv") is None
    with pytest.raises(HoldfastError, match="without pip, and there is no uv"):
        install_in(project, machine["pip"], "requirements.txt")
    install_in(project, machine["uv"], "requirements.txt")
    assert has(project / ".venv", "spam")


def test_a_folder_that_is_no_environment_is_refused(tmp_path, machine):
    (tmp_path / "requirements.txt").write_text("spam\n")
    with pytest.raises(HoldfastError, match="is no environment"):
        install_in(tmp_path, machine["uv"], "requirements.txt")


def test_the_version_of_pip_is_read_from_the_environment(environment):
    said = ask(environment / "bin" / "python", "import pip; print(pip.__version__)").stdout
    assert installed_pip(environment) == said.strip()


@pytest.mark.parametrize("tool", TOOLS)
def test_a_failure_shows_the_last_words_of_the_tool_and_the_environment_works(tool, project, machine):
    (project / "requirements.txt").write_text("spam\nno-such-package\n")
    with pytest.raises(NotInstalledError) as raised:
        install_in(project, machine[tool], "requirements.txt")
    message = str(raised.value)
    assert f"{project / '.venv'} is usable" in message
    assert "exit code 1" in message
    assert message.endswith(raised.value.lines[-1])
    assert "no-such-package" in "\n".join(raised.value.lines)
    assert raised.value.lines[0].lower().startswith("error")
    assert works(project / ".venv")
    (project / "requirements.txt").write_text("spam\n")
    install_in(project, machine[tool], "requirements.txt")
    assert has(project / ".venv", "spam")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_build_that_fails_shows_why(tool, project, machine):
    package = make_package(project / "lib", "")
    (package / "backend.py").write_text("raise SystemExit('the compiler is missing')\n")
    (project / "requirements.txt").write_text("./lib\n")
    with pytest.raises(NotInstalledError) as raised:
        install_in(project, machine[tool], "requirements.txt")
    assert "the compiler is missing" in str(raised.value)
    assert works(project / ".venv")


SLOW_BACKEND = """
import signal, subprocess, sys, time
def build_wheel(folder, settings=None, metadata=None):
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); signal.signal(2, signal.SIG_IGN); "
    child = subprocess.Popen([sys.executable, "-c", stubborn + "time.sleep(600)"])
    with open(%r, "w") as file:
        file.write("%%d\\n" %% child.pid)
    time.sleep(600)
"""


def slow_project(project, tmp_path) -> Path:
    """A requirement whose build starts a program and waits; the file that will name that program."""
    started = tmp_path / "started"
    package = make_package(project / "slow", "")
    (package / "backend.py").write_text(SLOW_BACKEND % str(started))
    (project / "requirements.txt").write_text("spam\n./slow\n")
    return started


def wait_for(file: Path) -> int:
    """The number in a file, once it is there."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):
            if (text := file.read_text()).endswith("\n"):
                return int(text)
        time.sleep(0.05)
    raise TimeoutError(file)


def is_running(process: int) -> bool:
    """Whether a process still does something: one that has ended may wait for somebody to take note of it."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def gone(process: int) -> bool:
    deadline = time.monotonic() + 5
    while is_running(process) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_running(process)


def running_from(folder: Path) -> list[str]:
    """The commands of running programs that speak of a folder."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            command = Path(f"/proc/{process}/cmdline").read_bytes()
            if os.fsencode(folder) in command and is_running(int(process)):
                found.append(command)
    return found


@pytest.mark.parametrize("tool", TOOLS)
def test_cancelling_ends_everything_that_was_started(tool, project, tmp_path, machine):
    started = slow_project(project, tmp_path)
    cancellation = Cancellation()
    stubborn = []

    def cancel():
        stubborn.append(wait_for(started))
        cancellation.cancel()

    temporary = tmp_path / "temporary"
    temporary.mkdir()
    host = machine[tool]._replace(env={**machine[tool].env, "TMPDIR": str(temporary)})
    threading.Thread(target=cancel, daemon=True).start()
    with pytest.raises(CancelledError, match="is usable, but not everything is installed"):
        install_in(project, host, "requirements.txt", cancellation=cancellation)
    assert list(temporary.iterdir()) == []  # the tool has tidied up
    assert gone(stubborn[0])
    assert running_from(project) == []
    assert works(project / ".venv")
    assert has(project / ".venv", "pip")


def test_an_interruption_ends_everything_too(project, tmp_path, machine):
    started = slow_project(project, tmp_path)
    stubborn = []

    def interrupt():
        stubborn.append(wait_for(started))
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        install_in(project, machine["pip"], "requirements.txt")
    assert gone(stubborn[0])
    assert running_from(project) == []


def test_what_is_cancelled_before_it_starts_starts_nothing(project, machine):
    (project / "requirements.txt").write_text("spam\n")
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(CancelledError, match="is usable"):
        install_in(project, machine["pip"], "requirements.txt", cancellation=cancellation)
    assert not has(project / ".venv", "spam")


@pytest.mark.parametrize("tool", TOOLS)
def test_progress_names_the_tool_and_what_it_installs_then_says_its_lines(tool, project, machine):
    package = make_package(project / "lib", "")
    with (package / "backend.py").open("a") as backend:
        backend.write("import time; time.sleep(0.5)\n")  # uv is done before anybody looks
    (project / "requirements.txt").write_text("./lib\n")
    said = []
    install_in(
        project, machine[tool], "requirements.txt", report=lambda what, percent: said.append((what, percent))
    )
    assert said[0][0].startswith(tool)
    assert said[0][0].endswith(": requirements.txt")
    assert len(said) > 1
    assert all(0 <= percent < 100 and what.isprintable() for what, percent in said)


@pytest.mark.parametrize(
    "name",
    ["with space", "it's $HOME", 'a "quote"', "größe 日本", "-dash", "semi;colon&", "100%", "[x]", "#hash"],
)
@pytest.mark.parametrize("tool", TOOLS)
def test_awkward_names_of_folders_and_files(tool, name, tmp_path, newest, machine):
    project = make_package(tmp_path / name, "", "spam")
    with_pip(newest, project / ".venv")
    (project / f"{name}-requirements.txt").write_text("ham\n")
    install_in(project, machine[tool], f"{name}-requirements.txt", "pyproject.toml")
    assert has(project / ".venv", "spam", "ham", "app")


def test_modules_in_the_project_are_not_taken_for_those_of_pip(project, machine):
    for name in ("pip", "attrs", "typing", "sitecustomize"):
        (project / f"{name}.py").write_text(f"open({str(project / 'executed')!r}, 'w')\n")
    (project / "requirements.txt").write_text("spam\n")
    install_in(project, machine["pip"], "requirements.txt")
    assert not (project / "executed").exists()
    assert has(project / ".venv", "spam")


@pytest.mark.parametrize("tool", TOOLS)
def test_variables_that_would_lead_the_tool_astray_are_taken_away(tool, project, tmp_path, machine):
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nuser = true\n")
    astray = {
        "PYTHONHOME": "/nowhere",
        "PYTHONPATH": str(tmp_path),
        "PIP_TARGET": str(tmp_path / "target"),
        "PIP_PREFIX": str(tmp_path / "prefix"),
        "PIP_USER": "1",
        "PIP_CONFIG_FILE": str(config),
        "UV_PROJECT": str(tmp_path),
        "UV_SYSTEM_PYTHON": "1",
        "VIRTUAL_ENV": str(tmp_path / "other"),
        "FORCE_COLOR": "1",
    }
    host = machine[tool]._replace(env={**machine[tool].env, **astray})
    (project / "requirements.txt").write_text("spam\n")
    install_in(project, host, "requirements.txt")
    assert has(project / ".venv", "spam")
    assert not (tmp_path / "target").exists()
    assert not (tmp_path / "prefix").exists()


def of_path(host, *folders):
    return host._replace(env={**host.env, "PATH": os.pathsep.join(map(str, folders))})


def hostile_uv(folder: Path) -> Path:
    """A program called uv, as a repository may bring it along: a binary that does something else."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy2(shutil.which("true"), folder / "uv"))


@pytest.mark.parametrize("way", ["direct", "link", "folder link", "through the project", "other spelling"])
def test_a_uv_of_the_project_is_never_started(way, tmp_path, host):
    project = tmp_path / "app"
    hostile = hostile_uv(project / "bin")
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = hostile.parent
    if way == "link":
        (outside / "uv").symlink_to(hostile)
        folder = outside
    elif way == "folder link":
        folder = tmp_path / "linked"
        folder.symlink_to(hostile.parent)
    elif way == "through the project":
        shutil.move(hostile, outside)
        hostile.symlink_to(outside / "uv")
    elif way == "other spelling":
        (tmp_path / "alias").symlink_to(project)
        folder = tmp_path / "alias" / "bin"
    assert find_uv(of_path(host, folder), [tmp_path / "other"]) == folder / "uv"
    assert find_uv(of_path(host, folder), [project]) is None
    assert find_uv(of_path(host, folder, UV.parent), [project]) == UV


def test_what_is_called_uv_and_is_no_program_does_not_count(tmp_path, host):
    folders = [tmp_path / name for name in ("folder", "dangling", "script", "shims", "locked", "none")]
    for folder in folders:
        folder.mkdir()
    (folders[0] / "uv").mkdir()
    (folders[1] / "uv").symlink_to("gone")
    (folders[2] / "uv").write_text("#!/bin/sh\nexec pyenv exec uv\n")
    (folders[2] / "uv").chmod(0o755)
    hostile_uv(folders[3]).rename(tmp_path / "mise")
    (folders[3] / "uv").symlink_to(tmp_path / "mise")
    hostile_uv(folders[4]).chmod(0o644)
    assert find_uv(of_path(host, *folders), []) is None
    assert find_uv(of_path(host, *folders, UV.parent), []) == UV


def test_a_uv_on_a_disk_that_does_not_answer_is_passed_over(dead_mount, host):
    assert find_uv(of_path(host, dead_mount / "bin", UV.parent), []) == UV


def run_code(code, host, tmp_path, **options):
    said = []
    ended = run_tool(
        [sys.executable, "-c", code], tmp_path, host, options.pop("cancellation", Cancellation()), said.append
    )
    return ended, said


def test_a_tool_has_nothing_of_our_own_streams(tmp_path, host):
    code = (
        "import os\n"
        "for number in os.listdir('/proc/self/fd'):\n"
        "    try: print(number, os.readlink(f'/proc/self/fd/{number}'))\n"
        "    except OSError: pass  # that of the listing itself\n"
    )
    ended, _ = run_code(code, host, tmp_path)
    streams = dict(line.split(" ", 1) for line in ended.lines)
    assert set(streams) == {"0", "1", "2"}
    assert streams["0"] == os.devnull
    assert streams["1"] == streams["2"]
    assert streams["1"].startswith("pipe:")
    assert streams["1"] not in {os.readlink(f"/proc/self/fd/{number}") for number in (0, 1, 2)}


def test_a_tool_has_a_session_of_its_own(tmp_path, host):
    ended, _ = run_code("import os; print(os.getsid(0) == os.getpid())", host, tmp_path)
    assert ended.lines == ("True",)


def test_of_much_output_the_last_lines_are_kept(tmp_path, host):
    ended, _ = run_code("for n in range(300_000): print('line', n)", host, tmp_path)
    assert len(ended.lines) == 30
    assert ended.lines[-1] == "line 299999"


def test_a_line_without_end_is_cut(tmp_path, host):
    ended, _ = run_code("import sys; sys.stdout.write('x' * 50_000_000 + '\\nlast')", host, tmp_path)
    assert [len(line) for line in ended.lines] == [500, 4]


def test_colours_titles_and_overwritten_progress_are_no_text(tmp_path, host):
    coloured = r"\x1b]0;title\x07\x1b[1;31mred\x1b[0m \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\n"
    code = rf"print('{coloured} 10%\r 20%\rdone\r\n\0\b\n')"
    ended, _ = run_code(code, host, tmp_path)
    assert ended.lines == ("red link", "done")


def test_output_that_is_not_utf_8_is_shown_as_far_as_it_is(tmp_path, host):
    ended, _ = run_code(r"import sys; sys.stdout.buffer.write(b'caf\xe9\n')", host, tmp_path)
    assert ended.lines == ("caf�",)


def test_a_program_left_behind_does_not_keep_us_waiting(tmp_path, host):
    code = (
        "import subprocess, sys; "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print(child.pid)"
    )
    started = time.monotonic()
    ended, _ = run_code(code, host, tmp_path)
    os.kill(int(ended.lines[0]), signal.SIGKILL)
    assert time.monotonic() - started < 20


def test_a_tool_that_was_killed_is_told_by_its_signal(tmp_path, host):
    ended, _ = run_code("import os; os.kill(os.getpid(), 9)", host, tmp_path)
    assert ended.code == -9


def test_a_tool_that_cannot_be_started_is_named(tmp_path, host):
    with pytest.raises(HoldfastError, match="/nowhere/uv cannot be started: No such file"):
        run_tool(["/nowhere/uv"], tmp_path, host, Cancellation(), print)
