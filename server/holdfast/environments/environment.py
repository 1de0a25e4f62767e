"""One environment, described without running it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from holdfast.environments.layout import CONFIG, Layout, foreign_layout, native_layout
from holdfast.files.reading import Unreadable, is_folder, list_folder, read_bounded, same_folder
from holdfast.formats.pyvenv_cfg import START, PyvenvCfg, Span, parse
from holdfast.host import Host
from holdfast.interpreters.landmark import series_of, tag_of
from holdfast.interpreters.version import Version, parse_version
from holdfast.links.chain import LinkChain, follow

CONFIG_LIMIT = 32 * 1024 - 1
"""Bytes; CPython 3.11 and newer refuse to start on a larger file (getpath_readlines in Modules/getpath.c)."""


@dataclass(frozen=True)
class Environment:
    """The facts about one environment."""

    path: Path
    real: Path
    """The same folder without links on the way: a `.venv` may be a link to it."""
    layout: Layout
    config: PyvenvCfg | Unreadable
    python: LinkChain
    """From `bin/python` to the real executable."""
    home: LinkChain | None
    """Of the folder that `home` names; None where it names none, or no absolute one."""
    has_home: bool
    """Whether `home` leads to a folder."""
    tags: tuple[str, ...]
    """The folders in `lib` in which something is installed: `python3.12`. Windows has no such names."""
    is_foreign: bool
    """Whether it has the folders of the other platform and not those of this one."""

    @property
    def config_path(self) -> Path:
        """Its pyvenv.cfg."""
        return self.path / CONFIG

    @property
    def interpreter(self) -> Path:
        """The path by which it is started."""
        return self.python.start

    @property
    def holds_own_executable(self) -> bool:
        """Whether its interpreter is a copy rather than a link to the base."""
        return self.python.state == "ok" and self.holds(self.python.end)

    def holds(self, path: Path) -> bool:
        """Whether a path lies in the environment, by either of its names."""
        return path.is_relative_to(self.path) or path.is_relative_to(self.real)

    @property
    def home_span(self) -> Span:
        """Where the value of `home` stands; the start of the file where there is none."""
        entry = self.config.home if isinstance(self.config, PyvenvCfg) else None
        return entry.span if entry else START

    @property
    def recorded_version(self) -> Version | None:
        """The version that pyvenv.cfg names: a hint, stale after an upgrade of the base."""
        if isinstance(self.config, Unreadable):
            return None
        text = self.config.value("version") or self.config.value("version_info")
        return parse_version(text) if text else None

    @property
    def kind(self) -> str:
        """Who made it: `holdfast`, `virtualenv`, `uv`, `stdlib`, or `unknown`, by what each writes down."""
        if isinstance(self.config, Unreadable):
            return "unknown"
        for key in ("holdfast", "virtualenv", "uv"):
            if self.config.get(key):
                return key
        return "stdlib" if self.config.get("version") else "unknown"

    @property
    def tag(self) -> str | None:
        """`python3.12`: the base that its packages need.

        The folder in which they are installed says so, the name of the executable at the end of the links,
        and the version in pyvenv.cfg. None where these do not agree: then nobody knows.
        """
        recorded, named = self.recorded_version, tag_of(self.python.end.name)
        possible = self.tags or ((named or f"python{recorded.series}",) if recorded else ())
        agreeing = [
            tag
            for tag in possible
            if (named is None or tag == named) and (recorded is None or series_of(tag) == recorded.series)
        ]
        return agreeing[0] if len(agreeing) == 1 else None


def describe_environment(path: Path, host: Host) -> Environment:
    """The facts about the environment at an absolute path, whether it works or not."""
    layout = native_layout(windows=host.windows)
    config = _read_config(path / CONFIG)
    home = _home(config, host)
    return Environment(
        path=path,
        real=Path(os.path.realpath(path)),
        layout=layout,
        config=config,
        python=follow(path / layout.scripts / layout.python),
        home=home,
        has_home=home is not None and home.state == "ok" and is_folder(home.end),
        tags=tuple(name for name in list_folder(path / "lib") if _is_library(path, name)),
        is_foreign=_is_foreign(path, windows=host.windows),
    )


def _is_foreign(path: Path, *, windows: bool) -> bool:
    """Only the other platform's folder, or this one's as a link to it: an alias that was made there."""
    native = path / native_layout(windows=windows).scripts
    foreign = path / foreign_layout(windows=windows).scripts
    if not is_folder(foreign):
        return False
    return not is_folder(native) or (native.is_symlink() and same_folder(native, foreign))


def _read_config(path: Path) -> PyvenvCfg | Unreadable:
    content = read_bounded(path, CONFIG_LIMIT)
    if isinstance(content, Unreadable):
        return content
    try:
        return parse(content)
    except UnicodeDecodeError as error:
        return Unreadable("encoding", f"byte {error.start}")


def _home(config: PyvenvCfg | Unreadable, host: Host) -> LinkChain | None:
    value = config.home.value if isinstance(config, PyvenvCfg) and config.home else None
    return follow(host.at(value)) if value and host.is_absolute(value) else None


def _is_library(environment: Path, name: str) -> bool:
    if not re.match(r"(python|pypy)\d+\.\d+t?$", name):
        return False
    return bool(list_folder(environment / "lib" / name / "site-packages"))
