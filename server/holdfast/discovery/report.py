"""The JSON of `find` for interpreters: the contract of the command line and of the language server."""

from holdfast.discovery.finder import Found, Skipped
from holdfast.interpreters.interpreter import State
from holdfast.interpreters.stable import Rank
from holdfast.typed import TypedDict


class InterpreterJson(TypedDict):
    """An interpreter, also one that cannot be used."""

    path: str
    title: str
    """`CPython 3.12.1`, with what sets it apart from others of that version."""
    stable: str
    """The path itself where none is known."""
    rank: Rank | None
    """How far that path may be relied on."""
    reason: str | None
    """Why that is the stable path."""
    real: str
    version: str | None
    implementation: str
    architecture: str | None
    freeThreaded: bool
    debug: bool
    aliases: list[str]
    """Every name by which it was found, the stable one first."""
    source: str
    sources: list[str]
    """Every place that named it, `source` first."""
    state: State
    error: str | None
    carriesEnvironments: bool
    """Whether `create` takes it as a base."""


class SkippedJson(TypedDict):
    """A place that could not be looked into."""

    path: str
    source: str
    reason: str


def interpreter_json(found: Found) -> InterpreterJson:
    """One interpreter."""
    interpreter = found.interpreter
    return {
        "path": str(interpreter.path),
        "title": interpreter.title,
        "stable": str(interpreter.stable or interpreter.path),
        "rank": interpreter.best.rank if interpreter.best else None,
        "reason": interpreter.best.reason if interpreter.best else None,
        "real": str(interpreter.real),
        "version": str(interpreter.version) if interpreter.version else None,
        "implementation": interpreter.implementation,
        "architecture": interpreter.architecture,
        "freeThreaded": interpreter.free_threaded,
        "debug": interpreter.debug,
        "aliases": [str(path) for path in found.aliases],
        "source": found.source,
        "sources": list(found.sources),
        "state": interpreter.state,
        "error": interpreter.error,
        "carriesEnvironments": interpreter.carries_environments,
    }


def skipped_json(skipped: Skipped) -> SkippedJson:
    """One place."""
    return {"path": str(skipped.path), "source": skipped.source, "reason": skipped.reason}
