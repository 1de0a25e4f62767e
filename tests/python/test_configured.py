"""The paths that configuration files name: which are read, and where they lead."""

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configured import INTERPRETER, environment, launch, settings, workspace
from holdfast.host import Host
from holdfast.workspace.configured.files import look_into
from holdfast.workspace.configured.found import read_configuration
from holdfast.workspace.configured.systems import fitness_of
from holdfast.workspace.configured.variables import (
    Scope,
    path_as_it_is,
    path_in_env,
    path_in_launch,
    path_in_settings,
    path_in_toml,
)
from holdfast.workspace.configured.written import ALL
from machines import MacMachine, PosixMachine, WindowsMachine, write


@pytest.fixture
def machine(tmp_path) -> PosixMachine:
    return PosixMachine(tmp_path)


@pytest.fixture
def app(machine) -> Path:
    folder = machine.at("/home/ada/app")
    folder.mkdir()
    return folder


def found(machine, *folders):
    return read_configuration(folders, machine.host()).paths


def named(machine, *folders):
    """The key, the text and where it leads, as the machine writes it."""
    return [
        (one.key, one.text, *(machine.text(place) for place in one.places))
        for one in found(machine, *folders)
    ]


# Variables


POSIX_CASES = [
    ("${workspaceFolder}/.venv/bin/python", "/home/ada/app/.venv/bin/python"),
    ("${workspaceRoot}/.venv", "/home/ada/app/.venv"),
    ("${workspaceFolder}", "/home/ada/app"),
    ("${workspaceFolder:api}/.venv", "/home/ada/app/services/api/.venv"),
    ("${userHome}/x", "/home/ada/x"),
    ("~/x", "/home/ada/x"),
    ("~", "/home/ada"),
    ("${env:VENVS}/x", "/srv/venvs/x"),
    ("${env.VENVS}/x", "/srv/venvs/x"),
    ("/home/${env:WHO}/x", "/home/ada/x"),
    ("./.venv//bin/python", "/home/ada/app/.venv/bin/python"),
    ("../shared/.venv", "/home/ada/app/../shared/.venv"),
    ("/usr/bin/python3", "/usr/bin/python3"),
]
UNKNOWN = [
    "${command:python.interpreterPath}",
    "${input:which}/bin/python",
    "${config:python.pythonPath}",
    "${workspaceFolder:nobody}/.venv",
    "${env:UNSET}/bin/python",
    "${workspaceFolder",
    "${}",
    "/x/${workspaceFolder}",
    "${workspaceFolder}.venv",
]


def scope(machine, folder) -> Scope:
    machine.env |= {"VENVS": "/srv/venvs", "WHO": "ada", "EMPTY": ""}
    return Scope(machine.host(), folder, {"api": folder / "services" / "api"})


@pytest.mark.parametrize(("text", "path"), POSIX_CASES)
def test_variables_of_the_editor_are_expanded(machine, app, text, path):
    assert path_in_settings(text, scope(machine, app)) == machine.at("/") / path[1:]


@pytest.mark.parametrize("text", [*UNKNOWN, "${env:EMPTY}/x"])
def test_what_only_the_editor_knows_is_not_guessed(machine, app, text):
    assert path_in_settings(text, scope(machine, app)) is None
    assert path_in_launch(text, scope(machine, app)) is None


def test_windows_takes_both_separators_and_has_drives(tmp_path):
    machine = WindowsMachine(tmp_path)
    folder = machine.at("C:\\work\\app")
    machine.env["VENVS"] = "C:\\venvs"
    around = Scope(machine.host(), folder, {})
    for text, path in [
        ("${workspaceFolder}\\.venv\\Scripts\\python.exe", "C:\\work\\app\\.venv\\Scripts\\python.exe"),
        ("${workspaceFolder}/.venv/Scripts/python.exe", "C:\\work\\app\\.venv\\Scripts\\python.exe"),
        ("${env:VENVS}\\x", "C:\\venvs\\x"),
        ("~\\x", "C:\\Users\\ada\\x"),
        ("c:/venvs/x", "C:\\venvs\\x"),
        (".venv", "C:\\work\\app\\.venv"),
    ]:
        assert path_in_settings(text, around) == machine.at(path)


def test_each_tool_expands_its_own(machine, app):
    around = scope(machine, app)
    at = machine.at
    assert path_in_launch("${workspaceFolder}/x", around) == app / "x"
    assert path_in_launch("${userHome}/x", around) == at("/home/ada/x")
    assert path_in_launch("/usr/bin/python3", around) == at("/usr/bin/python3")
    for text in ("x", "~/x", "${env:VENVS}/x"):
        assert path_in_launch(text, around) is None
    for text, path in [
        ("~/x", "/home/ada/x"),
        ("$VENVS/x", "/srv/venvs/x"),
        ("${VENVS}/x", "/srv/venvs/x"),
        ("./x", "/home/ada/app/x"),
    ]:
        assert path_in_toml(text, around) == at(path)
    for text in ("$UNSET/x", "${VENVS:-/y}/x", "${UNSET}/x"):
        assert path_in_toml(text, around) is None
    assert path_as_it_is("~/$VENVS", around) == app / "~" / "$VENVS"
    assert path_in_env("x", around) == app / "x"
    assert path_in_env("$VENVS/x", around) is None


@given(st.text(alphabet="${}workspaceFldrnv:./~\\ä\0 ", max_size=40) | st.text(max_size=40))
def test_any_text_leads_somewhere_or_nobody_knows(text):
    for platform in ("linux", "windows"):
        host = Host(platform=platform, home=Path("/home/ada"), env={"v": "x"})
        around = Scope(host, Path("/work/app"), {"a": Path("/work/a")})
        for expand in (path_in_settings, path_in_launch, path_in_toml, path_as_it_is, path_in_env):
            place = expand(text, around)
            assert place is None or isinstance(place, Path)


# Settings


def test_settings_are_read_with_comments_and_trailing_commas(machine, app):
    file = write(
        app / ".vscode" / "settings.json",
        '{\n  // ours\n  "python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python", // 😀\n}\n',
    )
    (one,) = found(machine, app)
    assert (one.file, one.key, one.role) == (file, INTERPRETER, "interpreter")
    line = file.read_text().split("\n")[one.span.line]
    assert line[one.span.start : one.span.end] == '"${workspaceFolder}/.venv/bin/python"'


@pytest.mark.parametrize("value", ["python", "", None, 3, [], {}, True])
def test_defaults_and_what_is_no_path_are_passed_over(machine, app, value):
    settings(app, interpreter=value)
    assert found(machine, app) == ()


@pytest.mark.parametrize(
    "content", [b"", b"[1]", b"{", b'"x"', b"\xff\xfe{}", b"[" * 5000, b"null", os.urandom(300)]
)
def test_files_of_any_content_are_read_or_passed_over(machine, app, content):
    for name in (
        ".vscode/settings.json",
        ".vscode/launch.json",
        "pyrightconfig.json",
        "a.code-workspace",
        "ty.toml",
        "ruff.toml",
        ".env",
    ):
        write(app / name, content)
    write(app / "pyproject.toml", b"extend = 1\n" + content)
    assert found(machine, app) == ()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", ".", "x/bin/python", "${userHome}"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["folders", "settings", "path", "name", "uri", "launch", "configurations", "type", "python",
             "windows", "linux", "envFile", "envManager", "venvPath", "venv", "extraPaths", "root",
             "executionEnvironments", "python-envs.pythonProjects", "python-envs.defaultEnvManager",
             "python.pythonPath", "python.analysis.extraPaths", INTERPRETER]
        ),
        inner | st.just("debugpy"),
        max_size=5,
    ),
    max_leaves=15,
)  # fmt: skip


@given(VALUES)
def test_values_of_any_kind_are_read_or_passed_over(tmp_path_factory, value):
    folder = tmp_path_factory.mktemp("any")
    for name in (".vscode/settings.json", ".vscode/launch.json", "pyrightconfig.json", "a.code-workspace"):
        write(folder / name, json.dumps(value))
    for one in read_configuration([folder], Host(platform="linux", home=folder)).paths:
        assert one.text
        assert json.loads(one.file.read_bytes()) is not None


def test_what_is_no_file_is_passed_over(machine, app):
    (app / ".vscode").mkdir()
    os.mkfifo(app / ".vscode" / "settings.json")
    (app / ".vscode" / "launch.json").mkdir()
    (app / "pyrightconfig.json").symlink_to("pyrightconfig.json")
    (app / "pyproject.toml").symlink_to("/dev/zero")
    with open(app / "a.code-workspace", "wb") as file:
        file.truncate(100_000_000)
    assert found(machine, app) == ()


def test_a_disk_that_does_not_answer_is_not_waited_for(dead_mount, tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / ".vscode").symlink_to(dead_mount)
    (tmp_path / "app" / "ty.toml").symlink_to(dead_mount / "ty.toml")
    configuration = read_configuration([tmp_path / "app", dead_mount], Host.current())
    assert configuration.paths == ()
    assert not any(name.startswith(str(dead_mount)) for name in configuration.names)


def test_many_settings_are_bounded(machine, app):
    settings(app, **{"python.analysis.extraPaths": ["x"] * 10_000})
    launch(app, *[{"type": "debugpy", "python": "/x"}] * 10_000)
    assert len(found(machine, app)) <= 50


@pytest.mark.parametrize("text", ["../" * 200_000, "x" * 900_000, "lib/python3" * 50_000, "${a}" * 200_000])
def test_texts_that_are_no_paths_by_their_length_are_passed_over_at_once(machine, app, text):
    settings(app, interpreter=text)
    launch(app, python=f"/{text}")
    workspace(app / "a.code-workspace", [text], interpreter="/x")
    write(app / "pyrightconfig.json", json.dumps({"venvPath": text[:400_000], "venv": text[:400_000]}))
    write(app / ".env", f"VIRTUAL_ENV={text[:190_000]}\n")
    start = time.monotonic()
    assert [one.text for one in found(machine, app)] == ["/x"]
    assert time.monotonic() - start < 4


# Workspaces of many folders


def test_a_workspace_is_for_each_of_its_folders(machine, app):
    workspace(
        app / "all.code-workspace",
        ["api", {"path": "web", "name": "Site"}, {"uri": "vscode-remote://x/y"}, {"path": "/srv/lib"}],
        interpreter="${workspaceFolder}/.venv/bin/python",
    )
    assert named(machine, app) == [
        (
            INTERPRETER,
            "${workspaceFolder}/.venv/bin/python",
            "/home/ada/app/api/.venv/bin/python",
            "/home/ada/app/web/.venv/bin/python",
            "/srv/lib/.venv/bin/python",
        )
    ]


def test_folders_are_known_by_their_names(machine, app):
    workspace(
        app / "all.code-workspace",
        ["api", {"path": "web", "name": "Site"}],
        interpreter="${workspaceFolder:Site}/.venv",
    )
    settings(app, interpreter="${workspaceFolder:api}/.venv")
    assert [places for _, _, *places in named(machine, app)] == [
        ["/home/ada/app/api/.venv"],
        ["/home/ada/app/web/.venv"],
    ]


def test_folders_of_a_workspace_belong_to_the_project_unless_they_are_projects(machine, app):
    workspace(app / "all.code-workspace", ["api", "web", "../other"])
    for folder in (app / "api", app / "web", app.parent / "other"):
        settings(folder, interpreter="./.venv")
    write(app / "web" / "pyproject.toml")
    assert [one[2] for one in named(machine, app)] == ["/home/ada/app/api/.venv"]
    assert [one[2] for one in named(machine, app / "web")] == ["/home/ada/app/web/.venv"]


def test_workspaces_that_list_each_other_end(machine, app):
    workspace(app / "a.code-workspace", [".", "b"])
    workspace(app / "b" / "b.code-workspace", [".", ".."], interpreter="./x")
    assert len(named(machine, app)) == 1


# launch.json


def test_configurations_that_start_python_are_read(machine, app):
    launch(
        app,
        {"type": "debugpy", "python": "${workspaceFolder}/.venv/bin/python"},
        {"type": "python", "pythonPath": "/usr/bin/python3"},
        {"type": "debugpy", "python": ["/opt/python", "-X", "dev"]},
        {"type": "debugpy", "python": "/no", "linux": {"python": "/yes"}, "osx": {"python": "/mac"}},
        {"type": "node", "python": "/not/ours"},
        {"type": "debugpy", "python": "${command:python.interpreterPath}"},
        {"type": "debugpy"},
        "no configuration",
    )
    assert named(machine, app) == [
        ("python", "${workspaceFolder}/.venv/bin/python", "/home/ada/app/.venv/bin/python"),
        ("pythonPath", "/usr/bin/python3", "/usr/bin/python3"),
        ("python", "/opt/python", "/opt/python"),
        ("python", "/yes", "/yes"),
        ("python", "${command:python.interpreterPath}"),
    ]


def test_a_workspace_may_have_configurations_too(machine, app):
    text = "${workspaceFolder}/x/python"
    workspace(app / "a.code-workspace", ["api"], [{"type": "debugpy", "python": text}])
    assert named(machine, app) == [("python", text, "/home/ada/app/api/x/python")]


def test_a_configuration_may_name_other_interpreters_for_the_debugger_itself(machine, app):
    launch(app, debugAdapterPython="/opt/a/python", debugLauncherPython="${workspaceFolder}/b/python")
    assert [one[::2] for one in named(machine, app)] == [
        ("debugAdapterPython", "/opt/a/python"),
        ("debugLauncherPython", "/home/ada/app/b/python"),
    ]


# The files of tools


def test_pyright_ty_ruff_and_env_are_read(machine, app):
    write(
        app / "pyproject.toml",
        "[tool.pyright]\nvenvPath = '~'\nvenv = 'x'\nextraPaths = ['lib']\n"
        "[tool.ty]\nenvironment.python = '~/v'\n[tool.ruff]\nextend = '$HOME/r.toml'\n",
    )
    write(app / ".env", "A=1\nVIRTUAL_ENV=/srv/v\n")
    machine.env["HOME"] = "/home/ada"
    assert named(machine, app) == [
        ("tool.pyright.venvPath", "~", "/home/ada/app/~"),
        ("tool.pyright.venv", "x", "/home/ada/app/~/x"),
        ("tool.pyright.extraPaths", "lib", "/home/ada/app/lib"),
        ("tool.ty.environment.python", "~/v", "/home/ada/v"),
        ("tool.ruff.extend", "$HOME/r.toml", "/home/ada/r.toml"),
        ("VIRTUAL_ENV", "/srv/v", "/srv/v"),
    ]


def test_files_of_their_own_go_before_pyproject(machine, app):
    write(
        app / "pyproject.toml",
        "[tool.pyright]\nvenvPath = '.'\nvenv = 'x'\n[tool.ty.environment]\npython = 'x'\n"
        "[tool.ruff]\nextend = 'x'\n",
    )
    write(app / "pyrightconfig.json", '{"executionEnvironments": [{"root": "a", "extraPaths": ["e"]}]}')
    write(app / "ty.toml", "[environment]\npython = 'y'\n")
    write(app / "ruff.toml", "extend = 'no'\n")
    write(app / ".ruff.toml", "extend = 'y'\n")
    counting = [(one.file.name, one.text) for one in found(machine, app) if one.counts]
    assert counting == [("pyrightconfig.json", "e"), ("ty.toml", "y"), (".ruff.toml", "y")]


def test_venv_of_pyright_counts_with_venv_path_only(machine, app):
    for content in ('{"venv": "x"}', '{"venvPath": "x"}', '{"venvPath": 1, "venv": "x"}'):
        write(app / "pyrightconfig.json", content)
        assert found(machine, app) == ()


def test_files_of_variables_are_found_by_launch_json(machine, app):
    launch(app, envFile="${workspaceFolder}/dev.env", name="x")
    write(app / "dev.env", "VIRTUAL_ENV=/x\n")
    assert named(machine, app) == [("VIRTUAL_ENV", "/x", "/x")]
    launch(app, envFile="/home/ada/other.env", name="x")
    write(machine.at("/home/ada/other.env"), "VIRTUAL_ENV=/x\n")
    assert named(machine, app) == []
    launch(app, envFile="${workspaceFolder}/gone.env", linux={"envFile": "${workspaceFolder}/dev.env"})
    assert named(machine, app) == [("VIRTUAL_ENV", "/x", "/x")]
    launch(app, envFile="${workspaceFolder}/dev.env", linux={"envFile": "${workspaceFolder}/gone.env"})
    assert named(machine, app) == []


def test_files_of_variables_are_found_by_the_configurations_of_a_workspace(machine, app):
    configurations = [{"type": "debugpy", "envFile": "${workspaceFolder}/dev.env"}]
    workspace(app / "a.code-workspace", ["api", "web", "../other"], configurations)
    for folder in (app / "web", app.parent / "other"):
        write(folder / "dev.env", "VIRTUAL_ENV=.venv\n")
    assert named(machine, app) == [("VIRTUAL_ENV", ".venv", "/home/ada/app/web/.venv")]


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("${workspaceFolder}/dev.env", True),
        ("${workspaceRoot}/dev.env", True),
        ("${workspaceFolder:app}/dev.env", True),
        ("/home/ada/app/dev.env", True),
        ("${userHome}/app/dev.env", True),
        ("${workspaceFolder}/x/../dev.env", True),
        ("${workspaceFolder}/../dev.env", False),
        ("/home/ada/dev.env", False),
        ("dev.env", False),
        ("~/app/dev.env", False),
        ("${command:which}/dev.env", False),
        ("${workspaceFolder}", False),
        ("${workspaceFolder}/\0", False),
        ("", False),
        (["${workspaceFolder}/dev.env"], False),
        (None, False),
    ],
)
def test_a_file_of_variables_is_found_by_the_settings(machine, app, text, is_read):
    for folder in (app, app.parent):
        write(folder / "dev.env", "VIRTUAL_ENV=/x\n")
    (app / "x").mkdir()
    write(app / ".env", "VIRTUAL_ENV=/usual\n")
    settings(app, **{"python.envFile": text})
    usual = ("VIRTUAL_ENV", "/usual", "/usual")
    assert named(machine, app) == [usual, ("VIRTUAL_ENV", "/x", "/x")][: 1 + is_read]


def test_the_file_that_a_folder_names_wins_over_that_of_its_workspace(machine, app):
    workspace(app / "a.code-workspace", ["api", "web"], **{"python.envFile": "${workspaceFolder}/all.env"})
    settings(app / "web", **{"python.envFile": "${workspaceFolder}/own.env"})
    for name in ("api/all.env", "api/own.env", "web/all.env", "web/own.env"):
        write(app / name, f"VIRTUAL_ENV=/{name}\n")
    assert [one[1] for one in named(machine, app)] == ["/api/all.env", "/web/own.env"]


def test_a_file_of_variables_is_read_once_whoever_names_it(machine, app):
    text = "${workspaceFolder}/.env"
    settings(app, **{"python.envFile": text})
    launch(app, {"type": "debugpy", "envFile": text}, {"type": "python", "envFile": text})
    workspace(app / "a.code-workspace", ["."], [{"type": "debugpy", "envFile": text}])
    write(app / ".env", "VIRTUAL_ENV=/x\n")
    assert named(machine, app) == [("VIRTUAL_ENV", "/x", "/x")]


def test_what_is_no_file_of_variables_is_passed_over(machine, app):
    settings(app, **{"python.envFile": "${workspaceFolder}/dev.env"})
    for make in (os.mkfifo, os.mkdir, lambda path: os.symlink(path, path)):
        make(app / "dev.env")
        assert named(machine, app) == []
        (app / "dev.env").rmdir() if (app / "dev.env").is_dir() else (app / "dev.env").unlink()
    (app / "dev.env").write_bytes(b"VIRTUAL_ENV=/x\n" * 100_000)
    assert named(machine, app) == []


# Variables that VS Code sets


def test_the_environment_that_terminals_are_told_of_is_read(machine, app):
    values = {"VIRTUAL_ENV": "${workspaceFolder}/.venv", "A": "1", "B": None}
    for_all = {f"terminal.integrated.env.{name}": values for name in ("linux", "osx", "windows")}
    settings(app, **for_all)
    assert named(machine, app) == [("VIRTUAL_ENV", "${workspaceFolder}/.venv", "/home/ada/app/.venv")]
    workspace(app / "a.code-workspace", ["api", "web"], **for_all)
    settings(app)
    assert [one[2:] for one in named(machine, app)] == [
        ("/home/ada/app/api/.venv", "/home/ada/app/web/.venv")
    ]
    assert [one.read_on for one in found(machine, app)] == [("Linux",)]


@pytest.mark.parametrize(
    "values", [None, [], "VIRTUAL_ENV", {"VIRTUAL_ENV": None}, {"VIRTUAL_ENV": ""}, {"": 1}]
)
def test_terminals_are_told_nothing_by_other_values(machine, app, values):
    settings(
        app, **{"terminal.integrated.env.linux": values, "terminal.integrated.env.osx": {"VIRTUAL_ENV": "/x"}}
    )
    assert named(machine, app) == []


def test_the_environment_that_a_configuration_sets_is_read(machine, app):
    launch(
        app,
        {"type": "debugpy", "env": {"VIRTUAL_ENV": "${workspaceFolder}/a"}},
        {"type": "debugpy", "env": {"VIRTUAL_ENV": "/no"}, "linux": {"env": {}}},
        {"type": "debugpy", "env": {"VIRTUAL_ENV": "/no"}, "linux": {"env": {"VIRTUAL_ENV": "/yes"}}},
        {"type": "debugpy", "env": {"VIRTUAL_ENV": "/all"}, "osx": {"env": {"VIRTUAL_ENV": "/mac"}}},
        {"type": "node", "env": {"VIRTUAL_ENV": "/not/ours"}},
    )
    assert [(one.text, one.read_on) for one in found(machine, app)] == [
        ("${workspaceFolder}/a", ALL),
        ("/yes", ("Linux",)),
        ("/all", ("Linux", "Windows")),
    ]


# Where paths are right


def on_every_system(root):
    """A machine of each system, and a project on it."""
    machines = {"Linux": PosixMachine(root / "linux"), "macOS": MacMachine(root / "mac")}
    found = {name: (one.host(), one.home / "app") for name, one in machines.items()}
    windows = WindowsMachine(root / "windows")
    return found | {"Windows": (windows.host(), windows.at("C:\\work\\app"))}


@pytest.mark.parametrize("alias", [True, False], ids=["alias", "no alias"])
@pytest.mark.parametrize("separator", ["/", "\\"])
@pytest.mark.parametrize("folder", ["bin", "Scripts"])
@pytest.mark.parametrize("name", ["python", "python.exe", "python3"])
def test_a_path_is_right_on_the_systems_on_which_it_leads_to_an_interpreter(
    tmp_path, alias, separator, folder, name
):
    text = separator.join(("${workspaceFolder}", ".venv", folder, name))
    leads = []
    for system, (host, app) in on_every_system(tmp_path).items():
        made = environment(app / ".venv", host, alias=alias)
        if system != "Windows":
            (made / "bin" / "python3").symlink_to("python")
        elif not alias:  # some Pythons, as MSYS2's, have it there
            write(made / "bin" / "python.exe")
        settings(app, interpreter=text)
        (one,) = read_configuration([app], host).paths
        leads += [system] * one.places[0].exists()
        said = fitness_of(one, alias=alias)
    assert list(said.systems) == leads
    assert fitness_of(one._replace(text=said.portable), alias=True).systems == ALL


@pytest.mark.parametrize(
    "text",
    [
        ".venv/lib/python3.12/site-packages/x.toml",
        ".venv/Lib/site-packages/x.toml",
        ".venv/site-packages/x.toml",
        ".venv\\Lib\\site-packages\\x.toml",
    ],
)
def test_a_path_to_packages_is_right_on_the_systems_that_have_it(tmp_path, text):
    leads = []
    for system, (host, app) in on_every_system(tmp_path).items():
        made = environment(app / ".venv", host)
        inside = "Lib/site-packages" if system == "Windows" else "lib/python3.12/site-packages"
        write(made / inside / "x.toml")
        (made / "site-packages").symlink_to(inside)
        write(app / "ruff.toml", f"extend = '{text}'\n")
        (one,) = read_configuration([app], host).paths
        leads += [system] * one.places[0].exists()
        said = fitness_of(one, alias=False)
    assert list(said.systems) == leads
    assert said.portable in (None, ".venv/site-packages/x.toml")


# On what it rests


def test_what_it_rests_on_is_known_also_where_it_is_not_there_yet(machine, app):
    def names():
        found = read_configuration([app], machine.host()).names
        return {machine.text(Path(name)).removeprefix("/home/ada/app/") for name in found}

    usual = {".vscode", "pyproject.toml", "pyrightconfig.json", "ty.toml", "ruff.toml", ".ruff.toml", ".env"}
    assert names() == usual
    settings(app, interpreter=".venv/bin/python")
    assert names() == usual | {".vscode/settings.json", ".vscode/launch.json", ".venv/bin/python"}
    workspace(app / "a.code-workspace", ["api"])
    assert names() > usual | {"a.code-workspace", "api/.env", "api/.vscode"}
    named = {"api/../x.env": "x.env", "no.env": "no.env"}
    for text, name in named.items():
        settings(app, **{"python.envFile": f"${{workspaceFolder}}/{text}"})
        (app / "api").mkdir(exist_ok=True)
        assert name in names()
    settings(app, **{"python.envFile": "${workspaceFolder}/../x.env"})
    assert not any(name.endswith("x.env") for name in names())
    settings(app)
    launch(app, envFile="${workspaceFolder}/debug.env")
    assert "debug.env" in names()
    (app / ".vscode" / "launch.json").unlink()
    write(app / "setup.py")
    assert look_into(app, machine.host()).files == {".vscode/settings.json", "a.code-workspace"}
    assert look_into(app / "gone", machine.host()).files == frozenset()
