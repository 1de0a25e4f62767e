"""Where a path leads that a configuration file names: each tool expands its own variables.

`None` stands for what only the tool can tell: `${command:…}`, `${input:…}`, `${config:…}`, a variable that is
not set here.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from holdfast.host import Host
from holdfast.values import NamedTuple

_OF_EDITOR = re.compile(r"\$\{([^}]*)\}")
_OF_SHELL = re.compile(r"\$(?:\{([^}]*)\}|(\w+))", re.ASCII)
_NAME = re.compile(r"\w+", re.ASCII)

LONGEST = 4096
"""Characters; no system opens a longer path."""


class Scope(NamedTuple):
    """What variables stand for."""

    host: Host
    folder: Path
    """Where relative paths begin: a folder of the workspace, or that of the file."""
    folders: Mapping[str, Path]
    """Those of the workspace by their names, as far as they are known."""


def path_in_settings(text: str, around: Scope) -> Path | None:
    """As the Python extensions read VS Code's settings.

    `SystemVariables` of vscode-python and `resolveVariables` of vscode-python-environments know different
    variables; these are all of them that name a folder. Only the former makes a relative path absolute.
    """
    host = around.host
    if _starts_at_home(text):
        return locate(host.home, text[1:].lstrip("/\\"), host)

    def value(match: re.Match[str]) -> str | Path | None:
        name = match[1]
        if name.startswith(("env:", "env.")):
            return host.env.get(name[4:]) or None
        return host.home if name == "userHome" else _folder(name, around)

    return _expanded(text, value, _OF_EDITOR, around)


def path_in_launch(text: str, around: Scope) -> Path | None:
    """As VS Code and its debugger of Python read launch.json.

    The debugger takes `${env:…}` for nothing (`resolveWorkspaceVariables` of vscode-python-debugger), and
    where a relative path begins depends on what starts it: only the tool can tell of either.
    """
    host = around.host

    def value(match: re.Match[str]) -> Path | None:
        return host.home if match[1] == "userHome" else _folder(match[1], around)

    if host.is_absolute(text) or text.startswith("${"):
        return _expanded(text, value, _OF_EDITOR, around)
    return None


def path_in_toml(text: str, around: Scope) -> Path | None:
    """As ruff and ty read theirs: `~` and the variables of the environment are expanded (shellexpand)."""
    host = around.host
    if _starts_at_home(text):
        return locate(host.home, text[1:].lstrip("/\\"), host)

    def value(match: re.Match[str]) -> str | None:
        name = match[1] or match[2]
        return host.env.get(name) or None if _NAME.fullmatch(name or "") else None

    return _expanded(text, value, _OF_SHELL, around)


def path_as_it_is(text: str, around: Scope) -> Path:
    """As pyright reads its own: nothing is expanded."""
    return locate(around.folder, text, around.host)


def path_in_env(text: str, around: Scope) -> Path | None:
    """As the readers of `.env` files agree on: where there is a variable or a `~`, they do not."""
    return None if "$" in text or text.startswith("~") else locate(around.folder, text, around.host)


def locate(start: Path, text: str, host: Host) -> Path:
    """Where a path without variables leads; a relative one begins at a folder."""
    if host.is_absolute(text):
        return host.at(text)
    parts = re.split(r"[\\/]+" if host.windows else "/+", text)
    return start.joinpath(*(part for part in parts if part not in ("", ".")))


def _folder(name: str, around: Scope) -> Path | None:
    if name in ("workspaceFolder", "workspaceRoot"):
        return around.folder
    kind, _, of = name.partition(":")
    return around.folders.get(of) if kind == "workspaceFolder" else None


def _starts_at_home(text: str) -> bool:
    return text == "~" or text.startswith(("~/", "~\\"))


def _expanded(
    text: str,
    value: Callable[[re.Match[str]], str | Path | None],
    variable: re.Pattern[str],
    around: Scope,
) -> Path | None:
    """`value`: what a variable stands for; a folder may only stand at the start."""
    start, parts, position = around.folder, [], 0
    for match in variable.finditer(text):
        known = value(match)
        if known is None:
            return None
        if isinstance(known, Path):
            if match.start() or text[match.end() : match.end() + 1] not in ("", "/", "\\"):
                return None
            start, known = known, ""
            position = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip("/\\"))
            continue
        parts += [text[position : match.start()], known]
        position = match.end()
    expanded = "".join(parts) + text[position:]
    return None if "${" in expanded else locate(start, expanded, around.host)
