"""The interpreter of a new environment: links to its base, or copies with what they load."""

import os
from pathlib import Path

from holdfast.creation.base import Base
from holdfast.creation.plan import Links, Plan
from holdfast.files.placing import place_copy, place_hardlink, place_link


def place_interpreter(plan: Plan, base: Base, environment: Path) -> Links:
    """Place the interpreter under its names, and say in which way. Raises OSError where no way is left."""
    scripts = environment / plan.layout.scripts
    if plan.layout.scripts == "Scripts":
        _place_windows_launchers(base, scripts)
        return "copy"
    first, *others = (scripts / name for name in dict.fromkeys(("python", "python3", base.interpreter.tag)))
    links = _place_first(first, plan, base)
    for other in others:
        if links == "symlink":
            place_link(other, first.name)
        else:
            _place_again(other, first, plan)
    for companion in plan.companions:
        place = environment / companion.place
        place.parent.mkdir(parents=True, exist_ok=True)
        place_copy(place, companion.source)
    return links


def _place_first(path: Path, plan: Plan, base: Base) -> Links:
    real = base.interpreter.real
    if plan.links[0] == "symlink":
        place_link(path, os.fspath(base.path))
        return "symlink"
    if plan.links[0] == "hardlink":
        try:
            place_hardlink(path, real)
        except OSError:  # another disk; or fs.protected_hardlinks: the base is somebody else's
            pass
        else:
            return "hardlink"
    place_copy(path, real)
    return "copy"


def _place_again(path: Path, first: Path, plan: Plan) -> None:
    """Another name for a program that is there: its file again where the disk can, else one more copy."""
    if plan.has_hardlinks:
        place_hardlink(path, first)
    else:
        place_copy(path, first)


def _place_windows_launchers(base: Base, scripts: Path) -> None:
    """The redirectors that stdlib venv copies: `venvlauncher.exe` since 3.13, `python.exe` before."""
    folder = base.path.parent / "Lib" / "venv" / "scripts" / "nt"
    for name, newer in (("python.exe", "venvlauncher.exe"), ("pythonw.exe", "venvwlauncher.exe")):
        source = folder / newer if (folder / newer).exists() else folder / name
        place_copy(scripts / name, source)
