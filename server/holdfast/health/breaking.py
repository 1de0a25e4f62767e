"""The environment variables that are set somewhere and break the environments of a project."""

import os
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from holdfast.environments.base import true_base
from holdfast.environments.environment import describe_environment
from holdfast.environments.layout import CONFIG
from holdfast.files.reading import is_regular_file, list_folder
from holdfast.formats.span import Span
from holdfast.health.surroundings import Surroundings
from holdfast.health.variables import NAMES, OF_PATHS, Started, effect_of, is_set_by_system, started_by
from holdfast.values import NamedTuple
from holdfast.workspace.configured.assigned import Assigned
from holdfast.workspace.configured.variables import Scope, locate
from holdfast.workspace.project import find_own_environment
from holdfast.workspace.projects import Project

_MOST = 50
"""Environments of one folder that are looked at."""


class Breaking(NamedTuple):
    """A variable with which an environment does not work."""

    name: str
    value: str
    effect: str
    """Half a sentence."""
    environment: Path
    file: Path
    span: Span
    """Where it is set; of one of the process's own, `home` of that environment."""
    is_of_process: bool = True
    others: int = 0
    """How many other environments of the project do not work with it."""


def breaking_variables(
    project: Project, assigned: Iterable[Assigned], around: Surroundings
) -> tuple[Breaking, ...]:
    """What breaks the own environments of a project's folders: of each cause the first.

    `assigned`: what its files set. Of most projects nothing is read: no variable that counts is set anywhere.
    """
    return (*_of_process(project, around), *_of_files(project, assigned, around))


def _of_process(project: Project, around: Surroundings) -> Iterator[Breaking]:
    host = around.host
    own = {name: value for name, value in host.env.items() if name in NAMES}
    own = {name: value for name, value in own.items() if not is_set_by_system(name, host)}
    started = tuple(_started_anywhere(project, around)) if own else ()
    for name, value in own.items():
        found = [(one, effect) for one in started if (effect := _of_relative(name, value, one))]
        readable = [(one, effect) for one, effect in found if is_regular_file(one.environment.config_path)]
        for one, effect in readable[:1]:
            environment = one.environment
            file, span = environment.config_path, environment.home_span
            yield Breaking(name, value, effect, environment.path, file, span, others=len(found) - 1)


def _of_relative(name: str, value: str, started: Started) -> str | None:
    """The effect of a variable. Relative paths begin wherever Python is started: here, in the project."""
    host, folder = started.host, started.environment.path.parent
    return effect_of(name, value, lambda text: locate(folder, text, host), started)


def _of_files(project: Project, assigned: Iterable[Assigned], around: Surroundings) -> Iterator[Breaking]:
    """Of a variable that is set for many folders, the first that has an environment which it breaks."""
    started: dict[Path, Started | None] = {}
    for one in assigned:
        for scope in one.scopes if one.name in NAMES and _is_known(one) else ():
            folder = scope.folder
            if folder not in started:
                started[folder] = _started_for(folder, project, around)
            own = started[folder]
            effect = own and effect_of(one.name, one.value, partial(_expanded, one, scope), own)
            if own and effect:
                path = own.environment.path
                yield Breaking(one.name, one.value, effect, path, one.file, one.span, is_of_process=False)
                break


def _expanded(one: Assigned, scope: Scope, text: str) -> Path | None:
    return one.expand(text, scope)


def _is_known(one: Assigned) -> bool:
    """Whether a value reaches the process as it stands: of a variable in it only who reads the file knows.

    Where such a path leads is asked of each by itself.
    """
    return one.name in OF_PATHS or "$" not in one.value


def _started_anywhere(project: Project, around: Surroundings) -> Iterator[Started]:
    """What the environments start that stand in the folders of a project, the own one of each first."""
    for place in project.places:
        own = _own_in(place, project, around)
        inside = () if around.host.mounts.silent(place) else (place / name for name in list_folder(place))
        others = (one for one in inside if one != own and os.path.lexists(one / CONFIG))
        for path in islice((*((own,) if own else ()), *others), _MOST):
            if started := _started_at(path, around):
                yield started


def _started_for(folder: Path, project: Project, around: Surroundings) -> Started | None:
    """What the own environment of a folder of the project starts, or that of the project itself.

    None where there is none, where it does not work, and of a folder elsewhere.
    """
    places = dict.fromkeys((folder, project.folder)) if folder.is_relative_to(project.folder) else ()
    owns = (own for place in places if (own := _own_in(place, project, around)))
    return next((one for own in owns if (one := _started_at(own, around))), None)


def _own_in(place: Path, project: Project, around: Surroundings) -> Path | None:
    if around.host.mounts.silent(place):
        return None
    return find_own_environment(place, project.environment_name, around.host)


def _started_at(path: Path, around: Surroundings) -> Started | None:
    if around.host.mounts.silent(path):
        return None
    environment = describe_environment(path, around.host)
    return started_by(environment, true_base(environment, around.reader), around.host)
