"""Environments that were made halfway, or lost their pyvenv.cfg: told by what else they have."""

import os
import re
from pathlib import Path

from holdfast.environments.layout import CONFIG, is_conda, native_layout
from holdfast.files.reading import is_folder, list_folder
from holdfast.host import Host
from holdfast.interpreters.prefix import prefix_at

FOLDERS = frozenset({"bin", "Scripts"})
"""What a folder must hold to be one; whoever has listed it need not ask about the others."""

_USUAL_NAMES = frozenset({".venv", "venv", ".env", "env", ".virtualenv", "virtualenv"})
_ACTIVATE = ("activate", "activate.bat", "Activate.ps1", "activate.ps1")
_LIBRARY = re.compile(r"(?:python|pypy|graalpy)\d+\.\d+t?$")


def stands_at(folder: Path, host: Host) -> bool:
    """Whether an environment is there, be it half-made or of conda."""
    return os.path.lexists(folder / CONFIG) or is_conda(folder) or lacks_config(folder, host)


def lacks_config(folder: Path, host: Host) -> bool:
    """Whether a folder has all that an environment has, but for pyvenv.cfg.

    An interpreter and a folder of packages are not enough: so are `~/.local` and a buildroot. It must be
    called as environments are, or have an activate script. A whole installation, such as conda's or one that
    an old virtualenv copied, has a standard library of its own and needs no pyvenv.cfg.
    """
    layout = native_layout(windows=host.windows)
    scripts = folder / layout.scripts
    return (
        os.path.lexists(scripts / layout.python)
        and not os.path.lexists(folder / CONFIG)
        and (folder.name in _USUAL_NAMES or any(os.path.lexists(scripts / name) for name in _ACTIVATE))
        and _has_packages(folder, windows=host.windows)
        and not is_folder(folder / "conda-meta")
        and prefix_at(folder, None, windows=host.windows) is None
    )


def _has_packages(folder: Path, *, windows: bool) -> bool:
    if windows:
        return is_folder(folder / "Lib" / "site-packages")
    libraries = (name for name in list_folder(folder / "lib") if _LIBRARY.match(name))
    return any(is_folder(folder / "lib" / name / "site-packages") for name in libraries)
