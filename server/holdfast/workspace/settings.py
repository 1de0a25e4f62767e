"""What a project or person may ask Holdfast to do differently."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Settings:
    """The settings that the helper acts on; the editor's other ones stay in the editor."""

    environment: str = ".venv"
    """The name of a project's own environment."""
    search_paths: tuple[Path, ...] = ()
    """More folders in which interpreters are looked for."""
    exclude: frozenset[str] = frozenset()
    """Names of folders in which no environments are looked for."""


def settings_from(raw: Mapping[str, Any], home: Path) -> Settings:
    """Settings from an editor's JSON. A value of the wrong type counts as not given.

    `searchPaths` may begin with `~`; relative ones are left out, since they mean nothing to a helper.
    """
    name = raw.get("environment")
    folders = (_expanded(text, home) for text in _texts(raw.get("searchPaths")))
    return Settings(
        environment=name if isinstance(name, str) and name else Settings.environment,
        search_paths=tuple(folder for folder in folders if folder.is_absolute()),
        exclude=frozenset(_texts(raw.get("exclude"))),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def _expanded(text: str, home: Path) -> Path:
    return home / text[2:] if text.startswith(("~/", "~\\")) else Path(text)
