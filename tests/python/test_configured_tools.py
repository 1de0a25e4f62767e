"""What is told of the files of ruff, ty and pyright is what these say themselves when they are run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from configured import problems
from downloads import install_pinned, unavailable
from holdfast.host import Host
from npm_packages import unpack_pinned
from pythons import make_environment

TY = ("ty==0.0.108", "da697fde0b0967325a7320c7dc8769610166d7f482d3f6d57cc3f7a1d6fa3493")
PYRIGHT = (
    "pyright@1.1.414",
    "sha512-FPZZb51jepDX4eP7TEYDeNFtmE3WgwkkEcJpvH3/QmUSsj0EAy3LXu+xB4T/FWDejtsXlCfFr/rbWFjwuwuXww==",
)
RUFF = Path(sys.executable).parent / "ruff"


@pytest.fixture(scope="module")
def ty(tmp_path_factory):
    """A ty for Linux."""
    folder = tmp_path_factory.mktemp("ty")
    yield install_pinned(*TY, folder / "ty") / "bin" / "ty"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def pyright(tmp_path_factory):
    """The script of pyright's command."""
    folder = tmp_path_factory.mktemp("pyright")
    yield unpack_pinned(*PYRIGHT, folder / "pyright") / "index.js"
    shutil.rmtree(folder)


@pytest.fixture
def app(newest, tmp_path):
    """A project with an environment in which a package with a preset is installed."""
    folder = tmp_path / "home" / "app"
    make_environment(newest, folder / ".venv")
    (folder / "main.py").write_text("import shared\n")
    series = f"python{newest.series}"
    shared = folder / ".venv" / "lib" / series / "site-packages" / "shared"
    shared.mkdir()
    (shared / "__init__.py").touch()
    (shared / "ruff.toml").write_text("line-length = 100\n")
    (folder / ".venv" / "site-packages").symlink_to(f"lib/{series}/site-packages")
    return folder


def host_of(app: Path) -> Host:
    return Host.current()._replace(home=app.parent, env={"HOME": str(app.parent), "VENVS": str(app)})


def run(app: Path, *command) -> str:
    """What a tool says, in the surroundings of that machine."""
    env = {"PATH": os.environ["PATH"], "NO_COLOR": "1", **host_of(app).env}
    done = subprocess.run(
        list(map(str, command)), cwd=app, env=env, capture_output=True, text=True, timeout=120
    )
    return done.stdout + done.stderr


def is_told(app: Path) -> bool:
    return [one.rule for one in problems(app, host_of(app))] == ["tool-path-missing"]


@pytest.mark.parametrize("name", ["ruff.toml", ".ruff.toml", "pyproject.toml"])
@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        (".venv/site-packages/shared/ruff.toml", True),
        ("./.venv/../.venv/site-packages/shared/ruff.toml", True),
        ("~/app/.venv/site-packages/shared/ruff.toml", True),
        ("$VENVS/.venv/site-packages/shared/ruff.toml", True),
        ("${VENVS}/.venv/site-packages/shared/ruff.toml", True),
        (".venv/site-packages/other/ruff.toml", False),
        (".venv/lib/python3.1/site-packages/shared/ruff.toml", False),
        ("~/app/.venv/site-packages/other/ruff.toml", False),
        ("$VENVS/.venv/site-packages/other/ruff.toml", False),
        ("gone/lib/python3.12/site-packages/shared/ruff.toml", False),
    ],
)
def test_ruff_starts_where_nothing_is_told(app, name, text, is_there):
    head = "[tool.ruff]\n" if name == "pyproject.toml" else ""
    (app / name).write_text(f'{head}extend = "{text}"\n')
    said = run(app, RUFF, "check", "--no-cache", "main.py")
    assert ("Failed to load extended configuration" not in said) == is_there, said
    assert is_told(app) != is_there


def test_ruff_reads_of_its_files_the_one_that_is_taken_for_counting(app):
    for name in ("pyproject.toml", "ruff.toml", ".ruff.toml"):
        head = "[tool.ruff]\n" if name == "pyproject.toml" else ""
        (app / name).write_text(f'{head}extend = ".venv/site-packages/gone/{name}"\n')
        assert f"gone/{name}`" in run(app, RUFF, "check", "--no-cache", "main.py")
        (told,) = problems(app, host_of(app), rule="tool-path-missing")
        assert told.file == app / name


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        (".venv", True),
        ("./.venv/bin/python", True),
        ("~/app/.venv", True),
        ("$VENVS/.venv", True),
        ("gone", False),
        (".venv/bin/python2.1", False),
        ("~/gone", False),
        ("$VENVS/gone", False),
    ],
)
@pytest.mark.parametrize("name", ["ty.toml", "pyproject.toml"])
def test_ty_starts_where_nothing_is_told(app, ty, name, text, is_there):
    head = "[environment]\n" if name == "ty.toml" else "[tool.ty.environment]\n"
    (app / name).write_text(f'{head}python = "{text}"\n')
    said = run(app, ty, "check", "main.py")
    assert ("Invalid `environment.python` setting" not in said) == is_there, said
    assert ("All checks passed" in said) == is_there
    assert is_told(app) != is_there


def test_ty_reads_nothing_of_pyproject_beside_its_own_file(app, ty):
    (app / "pyproject.toml").write_text('[tool.ty.environment]\npython = "gone"\n')
    (app / "ty.toml").write_text('[environment]\npython = ".venv"\n')
    assert "Invalid `environment.python` setting" not in run(app, ty, "check", "main.py")
    assert [one.rule for one in problems(app, host_of(app))] == ["setting-shadowed"]


@pytest.mark.parametrize(
    ("above", "name", "is_there"),
    [
        (".", ".venv", True),
        ("./", ".venv", True),
        ("..", "app/.venv", True),
        ("{app}", ".venv", True),
        (".", "gone", False),
        ("gone", ".venv", False),
        ("~/app", ".venv", False),
        ("$VENVS", ".venv", False),
        ("${VENVS}", ".venv", False),
    ],
)
@pytest.mark.parametrize("file", ["pyrightconfig.json", "pyproject.toml"])
def test_pyright_finds_packages_where_nothing_is_told(app, pyright, file, above, name, is_there):
    node = shutil.which("node") or unavailable("node is not installed")
    above = above.replace("{app}", str(app))
    text = (
        f'{{"venvPath": "{above}", "venv": "{name}"}}'
        if file == "pyrightconfig.json"
        else f'[tool.pyright]\nvenvPath = "{above}"\nvenv = "{name}"\n'
    )
    (app / file).write_text(text)
    said = run(app, node, pyright, "main.py")
    assert ("subdirectory not found in venv path" not in said) == is_there, said
    assert ("could not be resolved" not in said) == is_there
    assert is_told(app) != is_there
