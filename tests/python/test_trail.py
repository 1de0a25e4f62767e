"""The whole way from a path to a program, over links of every kind."""

import os
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.host import Host
from holdfast.links.chain import MOST_HOPS
from holdfast.links.trail import trace
from holdfast.links.written import Surroundings
from pythons import make_environment


@pytest.fixture
def around(tmp_path):
    return Surroundings(Host.current(), tmp_path)


def kinds(trail):
    return [(leg.hop.kind, leg.state) for leg in trail.legs]


def said_by(program, code):
    done = subprocess.run([program, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_environment_of_links_leads_to_the_base(copied, tmp_path, around):
    environment = make_environment(copied, tmp_path / "env", "--symlinks")
    trail = trace(environment / "bin" / "python", around)
    assert trail.state == "ok"
    assert {leg.hop.kind for leg in trail.legs} == {"symlink"}
    assert trail.end == copied.path.resolve()


def test_an_environment_of_copies_leads_to_the_base_by_home(copied, tmp_path, around):
    environment = make_environment(copied, tmp_path / "env", "--copies")
    trail = trace(environment / "bin" / "python", around)
    assert ("config", "ok") in kinds(trail)
    hop = next(leg.hop for leg in trail.legs if leg.hop.kind == "config")
    line = (environment / "pyvenv.cfg").read_text().splitlines()[hop.line]
    assert (hop.link, line.endswith(hop.target)) == (environment / "pyvenv.cfg", True)
    assert trail.end == copied.path.resolve()


def test_a_script_leads_to_its_interpreter_and_on(newest, tmp_path, around):
    environment = make_environment(newest, tmp_path / "env")
    script = environment / "bin" / "tool"
    script.write_text(f"#!{environment}/bin/python\nimport sys; print(sys.executable)\n")
    script.chmod(0o755)
    trail = trace(script, around)
    assert kinds(trail)[0] == ("shebang", "ok")
    assert str(trail.legs[0].hop.after) == subprocess.check_output([script], text=True).strip()
    assert trail.end == newest.path.resolve()


@pytest.mark.parametrize("name", ["with space", "x" * 130])
def test_the_script_of_a_path_that_no_shebang_can_hold(newest, tmp_path, around, name):
    environment = make_environment(newest, tmp_path / name)
    subprocess.run([environment / "bin" / "python", "-m", "ensurepip"], check=True, capture_output=True)
    trail = trace(environment / "bin" / "pip3", around)
    assert (trail.legs[0].hop.kind, trail.legs[0].hop.after) == (
        "shebang",
        environment / "bin" / "python",
    )
    assert trail.state == "ok"


def test_env_looks_on_path_and_may_find_another_tomorrow(tmp_path, copied):
    script = tmp_path / "tool"
    script.write_text("#!/usr/bin/env python3\n")
    host = Host("linux", tmp_path, {"PATH": f"{tmp_path / 'none'}:{copied.path.parent}"})
    trail = trace(script, Surroundings(host, tmp_path))
    assert trail.end == copied.path.resolve()
    assert trail.legs[0].stability == "moving"


def test_what_env_does_not_find_is_looked_for_nowhere_else(tmp_path, monkeypatch):
    (tmp_path / "python3.99").write_bytes(b"\x7fELF")
    (tmp_path / "python3.99").chmod(0o755)
    (tmp_path / "tool").write_text("#!/usr/bin/env python3.99\n")
    monkeypatch.chdir(tmp_path)
    trail = trace(tmp_path / "tool", Surroundings(Host("linux", tmp_path, {"PATH": "/usr/bin"}), tmp_path))
    assert kinds(trail) == [("shebang", "missing")]
    assert (trail.state, str(trail.end)) == ("missing", "python3.99")


@pytest.mark.parametrize("line", ["#!{python}", "#!/usr/bin/env {name}", "#!{python} -u"])
def test_a_line_end_of_windows_belongs_to_the_last_word(newest, tmp_path, line):
    script = tmp_path / "tool"
    environ = {"PATH": f"{newest.path.parent}:/usr/bin"}
    first = line.format(python=newest.path, name=newest.path.name)
    script.write_text(f"{first}\r\nprint('started')\r\n", newline="")
    script.chmod(0o755)
    trail = trace(script, Surroundings(Host("linux", tmp_path, environ), tmp_path))
    try:
        done = subprocess.run([script], env=environ, capture_output=True, timeout=60)
        found = done.returncode != 127
    except FileNotFoundError:
        found = False
    assert (trail.state == "ok") == found


def test_a_redirect_file_leads_to_the_environment(newest, tmp_path, around):
    environment = make_environment(newest, tmp_path / "elsewhere" / "env")
    (tmp_path / "project").mkdir()
    for text in (f"{environment}\n", "../elsewhere/env"):
        (tmp_path / "project" / ".venv").write_text(text)
        trail = trace(tmp_path / "project" / ".venv", around)
        assert kinds(trail) == [("redirect", "ok")]
        assert os.path.samefile(trail.end, environment)


def test_a_link_that_was_checked_out_as_text_is_told_from_a_link(tmp_path, copied, around):
    (tmp_path / "python").write_text(str(copied.path))
    trail = trace(tmp_path / "python", around)
    assert kinds(trail)[0] == ("text", "ok")
    (tmp_path / "word").write_text("word")
    assert kinds(trace(tmp_path / "word", around)) == []


def test_a_home_of_another_system_is_foreign(tmp_path, copied, around):
    environment = make_environment(copied, tmp_path / "env", "--copies")
    (environment / "pyvenv.cfg").write_text("home = C:\\Python312\nversion = 3.12.1\n")
    trail = trace(environment / "bin" / "python", around)
    assert (trail.state, kinds(trail)[-1]) == ("foreign", ("config", "foreign"))


def test_a_link_to_another_system_is_foreign(tmp_path, around):
    (tmp_path / "python").symlink_to("C:\\Python312\\python.exe")
    assert trace(tmp_path / "python", around).state == "foreign"


def test_scripts_that_name_each_other_end(tmp_path, around):
    (tmp_path / "one").write_text(f"#!{tmp_path}/two\n")
    (tmp_path / "two").write_text(f"#!{tmp_path}/one\n")
    trail = trace(tmp_path / "one", around)
    assert (trail.state, len(trail.legs)) == ("loop", 2)


@pytest.mark.parametrize(
    ("link", "target", "stability"),
    [
        ("versions/3.12", "3.12.1", "patch"),
        ("versions/3", "3.12.1", "minor"),
        ("versions/latest", "3.12.1", "moving"),
        ("versions/current", "3.12.1", "moving"),
        ("versions/mine", "3.12.1", "pinned"),
        ("bin/python3", "python3.12", "minor"),
        ("bin/python", "python3", "minor"),
        ("versions/3.12.1/bin/python", "python3.12", "pinned"),
        ("opt/python-3.12/bin/python3", "python3.12", "pinned"),
        ("app-1.2/python3", "/usr/bin/python3.12", "minor"),
        ("bin/python3.12", "/opt/python-3.12.1/bin/python3.12", "patch"),
        ("bin/python3.12", "python3.12", "pinned"),
        ("opt/python@3.12", "../Cellar/python@3.12/3.12.4", "patch"),
        ("opt/python3", "../Cellar/python@3.13/3.13.0", "minor"),
        ("uv/cpython-3.12-linux-x86_64-gnu", "cpython-3.12.7-linux-x86_64-gnu", "patch"),
        ("a/disk", "/mnt/disk-3.14", "pinned"),
    ],
)
def test_how_far_a_link_may_move(tmp_path, around, link, target, stability):
    path = tmp_path / link
    path.parent.mkdir(parents=True)
    path.symlink_to(target)
    assert trace(path, around).legs[0].stability == stability


def test_the_links_of_an_environment_stay(newest, tmp_path, around):
    environment = make_environment(newest, tmp_path / "env", "--symlinks")
    own = [
        leg
        for leg in trace(environment / "bin" / "python", around).legs
        if leg.hop.link.is_relative_to(environment)
    ]
    assert {leg.stability for leg in own} == {"pinned"}


NAMES = st.sampled_from(["a", "b", "c", ".venv", "python", "pyvenv.cfg", "shims/python"])
TEXTS = st.one_of(
    st.binary(max_size=40),
    NAMES.map(lambda name: f"#!{name}\n".encode()),
    NAMES.map(str.encode),
    NAMES.map(lambda name: f"home = {name}\n".encode()),
    st.just(b"#!/bin/sh\nexec pyenv exec\n"),
)
TREES = st.dictionaries(NAMES, st.one_of(TEXTS, NAMES), max_size=7)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREES, start=NAMES)
def test_any_tree_of_links_and_texts_ends(tmp_path_factory, tree, start):
    root = tmp_path_factory.mktemp("tree")
    (root / "shims").mkdir()
    for name, content in tree.items():
        if isinstance(content, str):
            (root / name).symlink_to(content)
        elif not (root / name).is_symlink():
            (root / name).write_bytes(content)
    trail = trace(root / start, Surroundings(Host("linux", root, {"PATH": str(root)}), root))
    assert len(trail.legs) <= MOST_HOPS * (MOST_HOPS + 1)
    assert trail.state != "ok" or trail.end.exists()
