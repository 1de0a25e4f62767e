"""Environments of every Python that there is, made in every way: nothing is missing in any of them."""

import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from created import assert_carries_another, assert_whole, make
from disks import in_own_mounts
from downloads import unavailable
from holdfast.errors import HoldfastError
from pythons import (
    INSTALLED,
    SELF_CONTAINED,
    Python,
    ask,
    copied_prefix,
    facts_of,
    make_environment,
    relocated_prefix,
)

PLACES = ("symlink", "copy", "exfat")
"""How the interpreter is placed: by links, by copies, or on a disk that leaves no choice."""
SWITCHES = ((False, False), (True, False), (False, True), (True, True))
"""Of the alias and of pip."""
COPIED = ("auto", "copy")
"""Ways to ask for links."""


def matrix() -> list[tuple[Python, str, bool, bool]]:
    """Rows of a Python, a place, and whether with alias and with pip, in which every pair occurs.

    Each Python gets each place; the switches go round. Where few Pythons are installed, they go round, too.
    """
    rounds = range(max(len(SWITCHES), len(INSTALLED)) if INSTALLED else 0)
    rows = [
        (INSTALLED[number % len(INSTALLED)], place, *SWITCHES[(number + at) % len(SWITCHES)])
        for number in rounds
        for at, place in enumerate(PLACES)
    ]
    return list(dict.fromkeys(rows))


def test_every_pair_occurs_in_the_matrix():
    values = (INSTALLED, PLACES, (False, True), (False, True))
    for one, other in itertools.combinations(range(len(values)), 2):
        wanted = set(itertools.product(values[one], values[other]))
        assert {(row[one], row[other]) for row in matrix()} == wanted


@pytest.mark.parametrize("row", matrix(), ids=lambda row: "-".join(map(str, row)))
def test_every_python_in_every_way_gives_a_whole_environment(row, tmp_path, request):
    python, place, alias, pip = row
    folder = request.getfixturevalue("exfat") if place == "exfat" else tmp_path
    wanted = "copy" if place == "copy" else "auto"
    made = make(python.path, folder / ".venv", links=wanted, alias=alias, pip=pip)
    assert made.links == ("symlink" if place == "symlink" else "copy")
    assert bool(made.seeded) is pip
    assert made.alias is (alias and place != "exfat")
    said = [f"The alias link was left out: the disk of {made.environment} holds no links."]
    assert list(made.notes) == (said if alias and place == "exfat" else [])
    assert_whole(made)
    assert_carries_another(made, tmp_path / "further")


# A base that was moved after it was built, as python-build-standalone's are


@pytest.mark.parametrize(("number", "python"), list(enumerate(SELF_CONTAINED)), ids=str)
def test_a_relocated_build_gives_whole_environments_by_whichever_link(number, python, tmp_path):
    base = relocated_prefix(python, tmp_path / "relocated" / python.version)
    name = base.path.name
    reached = {
        "executable": base.path,
        "link": linked(tmp_path / "bin" / name, base.path),
        "plain link": linked(tmp_path / "tools" / "python", base.path),
        "link to bin": linked(tmp_path / "only" / "bin", base.path.parent) / name,
        "link to the folder": linked(tmp_path / "versions" / python.series, base.prefix) / "bin" / name,
    }
    for at, (way, path) in enumerate(reached.items()):
        made = make(path, tmp_path / way, pip=False, links=("auto", "copy")[(number + at) % 2])
        assert_whole(made)
        if at < 2:  # the one by links and the one by copies
            assert_carries_another(made, tmp_path / f"further than {way}")


def test_a_relocated_build_without_links_gives_whole_environments(relocated, exfat, tmp_path):
    made = make(relocated.path, exfat / ".venv", pip=False)
    assert made.links == "copy"
    assert_whole(made)
    assert_carries_another(made, tmp_path / "further")


# An environment as the base of another: it rests on what that one rests on


def by_holdfast(python, path, *options):
    make(python.path, path, pip=False, links="copy" if options else "auto")


def by_virtualenv(python, path, *options):
    run(sys.executable, "-m", "virtualenv", "--quiet", "--no-seed", *options, "-p", python.path, path)


def by_uv(python, path):
    uv = Path(sys.executable).with_name("uv")
    run(uv, "venv", "--quiet", "--no-config", "--offline", "--python", python.path, path)


MAKERS = {
    "holdfast": by_holdfast,
    "holdfast, copies": lambda python, path: by_holdfast(python, path, "--copies"),
    "venv": make_environment,
    "venv, copies": lambda python, path: make_environment(python, path, "--copies"),
    "virtualenv": by_virtualenv,
    "virtualenv, copies": lambda python, path: by_virtualenv(python, path, "--copies"),
    "uv": by_uv,
}
"""Each makes an environment without pip, of a Python, at a path."""


def of_each_kind() -> list[Python]:
    """The newest, the newest of those that record an environment as `home`, and the oldest."""
    older = [python for python in INSTALLED if tuple(map(int, python.series.split("."))) < (3, 11)]
    return list(dict.fromkeys([*INSTALLED[:1], *older[:1], *INSTALLED[-1:]]))


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("python", of_each_kind(), ids=str)
def test_made_from_an_environment_it_outlives_that(python, maker, tmp_path):
    MAKERS[maker](python, tmp_path / "outer")
    made = [make(tmp_path / "outer/bin/python", tmp_path / links, pip=False, links=links) for links in COPIED]
    shutil.rmtree(tmp_path / "outer")
    for one in made:
        assert_whole(one)


@pytest.mark.parametrize("python", of_each_kind(), ids=str)
def test_made_from_an_environment_of_an_environment_it_outlives_all_of_them(python, tmp_path):
    around = python
    for number, maker in enumerate(MAKERS.values()):
        maker(around, tmp_path / str(number))
        around = Python(tmp_path / str(number) / "bin" / "python", tmp_path / str(number), python.version)
    made = make(around.path, tmp_path / "env", pip=False)
    for number in range(len(MAKERS)):
        shutil.rmtree(tmp_path / str(number))
    assert_whole(made)


# Links below another installation of the same series, whose library Python meets first


@pytest.mark.parametrize("links", COPIED)
@pytest.mark.parametrize("python", SELF_CONTAINED, ids=str)
def test_reached_below_another_installation_it_takes_its_own_library(python, links, tmp_path):
    other = copied_prefix(python, tmp_path / "other")
    path = linked(other.prefix / "sbin" / python.tag, python.path)
    made = make(path, tmp_path / "env", pip=False, links=links)
    assert_whole(made)
    assert_carries_another(made, tmp_path / "further")


@pytest.mark.parametrize("links", COPIED)
def test_a_relocated_build_below_another_installation_takes_its_own_library(links, newest, tmp_path):
    other = copied_prefix(newest, tmp_path / "other")
    base = relocated_prefix(newest, other.prefix / "opt" / newest.version)
    for at, path in enumerate((base.path, linked(other.prefix / "sbin" / newest.tag, base.path))):
        assert_whole(make(path, tmp_path / str(at), pip=False, links=links))


@pytest.mark.parametrize("links", COPIED)
@pytest.mark.parametrize("python", of_each_kind(), ids=str)
def test_below_another_installation_an_environment_takes_the_right_library(python, links, tmp_path):
    other = copied_prefix(python, tmp_path / "other")
    made = make(python.path, other.prefix / "env", pip=False, links=links)
    assert_whole(made)


_LINKED_FROM_USR_LOCAL = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from created import assert_whole, make
for links in {links!r}:
    made = make(Path("/usr/local/bin/{name}"), Path(sys.argv[1], links), links=links, pip=False)
    assert_whole(made)
    print(made.base.path)
"""


def test_a_link_in_usr_local_does_not_lead_into_the_systems_library(tmp_path):
    """Where Debian has the same series, Python looks for its library from /usr/local/bin and finds that."""
    systems = {python.series for python in INSTALLED if python not in SELF_CONTAINED}
    python = next((python for python in SELF_CONTAINED if python.series in systems), None)
    if python is None:
        pytest.skip("no CPython here is of the series of the system's")
    linked(tmp_path / "bin" / python.tag, python.path)
    program = _LINKED_FROM_USR_LOCAL.format(path=sys.path, links=COPIED, name=python.tag)
    said = in_own_mounts('mount --bind "$1/bin" /usr/local/bin', tmp_path, program)
    assert said.split() == [str(python.path)] * len(COPIED)


# Builds of other kinds


@pytest.fixture
def debug_build():
    return Path(shutil.which("python3-dbg") or unavailable("there is no python3-dbg here"))


@pytest.fixture
def pypy():
    return Path(shutil.which("pypy3") or unavailable("there is no pypy3 here"))


@pytest.fixture
def portable_pypy(pypy, tmp_path):
    """PyPy as its own distribution has it: in a folder of its own, and its library beside its executable."""
    real = pypy.resolve()
    library = Path(facts_of(pypy)["library"])
    (shared,) = Path("/usr/lib").glob(f"*/lib{real.name}-c.so")
    prefix = tmp_path / real.name
    (prefix / "bin").mkdir(parents=True)
    for file in (real, shared):
        shutil.copy2(file, prefix / "bin")
    shutil.copytree(library, prefix / "lib" / library.name, symlinks=True)
    return prefix / "bin" / real.name


@pytest.mark.parametrize("pip", [False, True])
@pytest.mark.parametrize(
    ("build", "links"),
    [("debug_build", "auto"), ("debug_build", "copy"), ("pypy", "auto"), ("portable_pypy", "copy")],
)
def test_other_builds_give_whole_environments(build, links, pip, tmp_path, request):
    made = make(request.getfixturevalue(build), tmp_path / "env", links=links, pip=pip, alias=not pip)
    assert made.links == {"auto": "symlink", "copy": "copy"}[links]
    assert_whole(made)
    assert_carries_another(made, tmp_path / "further")


def test_a_debug_build_without_links_gives_a_whole_environment(debug_build, exfat):
    assert_whole(make(debug_build, exfat / "env", pip=False))


def test_a_pypy_that_would_copy_the_whole_system_is_refused(pypy, tmp_path):
    """PyPy's own venv copies all that lies beside its library, which is in /usr/lib where Debian has it."""
    with pytest.raises(HoldfastError, match=r"would take along what else is there\. Leave the choice"):
        make(pypy, tmp_path / "env", links="copy")
    assert os.listdir(tmp_path) == []


def test_a_pypy_on_a_disk_without_links_is_refused(pypy, exfat):
    """PyPy's own venv always makes `lib64` a link."""
    with pytest.raises(
        HoldfastError, match=r"with links only, and the disk of .* holds none\. Choose another"
    ):
        make(pypy, exfat / "env")
    assert os.listdir(exfat) == []


# Packages of the base


def test_packages_of_the_base_are_seen_where_they_are_asked_for(copied, tmp_path):
    (copied.prefix / "lib" / copied.tag / "site-packages" / "of_the_base.py").touch()
    for asked in (False, True):
        made = make(copied.path, tmp_path / str(asked), system_packages=asked)
        assert_whole(made)
        assert (ask(made.interpreter, "import of_the_base").returncode == 0) is asked


def linked(path: Path, target: Path) -> Path:
    path.parent.mkdir(parents=True)
    path.symlink_to(target)
    return path


def run(*command) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=120)
