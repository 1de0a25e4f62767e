"""The activation scripts of an environment."""

import os
import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import PurePath

from holdfast.environments.layout import WINDOWS

_TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")


def activation_scripts(environment: PurePath, scripts: str, prompt: str) -> dict[str, bytes]:
    """The scripts by name, for an environment that will stand at this path, in its folder `scripts`.

    Their names are those of stdlib venv and virtualenv, by which editors look for them. They hold the path as
    it is; what a shell shows before its prompt is the name without what a shell would take for instructions.
    """
    values = {
        "ENVIRONMENT": os.fspath(environment),
        "SCRIPTS": scripts,
        "FOLDER": os.fspath(environment / scripts),
        "PROMPT": prompt,
        "SHOWN": f"({_INSTRUCTIONS.sub('_', prompt)}) ",
    }
    native = _ON_WINDOWS if scripts == WINDOWS.scripts else _ON_POSIX
    return {name: _script(name, values, quote) for name, quote in {**_ANYWHERE, **native}.items()}


_INSTRUCTIONS = re.compile(r"[\x00-\x1f\x7f$`\\!%{}]")
"""What the prompt of one shell or another takes for something else: bash would run the `$(…)` in a name."""


def _script(name: str, values: Mapping[str, str], quote: Callable[[str], str]) -> bytes:
    # Not importlib.resources: its import takes longer than all the rest here.
    with open(os.path.join(_TEMPLATES, f"{name}.in"), encoding="utf-8") as file:
        text = re.sub("@([A-Z]+)@", lambda match: quote(_as_utf_8(values[match[1]])), file.read())
    if name.endswith(".bat"):
        text = text.replace("\n", "\r\n")
    # Windows PowerShell takes a file without a mark for one in the code page of the machine.
    mark = "\ufeff" if name.endswith(".ps1") else ""
    return (mark + text).encode("utf-8", "surrogateescape")


def _as_utf_8(text: str) -> str:
    """A name whose bytes are UTF-8 as that, whatever the locale of this program takes them for."""
    return os.fsencode(text).decode("utf-8", "surrogateescape")


def _csh(text: str) -> str:
    # csh expands `!` even in single quotes, unless a backslash stands before it.
    return "'" + text.replace("'", "'\\''").replace("!", "\\!") + "'"


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _nushell(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _powershell(text: str) -> str:
    # PowerShell takes typographic quotes for straight ones.
    return "'" + re.sub("['\u2018-\u201b]", r"\g<0>\g<0>", text) + "'"


def _batch(text: str) -> str:
    # Inside `set "NAME=…"`, where nothing can stand for a quote; no path on Windows holds one.
    return text.replace("%", "%%").replace('"', "'")


_ANYWHERE: Mapping[str, Callable[[str], str]] = {
    "activate": shlex.quote,
    "activate.fish": _fish,
    "activate.nu": _nushell,
    "activate.xsh": repr,
    "Activate.ps1": _powershell,
    "activate_this.py": repr,
}
_ON_POSIX: Mapping[str, Callable[[str], str]] = {"activate.csh": _csh}
_ON_WINDOWS: Mapping[str, Callable[[str], str]] = {"activate.bat": _batch, "deactivate.bat": _batch}
