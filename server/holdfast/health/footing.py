"""On which names a verdict rests: they are watched, and what rests on one that changes is looked at again.

A fact or rule that reads something else says so here: what lies in the environment's own folder is known to
count, but is asked after now and then only if it is named.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from holdfast.environments.layout import CONFIG, WINDOWS
from holdfast.files.reading import same_folder
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.project import ProjectFacts
from holdfast.health.surroundings import OF_PROGRAMS
from holdfast.health.wishes import usual_version_files
from holdfast.links.chain import LinkChain
from holdfast.values import NamedTuple
from holdfast.workspace.settings import PROJECT_FILE


class Footing(NamedTuple):
    """Absolute paths, as texts, since there are many. None leads into a disk that does not answer."""

    names: frozenset[str]
    """Whether they are there counts, and what a file or link says."""
    folders: frozenset[str]
    """Which entries these have counts, too."""
    outside: frozenset[str] = frozenset()
    """Those of both that do not lie in the environment's own folder."""


NO_FOOTING = Footing(frozenset(), frozenset())


def footing_of(facts: EnvironmentFacts) -> Footing:
    """What the verdict about an environment rests on."""
    own = _own_folders(facts)
    inside = tuple(os.path.join(folder, "") for folder in own)
    names = {
        os.path.join(facts.environment.path.parent, PROJECT_FILE),
        os.fspath(facts.anchor),
        *_answering(_named_outside(facts), facts),
    }
    folders = set(_answering(_listed_outside(facts), facts))
    return Footing(
        frozenset((*names, *(name for folder in own for name in _names_inside(folder, facts)))),
        frozenset((*folders, *_listed_inside(facts))),
        frozenset(path for path in names | folders if path not in own and not path.startswith(inside)),
    )


def footing_of_project(facts: ProjectFacts) -> Footing:
    """What the problems of a project itself rest on."""
    if facts.host.mounts.silent(facts.project.file):
        return NO_FOOTING
    index = facts.repositories.index_around(facts.project.folder) if facts.configured else None
    setting = (one.file for one in facts.breaking_variables)
    asking = (*usual_version_files(facts.project), *facts.version_files)
    files = (facts.project.file, *asking, *((index,) if index else ()), *setting)
    # A Python that is not installed may be, beside those that are.
    found = facts.surroundings.installed if facts.unavailable else ()
    prefixes = (one.interpreter.prefix for one in found)
    return Footing(
        frozenset((*map(os.fspath, files), *facts.configuration.names)),
        frozenset(os.fspath(prefix.folder.parent) for prefix in prefixes if prefix),
    )


def _own_folders(facts: EnvironmentFacts) -> set[str]:
    """Its folder by both names: a `.venv` that is a link sends no events from where it leads."""
    return {os.fspath(facts.environment.path), os.fspath(facts.environment.real)}


def _names_inside(folder: str, facts: EnvironmentFacts) -> Iterator[str]:
    scripts, python = facts.environment.layout
    yield folder
    yield os.path.join(folder, CONFIG)
    yield os.path.join(folder, scripts, python)
    yield os.path.join(folder, scripts, "activate")


def _listed_inside(facts: EnvironmentFacts) -> Iterator[str]:
    environment = facts.environment
    folder = os.fspath(environment.path)
    yield folder
    lib, lib64 = environment.path / "lib", environment.path / "lib64"
    for name in {environment.layout.scripts, WINDOWS.scripts, "lib"}:
        yield os.path.join(folder, name)
    if not same_folder(lib, lib64):  # mostly it is a link to the other one
        yield os.fspath(lib64)
    yield from map(os.fspath, environment.site_packages)


def _listed_outside(facts: EnvironmentFacts) -> Iterator[str]:
    """Where something takes the place of what is gone, or links to its programs stand."""
    way = facts.lost_way
    for chain in (facts.environment.python, facts.environment.home, way and way.chain):
        if chain and chain.state == "missing":
            yield os.fspath(chain.stopped_at.parent)
    if way and way.state != "silent":
        yield os.fspath(way.end)
    around = facts.environment.path.parent
    yield from (os.path.join(around, name) if name else os.fspath(around) for name in ("", *OF_PROGRAMS))


def _named_outside(facts: EnvironmentFacts) -> Iterator[str]:
    """What is named in the environment: mostly it lies elsewhere."""
    for names in (_of_chains, _of_base, _of_origin, _of_sources, _of_way, _of_repository, _of_scripts):
        yield from names(facts)


def _of_chains(facts: EnvironmentFacts) -> Iterator[str]:
    for chain in (facts.environment.python, facts.environment.home):
        if chain:
            yield from _links_of(chain)


def _of_base(facts: EnvironmentFacts) -> Iterator[str]:
    if facts.outer:
        yield os.path.join(facts.outer, CONFIG)
    base = facts.base
    if base:
        yield from _links_of(base.chain)
        if base.prefix:
            yield os.fspath(base.prefix.landmark)
            yield os.path.join(base.prefix.folder, CONFIG)


def _of_origin(facts: EnvironmentFacts) -> Iterator[str]:
    if facts.origin:
        yield os.fspath(facts.origin.folder)


def _of_sources(facts: EnvironmentFacts) -> Iterator[str]:
    host = facts.reader.host
    return (os.fspath(host.at(one.text)) for one in facts.editables if host.is_absolute(one.text))


def _of_way(facts: EnvironmentFacts) -> Iterator[str]:
    if facts.lost_way:
        yield from (os.fspath(leg.hop.link) for leg in facts.lost_way.legs)
        if facts.lost_way.state != "silent":
            yield os.fspath(facts.lost_way.chain.stopped_at)
        path = facts.environment.path
        yield from (os.path.join(folder, path.name, CONFIG) for folder in path.parent.parents)


def _of_repository(facts: EnvironmentFacts) -> Iterator[str]:
    index = facts.surroundings.repositories.index_around(facts.environment.real)
    return iter((os.fspath(index),) if index else ())


def _of_scripts(facts: EnvironmentFacts) -> Iterator[str]:
    for path, reach in facts.scripts.reaches.items():
        if reach.state != "own":
            yield os.fspath(path)
        if reach.state not in ("own", "silent"):
            yield os.fspath(reach.at)


def _links_of(chain: LinkChain) -> Iterator[str]:
    for hop in chain.hops:
        yield os.fspath(hop.link)
    if chain.state != "silent":
        yield os.fspath(chain.stopped_at)


def _answering(paths: Iterator[str], facts: EnvironmentFacts) -> Iterator[str]:
    """Without those on disks that do not answer: who asks after them waits."""
    silent = facts.reader.host.mounts.silent
    return (path for path in set(paths) if "\0" not in path and silent(Path(path)) is None)
