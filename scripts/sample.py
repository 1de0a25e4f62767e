"""Make a workspace with three environments: one healthy, one killed by an upgrade, one moved.

Run by the Python that they shall come from: `python -I sample.py WORKSPACE PYTHONS WHEELS PIP`.
Nothing is downloaded: pip and the package that goes into the environments are wheels on this disk.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = "packaging"

# An interpreter works without these; they are most of its size.
LEFT_OUT = shutil.ignore_patterns(
    *("test", "tests", "idlelib", "lib2to3", "turtledemo", "tkinter", "pydoc_data"),
    *("__pycache__", "*.pyc", "config-*", "*.a", "*.lib", "*.pdb"),
)

README = """\
# The Holdfast sample

Three small projects, each with an environment of its own in `.venv`.

| project | its environment |
|---|---|
| `healthy` | works |
| `upgraded` | does not start: an upgrade put Python {new} in the place of {old} |
| `moved` | its Python works, its scripts such as `pip` do not: its folder was renamed |

1. Open the Problems panel: press Ctrl+Shift+M (on macOS Cmd+Shift+M).
2. Click the error of `upgraded`. It stands in `upgraded/.venv/pyvenv.cfg`.
3. Press Ctrl+. (on macOS Cmd+.) and choose the fix.
4. The error is gone. Open a terminal and see for yourself: `{python} upgraded/main.py`
5. To have the environment broken again, stop `npm start` and run `npm start -- --fresh`.
"""

# Without it, a project would belong to the one in whose folder the sample is, with what is wrong there.
SETTINGS = """\
[tool.holdfast]
environment = ".venv"
"""

MAIN = f"""\
from {PACKAGE}.version import Version

print("{{project}} works:", Version("1.10") > Version("1.9"))
"""


def main() -> int:
    """Make the workspace and say what it holds."""
    workspace, pythons, wheels, pip = (Path(argument).resolve() for argument in sys.argv[1:5])
    workspace.mkdir(parents=True)
    old, new = versions(sys.version_info[2])
    make_project(workspace / "healthy", this_python(), wheels, pip)
    make_moved(workspace, wheels, pip)
    make_upgraded(workspace, pythons, wheels, pip)
    python = os.path.relpath(interpreter(workspace / "upgraded" / ".venv"), workspace)
    readme = README.format(old=old, new=new, python=python)
    (workspace / "README.md").write_text(readme, encoding="utf-8")
    for project in (workspace, *(workspace / name for name in ("healthy", "upgraded", "moved"))):
        (project / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    print(interpreter(workspace / "upgraded" / ".venv"))
    return 0


def versions(patch: int) -> tuple[str, str]:
    """Name the release before this Python, and this Python."""
    major, minor = sys.version_info[:2]
    # The first release of a series comes after its release candidates.
    old = f"{major}.{minor}.{patch - 1}" if patch else f"{major}.{minor}.0rc3"
    return old, platform.python_version()


def this_python() -> Path:
    """Name this Python as no upgrade leads elsewhere: `python3.12`, not `python3`."""
    return Path(os.path.realpath(sys.executable))


def make_moved(workspace: Path, wheels: Path, pip: Path) -> None:
    """Make a project and rename its folder."""
    before = workspace / "before-the-move"
    make_project(before, this_python(), wheels, pip)
    before.rename(workspace / "moved")
    write_main(workspace / "moved")


def make_upgraded(workspace: Path, pythons: Path, wheels: Path, pip: Path) -> None:
    """Make an environment from a copy of this Python, then let an upgrade replace the copy."""
    old, new = (pythons / version for version in versions(sys.version_info[2]))
    for folder in (old, new):
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
    make_project(workspace / "upgraded", copy_python(old), wheels, pip)
    environment = workspace / "upgraded" / ".venv"
    # The copy plays the older release, also where the environment says what it was made from.
    config = environment / "pyvenv.cfg"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f"version = {new.name}", f"version = {old.name}"), "utf-8")
    # What an upgrade leaves: the old release's folder is gone, the new one stands beside it.
    old.rename(new)
    if works(interpreter(environment)):
        sys.exit(f"{environment} still works without {old}, so there is nothing to show with it.")


def make_project(project: Path, python: Path, wheels: Path, pip: Path) -> None:
    """Make a project whose environment has pip and one package."""
    environment = project / ".venv"
    # pip comes from a wheel: Debian keeps the module that would install it in a package of its own.
    run(python, "-m", "venv", "--without-pip", str(environment))
    install = ("install", "--quiet", "--no-index", "--no-deps", "--find-links", str(wheels))
    run(interpreter(environment), str(pip / "pip"), *install, str(pip), PACKAGE)
    write_main(project)
    run(interpreter(environment), str(project / "main.py"))


def write_main(project: Path) -> None:
    """Write a program that needs the installed package."""
    (project / "main.py").write_text(MAIN.format(project=project.name), encoding="utf-8")


def copy_python(prefix: Path) -> Path:
    """Copy this Python's installation, and return the copy's executable once it has run."""
    source = Path(sys.base_prefix)
    if sys.platform == "darwin":
        # A framework build does not run from another folder: a link to it plays the release.
        prefix.parent.mkdir(parents=True, exist_ok=True)
        prefix.symlink_to(source)
        return prefix / "bin" / Path(sys.executable).name
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if os.name == "nt":
        shutil.copytree(source, prefix, ignore=leave_out_packages)
        python = prefix / "python.exe"
    else:
        library = Path("lib", f"python{version}")
        shutil.copytree(source / library, prefix / library, ignore=leave_out_packages)
        (prefix / "bin").mkdir()
        python = prefix / "bin" / f"python{version}"
        shutil.copy2(os.path.realpath(sys.executable), python)
        (prefix / "bin" / "python3").symlink_to(python.name)
    same = f"os.path.samefile(sys.prefix, {str(prefix)!r})"
    run(python, "-c", f"import os, ssl, sys, venv; sys.exit(not {same})")
    return python


def leave_out_packages(folder: str, names: list[str]) -> set[str]:
    """Name what a copied installation does without; site-packages stays, empty."""
    if Path(folder).name in ("site-packages", "dist-packages"):
        return set(names)
    return LEFT_OUT(folder, names)


def interpreter(environment: Path) -> Path:
    """Where an environment has its interpreter."""
    if os.name == "nt":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def works(python: Path) -> bool:
    """Whether an interpreter starts."""
    try:
        return subprocess.run([python, "-I", "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def run(python: Path, *arguments: str) -> None:
    """Run a Python, isolated, and fail with its output when it fails."""
    done = subprocess.run(
        [python, "-I", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{python} {' '.join(arguments)}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
