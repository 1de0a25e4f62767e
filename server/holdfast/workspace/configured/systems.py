r"""On which operating systems a path in a configuration file is right, by how it is written.

An environment has `bin/python` and `lib/python3.12/site-packages` on Linux and macOS, and on Windows
`Scripts\python.exe` and `Lib\site-packages`. The alias gives it both names of the folder of programs, though
only for `python` and `python.exe`; the link `site-packages` is the same everywhere.
"""

import re

from holdfast.environments.layout import POSIX, WINDOWS
from holdfast.values import NamedTuple
from holdfast.workspace.configured.written import ALL, System, WrittenPath

_POSIX: tuple[System, ...] = ("Linux", "macOS")
_WINDOWS: tuple[System, ...] = ("Windows",)

_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")
_PROGRAM = re.compile(r"(.*[\\/])?(bin|scripts)[\\/]((?:python|pypy)[\w.]*)$", re.IGNORECASE)
_PACKAGES = re.compile(
    r"(.*[\\/])?(lib|lib64)[\\/]((?:python|pypy)[\d.]+t?[\\/])?site-packages(?:[\\/]|$)", re.IGNORECASE
)
_OF_WINDOWS = re.compile(r"(?:^|[\\/])(?:python|pypy)[\w.]*\.exe$", re.IGNORECASE)
_BEGINS_SOMEWHERE = re.compile(r"\$\{|~")
_OF_CONDA = re.compile(r"conda|mamba|miniforge", re.IGNORECASE)
_ALIASED = (POSIX.python, WINDOWS.python)


class Fitness(NamedTuple):
    """Where a path is right."""

    systems: tuple[System, ...]
    why: str
    """Why not elsewhere: half a sentence, and nothing where it is right everywhere."""
    portable: str | None
    """The same as it would be right everywhere; None where nothing is known."""


def is_absolute(text: str) -> bool:
    """Whether a path is absolute on some system, and so right in one place only."""
    return _ABSOLUTE.match(text) is not None


def fitness_of(written: WrittenPath, *, alias: bool) -> Fitness:
    """Where a path is right that is not absolute. `alias`: whether its environment has one."""
    text = written.text
    program, packages = _PROGRAM.match(text), _PACKAGES.match(text)
    if program and written.role != "inside":
        found = _of_program(*program.groups(""), alias=alias)
    elif packages:
        found = _of_packages(text, packages)
    elif _OF_WINDOWS.search(text):
        found = Fitness(_WINDOWS, "there a program is not called `.exe`", None)
    else:
        found = Fitness(ALL, "", None)
    portable = (found.portable or text).replace("\\", "/")
    if "\\" in text and written.tool != "pyright":  # which takes both for separators
        systems = tuple(system for system in _WINDOWS if system in found.systems)
        why = r"elsewhere `\` is no separator" if systems else found.why
        is_known = found.portable or found.systems == ALL
        return Fitness(systems, why, portable if is_known else None)
    if written.tool == "settings" and program and not _BEGINS_SOMEWHERE.match(text):
        whole = "${workspaceFolder}/" + portable.removeprefix("./")
        if found.systems == ALL:
            # getAbsolutePath in configSettings.ts of vscode-python looks for the separator of the system.
            return Fitness(_POSIX, "there it is taken for a program on PATH", whole)
        return found._replace(portable=whole)
    return found


def _of_program(above: str, folder: str, name: str, *, alias: bool) -> Fitness:
    portable = f"{above}{POSIX.scripts}/{POSIX.python}".replace("\\", "/")
    of_windows, in_windows = name.lower().endswith(".exe"), folder.lower() == WINDOWS.scripts.lower()
    if alias and name in _ALIASED:
        return Fitness(ALL, "", portable)
    if alias:
        systems = _WINDOWS if of_windows else _POSIX
        return Fitness(systems, "the alias has only `python` and `python.exe`", portable)
    if in_windows and not of_windows:
        why = rf"it is `{POSIX.scripts}/{POSIX.python}`, or `{WINDOWS.scripts}\{WINDOWS.python}` on Windows"
        return Fitness((), why, portable)
    if of_windows:  # also in `bin`, as MSYS2 has it
        return Fitness(_WINDOWS, f"there it is `{POSIX.scripts}/{POSIX.python}`", portable)
    if _OF_CONDA.search(above):
        why = f"there conda has `{WINDOWS.python}` in the environment's own folder"
        return Fitness(_POSIX, why, portable)
    return Fitness(_POSIX, rf"there it is `{WINDOWS.scripts}\{WINDOWS.python}`", portable)


def _of_packages(text: str, packages: re.Match[str]) -> Fitness:
    above, lib, series = packages.groups("")
    portable = f"{above}site-packages/{text[packages.end() :]}".replace("\\", "/").rstrip("/")
    if lib == "lib64":
        return Fitness(("Linux",), "there it is in `lib`", portable)
    if series:
        return Fitness(_POSIX, r"there it is `Lib\site-packages`", portable)
    return Fitness(_WINDOWS, "there it is in `lib/pythonX.Y`", portable)
