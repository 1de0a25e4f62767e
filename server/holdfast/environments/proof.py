"""Proof that a folder is an environment and nothing else, so that it may be replaced or deleted."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.environments.layout import CONFIG, POSIX, WINDOWS, site_packages
from holdfast.files.placing import is_temporary
from holdfast.files.reading import is_folder, list_folder, read_bounded, read_start
from holdfast.host import Host
from holdfast.interpreters.prefix import prefix_at

OF_MAKERS = {
    *("bin", "scripts", "include", "lib", "lib64", "site-packages"),
    *("lib_pypy", "lib-python", "pypy"),  # of PyPy up to 3.7
    *(CONFIG, ".gitignore", "cachedir.tag", ".lock", "pip-selfcheck.json", "pyvenv.cfg.bak"),
}
"""What stdlib venv, virtualenv and uv put into an environment's folder, in lower case."""
_OF_PACKAGES = {"share", "etc", "man", "doc", "libexec", "var", "conf"}
"""Where packages put files of theirs, which they record."""
_LIBRARIES = r"(?:python|pypy)\d|site-packages$|lib(?:python|pypy)|pkgconfig$|python$"
_PROGRAMS = (
    r"(?:python|pypy|pip|wheel|easy_install|pydoc|activate|deactivate|Activate|py|idle|lib(?:python|pypy))"
    r"|.*\.(?:dll|pyd|nu|xsh)$"
)
"""What makers put into the folder of programs; the rest is recorded by packages."""
_MOST_NAMED = 3
_LONGEST = 1 << 16
_LARGEST_RECORD = 50_000_000


def why_no_environment(folder: Path, host: Host) -> str | None:
    """Why a folder is not proved to be an environment alone, as half a sentence; None where it is proved.

    It has a pyvenv.cfg, an interpreter or an activation script, and nothing but what makers of environments
    put there and packages record. Whoever made an environment in the folder of a project, or in `~/.local`,
    has more in it; a pyvenv.cfg that strayed into an installation makes none of it.
    """
    return next(_reasons(folder, host), None)


def _reasons(folder: Path, host: Host) -> Iterator[str]:
    if os.path.islink(folder) or not is_folder(folder):
        yield "it is not a folder"
    names = list_folder(folder)
    if CONFIG not in names:
        yield f"it has no {CONFIG}"
    if "conda-meta" in names:
        yield "it is an environment of conda"
    if prefix_at(folder, None, windows=host.windows):
        yield "it is an installation of Python, with a standard library"
    if not any(_has_interpreter(folder / layout.scripts) for layout in (POSIX, WINDOWS)):
        yield f"it has a {CONFIG}, and neither an interpreter nor an activation script"
    if mount := host.mounts.below(folder):
        yield f"{mount} in it is mounted from elsewhere"
    if others := sorted(_others(folder, names)):
        shown = ", ".join(others[:_MOST_NAMED])
        more = f" and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        yield f"it holds what no maker and no package has put there: {shown}{more}"


def _has_interpreter(scripts: Path) -> bool:
    for name in list_folder(scripts):
        if re.match(r"(python|pypy)[\d.]*(t|d)?(\.exe)?$", name):
            return True
        if name.startswith("activate") and b"VIRTUAL_ENV" in read_start(scripts / name, _LONGEST):
            return True
    return False


def _others(folder: Path, names: tuple[str, ...]) -> Iterator[str]:
    """What is in an environment beside itself, by its path from the environment on."""
    recorded: frozenset[str] | None = None
    for name in names:
        if is_temporary(name):
            continue
        if name.lower() in ("lib", "lib64") and not (folder / name).is_symlink():
            inner = list_folder(folder / name)
            yield from (f"{name}/{one}" for one in inner if not re.match(_LIBRARIES, one))
        elif name.lower() in ("bin", "scripts", *_OF_PACKAGES):
            recorded = recorded if recorded is not None else _recorded(folder)
            is_programs = name.lower() in ("bin", "scripts")
            for file in _files(folder, name):
                is_makers = is_programs and re.match(_PROGRAMS, os.path.basename(file))
                if not is_makers and file not in recorded:
                    yield file
        elif name.lower() not in OF_MAKERS:
            yield name


def _files(folder: Path, name: str) -> Iterator[str]:
    """Every file and link below a folder of an environment, by its path; bytecode left out."""
    if (folder / name).is_symlink():
        return
    for parent, folders, files in os.walk(folder / name):
        if os.path.basename(parent) == "__pycache__":
            continue
        links = [one for one in folders if os.path.islink(os.path.join(parent, one))]
        yield from (os.path.relpath(os.path.join(parent, one), folder) for one in (*files, *links))


def _recorded(folder: Path) -> frozenset[str]:
    """What packages record outside of site-packages, by its path in the environment."""
    found = set()
    for packages in site_packages(folder):
        for info in list_folder(packages):
            if not info.endswith(".dist-info"):
                continue
            content = read_bounded(packages / info / "RECORD", _LARGEST_RECORD)
            for line in content.splitlines() if isinstance(content, bytes) else ():
                path = line.partition(b",")[0].strip(b'"')
                if path.startswith(b".."):
                    found.add(os.path.relpath(os.path.join(packages, os.fsdecode(path)), folder))
    return frozenset(found)
