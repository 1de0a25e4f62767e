"""Which tool installs what a project needs, and by which commands."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfast.creation.requirements.source import Kind, RequirementSource
from holdfast.environments.layout import site_packages
from holdfast.errors import HoldfastError
from holdfast.files.reading import is_regular_file, list_folder, read_start, same_folder
from holdfast.host import Host
from holdfast.links.chain import LinkChain, follow
from holdfast.links.shims.recognise import shim_at
from holdfast.values import NamedTuple

_READS_PYLOCK = (26, 1)
"""The first pip that takes `-r pylock.toml`."""


class Tool(NamedTuple):
    """What installs."""

    name: str
    """`uv`, or `pip 25.3`."""
    uv: Path | None
    """The executable; None for the environment's own pip."""


class Command(NamedTuple):
    """One start of a tool."""

    what: str
    """What it installs, for people."""
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a command works."""

    python: Path
    """The interpreter of the environment."""
    project: Path
    """The folder in which it is started, so that no awkward name has to be passed to it."""
    scratch: Path
    """An empty folder that is removed afterwards, by its real path."""


def choose_tool(
    sources: Iterable[RequirementSource], host: Host, workspace: Sequence[Path], pip: str | None
) -> Tool:
    """Uv where it is installed, else the environment's pip of the version `pip`; nothing is started.

    A uv that lies in a folder of the workspace, or is reached through one, does not count. Raises
    HoldfastError where there is no tool, or the tool cannot install one of the sources.
    """
    if uv := find_uv(host, workspace):
        return Tool("uv", uv)
    if pip is None:
        raise HoldfastError(
            "Nothing can be installed: the environment is without pip, and there is no uv on PATH. "
            "Create it with pip, or install uv."
        )
    tool = Tool(f"pip {pip}", None)
    for source in sources:
        if why := _pip_refuses(source, pip):
            raise HoldfastError(
                f"{tool.name} cannot install {source.id}: {why}. Install uv, or leave it out."
            )
    return tool


def find_uv(host: Host, workspace: Sequence[Path]) -> Path | None:
    """The first uv on PATH that is a program of the machine, not of the workspace; None without one.

    Shims of version managers are passed over: which uv they start, if any, is up to the project's files.
    """
    for folder in host.search_path:
        path = folder / ("uv.exe" if host.windows else "uv")
        chain = follow(path, host.mounts)
        if chain.state == "ok" and _is_program(chain) and not _is_reached_through(chain, workspace):
            return path
    return None


def installed_pip(environment: Path) -> str | None:
    """The version of the pip in an environment; None where it has none."""
    for folder in site_packages(environment):
        if is_regular_file(folder / "pip" / "__main__.py"):
            infos = (re.fullmatch(r"pip-(.+)\.dist-info", name) for name in list_folder(folder))
            if found := next(filter(None, infos), None):
                return found[1]
    return None


def commands(tool: Tool, sources: Sequence[RequirementSource], place: Place) -> Iterator[Command]:
    """What to start, one after the other: locks first, and all that goes together at once.

    Together the requirements are resolved as one, so that none undoes what another asked for.
    """
    if tool.uv:
        yield from _uv_commands(os.fspath(tool.uv), sources, place)
    else:
        yield from _pip_commands(sources, place)


def _pip_refuses(source: RequirementSource, version: str) -> str | None:
    if source.kind == "uv.lock":
        return "only uv reads it"
    if source.kind == "pylock" and tuple(map(int, re.findall(r"\d+", version)[:2])) < _READS_PYLOCK:
        return f"pip reads such files from {'.'.join(map(str, _READS_PYLOCK))} on"
    if source.kind in ("group", "dependencies") and source.requirements is None:
        return "its requirements name the project itself, which is no package"
    return None


def _is_program(chain: LinkChain) -> bool:
    if not (is_regular_file(chain.end) and os.access(chain.end, os.X_OK)):
        return False
    # uv is a binary: a script of that name is a shim or somebody's wrapper.
    return read_start(chain.end, 2) != b"#!" and shim_at(chain.start, chain.end) is None


def _is_reached_through(chain: LinkChain, workspace: Sequence[Path]) -> bool:
    """Whether a path, a link on its way or its end lies in one of these folders, however they are spelled."""
    names = {*chain.spellings, *(hop.link for hop in chain.hops), chain.end}
    above = {parent for name in names for parent in name.parents}
    return any(same_folder(parent, folder) for parent in above for folder in workspace)


def _uv_commands(uv: str, sources: Sequence[RequirementSource], place: Place) -> Iterator[Command]:
    install = (uv, "pip", "install", "--python", os.fspath(place.python))
    together = [source for source in sources if source.kind not in ("uv.lock", "pylock")]
    if lock := next((source for source in sources if source.kind == "uv.lock"), None):
        # Not `uv sync`: it removes an environment whose Python does not fit the project and makes another.
        # Extras and groups are installed as the lock has them; the project itself is in it.
        exported = os.fspath(place.scratch / "pylock.toml")
        options = (*_extras(together), *_groups(together))
        arguments = ("--quiet", "--frozen", "--python", install[-1], "--format", "pylock.toml", *options)
        yield Command(lock.id, (uv, "export", *arguments, "--output-file", exported))
        locked = [lock, *(source for source in together if source.kind != "file")]
        yield Command(_all_of(locked), (*install, "-r", exported))
        together = [source for source in together if source.kind == "file"]
    for source in sources:
        if source.kind == "pylock":
            yield Command(source.id, (*install, "-r", _inside(source.file, place.project)))
    if together:
        listed = _of_kind(together, "dependencies")
        from_project = ("-r", _inside(listed[0].file, place.project), *_extras(listed)) if listed else ()
        options = (*_files(together, place), *_editable(together), *from_project, *_groups(together))
        yield Command(_all_of(together), (*install, *options))


def _pip_commands(sources: Sequence[RequirementSource], place: Place) -> Iterator[Command]:
    # -I: in a project's folder `-m pip` would start the project's own pip.py.
    install = (os.fspath(place.python), "-I", "-m", "pip", "install")
    for source in sources:
        if source.alone:
            yield Command(source.id, (*install, *_files([source], place)))
    together = [source for source in sources if not source.alone]
    # Groups are read here: pip does so from 25.1 on only.
    requirements = dict.fromkeys(one for source in together for one in source.requirements or ())
    options = (*_files(together, place), *_editable(together))
    if options or requirements:
        yield Command(
            _all_of(together), (*install, *options, *(("--", *requirements) if requirements else ()))
        )


def _files(sources: Iterable[RequirementSource], place: Place) -> Iterator[str]:
    for source in _of_kind(sources, "file", "pylock"):
        yield from ("-r", _inside(source.file, place.project))


def _editable(sources: Iterable[RequirementSource]) -> Iterator[str]:
    """The project itself, once, with all the extras that are asked for."""
    projects = _of_kind(sources, "project")
    extras = ",".join(source.name for source in projects if source.name)
    if projects:
        yield from ("-e", f".[{extras}]" if extras else ".")


def _extras(sources: Iterable[RequirementSource]) -> Iterator[str]:
    for source in _of_kind(sources, "project", "dependencies"):
        if source.name:
            yield from ("--extra", source.name)


def _groups(sources: Iterable[RequirementSource]) -> Iterator[str]:
    for source in _of_kind(sources, "group"):
        yield from ("--group", source.name or "")


def _of_kind(sources: Iterable[RequirementSource], *kinds: Kind) -> list[RequirementSource]:
    return [source for source in sources if source.kind in kinds]


def _inside(file: Path, project: Path) -> str:
    """The file as seen from the project, in a form that cannot be taken for an option or a URL."""
    if file.is_relative_to(project):
        return os.path.join(os.curdir, file.relative_to(project))
    return os.fspath(file)


def _all_of(sources: Iterable[RequirementSource]) -> str:
    return ", ".join(source.id for source in sources)
