"""Where things are in an environment: the POSIX layout, that of Windows, and what differs from them."""

import os
from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import is_folder, is_regular_file, list_folder
from holdfast.host import Host
from holdfast.values import NamedTuple

CONFIG = "pyvenv.cfg"
REDIRECT = ".venv"
"""The name of a file that leads to an environment (drafts of PEP 832); a folder of that name is one."""


class Layout(NamedTuple):
    """The names that one kind of environment uses."""

    scripts: str
    """The folder of executables."""
    python: str
    """The interpreter's name in it."""


POSIX = Layout("bin", "python")
WINDOWS = Layout("Scripts", "python.exe")
_CONDA_ON_WINDOWS = Layout(".", "python.exe")
_MSYS2 = Layout("bin", "python.exe")
"""A Python of MSYS2 keeps the folders of POSIX on Windows."""


def native_layout(*, windows: bool) -> Layout:
    """The layout of environments that work on this platform."""
    return WINDOWS if windows else POSIX


def foreign_layout(*, windows: bool) -> Layout:
    """The other one."""
    return POSIX if windows else WINDOWS


def layout_of(environment: Path, host: Host) -> Layout:
    """The layout of an environment on the machine that it is on."""
    if host.windows and is_conda(environment):
        return _CONDA_ON_WINDOWS
    if host.windows and is_regular_file(environment / _MSYS2.scripts / _MSYS2.python):
        return WINDOWS if is_folder(environment / WINDOWS.scripts) else _MSYS2
    return native_layout(windows=host.windows)


def is_conda(folder: Path) -> bool:
    """Whether a folder is an environment of conda: it keeps its history there and has no pyvenv.cfg."""
    return is_regular_file(folder / "conda-meta" / "history") and not os.path.lexists(folder / CONFIG)


def site_packages(environment: Path) -> Iterator[Path]:
    """The folders of an environment in which packages are installed.

    `lib/python3.12/site-packages`; on Windows `Lib/site-packages`; of PyPy up to its 3.7 `site-packages`
    alone. `lib64` is a link to `lib`, except where a file system has none.
    """
    for lib in ("lib", "Lib", "lib64"):
        folder = environment / lib
        if not os.path.islink(folder):
            inner = (folder / name / "site-packages" for name in list_folder(folder))
            yield from (path for path in (folder / "site-packages", *inner) if is_folder(path))
    if is_folder(environment / "site-packages"):
        yield environment / "site-packages"
