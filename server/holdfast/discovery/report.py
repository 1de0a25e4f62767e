"""The JSON of `find` for interpreters: the contract of the command line and of the language server."""

from typing import TypedDict

from holdfast.discovery.finder import Found


class InterpreterJson(TypedDict):
    """An interpreter, also one that cannot be used."""

    path: str
    stable: str | None
    real: str
    version: str | None
    implementation: str
    architecture: str | None
    source: str
    state: str
    error: str | None


def interpreter_json(found: Found) -> InterpreterJson:
    """One interpreter."""
    interpreter = found.interpreter
    return {
        "path": str(interpreter.path),
        "stable": str(interpreter.stable) if interpreter.stable else None,
        "real": str(interpreter.real),
        "version": str(interpreter.version) if interpreter.version else None,
        "implementation": interpreter.implementation,
        "architecture": interpreter.architecture,
        "source": found.source,
        "state": interpreter.state,
        "error": interpreter.error,
    }
