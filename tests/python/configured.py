"""Projects with configuration files, for the tests of the paths that those name."""

import json
from pathlib import Path

from holdfast.health.check import check_project
from holdfast.health.problem import Problem
from holdfast.health.surroundings import Surroundings
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.workspace.projects import Projects
from machines import write

INTERPRETER = "python.defaultInterpreterPath"


def settings(folder: Path, **values) -> Path:
    """The `.vscode/settings.json` of a folder; `interpreter` stands for the long name."""
    if "interpreter" in values:
        values[INTERPRETER] = values.pop("interpreter")
    return write(folder / ".vscode" / "settings.json", json.dumps(values, indent=2, ensure_ascii=False))


def workspace(file: Path, folders: list, configurations: list | None = None, **values) -> Path:
    listed = [folder if isinstance(folder, dict) else {"path": folder} for folder in folders]
    if "interpreter" in values:
        values[INTERPRETER] = values.pop("interpreter")
    launch = {"launch": {"configurations": configurations}} if configurations else {}
    return write(file, json.dumps({"folders": listed, "settings": values, **launch}, indent=2))


def launch(folder: Path, *configurations, **values) -> Path:
    listed = [*configurations, *([{"type": "debugpy", **values}] if values else [])]
    return write(folder / ".vscode" / "launch.json", json.dumps({"configurations": listed}))


def environment(folder: Path, host: Host, *, alias: bool = False) -> Path:
    """An environment as far as its names go."""
    windows = host.platform == "windows"
    scripts, python = ("Scripts", "python.exe") if windows else ("bin", "python")
    write(folder / "pyvenv.cfg", "home = /usr/bin\nversion = 3.12.1\n")
    write(folder / scripts / python, b"MZ" if windows else b"\x7fELF", 0o755)
    library = folder / "Lib" if windows else folder / "lib" / "python3.12"
    (library / "site-packages").mkdir(parents=True)
    if alias:
        (folder / ("bin" if windows else "Scripts")).symlink_to(scripts)
        write(folder / scripts / ("python" if windows else "python.exe"), b"", 0o755)
    return folder


def problems(folder: Path, host: Host | None = None, *others: Path, rule: str | None = None) -> list[Problem]:
    """What is told of a project; `others`: further folders that the look is about."""
    host = host or Host.current()
    (project,) = Projects(host).around_each([folder, *others])
    found = check_project(project, Surroundings(Reader(host))).problems
    return [one for one in found if rule in (None, one.rule)]


def marked(problem: Problem) -> str:
    """The text on which a problem stands."""
    line = problem.file.read_text().split("\n")[problem.span.line].encode("utf-16-le")
    return line[problem.span.start * 2 : problem.span.end * 2].decode("utf-16-le")


def told(found: list[Problem]) -> list[tuple[str, str]]:
    """The rules, and the texts on which their problems stand."""
    return [(one.rule, marked(one)) for one in found]
