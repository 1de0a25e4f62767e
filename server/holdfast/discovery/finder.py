"""Every interpreter of a machine, each once, under its best name."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from holdfast.discovery.locator import Candidate, executables_in
from holdfast.discovery.locators import LOCATORS
from holdfast.host import Host
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.version import Version


@dataclass(frozen=True)
class Found:
    """An interpreter and where it was found."""

    interpreter: Interpreter
    source: str


def find_interpreters(
    host: Host, more: Iterable[Path] = (), reader: Reader | None = None
) -> tuple[Found, ...]:
    """The interpreters that the locators know, then those in `more` (folders to search).

    Two names are one interpreter when they lead to the same file. What cannot be used is listed with its
    reason; executables of environments are left out, since environments are listed as such. Usable ones
    come first, the newest version first.
    """
    reader = reader or Reader(host)
    found: dict[Path, Found] = {}
    for candidate in _candidates(host, more):
        interpreter = reader.describe(candidate.path)
        if interpreter.state != "environment":
            found.setdefault(interpreter.real, Found(interpreter, candidate.source))
    newest_first = sorted(found.values(), key=_version, reverse=True)
    return tuple(sorted(newest_first, key=_usable_cpython_first))


def _candidates(host: Host, more: Iterable[Path]) -> Iterable[Candidate]:
    seen: set[Path] = set()
    for folder in more:
        yield from executables_in(folder, "searchPaths")
        yield from executables_in(folder / "bin", "searchPaths")
    for locate in LOCATORS:
        for candidate in locate(host):
            if candidate.path not in seen:
                seen.add(candidate.path)
                yield candidate


def _version(found: Found) -> Version:
    return found.interpreter.version or Version(0, 0)


def _usable_cpython_first(found: Found) -> tuple[bool, bool]:
    return not found.interpreter.usable, found.interpreter.implementation != "cpython"
