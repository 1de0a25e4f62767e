"""Deciding what is made, from what the base needs and what the disk can hold: before anything is written."""

import os
from collections.abc import Iterator
from pathlib import Path

from holdfast.creation.base import Base
from holdfast.environments.layout import REDIRECT, Layout, native_layout
from holdfast.errors import HoldfastError
from holdfast.files.probe import LinkSupport
from holdfast.formats.linkage import read_linkage
from holdfast.host import Host
from holdfast.interpreters.compiled import code_file
from holdfast.interpreters.interpreter import Interpreter
from holdfast.typed import Literal
from holdfast.values import NamedTuple

Links = Literal["symlink", "hardlink", "copy"]
WantedLinks = Literal["auto", "symlink", "copy"]

_ORIGIN = ("$ORIGIN", "${ORIGIN}")
_SHARED_PREFIXES = ("/usr", "/usr/local")
_SMALL = 2 << 20
"""Bytes for what is always written: scripts, folders, texts."""
_PIP = 24 << 20
"""Bytes of pip with its bytecode, where its files cannot be linked."""


class Request(NamedTuple):
    """What to make."""

    destination: Path
    """Absolute."""
    base: Base
    pip: bool = True
    setuptools: bool = True
    """Whether setuptools comes with pip for a base below 3.12, as stdlib venv has it."""
    prompt: str | None = None
    links: WantedLinks = "auto"
    alias: bool = False
    site_packages_link: bool = False
    system_packages: bool = False
    """Whether the base's packages are seen, too."""
    replace: bool = False
    """Whether an environment that stands there is replaced."""


class Companion(NamedTuple):
    """A library that a copied executable looks for from its own folder on."""

    source: Path
    place: Path
    """Relative to the environment."""


class Plan(NamedTuple):
    """Everything that is decided before the first file of the environment is written."""

    layout: Layout
    links: tuple[Links, ...]
    """How to place the interpreter: the first way that the file system does not refuse."""
    companions: tuple[Companion, ...]
    """What goes with an executable that is not linked."""
    site_packages: Path
    """Relative to the environment."""
    lib64: Literal["link", "folder", "absent"]
    alias: bool
    site_packages_link: bool
    has_hardlinks: bool
    """Whether a file there can have several names."""
    notes: tuple[str, ...] = ()
    """What of the request could not be, as sentences."""


def make_plan(request: Request, support: LinkSupport, host: Host) -> Plan:
    """Decide, from what a folder at the destination can hold.

    Raises HoldfastError where no working environment can be made there.
    """
    base = request.base.interpreter
    if support.unusable:
        raise HoldfastError(f"Nothing can be made in {request.destination.parent}: {support.unusable}.")
    links = _links(request, support, host)
    if support.noexec and links[0] != "symlink":
        raise HoldfastError(
            f"The disk of {request.destination} allows no programs (noexec), and no link to one. "
            f"{_elsewhere(request.destination)}"
        )
    linkable = support.folder_symlinks and support.symlinks
    library = _library(base, windows=host.windows)
    return Plan(
        layout=native_layout(windows=host.windows),
        links=links,
        companions=() if links[0] == "symlink" else tuple(_companions(base, host)),
        site_packages=library / "site-packages",
        lib64=_lib64(base, host, linkable=linkable),
        alias=request.alias and linkable,
        site_packages_link=request.site_packages_link and linkable,
        has_hardlinks=support.hardlinks,
        notes=tuple(_notes(request, support, linkable=linkable)),
    )


def _notes(request: Request, support: LinkSupport, *, linkable: bool) -> Iterator[str]:
    wanted = {"alias": request.alias, "site-packages": request.site_packages_link}
    for name, is_wanted in wanted.items():
        if is_wanted and not linkable:
            yield f"The {name} link was left out: the disk of {request.destination} holds no links."
    if support.noexec:
        yield (
            f"The disk of {request.destination} allows no programs (noexec). Its Python, a link, starts; "
            "commands of packages do not: start them as modules, such as `python -m pip`."
        )


def refuse_full(plan: Plan, request: Request, folder: Path, host: Host) -> None:
    """Raise HoldfastError where the disk of a folder has no room for the environment."""
    if not hasattr(os, "statvfs"):  # Windows says so when it is full
        return
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    copies = () if plan.links[0] != "copy" else (request.base.interpreter.real,)
    copied = sum(map(os.path.getsize, (*copies, *(one.source for one in plan.companions))))
    # The cache is on the disk of the home folder, as a rule: from there alone files can be linked.
    links_pip = plan.has_hardlinks and _is_same_disk(folder, host.home)
    needed = _SMALL + copied + (0 if links_pip or not request.pip else _PIP)
    if free < needed:
        raise HoldfastError(
            f"The disk of {request.destination} has {free >> 20} MB left, and the environment needs about "
            f"{needed >> 20} MB. Make room, or choose another place."
        )


def _is_same_disk(one: Path, other: Path) -> bool:
    try:
        return os.stat(one).st_dev == os.stat(other).st_dev
    except OSError:
        return False


def _links(request: Request, support: LinkSupport, host: Host) -> tuple[Links, ...]:
    if host.windows:  # its launchers find the base by pyvenv.cfg, and links to programs need a privilege
        return ("copy",)
    if request.base.interpreter.implementation == "pypy":
        _refuse_copies_of_pypy(request, support, host)
    if request.links == "copy":
        return ("copy",)
    if support.symlinks:
        return ("symlink",)
    if request.links == "symlink":
        why = support.refusals.get("symlinks", "its file system cannot hold them")
        raise HoldfastError(
            f"Symbolic links cannot be made at {request.destination}: {why}. Leave the choice to Holdfast "
            "(links: auto), or choose another place."
        )
    return ("hardlink", "copy") if support.hardlinks else ("copy",)


def _elsewhere(destination: Path) -> str:
    """What to do where a disk can hold no environment. A file that leads to one has to be called `.venv`."""
    if destination.name == REDIRECT:
        return "Choose another place, or keep the environment on another disk (--redirect)."
    return "Choose another place."


def _refuse_copies_of_pypy(request: Request, support: LinkSupport, host: Host) -> None:
    """Raise HoldfastError where PyPy's own venv would have to copy, and cannot.

    It always makes `lib64` a link. A copy takes along whatever lies beside its library: for a PyPy of the
    system, all of /usr/lib.
    """
    base = request.base.interpreter
    if not support.symlinks:
        raise HoldfastError(
            f"{base.title} makes environments with links only, and the disk of {request.destination} holds "
            f"none. {_elsewhere(request.destination)}"
        )
    shared = [host.at(folder) for folder in _SHARED_PREFIXES]
    if request.links == "copy" and base.prefix and base.prefix.folder in shared:
        raise HoldfastError(
            f"{base.title} cannot be copied: it is installed in {base.prefix.folder}, and would take along "
            "what else is there. Leave the choice to Holdfast (links: auto)."
        )


def _library(base: Interpreter, *, windows: bool) -> Path:
    """Where the base looks for the environment's packages written in Python: sysconfig's `venv` scheme.

    In `lib`, also where its own library is in `lib64`.
    """
    return Path("Lib") if windows else Path("lib", base.tag)


def _lib64(base: Interpreter, host: Host, *, linkable: bool) -> Literal["link", "folder", "absent"]:
    """What `lib64` is: a link to `lib` as stdlib venv makes it, so that either name will do.

    Where no link can be, a base whose own library is in `lib64` looks there for compiled packages, and no
    other base ever does.
    """
    if host.platform != "linux":
        return "absent"
    if linkable:
        return "link"
    return "folder" if base.prefix and base.prefix.library.parent.name == "lib64" else "absent"


def _companions(base: Interpreter, host: Host) -> list[Companion]:
    """The libpython that the executable finds by `$ORIGIN`, beside it; one that is elsewhere stays there."""
    code, linkage = code_file(base.real, host), read_linkage(base.real)
    if code is None or linkage is None or code == base.real:
        return []
    if not any(folder.startswith(_ORIGIN) for folder in linkage.run_path):
        return []
    place = Path(os.path.normpath(Path("bin", os.path.relpath(code.parent, base.real.parent), code.name)))
    return [] if os.pardir in place.parts else [Companion(code, place)]
