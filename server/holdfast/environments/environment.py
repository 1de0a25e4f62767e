"""One environment, described without running it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from holdfast.environments.halfway import stands_at
from holdfast.environments.layout import (
    CONFIG,
    Layout,
    foreign_layout,
    is_conda,
    layout_of,
    native_layout,
    site_packages,
)
from holdfast.files.reading import (
    Unreadable,
    is_folder,
    is_regular_file,
    list_folder,
    plain,
    read_bounded,
    same_folder,
)
from holdfast.formats.pyvenv_cfg import START, PyvenvCfg, Span, parse
from holdfast.formats.redirect import parse_redirect
from holdfast.host import Host
from holdfast.interpreters.landmark import Implementation, series_of, tag_of
from holdfast.interpreters.version import Version, parse_version
from holdfast.links.chain import MOST_HOPS, LinkChain, follow
from holdfast.typed import Literal

Kind = Literal["holdfast", "virtualenv", "uv", "stdlib", "conda", "unknown"]
"""Who made an environment, by what each writes down."""

CONFIG_LIMIT = 32 * 1024 - 1
"""Bytes; CPython 3.11 and newer refuse to start on a larger file (getpath_readlines in Modules/getpath.c)."""

_LONGEST_REDIRECT = 8192
_IMPLEMENTATIONS: dict[str, Implementation] = {
    "CPython": "cpython",
    "PyPy": "pypy",
    "GraalPy": "graalpy",
    "GraalVM": "graalpy",
}
"""As virtualenv and uv write them; GraalPy calls itself GraalVM in platform.python_implementation()."""


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
    site_packages: tuple[Path, ...] = ()
    """The folders in which packages are installed."""
    redirect: Path | None = None
    """The file that named it: a `.venv` that holds the environment's path."""

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
        path = plain(path)  # the target of a relative link to the environment begins with `..`
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
    def kind(self) -> Kind:
        """Who made it."""
        if isinstance(self.config, Unreadable):
            return "conda" if is_conda(self.path) else "unknown"
        makers: tuple[Kind, ...] = ("holdfast", "virtualenv", "uv")
        for maker in makers:
            if self.config.get(maker):
                return maker
        return "stdlib" if self.config.get("version") else "unknown"

    @property
    def implementation(self) -> Implementation:
        """What it is an environment of, as far as it says so itself; stdlib venv writes nothing down."""
        said = "" if isinstance(self.config, Unreadable) else self.config.value("implementation") or ""
        if said in _IMPLEMENTATIONS:
            return _IMPLEMENTATIONS[said]
        scripts = self.path / self.layout.scripts
        suffix = ".exe" if self.layout.python.endswith(".exe") else ""
        return "pypy" if is_regular_file(scripts / f"pypy3{suffix}") else "unknown"

    @property
    def tag(self) -> str | None:
        """`python3.12`: the base that its packages need.

        The folder in which they are installed says so, the name of the executable at the end of the links,
        and the version in pyvenv.cfg. None where these do not agree: then nobody knows.
        """
        recorded, named = self.recorded_version, tag_of(self.python.end.name)
        possible = self.tags or ((named or self._tag_of(recorded),) if recorded else ())
        agreeing = [
            tag
            for tag in possible
            if (named is None or tag.removesuffix("t") == named.removesuffix("t"))
            and (recorded is None or series_of(tag) == recorded.series)
        ]
        return agreeing[0] if len(agreeing) == 1 else None

    def _tag_of(self, version: Version) -> str:
        """The tag of a version where no folder and no link says it: on Windows, or for copies."""
        if self.implementation == "pypy":
            return f"pypy{version.series}"
        suffix = ".exe" if self.layout.python.endswith(".exe") else ""
        free_threaded = self.path / self.layout.scripts / f"python{version.series}t{suffix}"
        return f"python{version.series}{'t' if is_regular_file(free_threaded) else ''}"


def describe_environment(path: Path, host: Host) -> Environment:
    """The facts about the environment at an absolute path, whether it works or not.

    A redirect file stands for the environment that it names; for itself, if that is gone.
    """
    redirect = path if is_regular_file(path) else None
    named = _named_by(path, host) if redirect else path
    if redirect and stands_at(named, host):
        path = named
    layout = layout_of(path, host)
    config = _read_config(path / CONFIG)
    home = _home(config, host)
    packages = tuple(site_packages(path))
    return Environment(
        path=path,
        real=Path(os.path.realpath(path)),
        layout=layout,
        config=config,
        python=follow(path / layout.scripts / layout.python, host.mounts),
        home=home,
        has_home=home is not None and home.state == "ok" and is_folder(home.end),
        tags=_tags(packages),
        is_foreign=layout == native_layout(windows=host.windows) and _is_foreign(path, windows=host.windows),
        site_packages=packages,
        redirect=redirect,
    )


def _named_by(path: Path, host: Host) -> Path:
    """Where a redirect file leads, over others of its kind; the last one that leads no further."""
    for _ in range(MOST_HOPS):
        content = read_bounded(path, _LONGEST_REDIRECT) if is_regular_file(path) else None
        target = parse_redirect(content) if isinstance(content, bytes) else None
        if target is None or host.is_foreign(target):
            break
        path = host.at(target) if host.is_absolute(target) else plain(path.parent / target)
    return path


def _tags(packages: tuple[Path, ...]) -> tuple[str, ...]:
    """The names of the libraries in which something is installed."""
    names = dict.fromkeys(path.parent.name for path in packages if list_folder(path))
    return tuple(name for name in names if re.match(r"(python|pypy)\d+\.\d+t?$", name))


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
    return follow(host.at(value), host.mounts) if value and host.is_absolute(value) else None
