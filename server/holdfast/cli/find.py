"""`holdfast find`."""

import argparse
from typing import TypedDict

from holdfast.cli.output import paint, print_json, say
from holdfast.cli.paths import environments_below
from holdfast.discovery.finder import Found, find_interpreters
from holdfast.discovery.report import InterpreterJson, interpreter_json
from holdfast.health.check import Verdict, check
from holdfast.health.problem import State
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.request import VersionRequest, parse_request

_COLOURS = {"healthy": "green", "degraded": "yellow", "broken": "red"}


class FoundEnvironmentJson(TypedDict):
    """An environment below the working folder."""

    path: str
    interpreter: str
    version: str | None
    base: str | None
    kind: str
    state: State


class FindJson(TypedDict):
    """The answer of `find`."""

    interpreters: list[InterpreterJson]
    environments: list[FoundEnvironmentJson]


def run(options: argparse.Namespace) -> int:
    """List the machine's interpreters and the environments below this folder; 1 where nothing fits."""
    host = Host.current()
    wanted = parse_request(options.request) if options.request else None
    neither = not options.interpreters and not options.environments
    interpreters = _interpreters(host, wanted) if neither or options.interpreters else None
    environments = _environments(host, wanted) if neither or options.environments else None
    if options.format == "json":
        print_json(_find_json(interpreters or (), environments or ()))
        return 1 if wanted and not interpreters and not environments else 0
    if interpreters is not None:
        _print_interpreters(interpreters, wanted)
    if environments is not None:
        _print_environments(environments, blank_before=bool(interpreters))
    return 1 if wanted and not interpreters and not environments else 0


def _interpreters(host: Host, wanted: VersionRequest | None) -> tuple[Found, ...]:
    found = find_interpreters(host)
    return tuple(one for one in found if wanted is None or wanted.fits(one.interpreter))


def _environments(host: Host, wanted: VersionRequest | None) -> tuple[Verdict, ...]:
    """Those below the working folder; of a version request, those whose base fits it."""
    reader = Reader(host)
    found = (check(path, reader) for path in environments_below(["."]))
    return tuple(one for one in found if wanted is None or (one.base and wanted.fits(one.base)))


def _find_json(interpreters: tuple[Found, ...], environments: tuple[Verdict, ...]) -> FindJson:
    return {
        "interpreters": [interpreter_json(found) for found in interpreters],
        "environments": [_environment_json(verdict) for verdict in environments],
    }


def _environment_json(verdict: Verdict) -> FoundEnvironmentJson:
    return {
        "path": str(verdict.environment.path),
        "interpreter": str(verdict.environment.interpreter),
        "version": str(verdict.version) if verdict.version else None,
        "base": str(verdict.base.stable) if verdict.base else None,
        "kind": verdict.environment.kind,
        "state": verdict.state,
    }


def _print_interpreters(interpreters: tuple[Found, ...], wanted: VersionRequest | None) -> None:
    usable = [found.interpreter for found in interpreters if found.interpreter.usable]
    for interpreter in usable:
        name = interpreter.implementation.replace("cpython", "Python").replace("pypy", "PyPy")
        label = f"{name} {interpreter.version}".ljust(16)
        say(f"{paint(label, 'bold')} {interpreter.stable}")
    passed_over = len(interpreters) - len(usable)
    if passed_over:
        say(paint(f"{passed_over} more cannot be used (shims and broken ones; --format json).", "dim"))
    if not interpreters:
        say(f"No interpreter fits “{wanted.text}”." if wanted else "No interpreter was found.")


def _print_environments(environments: tuple[Verdict, ...], *, blank_before: bool) -> None:
    if environments and blank_before:
        say()
    for verdict in environments:
        state = paint(f"{verdict.state:<9}", _COLOURS[verdict.state])
        say(f"{state} Python {verdict.version or '?'}  {verdict.environment.path}")
