"""The activation scripts of an environment."""

import re
import shlex
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path


def activation_scripts(environment: Path, scripts: str, prompt: str) -> dict[str, bytes]:
    """The scripts by name, for an environment that will stand at this path."""
    templates = files("holdfast.creation") / "templates"
    values = {"ENVIRONMENT": str(environment), "SCRIPTS": scripts, "PROMPT": prompt}
    return {
        name: _filled((templates / name).read_text(encoding="utf-8"), values, quote)
        for name, quote in _QUOTING.items()
    }


def _filled(template: str, values: Mapping[str, str], quote: Callable[[str], str]) -> bytes:
    text = re.sub(r"@([A-Z]+)@", lambda match: quote(values[match.group(1)]), template)
    return text.encode("utf-8", "surrogateescape")


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _csh(text: str) -> str:
    # csh expands `!` even in single quotes, unless a backslash stands before it.
    return "'" + text.replace("'", "'\\''").replace("!", "\\!") + "'"


def _powershell(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_QUOTING = {
    "activate": shlex.quote,
    "activate.fish": _fish,
    "activate.csh": _csh,
    "Activate.ps1": _powershell,
}
