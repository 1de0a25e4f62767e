"""Which Python the version files of a project ask for, and whether any that is installed will do."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.errors import HoldfastError
from holdfast.files.reading import is_regular_file, read_bounded
from holdfast.health.surroundings import Surroundings
from holdfast.host import Host
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.landmark import series_of
from holdfast.links.shims.mise import FILES as MISE_FILES
from holdfast.typed import TYPE_CHECKING
from holdfast.workspace.asked import Asked
from holdfast.workspace.project import asked_environment, find_own_environment, path_asked_for
from holdfast.workspace.projects import Project
from holdfast.workspace.settings import PROJECT_FILE

if TYPE_CHECKING:
    from holdfast.workspace.requests import ProjectRequests

VERSION_FILES = (
    ".python-version",
    ".python-versions",
    ".tool-versions",
    *(name for name in MISE_FILES if "/" not in name),
)
_USUAL = (".python-version", ".tool-versions", "mise.toml")
_OF_UV = (".python-version", ".python-versions")
_HOLDFAST = "holdfast"
_FORBIDDEN = ("never", "manual", "false", "0")
_NO_DOWNLOADS = re.compile(rb"""\bpython-downloads["']?\s*=\s*["'](?:never|manual)["']""")
_LARGEST = 200_000


def version_files(project: Project, host: Host) -> frozenset[str]:
    """The version files that a project has; asking for these is all that is done of most."""
    places = (place for place in project.places if not host.mounts.silent(place))
    files = (os.path.join(place, name) for place in places for name in VERSION_FILES)
    return frozenset(filter(os.path.lexists, files))


def usual_version_files(project: Project) -> Iterator[str]:
    """Those that a project often has, be they there or not."""
    return (os.path.join(place, name) for place in project.places for name in _USUAL)


def unavailable_wishes(
    project: Project, files: frozenset[str], around: Surroundings
) -> tuple[tuple[Path, Asked], ...]:
    """What the version files of a project ask for that is not installed, with the folder that it is for.

    `files`: its version files. Of one that names several, the first. Nothing is said where the environment
    has what is asked for or is broken, which is a problem of its own, and where uv is going to fetch what is
    missing.
    """
    asking = {os.path.dirname(file) for file in files}
    if project.settings.values.get("python"):
        asking.add(os.fspath(project.folder))
    places = [place for place in project.places if os.fspath(place) in asking] if asking else []
    # What the files of the project ask for is for its own folder.
    wishes = {one: place for place in reversed(places) for one in _unavailable_in(place, project, around)}
    return tuple((place, one) for one, place in wishes.items())


def _unavailable_in(place: Path, project: Project, around: Surroundings) -> Iterator[Asked]:
    from holdfast.workspace.requests import project_requests  # noqa: PLC0415 - few projects ask

    asked = project_requests(place, around.host)
    groups = [group for group in asked.preferences if _is_version_file(group[0], asked)]
    met = _met_by_environment(place, project, asked, around) if groups else None
    if met is None:
        return
    for group in groups:
        if not any(one in met or _may_be_had(one, place, around) for one in group):
            yield group[0]


def _is_version_file(one: Asked, asked: "ProjectRequests") -> bool:
    """Whether a wish stands in the project: what stands above is a person's default."""
    return one.file.is_relative_to(asked.root) and (
        one.reader == _HOLDFAST or one.file.name in VERSION_FILES or one.reader == "mise"
    )


def _met_by_environment(
    place: Path, project: Project, asked: "ProjectRequests", around: Surroundings
) -> frozenset[Asked] | None:
    """What the environment of a folder is; nothing where it has none. None where it is broken."""
    own = find_own_environment(place, project.environment_name, around.host)
    if own is None:
        return frozenset()
    from holdfast.workspace.choice import choose_environment  # noqa: PLC0415 - few projects ask

    try:
        choice = choose_environment(own, asked, around.reader, "")
    except HoldfastError:  # a disk that does not answer
        return None
    return frozenset(one for one, fits in choice.requests if fits) if choice.interpreter else None


def _may_be_had(one: Asked, place: Path, around: Surroundings) -> bool:
    """Whether an installed interpreter is what is asked for, may be it, or comes when it is needed."""
    request, host = one.request, around.host
    if request.system or request.platform not in (None, host.platform) or host.is_foreign(request.path):
        return True  # what is asked of another system is no wish for this one
    if asked_environment(one, host) or _is_fetched_by_uv(one, place, host):
        return True
    if request.path:
        path = path_asked_for(one, host)
        return path is not None and around.reader.describe(path).usable
    return any(_may_be(found.interpreter, one, around) for found in around.installed)


def _may_be(interpreter: Interpreter, one: Asked, around: Surroundings) -> bool:
    """Whether it is what is asked for, or may be: the patch version of some is known only to themselves."""
    from holdfast.workspace.choice import meets  # noqa: PLC0415 - few projects ask

    if interpreter.is_unclear and interpreter.tag:
        return series_of(interpreter.tag) in one.text
    return meets(one, interpreter, around.reader)


def _is_fetched_by_uv(one: Asked, place: Path, host: Host) -> bool:
    """Whether uv is there and downloads what such a file asks for, as it does unless somebody forbids it."""
    if one.file.name not in _OF_UV or one.request.name or one.request.path:
        return False
    if host.env.get("UV_PYTHON_DOWNLOADS", "").lower() in _FORBIDDEN or host.env.get("UV_OFFLINE"):
        return False
    files = {folder / name for folder in (place, one.file.parent) for name in ("uv.toml", PROJECT_FILE)}
    contents = (read_bounded(file, _LARGEST) for file in files)
    if any(isinstance(content, bytes) and _NO_DOWNLOADS.search(content) for content in contents):
        return False
    folders = (*host.search_path, host.home / ".local" / "bin", host.home / ".cargo" / "bin")
    program = "uv.exe" if host.windows else "uv"
    return any(is_regular_file(folder / program) for folder in folders if not host.mounts.silent(folder))
