"""The machine as a value.

Nothing above this file reads `os.environ` or `sys.platform`, so a test can describe a machine of its own: a
Windows or macOS tree that stands in some folder of a Linux machine.
Only the command line's output asks for NO_COLOR and TERM by itself.
"""

import os
import re
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from holdfast.errors import HoldfastError
from holdfast.mounts import Mounts
from holdfast.registry import NO_REGISTRY, Registry, current_registry
from holdfast.typed import Literal
from holdfast.values import NamedTuple

Platform = Literal["linux", "darwin", "windows"]

_OURS = "holdfast"
_XDG = {"cache": ("XDG_CACHE_HOME", ".cache"), "data": ("XDG_DATA_HOME", ".local/share")}
_OF_WINDOWS = r"[A-Za-z]:[\\/]|\\\\"


def _this_platform() -> Platform:
    if sys.platform == "win32":
        return "windows"
    return "darwin" if sys.platform == "darwin" else "linux"


def working_folder() -> Path:
    """The folder in which the program stands, by the name that the shell has for it.

    The system's own name leaves out the links on the way, and their names tell more. A folder that was
    deleted keeps its name; raises HoldfastError where nobody knows it any more.
    """
    named = os.environ.get("PWD", "")
    is_name = os.path.isabs(named) and os.pardir not in Path(named).parts
    try:
        here = os.getcwd()
    except FileNotFoundError:
        if is_name and not os.path.lexists(named):
            return Path(named)
        raise HoldfastError("The folder in which you are is gone. Go to another one.") from None
    try:
        return Path(named if is_name and os.path.samefile(named, here) else here)
    except (OSError, ValueError):  # whoever started the program went elsewhere without a shell
        return Path(here)


def inherited() -> Mapping[str, str]:
    """The variables of this process, which the programs that it starts inherit."""
    return os.environ


def cache_folder() -> Path | None:
    """Where Holdfast keeps, for the person that runs it, what it can find out again; None without a home."""
    return _user_folder("cache")


def data_folder() -> Path | None:
    """The same for what is not to be lost."""
    return _user_folder("data")


def _user_folder(kind: Literal["cache", "data"]) -> Path | None:
    """A folder of ours by the rules of the library platformdirs, absolute; None without a home.

    To import that library takes a short command 6 ms: more than to look at the variables that, on Linux,
    decide nearly always.
    """
    variable, usual = _XDG[kind]
    named, home = os.environ.get(variable, "").strip(), os.environ.get("HOME", "")
    if _this_platform() == "linux" and (named or home).startswith("/"):
        return Path(named or f"{home}/{usual}", _OURS)
    import platformdirs  # noqa: PLC0415

    try:
        path = getattr(platformdirs, f"user_{kind}_path")(_OURS, appauthor=False)
    except RuntimeError:  # it finds no home
        return None
    return path if path.is_absolute() else None


def home_folder() -> Path:
    """The home folder; the root for a user who has none, as containers have it."""
    home = Path(os.path.expanduser("~"))
    return home if home.is_absolute() else Path(os.sep)


class _Machine(NamedTuple):
    platform: Platform
    home: Path
    env: Mapping[str, str] = MappingProxyType({})
    roots: Mapping[str, Path] = MappingProxyType({})
    """Where the folders of another machine are seen from here: `{"/": Path(…)}` or `{"C:\\\\": Path(…)}`.

    Empty for the machine that this process runs on.
    """
    registry: Registry = NO_REGISTRY


class Host(_Machine):
    """What has to be known of a machine before its files are looked at."""

    @property
    def windows(self) -> bool:
        """Whether environments have `Scripts` and `Lib` here."""
        return self.platform == "windows"

    @property
    def search_path(self) -> tuple[Path, ...]:
        """The folders of PATH in order, without the empty and relative ones, each once."""
        parts = self.env.get("PATH", "").split(";" if self.windows else ":")
        return tuple(dict.fromkeys(self.at(part) for part in parts if self.is_absolute(part)))

    @cached_property
    def mounts(self) -> Mounts:
        """Those whose files others serve, and which of them answer: asked once."""
        return Mounts(self.at("/proc/self/mountinfo") if self.platform == "linux" else None)

    def anew(self) -> "Host":
        """The same machine, its mounts not yet asked: for the next look."""
        return self._replace()

    def folder_of(self, variable: str) -> Path | None:
        """The folder that an environment variable names; None where it is not set or not absolute."""
        text = self.env.get(variable, "")
        return self.at(text) if self.is_absolute(text) else None

    def is_absolute(self, text: str) -> bool:
        """Whether a path, as programs of this machine write it, is absolute."""
        return bool(re.match(_OF_WINDOWS, text)) if self.windows else text.startswith("/")

    def is_foreign(self, text: str) -> bool:
        """Whether a path is an absolute one of another operating system, which means nothing here."""
        return text.startswith("/") if self.windows else bool(re.match(_OF_WINDOWS, text))

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
            home=home_folder(),
            env=dict(os.environ),
            registry=current_registry(),
        )
