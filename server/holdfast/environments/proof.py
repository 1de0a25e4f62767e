"""Proof that a folder is an environment and nothing else, so that it may be replaced or deleted."""

import os
import re
from pathlib import Path

from holdfast.environments.layout import CONFIG, POSIX, WINDOWS
from holdfast.files.placing import is_temporary
from holdfast.files.reading import is_folder, list_folder, read_start

_NAMES = {
    *("bin", "lib", "lib64", "include", "share", "etc", "man", "local", "site-packages"),
    *("scripts", "dlls", "libs", "tcl", "doc", "conda-meta"),  # of Windows, where case does not count
    *("lib_pypy", "lib-python", "pypy"),  # of PyPy up to 3.7
    *(CONFIG, ".gitignore", "cachedir.tag", ".lock", "pip-selfcheck.json", ".python", "pyvenv.cfg.bak"),
}
"""What stdlib venv, virtualenv, uv, pip and packages put into an environment's folder, in lower case."""

_MOST_NAMED = 3
_LONGEST = 1 << 16


def why_no_environment(folder: Path) -> str | None:
    """Why a folder is not proved to be an environment, as half a sentence; None where it is proved.

    An environment has a pyvenv.cfg, and a folder of programs with an interpreter or an activation script in
    it. Whoever made one in the folder of a project has other things beside: then it is not proved either.
    """
    if os.path.islink(folder) or not is_folder(folder):
        return "it is not a folder"
    names = list_folder(folder)
    if CONFIG not in names:
        return f"it has no {CONFIG}"
    if not any(_has_programs(folder / layout.scripts) for layout in (POSIX, WINDOWS)):
        return f"it has a {CONFIG}, and neither an interpreter nor an activation script"
    others = [name for name in names if name.lower() not in _NAMES and not is_temporary(name)]
    if others:
        shown = ", ".join(others[:_MOST_NAMED])
        more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        return f"it holds what no environment has: {shown}{more}"
    return None


def _has_programs(scripts: Path) -> bool:
    for name in list_folder(scripts):
        if re.match(r"(python|pypy)[\d.]*(t|d)?(\.exe)?$", name):
            return True
        if name.startswith("activate") and b"VIRTUAL_ENV" in read_start(scripts / name, _LONGEST):
            return True
    return False
