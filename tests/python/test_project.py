"""What Python a project asks for, and the interpreter that is chosen for it."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.cancellation import Cancellation
from holdfast.formats.toml import Toml, parse_toml
from holdfast.host import Host
from holdfast.interpreters.memory import Memory
from holdfast.lsp.looking import Ground, look
from holdfast.workspace.requests import project_requests, project_root
from holdfast.workspace.settings import Settings, project_settings, settings_from, settings_in
from machines import WindowsMachine, write
from projects import asked_in
from pythons import make_environment

# Each file


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        (".python-version", "3.12\n", [("3.12", 0, "pyenv and uv")]),
        (".python-version", "3.12", [("3.12", 0, "pyenv and uv")]),
        (
            ".python-version",
            "# mine\r\n\r\n  3.12.4  # here\r\n3.11.2\r\n",
            [("3.12.4", 2, "pyenv and uv"), ("3.11.2", 3, "pyenv and uv")],
        ),
        (".python-version", "\ufeff3.12\n", [("3.12", 0, "pyenv and uv")]),
        (".python-version", ">= 3.12\n", [(">= 3.12", 0, "pyenv and uv")]),
        (".python-version", "my-env\n", [("my-env", 0, "pyenv and uv")]),
        (".python-version", "", []),
        (".python-versions", "3.12\n3.11\n", [("3.12", 0, "uv"), ("3.11", 1, "uv")]),
        ("pyproject.toml", '[project]\nrequires-python = ">=3.10"', [(">=3.10", 1, "pip and uv")]),
        ("pyproject.toml", '[project]\nrequires-python = ""', []),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.10"', [("^3.10", 1, "poetry")]),
        (
            "pyproject.toml",
            '[tool.poetry.dependencies]\npython = ["^3.8", "^3.10", {version = "^3.6"}]',
            [("^3.10", 1, "poetry")],
        ),
        ("pyproject.toml", '[tool.hatch.envs.default]\npython = "3.12"', [("3.12", 1, "hatch")]),
        (
            "pyproject.toml",
            '[project]\nrequires-python = ">=3.9"\n[tool.holdfast]\npython = "3.12"',
            [("3.12", 3, "holdfast"), (">=3.9", 1, "pip and uv")],
        ),
        (
            "pyproject.toml",
            '[tool.uv]\npython-preference = "system"\n[tool.uv.pip]\npython = "3.8"\npython-version = "3.8"',
            [],
        ),
        ("uv.toml", 'python-preference = "system"\n[pip]\npython = "3.8"', []),
        ("hatch.toml", '[envs.default]\npython = "3.12"', [("3.12", 1, "hatch")]),
        ("setup.cfg", "[metadata]\nname = x\n[options]\npython_requires = >=3.9", [(">=3.9", 3, "pip")]),
        (
            "setup.cfg",
            "[options]\nPython_Requires:\n  # why\n  >=3.9\n  <4\nzip_safe = no",
            [(">=3.9,<4", 3, "pip")],
        ),
        ("setup.cfg", "[options.extras]\npython_requires = >=3.9", []),
        ("Pipfile", '[requires]\npython_version = "3.12"', [("3.12", 1, "pipenv")]),
        (
            "Pipfile",
            '[requires]\npython_version = "3.12"\npython_full_version = "3.12.4"',
            [("3.12.4", 2, "pipenv"), ("3.12", 1, "pipenv")],
        ),
        (
            ".tool-versions",
            "# tools\nnodejs 20.1.0\npython 3.12.4 3.11.2 system # first\npython 3.9.18\n",
            [(text, 2, "asdf and mise") for text in ("3.12.4", "3.11.2", "system")],
        ),
        (".tool-versions", "python: 3.12\n", [("3.12", 0, "asdf and mise")]),
        (".tool-versions", "python\npython-build 3.12\n", []),
        ("mise.toml", '[tools]\npython = "3.12"', [("3.12", 1, "mise")]),
        (".mise.toml", '[tools]\npython = ["3.12", "3.11"]', [("3.12", 1, "mise"), ("3.11", 1, "mise")]),
        ("mise/config.toml", '[tools]\npython = { version = "3.12" }', [("3.12", 1, "mise")]),
        (
            ".config/mise.toml",
            '[tools]\npython = [\n{ version = "3.12", os = ["linux"] },\n"3.11"]',
            [("3.12", 2, "mise"), ("3.11", 3, "mise")],
        ),
        (".mise/config.toml", '[tools."core:python"]\nversion = "3.12"', [("3.12", 1, "mise")]),
        ("runtime.txt", "python-3.12.4\n", [("python-3.12.4", 0, "Heroku")]),
        ("environment.yml", "dependencies:\n  - numpy\n  - python=3.12\n", [("=3.12", 2, "conda")]),
        (
            "environment.yaml",
            'dependencies:\n- "conda-forge::python >=3.10,<3.13" # x\n',
            [(">=3.10,<3.13", 1, "conda")],
        ),
        ("environment.yml", "dependencies:\n  - python\n  - python-dateutil=2.9\n  - ipython=8\n", []),
        (".pdm-python", "/opt/python/bin/python3\n", [("/opt/python/bin/python3", 0, "pdm")]),
        (".envrc", "layout python python3.12\n", []),
    ],
)
def test_a_file_says_what_it_asks_for_and_where(project, machine, name, content, wanted):
    write(project / name, content)
    expected = [(text, Path(name).name, line, reader) for text, line, reader in wanted]
    assert asked_in(project, machine.host()) == expected
    assert project_requests(project, machine.host()).ignored == ()


def test_the_span_of_a_request_covers_its_text(project, machine):
    write(project / ".tool-versions", "python \U0001f600 3.12.4\n")
    write(project / "pyproject.toml", '[project]\nrequires-python = ">=3.10"\n')
    found = {one.text: one for one in project_requests(project, machine.host()).asked}
    assert (found["3.12.4"].span.start, found["3.12.4"].span.end) == (10, 16)  # the face is two units wide
    assert (found[">=3.10"].span.start, found[">=3.10"].span.end) == (18, 26)


def test_requirements_are_told_from_preferences(project, machine):
    write(project / ".python-version", "3.12\n3.13\n")
    write(project / "Pipfile", '[requires]\npython_version = "3"\n')
    write(
        project / "pyproject.toml",
        '[project]\nrequires-python = ">=3.9"\n[tool.poetry.dependencies]\npython = "^3.9"\n'
        '[tool.hatch.envs.default]\npython = "3.11"\n',
    )
    found = project_requests(project, machine.host())
    assert [one.text for one in found.requirements] == [">=3.9", "^3.9", "3"]
    assert [[one.text for one in group] for group in found.preferences] == [["3.12", "3.13"], ["3.11"]]


@pytest.mark.parametrize(
    ("name", "content", "line", "reason"),
    [
        (".python-version", b"3.12\nban\xffana\n", 0, "it is not UTF-8 text"),
        (".python-version", "3.12\n".encode("utf-16"), 0, "it is UTF-16; save it as UTF-8"),
        (".python-version", b"\n\0\0\0\n", 1, "holds characters that none has"),
        (".python-version", b"3.12!\n", 0, "“3.12!” is no version"),
        (".python-version", b"3.12" + b" 3.11" * 100, 0, "is far too long"),
        (
            "pyproject.toml",
            b"[project]\nrequires-python = >=3.10\n",
            1,
            "it is not valid TOML: Invalid value",
        ),
        (
            "pyproject.toml",
            b'[project]\nrequires-python = "^3.10"\n',
            1,
            "is Poetry's notation; here it is >=3.10,<4",
        ),
        (
            "pyproject.toml",
            b"[project]\nrequires-python = 3.10\n",
            1,
            "3.1 is a number, and as such 3.10 is 3.1",
        ),
        ("pyproject.toml", b"[project]\nrequires-python = []\n", 1, "`requires-python` is not a text"),
        ("pyproject.toml", b"[project]\n[tool]\npoetry.dependencies.python = true\n", 2, "is a number"),
        (
            "pyproject.toml",
            b'[tool.poetry.dependencies.python]\nversion = "~3.10"\n',
            0,
            "`python` is not a text",
        ),
        (
            "pyproject.toml",
            b'[tool.poetry.dependencies]\npython = [{version = "~3.10"}]\n',
            1,
            "`python` is not a text",
        ),
        ("pyproject.toml", b"a = " + b"[" * 100_000, 0, "nested too deep"),
        ("mise.toml", b"[tools]\npython = [3.12]\n", 1, "3.12 is a number"),
        ("Pipfile", b'[requires]\npython_version = "three"\n', 1, "“three” is no version"),
        ("setup.cfg", b"[options]\npython_requires = 3.9\n", 1, "“3.9” is no version specifier"),
        ("environment.yml", b"dependencies:\n- python=x.y\n", 1, "“=x.y” is no version specifier"),
        ("runtime.txt", b"ruby-3.3\n", 0, "“ruby-3.3” is no version"),
        (".tool-versions", b"python sub-1:latest\n", 0, "“sub-1:” is not known here"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(project, name, content, line, reason):
    (project / name).write_bytes(content)
    (ignored,) = project_requests(project, Host(platform="linux", home=project)).ignored
    assert reason in ignored.reason
    assert (ignored.file, ignored.span.line) == (project / name, line)


NAMES = [
    *(".python-version", ".python-versions", "pyproject.toml", "setup.cfg", "Pipfile", ".tool-versions"),
    *("mise.toml", "hatch.toml", "runtime.txt", "environment.yml", ".pdm-python"),
]


@pytest.mark.parametrize("name", NAMES)
def test_odd_files_are_passed_over_with_a_reason_and_without_a_hang(project, machine, name):
    path = project / name
    reasons = {}
    for kind, make in {
        "folder": Path.mkdir,
        "fifo": os.mkfifo,
        "loop": lambda path: path.symlink_to(path.name),
        "gone": lambda path: path.symlink_to("nowhere"),
        "large": lambda path: os.truncate(write(path, "3.12\n"), 100_000_000),
    }.items():
        make(path)
        found = project_requests(project, machine.host())
        assert found.asked == ()
        reasons[kind] = [one.reason for one in found.ignored]
        path.rmdir() if kind == "folder" else path.unlink()
    assert reasons == {
        "folder": ["it is a folder"],
        "fifo": ["it is a pipe, socket or device, not a file"],
        "loop": ["its links lead in a circle"],
        "gone": ["its link leads nowhere"],
        "large": ["it is far too large"],
    }


def test_a_file_that_may_not_be_read_is_told(as_plain_user):
    project = as_plain_user / "app"
    project.mkdir()
    write(project / ".python-version", "3.12\n", 0o000)
    host = Host(platform="linux", home=as_plain_user)
    assert [one.reason for one in project_requests(project, host).ignored] == ["permission is denied"]


@pytest.mark.parametrize("name", NAMES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    content=st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.lists(
        st.sampled_from(
            ["python", "3.12", "=", "\n", "[tools]", "[project]", '"', "requires-python", "-", " ", "#"]
        ),
        max_size=20,
    ).map(lambda parts: "".join(parts).encode())
)
def test_whatever_a_file_holds_is_asked_for_or_told(project, machine, name, content):
    (project / name).write_bytes(content)
    found = project_requests(project, machine.host())
    assert all(one.file == project / name and one.reason for one in found.ignored)
    lines = content.decode("utf-8", "replace").split("\n")
    for one in found.asked:
        assert one.file == project / name
        assert one.span.line < len(lines)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "unit", [b"3.12\n", b"python 3.12 ", b"a" * 90_000, b" \t", b"- python=\n", b"\n", b"x = [\n"]
)
def test_large_files_of_garbage_are_read_in_a_moment(project, machine, name, unit):
    (project / name).write_bytes((unit * (99_000 // len(unit) + 1))[:99_000])
    start = time.monotonic()
    found = project_requests(project, machine.host())
    assert time.monotonic() - start < 3
    assert len(found.asked) <= 50


# Where files are looked for


def test_version_files_are_looked_for_up_to_the_home_folder(project, machine):
    write(machine.at("/home/ada/.python-version"), "3.12\n")
    write(machine.at("/home/ada/.tool-versions"), "python 3.13\n")
    write(machine.at("/home/ada/work/mise.toml"), '[tools]\npython = "3.10"\n')
    write(machine.at("/home/.python-version"), "3.9\n")
    write(machine.at("/home/ada/work/pyproject.toml"), '[project]\nrequires-python = ">=3.10"\n')
    found = [(text, reader) for text, _, _, reader in asked_in(project, machine.host())]
    assert found == [
        ("3.10", "mise"),
        (">=3.10", "pip and uv"),
        ("3.12", "pyenv and uv"),
        ("3.13", "asdf and mise"),
    ]


def test_a_folder_outside_of_the_home_is_searched_up_to_the_root(machine):
    folder = machine.at("/srv/app/src")
    folder.mkdir(parents=True)
    write(machine.at("/.python-version"), "3.12\n")
    write(machine.root.parent / ".python-version", "3.9\n")  # of another machine
    assert asked_in(folder, machine.host()) == [("3.12", ".python-version", 0, "pyenv and uv")]


def test_the_nearest_file_counts_even_if_it_names_nothing(project, machine):
    write(machine.at("/home/ada/.python-version"), "3.12\n")
    write(project / ".python-version", "# none\n")
    assert asked_in(project, machine.host()) == []
    (project / ".python-version").unlink()
    (project / ".python-version").mkdir()  # pyenv and uv pass what is no file
    assert [text for text, *_ in asked_in(project, machine.host())] == ["3.12"]


def test_files_of_many_tools_are_passed_where_they_do_not_name_python(project, machine):
    write(machine.at("/home/ada/.tool-versions"), "python 3.12\n")
    write(project / ".tool-versions", "nodejs 20\n")
    write(machine.at("/home/ada/work/mise.toml"), '[tools]\npython = "3.13"\n')
    write(project / ".mise.toml", "[tools]\nnode = '20'\n")
    assert [text for text, *_ in asked_in(project, machine.host())] == ["3.13", "3.12"]


def test_a_local_file_of_mise_goes_before_the_shared_one(project, machine):
    write(project / "mise.toml", '[tools]\npython = "3.12"\n')
    write(project / "mise.local.toml", '[tools]\npython = "3.13"\n')
    assert [text for text, *_ in asked_in(project, machine.host())] == ["3.13"]


def test_the_files_of_a_project_count_in_its_subfolders_and_not_below_another(project, machine):
    write(project / "pyproject.toml", '[project]\nrequires-python = ">=3.10"\n')
    write(project / "runtime.txt", "python-3.12.4\n")
    inner = project / "src" / "package"
    inner.mkdir(parents=True)
    host = machine.host()
    assert project_root(inner, host) == project
    assert [text for text, *_ in asked_in(inner, host)] == [">=3.10", "python-3.12.4"]
    write(inner / "setup.cfg", "[options]\npython_requires = >=3.12\n")
    assert project_root(inner, host) == inner
    assert [text for text, *_ in asked_in(inner, host)] == [">=3.12"]


def test_a_home_folder_kept_in_git_is_no_project(project, machine):
    machine.at("/home/ada/.git").mkdir()
    assert project_root(project, machine.host()) == project


def test_a_path_with_dots_is_searched_where_it_leads(project, machine):
    write(project / ".python-version", "3.12\n")
    other = machine.at("/home/ada/other")
    other.mkdir()
    (other / "link").symlink_to(project)
    write(other / ".python-version", "3.9\n")
    assert [text for text, *_ in asked_in(other / "link", machine.host())] == ["3.12"]
    (project / "src").mkdir()
    assert [text for text, *_ in asked_in(other / "link" / "src" / "..", machine.host())] == ["3.12"]


def test_files_on_a_windows_machine_are_found_up_to_its_home(tmp_path):
    windows = WindowsMachine(tmp_path)
    folder = windows.at("C:\\Users\\ada\\app")
    folder.mkdir()
    write(windows.home / ".python-version", "3.12-32\r\n")
    write(windows.c / ".python-version", "3.9\r\n")
    assert [text for text, *_ in asked_in(folder, windows.host())] == ["3.12-32"]


# The settings of a project


def table(text: str):
    document = parse_toml(text.encode())
    assert isinstance(document, Toml)
    return settings_in(document)


HOME = Path("/home/me")
TABLE = """\
[tool.holdfast]
environment = "env"
python = "3.12"
searchPaths = ["~/pythons", "/opt"]
exclude = ["old"]
"""


def test_a_project_says_its_settings_in_pyproject_toml(tmp_path):
    write(tmp_path / "pyproject.toml", TABLE)
    project = project_settings(tmp_path)
    assert project.misread == ()
    assert settings_from({}, HOME, project) == Settings(
        environment="env",
        search_paths=(HOME / "pythons", Path("/opt")),
        exclude=frozenset({"old"}),
        python="3.12",
    )


def test_a_persons_settings_win_and_defaults_are_no_settings():
    project = table(TABLE)
    own = {"environment": "mine", "searchPaths": [], "exclude": ["new"], "python": "3.13"}
    merged = settings_from(own, HOME, project)
    assert (merged.environment, merged.python, merged.exclude) == ("mine", "3.13", frozenset({"new"}))
    assert merged.search_paths == (HOME / "pythons", Path("/opt"))
    assert settings_from({"environment": ".venv"}, HOME, project).environment == "env"


def test_settings_that_cannot_be_followed_are_reported_with_their_place():
    project = table(
        "[tool.holdfast]\nenvironment = 3\npyhton = '3.12'\nexclude = ['a', 1]\n"
        "searchPaths = ['/opt', 'near']\npython = ['3.12']\n"
    )
    assert project.values == {"searchPaths": ["/opt", "near"]}
    assert [(one.key, one.reason, one.span.line) for one in project.misread] == [
        ("environment", "is not a text", 1),
        ("pyhton", "is not known", 2),
        ("exclude", "is not a list of texts", 3),
        ("python", "is not a text", 5),
        ("searchPaths", "names near, which is not absolute", 4),
    ]
    assert table("[tool]\nholdfast = 1\n").misread[0].reason == "is not a table"
    assert table('[tool.holdfast]\nenvironment = "a/b"\n').misread[0].reason == "is not the name of a folder"


def test_the_language_server_follows_the_settings_of_each_project(tmp_path, newest, host):
    for name in ("one", "two"):
        make_environment(newest, tmp_path / name / "env")
        make_environment(newest, tmp_path / name / "old" / "env")
        make_environment(newest, tmp_path / name / ".venv")
    write(tmp_path / "two" / "pyproject.toml", '[tool.holdfast]\nenvironment = "env"\nexclude = ["old"]\n')
    folders = (tmp_path / "one", tmp_path / "two")
    sent = {"environment": ".venv", "searchPaths": [], "exclude": []}  # by an editor in which nothing is set

    def settings_for(folder):
        return settings_from(sent, HOME, project_settings(folder))

    seen = look(Ground(host, tuple(folders), settings_for, {}, Memory()), Cancellation())
    assert [one.own for one in seen.folders] == [tmp_path / "one" / ".venv", tmp_path / "two" / "env"]
    assert [len(one.surveyed) for one in seen.folders] == [3, 2]


@pytest.mark.parametrize("content", ["", "[tool]\n", "not toml", "[project]\nname = 'x'\n"])
def test_projects_without_settings_have_none(tmp_path, content):
    write(tmp_path / "pyproject.toml", content)
    assert settings_from({}, HOME, project_settings(tmp_path)) == Settings()
    assert project_settings(tmp_path / "gone").values == {}
