"""The environments that `holdfast find` lists: those below the working folder, and those that tools keep."""

import os
from collections.abc import Iterable
from typing import NamedTuple, TypedDict

from holdfast.cli.output import paint, say
from holdfast.cli.paths import environments_below, short
from holdfast.discovery.finder import LocatedEnvironment
from holdfast.health.check import Verdict, check
from holdfast.health.problem import State
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.request import VersionRequest

_COLOURS = {"healthy": "green", "degraded": "yellow", "broken": "red"}


class FoundEnvironment(NamedTuple):
    """An environment, and who knows it."""

    verdict: Verdict
    source: str


class FoundEnvironmentJson(TypedDict):
    """An environment of this machine."""

    path: str
    interpreter: str
    version: str | None
    base: str | None
    kind: str
    source: str
    """Who knows it; `here` for those below the working folder."""
    state: State


def found_environments(
    located: Iterable[LocatedEnvironment], reader: Reader, wanted: VersionRequest | None
) -> tuple[FoundEnvironment, ...]:
    """Those below the working folder, then the located ones; of a request, those whose base fits it."""
    sources = dict.fromkeys(environments_below(["."]), "here")
    known = {os.path.realpath(path) for path in sources}
    sources |= {one.path: one.source for one in located if os.path.realpath(one.path) not in known}
    found = (FoundEnvironment(check(path, reader), source) for path, source in sources.items())
    return tuple(one for one in found if wanted is None or _fits(one.verdict, wanted))


def environment_json(found: FoundEnvironment) -> FoundEnvironmentJson:
    """One environment."""
    verdict = found.verdict
    return {
        "path": str(verdict.environment.path),
        "interpreter": str(verdict.environment.interpreter),
        "version": str(verdict.version) if verdict.version else None,
        "base": str(verdict.base.stable) if verdict.base else None,
        "kind": verdict.environment.kind,
        "source": found.source,
        "state": verdict.state,
    }


def print_environments(environments: Iterable[FoundEnvironment]) -> None:
    """A line for each."""
    say(paint("Environments", "bold"))
    for verdict, _ in environments:
        state = paint(f"{verdict.state:<9}", _COLOURS[verdict.state])
        say(f"  {state} Python {verdict.version or '?'!s:<9} {short(verdict.environment.path)}")


def _fits(verdict: Verdict, wanted: VersionRequest) -> bool:
    return verdict.base is not None and wanted.fits(verdict.base)
