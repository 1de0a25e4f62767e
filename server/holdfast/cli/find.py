"""`holdfast find`."""

import argparse
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from holdfast.cli.output import paint, print_json, say
from holdfast.cli.paths import environments_below
from holdfast.discovery.finder import Found, LocatedEnvironment, Skipped, look_over
from holdfast.discovery.report import InterpreterJson, SkippedJson, interpreter_json, skipped_json
from holdfast.environments.report import name_of
from holdfast.health.check import Verdict, check
from holdfast.health.problem import State
from holdfast.host import Host
from holdfast.interpreters.asking import Asking
from holdfast.interpreters.memory import user_memory
from holdfast.interpreters.reader import Reader

if TYPE_CHECKING:
    from holdfast.interpreters.request import VersionRequest

_COLOURS = {"healthy": "green", "degraded": "yellow", "broken": "red"}


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


class FindJson(TypedDict):
    """The answer of `find`."""

    interpreters: list[InterpreterJson]
    environments: list[FoundEnvironmentJson]
    skipped: list[SkippedJson]
    """Places that could not be looked into."""


def run(options: argparse.Namespace) -> int:
    """List the machine's interpreters and environments; 1 where a version was asked for and nothing fits."""
    host, memory = Host.current(), user_memory()
    reader = Reader(host, memory, Asking((Path.cwd(),), may_start=True))
    wanted = _request(options.request)
    finding = look_over(host, reader=reader)
    both = options.interpreters == options.environments
    interpreters = tuple(_fitting(finding.interpreters, wanted)) if both or options.interpreters else None
    environments = (
        _environments(finding.environments, reader, wanted) if both or options.environments else None
    )
    memory.save()
    if options.format == "json":
        print_json(_find_json(interpreters or (), environments or (), finding.skipped))
    else:
        _print(interpreters, environments, options.request)
    return 1 if wanted and not interpreters and not environments else 0


def _request(text: str | None) -> "VersionRequest | None":
    if text is None:
        return None
    from holdfast.interpreters.request import parse_request  # noqa: PLC0415 - comparing versions is dear

    return parse_request(text)


def _fitting(found: Iterable[Found], wanted: "VersionRequest | None") -> Iterable[Found]:
    return (one for one in found if wanted is None or wanted.fits(one.interpreter))


def _environments(
    located: Iterable[LocatedEnvironment], reader: Reader, wanted: "VersionRequest | None"
) -> tuple[tuple[Verdict, str], ...]:
    """Those below the working folder, then the others, each with who knows it.

    Of a version request, those whose base fits it.
    """
    sources = dict.fromkeys(environments_below(["."]), "here")
    known = {os.path.realpath(path) for path in sources}
    sources |= {one.path: one.source for one in located if os.path.realpath(one.path) not in known}
    verdicts = ((check(path, reader), source) for path, source in sources.items())
    return tuple(
        (verdict, source)
        for verdict, source in verdicts
        if wanted is None or (verdict.base and wanted.fits(verdict.base))
    )


def _find_json(
    interpreters: Iterable[Found], environments: Iterable[tuple[Verdict, str]], skipped: Iterable[Skipped]
) -> FindJson:
    return {
        "interpreters": [interpreter_json(found) for found in interpreters],
        "environments": [_environment_json(verdict, source) for verdict, source in environments],
        "skipped": [skipped_json(one) for one in skipped],
    }


def _environment_json(verdict: Verdict, source: str) -> FoundEnvironmentJson:
    return {
        "path": str(verdict.environment.path),
        "interpreter": str(verdict.environment.interpreter),
        "version": str(verdict.version) if verdict.version else None,
        "base": str(verdict.base.stable) if verdict.base else None,
        "kind": verdict.environment.kind,
        "source": source,
        "state": verdict.state,
    }


def _print(
    interpreters: tuple[Found, ...] | None,
    environments: tuple[tuple[Verdict, str], ...] | None,
    request: str | None,
) -> None:
    if interpreters is not None:
        _print_interpreters(interpreters, request)
    if environments:
        if interpreters:
            say()
        say(paint("Environments", "bold"))
        for verdict, _ in environments:
            state = paint(f"{verdict.state:<9}", _COLOURS[verdict.state])
            say(f"  {state} Python {verdict.version or '?'!s:<9} {_short(verdict.environment.path)}")
    elif interpreters is None:
        say(f"No environment fits “{request}”." if request else "No environment was found.")


def _print_interpreters(interpreters: tuple[Found, ...], request: str | None) -> None:
    usable = [found for found in interpreters if found.interpreter.usable]
    others = [found for found in interpreters if not found.interpreter.usable]
    if not interpreters:
        say(f"No interpreter fits “{request}”." if request else "No interpreter was found.")
    if usable:
        say(paint("Interpreters", "bold"))
    width = max((len(name_of(found.interpreter)) for found in usable), default=0)
    for found in usable:
        interpreter = found.interpreter
        path = _short(interpreter.stable or interpreter.path)
        said = paint(f"  {', '.join(found.sources)}", "dim")
        say(f"  {name_of(interpreter):<{width}}  {path}{said}")
    if others:
        say()
        say(paint("Not usable as they are", "bold"))
    for (folder, error), names in _alike(others).items():
        what = f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else names[0]
        say(f"  {_short(folder / what)}: {paint(error, 'dim')}")


def _alike(found: Iterable[Found]) -> dict[tuple[Path, str], list[str]]:
    """The names of what stands in one folder and has one fault: a version manager has many shims."""
    alike: dict[tuple[Path, str], list[str]] = {}
    for one in found:
        path, error = one.interpreter.path, one.interpreter.error or "it cannot be used"
        alike.setdefault((path.parent, error), []).append(path.name)
    return {key: sorted(names, key=len) for key, names in alike.items()}


def _short(path: Path) -> str:
    """A path as people write it: from the working folder, or from their home."""
    for folder, sign in ((Path.cwd(), ""), (Path.home(), "~/")):
        if path.is_relative_to(folder) and path != folder:
            return f"{sign}{path.relative_to(folder)}"
    return str(path)
