"""The JSON of `find` for interpreters: the contract of the command line and of the language server."""

from typing import TypedDict

from holdfast.discovery.finder import Found
from holdfast.interpreters.interpreter import State


class InterpreterJson(TypedDict):
    """An interpreter, also one that cannot be used."""

    path: str
    stable: str
    """The path itself where none is known."""
    real: str
    version: str | None
    implementation: str
    architecture: str | None
    source: str
    state: State
    error: str | None
    carriesEnvironments: bool
    """Whether `create` takes it as a base."""


def interpreter_json(found: Found) -> InterpreterJson:
    """One interpreter."""
    interpreter = found.interpreter
    return {
        "path": str(interpreter.path),
        "stable": str(interpreter.stable or interpreter.path),
        "real": str(interpreter.real),
        "version": str(interpreter.version) if interpreter.version else None,
        "implementation": interpreter.implementation,
        "architecture": interpreter.architecture,
        "source": found.source,
        "state": interpreter.state,
        "error": interpreter.error,
        "carriesEnvironments": interpreter.carries_environments,
    }
