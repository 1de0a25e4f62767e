"""Making an environment: whole, under its final name, or not at all."""

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from holdfast import __version__
from holdfast.cancellation import Cancellation
from holdfast.creation.activation import activation_scripts
from holdfast.creation.base import Base
from holdfast.creation.destination import refuse_unfit
from holdfast.creation.seed import PipTarget, PipWheel, bundled_pip, install_pip
from holdfast.creation.verify import verify
from holdfast.environments.layout import CONFIG, Layout, native_layout
from holdfast.errors import HoldfastError
from holdfast.files.placing import place_copy, place_link, temporary_sibling
from holdfast.files.probe import probe_links
from holdfast.host import Host

Links = Literal["symlink", "hardlink", "copy"]
Report = Callable[[str, int], None]
"""Called with what is being done and how much is done, in percent."""

_CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# A Python environment, made by Holdfast.\n"


@dataclass(frozen=True)
class Request:
    """What to make."""

    destination: Path
    """Absolute; what stands there must be missing or an empty folder."""
    base: Base
    pip: bool = True
    prompt: str | None = None


@dataclass(frozen=True)
class Created:
    """What was made."""

    environment: Path
    interpreter: Path
    base: Base
    links: Links
    """How its interpreter was placed."""
    seeded: tuple[PipWheel, ...]


@dataclass(frozen=True)
class _Plan:
    """Everything that is decided before the first write."""

    request: Request
    layout: Layout
    symlinks: bool
    lib64: bool
    """Whether to make `lib64` a link to `lib`, as stdlib venv does where a build may look there."""
    pip: PipWheel | None
    staging: Path


def create(
    request: Request,
    host: Host,
    *,
    cancellation: Cancellation | None = None,
    report: Report = lambda _what, _percent: None,
) -> Created:
    """Make the environment beside its destination, try it, and rename it into place.

    Raises HoldfastError, CancelledError among them; then nothing is left behind.
    """
    cancellation = cancellation or Cancellation()
    destination = request.destination
    refuse_unfit(destination, host)
    pip = bundled_pip(request.base.interpreter) if request.pip else None
    made_parents = _make_parents(destination.parent)
    staging = temporary_sibling(destination)
    try:
        staging.mkdir()
        symlinks = not host.windows and probe_links(staging).symlinks
        plan = _Plan(
            request=request,
            layout=native_layout(windows=host.windows),
            symlinks=symlinks,
            lib64=symlinks and host.platform == "linux",
            pip=pip,
            staging=staging,
        )
        _build(plan, cancellation, report)
        if destination.is_dir():
            shutil.copymode(destination, staging)
        os.rename(staging, destination)  # replaces an empty folder, refuses any other
    except BaseException as error:
        shutil.rmtree(staging, ignore_errors=True)
        _remove_empty(made_parents)
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            raise HoldfastError(
                f"{destination} could not be created: {reason}. Nothing was left behind."
            ) from error
        raise
    scripts = destination / plan.layout.scripts
    return Created(
        environment=destination,
        interpreter=scripts / plan.layout.python,
        base=request.base,
        links="symlink" if plan.symlinks else "copy",
        seeded=(pip,) if pip else (),
    )


def _build(plan: _Plan, cancellation: Cancellation, report: Report) -> None:
    request = plan.request
    prefix = request.base.interpreter.prefix
    if prefix is None:
        raise HoldfastError(f"{request.base.path} has no standard library.")
    report("Placing the interpreter", 5)
    site_packages = _make_folders(plan)
    scripts = plan.staging / plan.layout.scripts
    _place_interpreter(plan, scripts)
    (plan.staging / CONFIG).write_text(_config(request), encoding="utf-8", errors="surrogateescape")
    cancellation.check()
    if plan.pip:
        report(f"Installing pip {plan.pip.version}", 20)
        install_pip(
            plan.pip,
            PipTarget(
                site_packages=site_packages,
                scripts=scripts,
                interpreter=request.destination / plan.layout.scripts / plan.layout.python,
                series=_series(request),
            ),
            step=cancellation.check,
        )
    report("Writing activation scripts", 80)
    prompt = request.prompt or request.destination.name
    for name, content in activation_scripts(request.destination, plan.layout.scripts, prompt).items():
        (scripts / name).write_bytes(content)
    (plan.staging / ".gitignore").write_text("*\n")
    (plan.staging / "CACHEDIR.TAG").write_text(_CACHE_TAG)
    cancellation.check()
    report("Starting the new Python", 90)
    verify(scripts / plan.layout.python, plan.staging, prefix, cancellation)
    cancellation.check()


def _make_folders(plan: _Plan) -> Path:
    tag = plan.request.base.interpreter.tag
    windows = plan.layout.scripts == "Scripts"
    library = plan.staging / "Lib" if windows else plan.staging / "lib" / tag
    (library / "site-packages").mkdir(parents=True)
    (plan.staging / plan.layout.scripts).mkdir()
    (plan.staging / ("Include" if windows else "include")).mkdir()
    if plan.lib64:
        place_link(plan.staging / "lib64", "lib")
    return library / "site-packages"


def _place_interpreter(plan: _Plan, scripts: Path) -> None:
    base, tag = plan.request.base, plan.request.base.interpreter.tag
    if plan.symlinks:
        place_link(scripts / "python", os.fspath(base.path))
        for name in ("python3", tag):
            place_link(scripts / name, "python")
    elif plan.layout.scripts == "Scripts":
        _place_windows_launchers(base, scripts)
    else:
        for name in ("python", "python3", tag):
            place_copy(scripts / name, base.interpreter.real)


def _place_windows_launchers(base: Base, scripts: Path) -> None:
    """The redirectors that stdlib venv copies: `venvlauncher.exe` since 3.13, `python.exe` before."""
    folder = base.path.parent / "Lib" / "venv" / "scripts" / "nt"
    for name, newer in (("python.exe", "venvlauncher.exe"), ("pythonw.exe", "venvwlauncher.exe")):
        source = folder / newer if (folder / newer).exists() else folder / name
        place_copy(scripts / name, source)


def _config(request: Request) -> str:
    interpreter = request.base.interpreter
    lines = {
        "home": os.fspath(request.base.path.parent),
        "implementation": "CPython",
        "version_info": str(interpreter.version),
        "include-system-site-packages": "false",
        **({"prompt": request.prompt} if request.prompt else {}),
        "executable": os.fspath(interpreter.real),
        "base-executable": os.fspath(request.base.path),
        "command": f"holdfast create {request.destination}",
        "holdfast": __version__,
    }
    return "".join(f"{key} = {value}\n" for key, value in lines.items())


def _series(request: Request) -> str:
    version = request.base.interpreter.version
    return version.series if version else "3"


def _make_parents(folder: Path) -> list[Path]:
    """Make a folder and what is missing above it; the made ones, innermost first."""
    missing = []
    current = folder
    while not os.path.lexists(current):
        missing.append(current)
        current = current.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_empty(missing)
        reason = error.strerror or str(error)
        raise HoldfastError(f"The folder {folder} cannot be made: {reason}.") from error
    return missing


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()
