"""Activation scripts, in the shells that they are for."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import pytest

from downloads import unavailable
from holdfast.creation.activation import activation_scripts
from holdfast.creation.base import choose_base
from holdfast.creation.create import Request, create
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from npm_packages import unpack_pinned
from pythons import INSTALLED, ask
from shells import PATH, SHELLS, SHOW, Shell, Talk, lenient, under

NUSHELL = (
    "@nushell/linux-x64@0.115.1",
    "sha512-w6eMwPZJ/JqIEq2BgUif71fzBuNFxA1xvrIshC+bQYq44x2PgOE+x1IX+URNUBQSkCLAY9ze2Egec00RMyDtMA==",
)
TREE_SITTER = (
    "web-tree-sitter@0.27.2",
    "sha512-ZRo86GKI4aOSBAqOrPmCtriExI3xIzu1sNw/V6v3b4QGxrEmO19FGwbMNdyhw3MJLAZIw0xAV0oSpqX361eAyQ==",
)
POWERSHELL_GRAMMAR = (
    "tree-sitter-powershell@0.26.4",
    "sha512-5RwNW/qN/cKArZY0znvTOG+OWSau7Agel5K0A8KQ5Nubw/4SyZ5KC02RKCaYcA2ur5UQ8esyxe9+6yXup2MXkw==",
)
NAMES = [
    "plain",
    "with space",
    "quo'te",
    'dou"ble',
    "it\u2019s",
    "$HOME `id`",
    "$(touch pwned)",
    "naïve ☃",
    "back\\slash\\",
    "ex!claim",
    "100%",
    "#{RED} (x) [y] & ; * ~",
    "x" * 120,
]


@pytest.fixture(scope="session")
def nushell(tmp_path_factory):
    """Nushell, which Debian does not have; it is fetched once a run."""
    folder = tmp_path_factory.mktemp("npm")
    yield unpack_pinned(*NUSHELL, folder / "nushell") / "bin" / "nu"
    shutil.rmtree(folder)


@pytest.fixture(params=SHELLS)
def shell(request) -> Shell:
    shell = SHELLS[request.param]
    if request.param == "nushell":
        return under(shell, str(request.getfixturevalue("nushell")))
    return under(shell, shutil.which(shell.command[0]) or unavailable(f"{request.param} is not installed"))


@pytest.fixture
def talk(shell, tmp_path) -> Talk:
    return Talk(shell, tmp_path)


def make(path: Path, python: str = "/usr/bin/python3") -> Path:
    base = choose_base(python, Reader(Host.current()))
    return create(Request(path, base, pip=False), Host.current()).environment


def inside(environment: Path, before: dict) -> dict:
    """What programs are given in an environment, beside what shells put aside there."""
    return {
        **{name: value for name, value in before.items() if name != "PYTHONHOME"},
        "PATH": f"{environment}/bin:{before['PATH']}",
        "VIRTUAL_ENV": str(environment),
        "VIRTUAL_ENV_PROMPT": environment.name,
        "prompt": f"({environment.name}) {before['prompt']}",
        "python": f"{environment}/bin/python",
    }


def without_aside(state: dict) -> dict:
    return {name: value for name, value in state.items() if not name.startswith("_OLD_")}


@pytest.fixture(scope="module")
def named(tmp_path_factory) -> list[Path]:
    """An environment of each name, for every shell the same: to load its scripts changes nothing in it."""
    folder = tmp_path_factory.mktemp("named")
    return [make(folder / name) for name in NAMES]


def test_an_environment_of_any_name_is_entered_and_left(talk, named, tmp_path):
    lines = [talk.shell.ask_old, SHOW]
    prefix = talk.call("python -c 'import sys; print(sys.prefix)'")
    for number, environment in enumerate(named):
        (tmp_path / f"e{number}").symlink_to(environment)
        lines += [talk.load(f"e{number}"), SHOW, prefix, "deactivate", SHOW]
    before, *said = talk.script(lines)
    for environment, state, prefix, after in zip(named, said[0::3], said[1::3], said[2::3], strict=True):
        assert prefix == str(environment)
        expected = inside(environment, before)
        expected["prompt"] = re.sub(r"[$`\\!%{}]", "_", expected["prompt"])
        assert without_aside(state) == expected
        assert after == before
    assert not list(tmp_path.rglob("pwned"))


def test_it_stays_when_the_working_folder_changes(talk, tmp_path):
    environment = make(tmp_path / "a")
    before, state = talk.script([talk.shell.ask_old, SHOW, talk.load("a"), "cd /", SHOW])
    assert without_aside(state) == inside(environment, before)


def test_pythonhome_is_put_aside_and_given_back(talk, tmp_path):
    environment = make(tmp_path / "a")
    lines = [
        talk.shell.ask_old,
        talk.assign("PYTHONHOME", "/else where"),
        SHOW,
        talk.load("a"),
        SHOW,
        "deactivate",
        SHOW,
    ]
    before, state, after = talk.script(lines)
    assert before["PYTHONHOME"] == "/else where"
    assert without_aside(state) == inside(environment, before)
    assert after == before


def test_entering_twice_is_entering_once(talk, tmp_path):
    make(tmp_path / "a")
    load = talk.load("a")
    home = talk.assign("PYTHONHOME", "/elsewhere")
    before, once, twice, after = talk.script(
        [talk.shell.ask_old, home, SHOW, load, SHOW, load, SHOW, "deactivate", SHOW]
    )
    assert (twice, after) == (once, before)


def test_another_environment_takes_the_place_of_the_first(talk, tmp_path):
    make(tmp_path / "a")
    other = make(tmp_path / "b")
    lines = [talk.shell.ask_old, SHOW, talk.load("a"), talk.load("b"), SHOW, "deactivate", SHOW]
    before, state, after = talk.script(lines)
    assert without_aside(state) == inside(other, before)
    assert after == before


def test_what_a_shell_outside_has_entered_is_left(talk, tmp_path):
    """As it comes from fish, PowerShell and xonsh, which export what they put aside."""
    make(tmp_path / "b")
    outside = {"PATH": f"{tmp_path}/a/bin:{PATH}", "VIRTUAL_ENV": f"{tmp_path}/a", "_OLD_VIRTUAL_PATH": PATH}
    lines = [talk.shell.ask_old, SHOW, talk.load("b"), SHOW, "deactivate", SHOW]
    before, state, after = talk.script(lines, outside)
    assert state["PATH"] == f"{tmp_path}/b/bin:{PATH}"
    if talk.shell.script == "activate.nu":
        assert after == before  # an overlay does not reach below itself
    else:
        assert after["PATH"] == PATH
        assert set(after) == set(before) - {"VIRTUAL_ENV", "_OLD_VIRTUAL_PATH"}


def test_places_of_commands_are_not_remembered(talk, tmp_path):
    make(tmp_path / "a")
    for folder in ("a/bin", "base"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "tool").write_text(f"#!/bin/sh\necho of {folder}\n")
        (tmp_path / folder / "tool").chmod(0o755)
    tool = talk.call("tool")
    said = talk.script(
        [tool, talk.load("a"), tool, "deactivate", tool], {"PATH": f"{tmp_path / 'base'}:{PATH}"}
    )
    assert said == ["of base", "of a/bin", "of base"]


def test_deactivate_takes_itself_away(talk, tmp_path):
    make(tmp_path / "a")
    assert talk.script([talk.load("a"), talk.shell.gone, "deactivate", talk.shell.gone]) == ["gone"]


def test_deactivate_can_be_told_to_stay(talk, tmp_path):
    make(tmp_path / "a")
    if talk.shell.script == "activate.nu":
        pytest.skip("the overlay of nushell is there or not")
    lines = [talk.shell.ask_old, SHOW, talk.load("a"), "deactivate nondestructive", SHOW, talk.shell.gone]
    before, after = talk.script(lines)
    assert after == before


@pytest.mark.parametrize(("value", "changed"), [("1", False), ("", True)])
def test_the_prompt_stays_as_it_is_where_that_is_asked_for(talk, tmp_path, value, changed):
    make(tmp_path / "a")
    disable = talk.assign("VIRTUAL_ENV_DISABLE_PROMPT", value)
    lines = [talk.shell.ask_old, disable, SHOW, talk.load("a"), SHOW, "deactivate", SHOW]
    before, state, after = talk.script(lines)
    assert state["prompt"] == ("(a) old> " if changed else "old> ")
    assert after == before


def test_a_terminal_shows_the_name_until_it_is_left(talk, tmp_path):
    (tmp_path / "a").symlink_to(make(tmp_path / "$(touch pwned)"))
    end = "> " if talk.shell.script == "activate.nu" else ""
    talk.terminal(
        {
            talk.shell.ask_old: f"old> {end}",
            talk.load("a"): f"(_(touch pwned)) old> {end}",
            "deactivate": f"old> {end}",
        }
    )
    assert not list(tmp_path.rglob("pwned"))


def by_venv(path: Path) -> Path:
    subprocess.run(
        ["/usr/bin/python3", "-I", "-m", "venv", "--without-pip", path], check=True, capture_output=True
    )
    return path


def by_virtualenv(path: Path) -> Path:
    command = [sys.executable, "-I", "-m", "virtualenv", "--without-pip", path]
    subprocess.run(command, check=True, capture_output=True, cwd=path.parent)
    return path


@pytest.fixture(scope="module", params=[by_venv, by_virtualenv])
def theirs(request, tmp_path_factory) -> Path:
    """An environment of another maker, for every shell the same."""
    return request.param(tmp_path_factory.mktemp("others") / "theirs")


@pytest.mark.parametrize("first", ["ours", "theirs"])
def test_it_takes_turns_with_environments_of_other_makers(shell, theirs, tmp_path, first):
    talk = Talk(lenient(shell), tmp_path)
    make(tmp_path / "ours")
    if not (theirs / "bin" / shell.script).exists():
        pytest.skip("they have no script for this shell")
    if shell.script == "activate.xsh" and "virtualenv" in (theirs / "pyvenv.cfg").read_text():
        pytest.skip("that of virtualenv needs a newer xonsh")
    (tmp_path / "theirs").symlink_to(theirs)
    (second,) = {"ours", "theirs"} - {first}
    lines = [shell.ask_old, SHOW, talk.load(first), talk.load(second), SHOW, "deactivate", SHOW]
    before, state, after = talk.script(lines)
    entered = {"ours": tmp_path / "ours", "theirs": theirs}[second]
    assert state["VIRTUAL_ENV"] == str(entered)
    assert state["python"] == f"{entered}/bin/python"
    if second == "ours":
        assert state["PATH"] == f"{tmp_path}/ours/bin:{PATH}"
        assert state["prompt"].startswith("(ours) ")
    # Debian's venv leaves a PS1 that programs see.
    assert {**after, "PS1": None} == {**before, "PS1": None}


def test_fish_gives_back_a_prompt_that_it_loads_from_a_file(tmp_path):
    """Such a prompt comes again when it is taken away, and may show how the last command ended."""
    fish = shutil.which("fish") or unavailable("fish is not installed")
    make(tmp_path / "a")
    functions = tmp_path / ".config" / "fish" / "functions"
    functions.mkdir(parents=True)
    prompt = "function fish_prompt; echo first $status; echo -n 'old> '; end\n"
    (functions / "fish_prompt.fish").write_text(prompt)
    talk = Talk(replace(SHELLS["fish"], command=(fish,)), tmp_path)
    before, state, after = talk.script([SHOW, talk.load("a"), "false", SHOW, "deactivate", SHOW])
    assert before["prompt"] == after["prompt"] == "first 0\nold> "
    assert state["prompt"] == "(a) first 1\nold> "


@pytest.mark.parametrize("name", ["bash", "dash", "ksh", "busybox", "zsh", "fish"])
def test_a_path_of_windows_becomes_one_of_posix_where_there_is_a_tool_for_that(tmp_path, name):
    """As in Git for Windows; the tool is a stand-in that knows this path alone."""
    shell = SHELLS[name]
    program = shutil.which(shell.command[0]) or unavailable(f"{name} is not installed")
    scripts = activation_scripts(PureWindowsPath(r"C:\Users\Zoë\.venv"), "Scripts", ".venv")
    (tmp_path / "a" / "bin").mkdir(parents=True)
    (tmp_path / "a" / "bin" / shell.script).write_bytes(scripts[shell.script])
    talk = Talk(under(shell, program), tmp_path)
    (state,) = talk.script([shell.ask_old, talk.load("a"), SHOW])
    assert state["VIRTUAL_ENV"] == r"C:\Users\Zoë\.venv"
    tool = tmp_path / "tools" / "cygpath"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\n[ \"$3\" = 'C:\\Users\\Zoë\\.venv' ] && echo /c/Users/Zoë/.venv\n")
    tool.chmod(0o755)
    before, state, after = talk.script(
        [shell.ask_old, SHOW, talk.load("a"), SHOW, "deactivate", SHOW],
        {"PATH": f"{tool.parent}:{PATH}"},
    )
    assert state["VIRTUAL_ENV"] == "/c/Users/Zoë/.venv"
    assert state["PATH"] == f"/c/Users/Zoë/.venv/Scripts:{tool.parent}:{PATH}"
    assert after == before


def test_batch_is_written_for_windows_alone_and_as_it_is_read_there():
    """By reading: there is no cmd here that could run it."""
    scripts = activation_scripts(PureWindowsPath(r"C:\100% (x86)\.venv"), "Scripts", 'a "b" %c%')
    assert set(scripts) - set(activation_scripts(Path("/e"), "bin", "e")) == {
        "activate.bat",
        "deactivate.bat",
    }
    for name in ("activate.bat", "deactivate.bat"):
        text = scripts[name].decode()
        assert text.count("\n") == text.count("\r\n")
        assert all(line.startswith("@") for line in text.split("\r\n") if line)
    lines = scripts["activate.bat"].decode().split("\r\n")
    assert r'@set "VIRTUAL_ENV=C:\100%% (x86)\.venv"' in lines
    assert """@set "VIRTUAL_ENV_PROMPT=a 'b' %%c%%\"""" in lines
    assert r'@set "PATH=C:\100%% (x86)\.venv\Scripts;%PATH%"' in lines
    assert all(b"\r" not in script for name, script in scripts.items() if not name.endswith(".bat"))


@pytest.fixture(scope="module")
def read_powershell(tmp_path_factory):
    """Reads a script of PowerShell by its grammar: gives the errors in it and the strings."""
    folder = tmp_path_factory.mktemp("grammar")
    core = unpack_pinned(*TREE_SITTER, folder / "core") / "web-tree-sitter.js"
    grammar = unpack_pinned(*POWERSHELL_GRAMMAR, folder / "grammar") / "tree-sitter-powershell.wasm"
    (folder / "read.mjs").write_text(
        """
        import { createInterface } from 'node:readline';
        const [core, grammar] = process.argv.slice(2);
        const { Language, Parser } = await import(core);
        await Parser.init();
        const parser = new Parser();
        parser.setLanguage(await Language.load(grammar));
        for await (const line of createInterface({ input: process.stdin })) {
          const found = { errors: [], strings: [] };
          const walk = (node) => {
            if (node.isError || node.isMissing) found.errors.push(node.text);
            if (node.type === 'verbatim_string_characters') found.strings.push(node.text);
            node.children.forEach(walk);
          };
          walk(parser.parse(JSON.parse(line)).rootNode);
          console.log(JSON.stringify(found));
        }
        """
    )
    node = shutil.which("node") or unavailable("node is not installed")
    # Otherwise it spends seconds on making the grammar fast.
    command = [node, "--liftoff-only", folder / "read.mjs", core, grammar]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as reader:

        def read(script: str) -> dict:
            reader.stdin.write(json.dumps(script) + "\n")
            reader.stdin.flush()
            return json.loads(reader.stdout.readline() or reader.stderr.read())

        yield read
        reader.stdin.close()
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", NAMES)
def test_the_script_of_powershell_is_right_by_its_grammar(read_powershell, name):
    """By reading: no package brings PowerShell itself. So this says nothing of what its commands do."""
    script = activation_scripts(Path("/e") / name, "bin", name)["Activate.ps1"]
    assert script.startswith(b"\xef\xbb\xbf")
    text = script.decode("utf-8-sig")
    found = read_powershell(text)
    assert found["errors"] == []
    said = [re.sub("(['\u2019])\\1", r"\1", string[1:-1]) for string in found["strings"]]
    assert said[:3] == [f"/e/{name}", name, f"/e/{name}/bin"]
    assert read_powershell(text.replace("if (", "if ", 1))["errors"]


def test_activate_this_gives_the_running_python_the_packages(python, tmp_path):
    environment = make(tmp_path / "quo'te \\ $x", str(python.path))
    packages = next(environment.glob("lib/python*/site-packages"))
    (packages / "here.py").write_text("")
    (packages / "more").mkdir()
    (packages / "more.pth").write_text("more\n")
    script = environment / "bin" / "activate_this.py"
    code = f"""
import json, os, runpy, sys
os.environ.update(PATH="{PATH}", PYTHONHOME="/elsewhere")
before = list(sys.path)
for _ in range(2):
    runpy.run_path({str(script)!r})
import here
names = "PATH", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PYTHONHOME"
values = [os.environ.get(name) for name in names]
print(json.dumps([sys.prefix, sys.path[:2], sys.path[2:] == before, values]))
"""
    done = ask(python.path, code)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [
        str(environment),
        [str(packages), str(packages / "more")],
        True,
        [f"{environment}/bin:{PATH}", str(environment), environment.name, None],
    ]


def test_activate_this_refuses_a_python_of_another_version(python, tmp_path):
    other = next((one for one in INSTALLED if one.series != python.series), None)
    if other is None:
        pytest.skip("there is only one version of Python here")
    script = make(tmp_path / "a", str(other.path)) / "bin" / "activate_this.py"
    done = ask(python.path, f"import runpy; runpy.run_path({str(script)!r})")
    assert (
        f"RuntimeError: The environment {tmp_path / 'a'} is not one of Python {python.series}." in done.stderr
    )
