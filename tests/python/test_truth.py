"""What is said of interpreters without running them, against what they say when they are run."""

import json
import os
import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from holdfast.creation.base import choose_base
from holdfast.creation.create import Request, create
from holdfast.discovery.finder import find_interpreters
from holdfast.environments.base import true_base
from holdfast.environments.environment import describe_environment
from holdfast.errors import HoldfastError
from holdfast.host import Host
from holdfast.interpreters.interpreter import describe
from holdfast.interpreters.reader import Reader
from pythons import INSTALLED, SELF_CONTAINED, Python, copied_prefix, make_environment, relocated_prefix

HOST = Host.current()
MACHINE = [found.interpreter for found in find_interpreters(Reader(HOST)) if found.interpreter.usable]
SEED = 42
_ASKED = """
import encodings, json, os, platform, sys
# os is built in from 3.11 on, and with a ._pth file it names a folder that may not exist.
library = os.path.dirname(os.__file__ if os.path.exists(os.__file__) else os.path.dirname(encodings.__file__))
base_prefix = getattr(sys, "base_prefix", sys.prefix)
print(json.dumps([sys.prefix, base_prefix, library, platform.python_version(), platform.machine()]))
"""


@dataclass(frozen=True)
class Truth:
    """What an interpreter says of itself."""

    prefix: str
    base_prefix: str
    library: str
    version: str
    machine: str


def run(path: Path, patience: float = 60) -> Truth | None:
    """The truth about a path; None where it does not start."""
    options = ("-E", "-s") if "2.7" in os.path.realpath(path) else ("-I",)
    try:
        done = subprocess.run(
            [path, *options, "-c", _ASKED],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=patience,
            cwd="/",
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Truth(*json.loads(done.stdout)) if done.returncode == 0 else None


def disagreement(path: Path, tag: str) -> str | None:
    """Where the prediction for a path and the truth differ."""
    return judged(path, tag)[1]


def judged(path: Path, tag: str) -> tuple[bool, str | None]:
    """Whether the interpreter starts, and where the prediction and the truth differ."""
    said, truth = Reader(HOST).startup(path, tag), run(path)
    if truth is None:
        agree = not said.starts
    else:
        seen = (Path(truth.prefix), Path(truth.base_prefix), Path(truth.library))
        agree = said.starts and (said.prefix, said.base_prefix, said.library) == seen
    return truth is not None, None if agree else f"{path}: {truth} but {said}"


def held(cases, record_testsuite_property, name) -> list:
    """The disagreements in a list of `(path, tag)`; the score goes into the report."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        found = list(pool.map(lambda case: judged(*case), cases))
    wrong = [text for _, text in found if text]
    starting = sum(starts for starts, _ in found)
    score = f"{starting} start, {len(found) - starting} do not; {len(found) - len(wrong)} agree"
    record_testsuite_property(name, score)
    return wrong


# The machine as it is.


@pytest.mark.parametrize("interpreter", MACHINE, ids=lambda one: str(one.path))
def test_an_interpreter_of_this_machine_is_what_it_says(interpreter):
    names = [interpreter.path, interpreter.stable, interpreter.real]
    beside = [interpreter.real.with_name(name) for name in ("python", "python3", interpreter.tag)]
    for path in dict.fromkeys((*names, *filter(os.path.exists, beside))):
        if os.path.realpath(path) != str(interpreter.real):
            continue
        if interpreter.implementation == "cpython":
            assert disagreement(path, interpreter.tag) is None
        said, truth = describe(path, HOST), run(path)
        assert (str(said.version), said.architecture) == (truth.version, truth.machine)
        assert os.path.samefile(said.prefix.library, truth.library)


def environments_of_this_machine() -> list[Path]:
    """The one in which the tests run, and those in the usual places, a few folders deep."""
    roots = [
        HOST.home,
        Path("/opt"),
        Path("/srv"),
        *HOST.home.glob(".local/share/*"),
        *HOST.home.glob(".cache/*"),
    ]
    found = [Path(sys.prefix)] if sys.prefix != sys.base_prefix else []
    for root in roots:
        found += [
            path.parent for pattern in ("*", "*/*", "*/*/*") for path in root.glob(f"{pattern}/pyvenv.cfg")
        ]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("environment", environments_of_this_machine(), ids=str)
def test_an_environment_of_this_machine_is_what_it_says(environment):
    hold_environment(environment)


def hold_environment(path: Path, *, sound: bool = True) -> None:
    """An environment as its maker left it: where it rests, and on which version."""
    environment = describe_environment(path, HOST)
    truth = run(environment.interpreter)
    base = true_base(environment, Reader(HOST))
    tag = base.tag if base else environment.tag
    assert disagreement(environment.interpreter, tag) is None
    if truth and sound:
        assert (str(base.version), base.architecture) == (truth.version, truth.machine)
        assert os.path.samefile(base.prefix.folder, truth.base_prefix)


# Installations, and the ways to them.


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    """Each Python as it is installed, as a copy, as copies that forgot where they were built, and another."""
    if not INSTALLED:
        pytest.skip("no CPython with venv and pip is installed")
    folder = tmp_path_factory.mktemp("bases")
    makers = {
        "copied": copied_prefix,
        "other": copied_prefix,
        "relocated": relocated_prefix,
        "moved": moved_prefix,
    }
    made = {(python, "installed"): python for python in INSTALLED}
    for kind, maker in makers.items():
        for python in INSTALLED if maker is copied_prefix else SELF_CONTAINED:
            made[python, kind] = maker(python, folder / kind / str(python))
    yield made
    shutil.rmtree(folder)


def moved_prefix(python, to) -> Python:
    """A build that was moved: the folder of its libpython, which it names in full, is no longer there."""
    moved = relocated_prefix(python, to)
    content = moved.path.read_bytes()
    moved.path.write_bytes(content.replace(b"$ORIGIN/../lib", b"/nowhere/a/lib"))
    return moved


KINDS = ("installed", "copied", "relocated", "moved")
BASES = [
    (p, kind) for p in INSTALLED for kind in KINDS if p in SELF_CONTAINED or kind in ("installed", "copied")
]


def the_executable(base, other, place):
    return base.path


def its_other_name(base, other, place):
    name = base.prefix / "bin" / "python3"
    return name if os.path.realpath(name) == os.path.realpath(base.path) else base.path


def a_link_to_the_executable(base, other, place):
    return linked(place / "bin" / base.tag, base.path)


def a_relative_link_to_the_executable(base, other, place):
    return linked(place / "bin" / base.tag, os.path.relpath(base.path, place / "bin"))


def two_links_to_the_executable(base, other, place):
    return linked(place / "python", linked(place / "bin" / base.tag, base.path))


def a_link_to_the_bin_folder(base, other, place):
    return linked(place / "bin", base.path.parent) / base.path.name


def a_link_to_the_prefix(base, other, place):
    return linked(place / "current", base.prefix) / "bin" / base.path.name


def a_link_from_inside_another_installation(base, other, place):
    return linked(other.prefix / "bin" / f"{place.parent.name}-{place.name}", base.path)


def a_link_to_the_bin_folder_inside_another_installation(base, other, place):
    return linked(other.prefix / f"{place.parent.name}-{place.name}", base.path.parent) / base.path.name


def a_copy_of_the_executable(base, other, place):
    return copied_file(place / "bin" / base.tag, base.path)


def a_copy_inside_another_installation(base, other, place):
    return copied_file(other.prefix / "bin" / f"{place.parent.name}-{place.name}-copy", base.path)


def a_path_with_dots(base, other, place):
    return base.prefix / "lib" / ".." / "bin" / base.path.name


def a_path_with_dots_behind_a_link(base, other, place):
    """The kernel and the path logic of 3.11 and newer do not go to the same place."""
    link = linked(place / "a" / "link", base.prefix / "lib")
    linked(place / "a" / "bin", other.prefix / "bin")
    return link / ".." / "bin" / base.path.name


def a_link_below_a_stray_landmark(base, other, place):
    """An os.py alone: 3.10 and older look where the link leads to, and so do the others without a `home`."""
    stray_landmark(place, base.tag)
    return linked(place / "bin" / base.tag, base.path)


def a_copy_below_a_stray_landmark(base, other, place):
    stray_landmark(place, base.tag)
    return copied_file(place / "bin" / base.tag, base.path)


def a_link_beside_a_pth_file(base, other, place):
    """A `._pth` file says all of sys.path from 3.11 on, on POSIX too."""
    path = linked(place / "bin" / base.tag, base.path)
    library = base.prefix / "lib" / base.tag
    lines = ["# all of it", "nothing/here", str(library), f"{library}/lib-dynload"]
    path.with_name(f"{path.name}._pth").write_text("\n".join(lines))
    return path


def a_copy_beside_a_pth_file_that_names_nothing(base, other, place):
    path = copied_file(place / "bin" / base.tag, base.path)
    path.with_name(f"{path.name}._pth").write_text("nothing/here\n")
    return path


def nothing(base, other, place):
    return linked(place / "bin" / base.tag, place / "gone")


def a_file_that_may_not_run(base, other, place):
    path = copied_file(place / "bin" / base.tag, base.path)
    path.chmod(0o644)
    return path


def stray_landmark(prefix: Path, tag: str) -> None:
    (prefix / "lib" / tag).mkdir(parents=True)
    (prefix / "lib" / tag / "os.py").touch()


def linked(path: Path, target) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
    return path


def copied_file(path: Path, source: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(os.path.realpath(source), path)
    return path


WAYS = [
    *(the_executable, its_other_name, a_link_to_the_executable, a_relative_link_to_the_executable),
    *(two_links_to_the_executable, a_link_to_the_bin_folder, a_link_to_the_prefix),
    *(a_link_from_inside_another_installation, a_link_to_the_bin_folder_inside_another_installation),
    *(a_copy_of_the_executable, a_copy_inside_another_installation),
    *(a_path_with_dots, a_path_with_dots_behind_a_link, a_link_below_a_stray_landmark),
    *(a_copy_below_a_stray_landmark, a_link_beside_a_pth_file, a_copy_beside_a_pth_file_that_names_nothing),
    *(nothing, a_file_that_may_not_run),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_way_to_an_installation(way, bases, tmp_path, record_testsuite_property):
    cases = [
        (way(bases[python, kind], bases[python, "other"], tmp_path / f"{python}-{kind}"), python.tag)
        for python, kind in BASES
    ]
    assert held(cases, record_testsuite_property, way.__name__) == []


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_way_to_python_2(way, tmp_path, record_testsuite_property):
    old = next((one for one in MACHINE if one.version.major == 2), None)
    if old is None:
        pytest.skip("no Python 2 is installed")
    base = Python(old.stable, old.prefix.folder, str(old.version))
    if "installation" in way.__name__ or way is a_path_with_dots_behind_a_link:
        pytest.skip("there is one Python 2, and no copy of it")
    assert held([(way(base, base, tmp_path), base.tag)], record_testsuite_property, way.__name__) == []


# Environments, and what becomes of their pyvenv.cfg.


def intact(config, base, other, place):
    return config


def without_home(config, base, other, place):
    return b"".join(config.splitlines(keepends=True)[1:])


def home_gone(config, base, other, place):
    return rehomed(config, place / "gone" / "bin")


def home_in_another_installation(config, base, other, place):
    return rehomed(config, other.prefix / "bin")


def home_below_another_installation(config, base, other, place):
    return rehomed(config, other.prefix / "share" / "gone" / "bin")


def home_in_usr_local(config, base, other, place):
    return rehomed(config, "/usr/local/bin")


def home_in_another_series(config, base, other, place):
    return rehomed(
        config, next((p.prefix / "bin" for p in INSTALLED if p.series != base.series), "/gone/bin")
    )


def home_the_prefix(config, base, other, place):
    return rehomed(config, base.prefix)


def home_below_the_bin_folder(config, base, other, place):
    return rehomed(config, base.prefix / "bin" / "gone" / "gone")


def home_a_file(config, base, other, place):
    return rehomed(config, base.path)


def home_below_a_file(config, base, other, place):
    return rehomed(config, base.path / "bin")


def home_in_a_circle(config, base, other, place):
    return rehomed(config, linked(place / "circle", "circle"))


def home_too_long(config, base, other, place):
    return rehomed(config, "/" + "n" * 300)


def home_the_root(config, base, other, place):
    return rehomed(config, "/")


def home_relative(config, base, other, place):
    return rehomed(config, "somewhere/bin")


def home_empty(config, base, other, place):
    return rehomed(config, "")


def home_by_a_link(config, base, other, place):
    return rehomed(config, linked(place / "to_base", base.prefix) / "bin")


def home_with_dots(config, base, other, place):
    return rehomed(config, f"{other.prefix}/../../{base.prefix.parent.name}/{base.prefix.name}/bin/")


def home_with_dots_behind_a_link(config, base, other, place):
    return rehomed(config, linked(place / "to_base", base.prefix / "lib") / ".." / "bin")


def home_in_upper_case(config, base, other, place):
    return config.replace(b"home", b"HOME", 1)


def home_without_spaces(config, base, other, place):
    return config.replace(b"home = ", b"home=", 1)


def home_with_tabs(config, base, other, place):
    return config.replace(b"home = ", b" home\t=\t", 1)


def home_with_more_spaces(config, base, other, place):
    return config.replace(b"home = ", b"home  =  ", 1)


def home_with_a_trailing_space(config, base, other, place):
    return config.replace(b"\n", b" \n")


def home_twice(config, base, other, place):
    return b"home = %s\n" % os.fsencode(other.prefix / "bin") + config


def home_twice_and_first_as_a_comment(config, base, other, place):
    return b"# home = /gone\n#home = /gone\n" + config


def home_twice_and_first_in_upper_case(config, base, other, place):
    return b"HOME = %s\n" % os.fsencode(other.prefix / "bin") + config


def home_in_the_last_line_without_its_end(config, base, other, place):
    first, _, rest = config.partition(b"\n")
    return rest + first


def home_behind_a_nul(config, base, other, place):
    return b"x = \0\n" + config


def line_ends_of_windows(config, base, other, place):
    return config.replace(b"\n", b"\r\n")


def line_ends_of_old_macs(config, base, other, place):
    return config.replace(b"\n", b"\r")


def byte_order_mark(config, base, other, place):
    return b"\xef\xbb\xbf" + config


def not_utf_8(config, base, other, place):
    return config + b"prompt = \xff\n"


def home_not_ascii(config, base, other, place):
    return rehomed(config, linked(place / "tö_base ☃", base.prefix) / "bin")


def empty(config, base, other, place):
    return b""


def large(config, base, other, place):
    return config.ljust(32_768, b"#")


def almost_large(config, base, other, place):
    return config.ljust(32_767, b"#")


def a_long_line_first(config, base, other, place):
    return b"x = " + b"y" * 9000 + b"\n" + config


def a_folder(config, base, other, place):
    return None


def a_circle(config, base, other, place):
    return "pyvenv.cfg"


def a_link(config, base, other, place):
    (place / "real.cfg").write_bytes(config)
    return "../real.cfg"


def rehomed(config, home) -> bytes:
    return b"home = %s\n" % os.fsencode(home) + config.partition(b"\n")[2]


EDITS = [
    *(intact, without_home, home_gone, home_in_another_installation, home_below_another_installation),
    *(home_in_usr_local, home_in_another_series, home_the_prefix, home_below_the_bin_folder, home_a_file),
    *(home_below_a_file, home_in_a_circle, home_too_long, home_the_root, home_relative, home_empty),
    *(home_by_a_link, home_with_dots, home_with_dots_behind_a_link, home_in_upper_case, home_without_spaces),
    *(home_with_tabs, home_with_more_spaces, home_with_a_trailing_space, home_twice),
    *(home_twice_and_first_as_a_comment, home_twice_and_first_in_upper_case),
    *(home_in_the_last_line_without_its_end, home_behind_a_nul, line_ends_of_windows, line_ends_of_old_macs),
    *(byte_order_mark, not_utf_8, home_not_ascii, empty, large, almost_large, a_long_line_first),
    *(a_folder, a_circle, a_link),
]


def by_links(base, folder):
    linked(folder / "python", base.path)
    linked(folder / "python3", "python")


def by_a_chain_of_links(base, folder):
    linked(folder / "python3", os.path.relpath(base.path, folder))
    linked(folder / "python", "python3")


def by_links_behind_a_folder_link(base, folder):
    linked(folder.parent.parent / "to_prefix", base.prefix)
    linked(folder / "python", folder.parent.parent / "to_prefix" / "bin" / base.path.name)
    linked(folder / "python3", "python")


def by_copies(base, folder):
    copied_file(folder / "python", base.path)
    copied_file(folder / "python3", base.path)


def the_plain_name(environment, place):
    return environment / "bin" / "python"


def the_other_name(environment, place):
    return environment / "bin" / "python3"


def a_link_to_the_environment(environment, place):
    return linked(place / "to_env", "env") / "bin" / "python"


def a_link_to_its_bin_folder(environment, place):
    return linked(place / "x" / "y", environment / "bin") / "python"


def a_link_to_its_python(environment, place):
    return linked(place / "x" / "python", environment / "bin" / "python")


def a_link_in_another_environment(environment, place):
    (place / "outer").mkdir()
    (place / "outer" / "pyvenv.cfg").write_text(f"home = {environment / 'bin'}\n")
    return linked(place / "outer" / "bin" / "python", environment / "bin" / "python")


FORMS = [by_links, by_a_chain_of_links, by_links_behind_a_folder_link, by_copies]
CALLS = [
    *(the_plain_name, the_other_name, a_link_to_the_environment),
    *(a_link_to_its_bin_folder, a_link_to_its_python, a_link_in_another_environment),
]
PER_EDIT = 10
ENVIRONMENTS = [
    (base, form, call, beside)
    for base in BASES
    for form in FORMS
    for call in CALLS
    for beside in (False, False, False, True)
]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_environments_whatever_their_config_says(edit, bases, tmp_path, record_testsuite_property):
    choose = random.Random(f"{SEED} {edit.__name__}")
    cases = []
    sample = choose.sample(ENVIRONMENTS, min(PER_EDIT, len(ENVIRONMENTS)))
    for number, (base, form, call, beside) in enumerate(sample):
        place = tmp_path / f"{number}-{base[0]}-{base[1]}-{form.__name__}-{call.__name__}"
        environment = environment_in(place, bases[base], bases[base[0], "other"], form, edit, beside=beside)
        cases.append((call(environment, place), base[0].tag))
    assert held(cases, record_testsuite_property, edit.__name__) == []


def environment_in(place, base, other, form, edit, *, beside) -> Path:
    """An environment as stdlib venv makes them, then edited; its pyvenv.cfg is `beside` python or above."""
    environment = place / "env"
    form(base, environment / "bin")
    (environment / "lib" / base.tag / "site-packages").mkdir(parents=True)
    config = environment / "bin" / "pyvenv.cfg" if beside else environment / "pyvenv.cfg"
    text = f"home = {base.path.parent}\ninclude-system-site-packages = false\nversion = {base.version}\n"
    content = edit(text.encode(), base, other, place)
    if content is None:
        config.mkdir()
    elif isinstance(content, str):
        config.symlink_to(content)
    else:
        config.write_bytes(content)
    return environment


@pytest.mark.parametrize("form", [by_links, by_copies], ids=lambda form: form.__name__)
def test_a_config_that_is_a_pipe_is_waited_for(form, newest, tmp_path):
    for python in {newest, INSTALLED[-1]}:
        environment = environment_in(tmp_path / str(python), python, python, form, a_pipe, beside=False)
        path = environment / "bin" / "python"
        assert Reader(HOST).startup(path, python.tag).starts == (run(path, patience=1) is not None), path


def a_pipe(config, base, other, place):
    os.mkfifo(place / "pipe")
    return "../pipe"


def test_a_config_that_may_not_be_read_stops_the_start(as_plain_user):
    everyones = [python for python in INSTALLED if run(python.path)]
    if not everyones:
        pytest.skip("every Python here is in the home folder of a user")
    for python in everyones:
        environment = environment_in(
            as_plain_user / str(python), python, python, by_links, intact, beside=False
        )
        (environment / "pyvenv.cfg").chmod(0)
        assert disagreement(environment / "bin" / "python", python.tag) is None
        assert not Reader(HOST).startup(environment / "bin" / "python", python.tag).starts


def test_there_are_enough_generated_cases():
    assert len(WAYS) * len(BASES) + len(EDITS) * PER_EDIT >= 300 or not SELF_CONTAINED


# Environments by those who make them, also of environments.


def by_stdlib(base, path):
    make_environment(base, path)


def by_stdlib_with_copies(base, path):
    make_environment(base, path, "--copies")


def by_virtualenv(base, path):
    tool(sys.executable, "-m", "virtualenv", "--no-download", "--no-seed", "-p", base.path, path)


def by_uv(base, path):
    tool(
        Path(sys.executable).with_name("uv"), "venv", "--offline", "--no-config", "--python", base.path, path
    )


def by_holdfast(base, path):
    create(Request(path, choose_base(str(base.path), Reader(HOST)), pip=False), HOST)


def tool(*command):
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=120)


MAKERS = [by_stdlib, by_stdlib_with_copies, by_virtualenv, by_uv, by_holdfast]
"""The tools from PyPI refuse what is too old for them."""


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__)
@pytest.mark.parametrize("inner", [None, *MAKERS], ids=lambda maker: maker.__name__ if maker else "plain")
def test_environments_by_every_maker(maker, inner, bases, tmp_path, record_testsuite_property):
    choose = random.Random(f"{SEED} {maker.__name__} {inner}")
    made = 0
    for python, kind in choose.sample(BASES, min(3, len(BASES))):
        place = tmp_path / f"{python}-{kind}"
        try:
            maker(bases[python, kind], place / "env")
            if inner:
                outer = Python(place / "env" / "bin" / "python", place / "env", python.version)
                inner(outer, place / "inner")
        except (subprocess.CalledProcessError, HoldfastError):
            continue  # some are too old for a tool, and what was moved does not start
        # A copied executable may load another libpython or library than the one that it was copied from.
        sound = kind == "installed" or by_stdlib_with_copies not in (maker, inner)
        hold_environment(place / ("inner" if inner else "env"), sound=sound)
        made += 1
    record_testsuite_property("made", made)
