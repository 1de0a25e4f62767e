"""The machine as a value.

Nothing above this file reads `os.environ` or `sys.platform`, so a test can describe a machine of its own.
Only the command line's output asks for NO_COLOR by itself.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Platform = Literal["linux", "darwin", "windows"]


def _this_platform() -> Platform:
    if sys.platform == "win32":
        return "windows"
    return "darwin" if sys.platform == "darwin" else "linux"


@dataclass(frozen=True)
class Host:
    """What discovery and creation need to know of a machine."""

    platform: Platform
    home: Path
    env: Mapping[str, str] = field(default_factory=dict)
    system_folders: tuple[Path, ...] = ()
    """Folders in which the operating system and its administrator put interpreters."""
    opt: Path | None = None
    """The folder for self-contained software: `/opt` on POSIX."""

    @property
    def windows(self) -> bool:
        """Whether environments have `Scripts` and `Lib` here."""
        return self.platform == "windows"

    @property
    def search_path(self) -> tuple[Path, ...]:
        """The folders of PATH in order, without the empty and relative ones, each once."""
        parts = self.env.get("PATH", "").split(";" if self.windows else ":")
        return tuple(dict.fromkeys(Path(part) for part in parts if os.path.isabs(part)))

    @classmethod
    def current(cls) -> "Host":
        """The machine that this process runs on."""
        platform = _this_platform()
        posix = platform != "windows"
        return cls(
            platform=platform,
            home=Path(os.path.expanduser("~")),
            env=dict(os.environ),
            system_folders=(Path("/usr/bin"), Path("/usr/local/bin")) if posix else (),
            opt=Path("/opt") if posix else None,
        )
