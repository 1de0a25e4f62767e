"""Making an environment: whole, under its final name, or not at all."""

import os
from pathlib import Path

from holdfast.cancellation import Cancellation, Report, unheard
from holdfast.creation.base import Base
from holdfast.creation.config import config_of
from holdfast.creation.destination import refuse_base, refuse_prompt
from holdfast.creation.executables import place_interpreter
from holdfast.creation.plan import Links, Plan, Request, make_plan, refuse_full
from holdfast.creation.recovering import what_is_left
from holdfast.creation.site import Site
from holdfast.creation.trial import Trial
from holdfast.environments.layout import CONFIG, foreign_layout
from holdfast.errors import HoldfastError
from holdfast.files.placing import place_link
from holdfast.files.probe import probe_links
from holdfast.host import Host, cache_folder
from holdfast.typed import TYPE_CHECKING
from holdfast.values import NamedTuple

if TYPE_CHECKING:
    from holdfast.creation.seeds.wheel import SeedWheel


_CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# A Python environment, made by Holdfast.\n"


class Created(NamedTuple):
    """What was made."""

    environment: Path
    interpreter: Path
    base: Base
    links: Links
    """How its interpreter was placed."""
    alias: bool
    seeded: "tuple[SeedWheel, ...]"
    notes: tuple[str, ...]
    """What the user should know, as sentences."""


class _Work(NamedTuple):
    """What the steps of one creation share."""

    request: Request
    host: Host
    cancellation: Cancellation
    report: Report


def create(
    request: Request,
    host: Host,
    *,
    cancellation: Cancellation | None = None,
    report: Report = unheard,
) -> Created:
    """Make the environment beside its destination, try it, and rename it into place.

    Raises HoldfastError, CancelledError among them; then nothing is left behind.
    """
    refuse_prompt(request.prompt or "")
    if request.replace:
        refuse_base(request.destination, request.base.interpreter)
    work = _Work(
        request=request,
        host=host,
        cancellation=cancellation or Cancellation(),
        report=report,
    )
    try:
        with Site(request.destination, host, replace=request.replace) as site:
            plan = make_plan(request, probe_links(site.staging), host)
            refuse_full(plan, request, site.staging, host)
            made = _build(plan, site.staging, work)
            work.cancellation.check()
            left = site.commit()
    except OSError as error:
        reason = error.strerror or str(error)
        raise HoldfastError(
            f"{request.destination} could not be created: {reason}. {what_is_left(request.destination)}"
        ) from error
    return Created(
        environment=request.destination,
        interpreter=request.destination / plan.layout.scripts / plan.layout.python,
        base=request.base,
        links=made.links,
        alias=plan.alias,
        seeded=made.seeded,
        notes=(*plan.notes, *made.notes, *((left,) if left else ())),
    )


class _Made(NamedTuple):
    """What the steps have to say."""

    links: Links
    seeded: "tuple[SeedWheel, ...]"
    notes: tuple[str, ...]


def _build(plan: Plan, staging: Path, work: _Work) -> _Made:
    """Make everything in the staging folder."""
    request = work.request
    work.report("Placing the interpreter", 5)
    links = _make_core(plan, staging, work)
    work.cancellation.check()
    # It starts while the rest is written, and while the modules for that are imported: both take their
    # time, and neither needs the other.
    with Trial(staging / plan.layout.scripts / plan.layout.python) as trial:
        seeded = _seed(plan, staging, work) if request.pip else ()
        work.report("Writing activation scripts", 80)
        _write_texts(plan, staging, request)
        _make_aliases(plan, staging)
        work.cancellation.check()
        work.report("Starting the new Python", 90)
        notes = trial.finish(staging, request.base, work.cancellation)
    return _Made(links, seeded, notes)


def _make_core(plan: Plan, staging: Path, work: _Work) -> Links:
    """What an interpreter needs to start in its environment: its folders, itself and the pyvenv.cfg."""
    request = work.request
    if request.base.interpreter.implementation == "cpython":
        _make_folders(plan, staging)
        links = place_interpreter(plan, request.base, staging)
    else:
        from holdfast.creation.own_venv import run_own_venv  # noqa: PLC0415 - only PyPy needs it

        links = run_own_venv(plan, request.base, staging, work.cancellation)
    (staging / CONFIG).write_bytes(config_of(request))
    return links


def _make_folders(plan: Plan, staging: Path) -> None:
    os.makedirs(staging / plan.site_packages)
    os.mkdir(staging / plan.layout.scripts)
    os.mkdir(staging / ("Include" if plan.layout.scripts == "Scripts" else "include"))
    if plan.lib64 == "link":
        place_link(staging / "lib64", "lib")
    elif plan.lib64 == "folder":
        os.makedirs(staging / "lib64" / plan.site_packages.relative_to("lib"))


def _seed(plan: Plan, staging: Path, work: _Work) -> "tuple[SeedWheel, ...]":
    from holdfast.creation.seeds.seed import SeedTarget, install_seed, prepare_seeds  # noqa: PLC0415
    from holdfast.creation.seeds.wheel import bundled_wheels  # noqa: PLC0415

    request, base = work.request, work.request.base.interpreter
    wheels = bundled_wheels(base, work.host, setuptools=request.setuptools)
    names = " and ".join(f"{wheel.name} {wheel.version}" for wheel in wheels)
    seeds = prepare_seeds(
        wheels,
        base,
        cache=cache_folder(),
        cancellation=work.cancellation,
        report=work.report,
    )
    target = SeedTarget(
        site_packages=staging / plan.site_packages,
        scripts=staging / plan.layout.scripts,
        interpreter=request.destination / plan.layout.scripts / plan.layout.python,
        series=base.version.series if base.version else "3",
        windows=work.host.windows,
    )
    work.report(f"Installing {names}", 40)
    for seed in seeds:
        install_seed(seed, target, work.cancellation.check)
    return wheels


def _write_texts(plan: Plan, staging: Path, request: Request) -> None:
    from holdfast.creation.activation import activation_scripts  # noqa: PLC0415 - see `_build`

    scripts = staging / plan.layout.scripts
    prompt = request.prompt or request.destination.name
    for name, content in activation_scripts(request.destination, plan.layout.scripts, prompt).items():
        (scripts / name).write_bytes(content)
    (staging / ".gitignore").write_bytes(b"*\n")
    (staging / "CACHEDIR.TAG").write_text(_CACHE_TAG)


def _make_aliases(plan: Plan, staging: Path) -> None:
    """The other system's folder of programs, with the other system's name of the interpreter in it.

    Editors want the exact file that a setting names: `Scripts/python.exe` has to be there on POSIX, too.
    """
    if plan.alias:
        foreign = foreign_layout(windows=plan.layout.scripts == "Scripts")
        place_link(staging / foreign.scripts, plan.layout.scripts)
        place_link(staging / plan.layout.scripts / foreign.python, plan.layout.python)
    if plan.site_packages_link:
        place_link(staging / "site-packages", os.fspath(plan.site_packages))
