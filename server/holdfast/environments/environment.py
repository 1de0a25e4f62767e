"""One environment, described without running it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from holdfast.environments.layout import CONFIG, Layout, native_layout
from holdfast.files.reading import Unreadable, list_folder, read_bounded
from holdfast.formats.pyvenv_cfg import START, PyvenvCfg, Span, parse
from holdfast.interpreters.landmark import tag_of
from holdfast.interpreters.version import Version, parse_version
from holdfast.links.chain import LinkChain, follow

CONFIG_LIMIT = 32 * 1024 - 1
"""Bytes; CPython 3.11 and newer refuse to start on a larger file (getpath_readlines in Modules/getpath.c)."""


@dataclass(frozen=True)
class Environment:
    """The facts about one environment."""

    path: Path
    layout: Layout
    config: PyvenvCfg | Unreadable
    python: LinkChain
    """From `bin/python` to the real executable."""
    home: LinkChain | None
    """Of the folder that `home` names; None where it names none, or no absolute one."""
    tags: tuple[str, ...]
    """The folders in `lib`: `python3.12`. Empty on Windows, where they carry no version."""

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
        return self.python.state == "ok" and not self.python.hops

    @property
    def home_span(self) -> Span:
        """Where the value of `home` stands; the start of the file where there is none."""
        entry = self.config.get("home") if isinstance(self.config, PyvenvCfg) else None
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

        Its library folder says so. Where there are several, the one that agrees with pyvenv.cfg; where
        there is none, what pyvenv.cfg says; None where that leaves it open.
        """
        recorded = self.recorded_version
        if len(self.tags) == 1:
            return self.tags[0]
        agreeing = [t for t in self.tags if recorded and t.rstrip("t").endswith(recorded.series)]
        if len(agreeing) == 1:
            return agreeing[0]
        if self.tags or recorded is None:
            return None
        return tag_of(self.python.end.name) or f"python{recorded.series}"


def describe_environment(path: Path, *, windows: bool = False) -> Environment:
    """The facts about the environment at an absolute path, whether it works or not."""
    layout = native_layout(windows=windows)
    config = _read_config(path / CONFIG)
    return Environment(
        path=path,
        layout=layout,
        config=config,
        python=follow(path / layout.scripts / layout.python),
        home=_home(config),
        tags=tuple(name for name in list_folder(path / "lib") if _is_library(path, name)),
    )


def _read_config(path: Path) -> PyvenvCfg | Unreadable:
    content = read_bounded(path, CONFIG_LIMIT)
    if isinstance(content, Unreadable):
        return content
    try:
        return parse(content)
    except UnicodeDecodeError as error:
        return Unreadable("encoding", f"byte {error.start}")


def _home(config: PyvenvCfg | Unreadable) -> LinkChain | None:
    value = config.value("home") if isinstance(config, PyvenvCfg) else None
    return follow(Path(value)) if value and os.path.isabs(value) else None


def _is_library(environment: Path, name: str) -> bool:
    if not re.match(r"(python|pypy)\d+\.\d+t?$", name):
        return False
    return bool(list_folder(environment / "lib" / name / "site-packages"))
