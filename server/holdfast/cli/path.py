"""`holdfast path`: the interpreter that a script should run.

In text mode standard output holds the path and a line feed, nothing else, in the very bytes that the file
system has: `python=$(holdfast path)`. A path that holds line feeds itself is printed as it is; the last line
feed is the one that ends the answer (a shell's `$(…)` would also take away those at the end of the path).
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from holdfast.cli.machine import this_machine
from holdfast.cli.output import print_json, warn
from holdfast.cli.paths import absolute, refuse_denied
from holdfast.environments.layout import CONFIG
from holdfast.errors import HoldfastError, UsageError
from holdfast.files.reading import is_folder, is_regular_file
from holdfast.health.check import Verdict, check
from holdfast.host import Host, working_folder
from holdfast.interpreters.interpreter import owning_environment
from holdfast.interpreters.reader import Reader
from holdfast.links.chain import follow
from holdfast.links.shims.choosing import choice_of
from holdfast.links.shims.recognise import shim_at
from holdfast.typed import TypedDict
from holdfast.workspace.choice import Choice, choose, choose_environment
from holdfast.workspace.requests import ProjectRequests, project_requests
from holdfast.workspace.settings import Settings, project_settings, settings_from


class RequestJson(TypedDict):
    """What a file asks for."""

    text: str
    file: str
    line: int
    """From 0."""
    reader: str
    fits: bool


class PathJson(TypedDict):
    """The answer of `path`."""

    path: str
    stable: str | None
    """Of the installed interpreter, also where the path is that of an environment."""
    environment: str | None
    version: str | None
    source: str
    reason: str
    requests: list[RequestJson]


def run(options: argparse.Namespace) -> int:
    """Print one path; raises HoldfastError, with nothing printed, where there is none that works."""
    place = absolute(options.folder)
    host = Host.current()
    if mount := host.mounts.silent(place):
        raise HoldfastError(f"{place} cannot be looked into: {mount} does not answer.")
    refuse_denied(place)
    asked = project_requests(_folder_of(place), host)
    settings = settings_from({}, host.home, project_settings(asked.root))
    reader = this_machine(asked.folder, asked.root, *settings.search_paths)
    choice = _choice(place, asked, settings, reader)
    if choice.environment:
        verdict = check(choice.environment, reader)
        if verdict.state == "broken":
            raise HoldfastError(f"{choice.environment} is broken: {_why(choice.environment, verdict, host)}")
    stable = choice.interpreter.stable if choice.interpreter else None
    if options.base and choice.environment and stable is None:
        raise HoldfastError(f"{choice.environment} does not tell which interpreter it was made from.")
    path = stable if options.base and choice.environment and stable else choice.path
    if options.format == "json":
        print_json(_json(path, choice))
        return 0
    for message in _messages(choice, asked):
        warn(f"holdfast path: {message}")
    _print(path)
    return 0


def _why(environment: Path, verdict: Verdict, host: Host) -> str:
    """The reason, and what to do; of a `.venv` that leads to no folder, that."""
    chain = follow(environment, host.mounts)
    if chain.state != "ok":
        return f"it leads nowhere ({chain.stopped_at}). Take it away, or make what it leads to."
    return f"{verdict.reason} `holdfast check` says what can be done."


def _folder_of(place: Path) -> Path:
    """The folder whose files count."""
    return place if is_folder(place) and not os.path.lexists(place / CONFIG) else place.parent


def _choice(place: Path, asked: ProjectRequests, settings: Settings, reader: Reader) -> Choice:
    if place.name == CONFIG or os.path.lexists(place / CONFIG):
        environment = place.parent if place.name == CONFIG else place
        return choose_environment(environment, asked, reader, "it is the environment that was named")
    if is_folder(place):
        return choose(asked, settings, reader)
    if is_regular_file(place):
        return _of_executable(place, asked, reader)
    exists = os.path.lexists(place)
    raise UsageError(f"{place} {'is no folder and no interpreter' if exists else 'does not exist'}.")


def _of_executable(path: Path, asked: ProjectRequests, reader: Reader) -> Choice:
    """An interpreter that was named by its path, by a shim's, or by that of an environment's interpreter."""
    named = reader.describe(path)
    if shim := shim_at(path, named.real):
        chosen = choice_of(shim, working_folder(), reader.host)
        named = reader.describe(chosen.executable) if chosen else named
    if owner := owning_environment(named.chain, reader.host):
        return choose_environment(owner, asked, reader, "it is the environment of what was named")
    if not named.usable:
        raise HoldfastError(f"{path} cannot be used: {named.error}.")
    return Choice(
        interpreter=named,
        environment=None,
        path=named.stable or named.path,
        source="argument",
        reason="it was named",
        unmet=(),
        requests=tuple((one, one.request.fits(named)) for one in asked.asked),
    )


def _messages(choice: Choice, asked: ProjectRequests) -> Iterator[str]:
    yield from (f"{one.why}." for one in choice.unmet)
    yield from asked.not_followed


def _json(path: Path, choice: Choice) -> PathJson:
    interpreter = choice.interpreter
    return {
        "path": str(path),
        "stable": str(interpreter.stable) if interpreter and interpreter.stable else None,
        "environment": str(choice.environment) if choice.environment else None,
        "version": str(interpreter.version) if interpreter and interpreter.version else None,
        "source": choice.source,
        "reason": choice.reason,
        "requests": [
            {
                "text": one.text,
                "file": str(one.file),
                "line": one.span.line,
                "reader": one.reader,
                "fits": fits,
            }
            for one, fits in choice.requests
        ],
    }


def _print(path: Path) -> None:
    if sys.stdout is not None:  # the caller may have closed it
        sys.stdout.flush()
        sys.stdout.buffer.write(os.fsencode(path) + b"\n")
