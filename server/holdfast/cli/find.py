"""`holdfast find`."""

import argparse
import os
from collections.abc import Iterable
from pathlib import Path

from holdfast.cli.machine import this_machine
from holdfast.cli.output import paint, print_json, say
from holdfast.cli.paths import short
from holdfast.discovery.finder import Found, Skipped, look_over
from holdfast.discovery.report import InterpreterJson, SkippedJson, interpreter_json, skipped_json
from holdfast.typed import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from holdfast.cli.found_environments import FoundEnvironmentJson
    from holdfast.host import Host
    from holdfast.interpreters.request import VersionRequest


class FindJson(TypedDict):
    """The answer of `find`."""

    interpreters: list[InterpreterJson]
    environments: "list[FoundEnvironmentJson]"
    skipped: list[SkippedJson]
    """Places that could not be looked into."""


def run(options: argparse.Namespace) -> int:
    """List the machine's interpreters and environments; 1 where a version was asked for and nothing fits."""
    reader = this_machine()
    wanted = _request(options.request)
    both = options.interpreters == options.environments
    inventory = look_over(reader)
    answer: FindJson = {
        "interpreters": [],
        "environments": [],
        "skipped": [skipped_json(one) for one in inventory.skipped],
    }
    text = options.format == "text"
    if both or options.interpreters:
        found = [one for one in inventory.interpreters if wanted is None or wanted.fits(one.interpreter)]
        answer["interpreters"] = [interpreter_json(one) for one in found]
        if text:
            _print_interpreters(found, options.request)
    if both or options.environments:
        from holdfast.cli import found_environments as listing  # noqa: PLC0415 - it brings all the rules

        environments = listing.found_environments(inventory.environments, reader, wanted)
        answer["environments"] = [listing.environment_json(one) for one in environments]
        if text and environments:
            if answer["interpreters"]:
                say()
            listing.print_environments(environments)
        elif text and not both:
            say(f"No environment fits “{options.request}”." if wanted else "No environment was found.")
    reader.memory.save()
    if text:
        _print_skipped(inventory.skipped, reader.host)
    else:
        print_json(answer)
    return 1 if wanted and not answer["interpreters"] and not answer["environments"] else 0


def _request(text: str | None) -> "VersionRequest | None":
    if text is None:
        return None
    from holdfast.interpreters.notations import parse_request  # noqa: PLC0415 - comparing versions is dear

    return parse_request(text)


def _print_interpreters(interpreters: list[Found], request: str | None) -> None:
    usable = [found for found in interpreters if found.interpreter.usable]
    others = [found for found in interpreters if not found.interpreter.usable]
    if not interpreters:
        say(f"No interpreter fits “{request}”." if request else "No interpreter was found.")
    if usable:
        say(paint("Interpreters", "bold"))
    width = max((len(found.interpreter.title) for found in usable), default=0)
    for found in usable:
        interpreter = found.interpreter
        path = short(interpreter.stable or interpreter.path)
        said = paint(f"  ({', '.join(found.sources)})", "dim")
        say(f"  {interpreter.title:<{width}}  {path}{said}")
    if usable and others:
        say()
    if others:
        say(paint("Not usable as they are", "bold"))
    for (folder, error), names in _alike(others).items():
        what = f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else names[0]
        say(f"  {short(folder / what)}: {paint(error, 'dim')}")


def _print_skipped(skipped: tuple[Skipped, ...], host: "Host") -> None:
    told = worth_telling(skipped, host)
    if told:
        say()
        say(paint("Could not be looked into", "bold"))
    for one in told:
        say(f"  {short(one.path)}: {paint(f'{one.reason} ({one.source})', 'dim')}")


def worth_telling(skipped: Iterable[Skipped], host: "Host") -> list[Skipped]:
    """Places that could not be looked into; that a PATH names folders that are not there is everyday."""

    def is_there(path: Path) -> bool:
        return host.mounts.silent(path) is not None or os.path.lexists(path)

    return [one for one in skipped if one.source != "PATH" or is_there(one.path)]


def _alike(found: Iterable[Found]) -> dict[tuple[Path, str], list[str]]:
    """The names of what stands in one folder and has one fault: a version manager has many shims."""
    alike: dict[tuple[Path, str], list[str]] = {}
    for one in found:
        path, error = one.interpreter.path, one.interpreter.error or "it cannot be used"
        alike.setdefault((path.parent, error), []).append(path.name)
    return {key: sorted(names, key=len) for key, names in alike.items()}
