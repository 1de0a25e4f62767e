"""The wheels that an interpreter carries for its own ensurepip: nothing is ever fetched."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.errors import HoldfastError
from holdfast.files.reading import is_folder, is_regular_file, list_folder, read_bounded
from holdfast.host import Host
from holdfast.interpreters.interpreter import Interpreter
from holdfast.values import NamedTuple

_LAST_WITH_SETUPTOOLS = (3, 11)
"""The last version whose stdlib venv brings setuptools."""
_OF_SYSTEM = "/usr/share/python-wheels"
"""Where Debian's Pythons and PyPys and Fedora's Pythons look, whatever they say."""
_NAMED_BY_BUILD = rb"""["']WHEEL_PKG_DIR["']: ["'](/[^"'\n]+)["']"""
_PURE = (["py3", "none", "any.whl"], ["py2.py3", "none", "any.whl"])
_LARGEST = 1_000_000


class SeedWheel(NamedTuple):
    """A package that an interpreter brings for its environments."""

    path: Path
    name: str
    version: str

    @property
    def release(self) -> tuple[int, ...]:
        """The numbers of its version, to be compared."""
        return tuple(int(number) for number in re.findall(r"\d+", self.version))

    @property
    def info(self) -> str:
        """The name of its folder of metadata in site-packages."""
        return f"{self.name}-{self.version}.dist-info"

    @property
    def record(self) -> str:
        """The list of its files, as a path below site-packages."""
        return f"{self.info}/RECORD"

    @property
    def entry_points(self) -> str:
        """What says which commands it brings; not every package has it."""
        return f"{self.info}/entry_points.txt"


def bundled_wheels(base: Interpreter, host: Host, *, setuptools: bool) -> tuple[SeedWheel, ...]:
    """The wheel of pip in the base's ensurepip and, if wanted, that of setuptools.

    From 3.12 on there is no setuptools, as stdlib venv has it. Raises HoldfastError where a wheel is missing.
    """
    version = base.version
    with_setuptools = setuptools and version is not None and version[:2] <= _LAST_WITH_SETUPTOOLS
    return tuple(
        _bundled(name, base, host) for name in ("pip", *(("setuptools",) if with_setuptools else ()))
    )


def _bundled(name: str, base: Interpreter, host: Host) -> SeedWheel:
    ensurepip = base.prefix.library / "ensurepip" if base.prefix else None
    if ensurepip and is_folder(ensurepip):
        for folder in _folders(ensurepip, host):
            if wheels := _wheels_in(folder, name):
                meant = _meant_version(ensurepip, name) if len(wheels) > 1 else None
                newest = max(wheels, key=lambda wheel: wheel.release)
                return next((wheel for wheel in wheels if wheel.version == meant), newest)
    raise HoldfastError(
        f"Python {base.version} at {base.stable} comes without {name} (on Debian and Ubuntu, the package "
        "python3-venv brings it). Create the environment without pip (--no-pip), or choose another Python."
    )


def _folders(ensurepip: Path, host: Host) -> Iterator[Path]:
    """Where ensurepip finds wheels.

    Distributions that keep them elsewhere build with --with-wheel-pkg-dir and ship no `_bundled` (Debian,
    Fedora, Gentoo).
    """
    yield ensurepip / "_bundled"
    for name in list_folder(ensurepip.parent):
        if name.startswith("_sysconfigdata") and name.endswith(".py"):
            content = read_bounded(ensurepip.parent / name, _LARGEST)
            if isinstance(content, bytes) and (match := re.search(_NAMED_BY_BUILD, content)):
                yield host.at(os.fsdecode(match[1]))
                break
    source = read_bounded(ensurepip / "__init__.py", _LARGEST)
    if isinstance(source, bytes) and _OF_SYSTEM.encode() in source:  # Debian's PyPy
        yield host.at(_OF_SYSTEM)


def _wheels_in(folder: Path, name: str) -> list[SeedWheel]:
    parts = ((file, file.split("-")) for file in list_folder(folder) if file.startswith(f"{name}-"))
    wheels = [SeedWheel(folder / file, name, part[1]) for file, part in parts if part[2:] in _PURE]
    return [wheel for wheel in wheels if is_regular_file(wheel.path)]


def _meant_version(ensurepip: Path, name: str) -> str | None:
    """Of several wheels (CPython 3.8.18 carries two of pip), the one that ensurepip's source names."""
    content = read_bounded(ensurepip / "__init__.py", _LARGEST)
    if not isinstance(content, bytes):
        return None
    match = re.search(
        rf'^_{name.upper()}_VERSION = "([^"]+)"', content.decode("utf-8", "replace"), re.MULTILINE
    )
    return match[1] if match else None
