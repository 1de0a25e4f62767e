"""The machine as a value.

Nothing above this file reads `os.environ` or `sys.platform`, so a test can describe a machine of its own: a
Windows or macOS tree that stands in some folder of a Linux machine.
Only the command line's output asks for NO_COLOR by itself.
"""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from holdfast.registry import NO_REGISTRY, Registry, current_registry

Platform = Literal["linux", "darwin", "windows"]

_OF_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def _this_platform() -> Platform:
    if sys.platform == "win32":
        return "windows"
    return "darwin" if sys.platform == "darwin" else "linux"


def cache_folder() -> Path:
    """Where Holdfast keeps, for the person that runs it, what it can find out again."""
    import platformdirs  # noqa: PLC0415 - only what reads or writes there pays for it

    return Path(platformdirs.user_cache_dir("holdfast", appauthor=False))


@dataclass(frozen=True)
class Host:
    """What has to be known of a machine before its files are looked at."""

    platform: Platform
    home: Path
    env: Mapping[str, str] = field(default_factory=dict)
    roots: Mapping[str, Path] = field(default_factory=dict)
    """Where the folders of another machine are seen from here: `{"/": Path(…)}` or `{"C:\\\\": Path(…)}`.

    Empty for the machine that this process runs on.
    """
    registry: Registry = NO_REGISTRY

    @property
    def windows(self) -> bool:
        """Whether environments have `Scripts` and `Lib` here."""
        return self.platform == "windows"

    @property
    def search_path(self) -> tuple[Path, ...]:
        """The folders of PATH in order, without the empty and relative ones, each once."""
        parts = self.env.get("PATH", "").split(";" if self.windows else ":")
        return tuple(dict.fromkeys(self.at(part) for part in parts if self.is_absolute(part)))

    def folder_of(self, variable: str) -> Path | None:
        """The folder that an environment variable names; None where it is not set or not absolute."""
        text = self.env.get(variable, "")
        return self.at(text) if self.is_absolute(text) else None

    def is_absolute(self, text: str) -> bool:
        """Whether a path, as programs of this machine write it, is absolute."""
        return bool(_OF_WINDOWS.match(text)) if self.windows else text.startswith("/")

    def is_foreign(self, text: str) -> bool:
        """Whether a path is an absolute one of another operating system, which means nothing here."""
        return text.startswith("/") if self.windows else bool(_OF_WINDOWS.match(text))

    def at(self, text: str) -> Path:
        """Where an absolute path, as programs of this machine write it, is seen from here.

        The names in it stay as they are, `..` and links included.
        """
        for root in sorted(self.roots, key=len, reverse=True):
            if self._is_below(text, root):
                inside = re.split(r"[\\/]+" if self.windows else "/+", text[len(root) :])
                return self.roots[root].joinpath(*filter(None, inside))
        return Path(text)

    def _is_below(self, text: str, root: str) -> bool:
        if self.windows:
            text, root = text.replace("/", "\\").upper(), root.upper()
        separator = "\\" if self.windows else "/"
        return f"{text}{separator}".startswith(root.rstrip(separator) + separator)

    @classmethod
    def current(cls) -> "Host":
        """The machine that this process runs on."""
        return cls(
            platform=_this_platform(),
            home=Path(os.path.expanduser("~")),
            env=dict(os.environ),
            registry=current_registry(),
        )
