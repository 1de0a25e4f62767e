"""Putting pip, and what else a base brings, into an environment: as pip itself would install it."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from holdfast.cancellation import Cancellation, Report
from holdfast.creation.seeds.cache import UnpackedWheel, unpacked_wheel
from holdfast.creation.seeds.entry_points import ConsoleScript, console_scripts, scripts_for
from holdfast.creation.seeds.recipe import Recipe
from holdfast.creation.seeds.record import digest_of, record_line, record_of
from holdfast.creation.seeds.wheel import SeedWheel
from holdfast.errors import HoldfastError
from holdfast.files.cloning import Way, clone_files
from holdfast.formats.shebang import script_head
from holdfast.interpreters.interpreter import Interpreter
from holdfast.values import NamedTuple

_OWN = frozenset(("RECORD", "INSTALLER", "REQUESTED"))
"""Of the metadata, what every environment has for itself."""
_FIRST_WITH_REQUESTED = (20, 2)
_PROGRAM = """import sys

from {module} import {first}

if __name__ == "__main__":
{strip}    sys.exit({function}())
"""
# pip takes the name under which it was started for its own: `pip`, not `pip.exe`.
_STRIP = """    if sys.argv[0].endswith(".exe"):
        sys.argv[0] = sys.argv[0][:-4]
"""
_DISTLIB = "pip/_vendor/distlib"
_LAUNCHERS = {"aarch64": "t64-arm.exe", "i686": "t32.exe"}
_LAUNCHER = "t64.exe"


class PreparedSeed(NamedTuple):
    """A wheel of which everything is made that environments can share."""

    wheel: SeedWheel
    unpacked: UnpackedWheel
    launcher: Path | None
    """What starts a script on Windows."""


class SeedTarget(NamedTuple):
    """Where a seed goes."""

    site_packages: Path
    scripts: Path
    interpreter: Path
    """What the scripts will name; it may not exist yet."""
    series: str
    """X.Y, for the name `pipX.Y`."""
    windows: bool


def prepare_seeds(
    wheels: Iterable[SeedWheel],
    base: Interpreter,
    *,
    cache: Path | None,
    cancellation: Cancellation,
    report: Report,
) -> tuple[PreparedSeed, ...]:
    """Make sure that the wheels lie unpacked and undamaged in the cache, with bytecode of this base.

    `cache` is the folder that Holdfast keeps; without one, or where it cannot be used, they lie in a
    temporary folder until nobody has the answer any more. The base is started only to compile what was not
    compiled yet. Raises HoldfastError and CancelledError.
    """
    wheels = tuple(wheels)
    requested = any(wheel.name == "pip" and wheel.release >= _FIRST_WITH_REQUESTED for wheel in wheels)
    unpacked = {
        wheel: unpacked_wheel(Recipe(wheel, base, requested), cache, cancellation, report) for wheel in wheels
    }
    launcher = next((found for one in unpacked.values() if (found := _launcher(one, base))), None)
    return tuple(PreparedSeed(wheel, one, launcher) for wheel, one in unpacked.items())


def _launcher(unpacked: UnpackedWheel, base: Interpreter) -> Path | None:
    """What pip brings to start scripts on Windows; ARM runs the usual one where an old pip has no other."""
    there = unpacked.folders.get(_DISTLIB, {})
    for name in (_LAUNCHERS.get(base.architecture or "", _LAUNCHER), _LAUNCHER):
        if name in there:
            return unpacked.tree / _DISTLIB / name
    return None


def install_seed(seed: PreparedSeed, target: SeedTarget, step: Callable[[], None]) -> Way:
    """Install a wheel; how its files were cloned.

    RECORD, what else pip notes and the scripts are new files, which the environment shares with none: they
    differ, and installers write into them. No file that exists is overwritten. `step` is called between
    files and may raise to stop. Raises OSError.
    """
    tree = seed.unpacked.tree
    folders = {folder: list(files) for folder, files in seed.unpacked.folders.items()}
    own = [name for name in folders[seed.wheel.info] if name in _OWN]
    folders[seed.wheel.info] = [name for name in folders[seed.wheel.info] if name not in own]
    way = clone_files(os.fspath(tree), os.fspath(target.site_packages), folders, step)
    info = target.site_packages / seed.wheel.info
    for name in own:
        if name != "RECORD":
            _write_new(info / name, (tree / seed.wheel.info / name).read_bytes())
    record = (tree / seed.wheel.record).read_text("utf-8").splitlines()
    record += _make_scripts(seed, target)
    _write_new(info / "RECORD", record_of(record))
    return way


def _make_scripts(seed: PreparedSeed, target: SeedTarget) -> list[str]:
    """Write the package's commands; their lines in RECORD."""
    lines = []
    folder = os.path.relpath(target.scripts, target.site_packages)
    for script in _scripts(seed, target.series):
        content = _content(script, target, seed.launcher)
        name = f"{script.name}.exe" if target.windows else script.name
        _write_new(target.scripts / name, content, executable=True)
        lines.append(record_line(f"{folder}/{name}", digest_of(content), len(content)))
    return lines


def _scripts(seed: PreparedSeed, series: str) -> tuple[ConsoleScript, ...]:
    if "entry_points.txt" not in seed.unpacked.folders[seed.wheel.info]:
        return ()
    return scripts_for(series, console_scripts((seed.unpacked.tree / seed.wheel.entry_points).read_bytes()))


def _content(script: ConsoleScript, target: SeedTarget, launcher: Path | None) -> bytes:
    program = _PROGRAM.format(
        module=script.module,
        first=script.function.partition(".")[0],
        function=script.function,
        strip=_STRIP if target.windows else "",
    ).encode()
    interpreter = os.fspath(target.interpreter)
    if not target.windows:
        return script_head(interpreter) + program
    if launcher is None:
        raise HoldfastError(f"Without pip there is nothing that could start {script.name}.exe.")
    import io  # noqa: PLC0415 - Windows alone packs its scripts
    import zipfile  # noqa: PLC0415

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("__main__.py", program)
    named = f'"{interpreter}"' if " " in interpreter else interpreter
    return launcher.read_bytes() + f"#!{named}\n".encode("utf-8", "surrogateescape") + packed.getvalue()


def _write_new(path: Path, content: bytes, *, executable: bool = False) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, 0o777 if executable else 0o666), "wb") as file:
        file.write(content)
