"""Asking an interpreter what it is, by starting it once: only where its files do not tell.

Never one of the workspace: whoever opens a folder has not asked to run what is in it. The answer is
remembered until a link on the way to it, or the file itself, changes.
"""

import os
from pathlib import Path

from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.landmark import Prefix
from holdfast.interpreters.memory import Memory
from holdfast.interpreters.version import parse_version
from holdfast.typed import Any
from holdfast.values import NamedTuple

_SECONDS = 3
_QUESTION = "what are you"
_CODE = (
    "import json, os, platform, sys; print(json.dumps([platform.python_version(), "
    "platform.python_implementation().lower(), sys.prefix, os.path.dirname(os.__file__)]))"
)
_ISOLATED = ("-I", "-S")
_ISOLATED_IN_2 = ("-E", "-s", "-S")


class Asking(NamedTuple):
    """Who may be asked."""

    workspace: tuple[Path, ...] = ()
    """Folders out of which nothing is ever started."""
    may_start: bool = False
    """Whether to start what was never asked before."""

    def complete(self, interpreter: Interpreter, memory: Memory) -> Interpreter:
        """The same interpreter with what it says of itself, where its files leave something open."""
        if not interpreter.is_unclear or self._is_of_workspace(interpreter):
            return interpreter
        files = (*(hop.link for hop in interpreter.chain.hops), interpreter.real)
        answer = memory.recall(_QUESTION, files)
        if answer is None and self.may_start:
            answer = _ask(interpreter.path)
            if answer is not None:
                memory.keep(_QUESTION, files, answer)
        return _completed(interpreter, answer)

    def _is_of_workspace(self, interpreter: Interpreter) -> bool:
        # A spelling may hold `..`; the links themselves are named without.
        links = (hop.link for hop in interpreter.chain.hops)
        names = (*interpreter.chain.spellings, *links, interpreter.real)
        folders = {Path(os.path.realpath(folder)) for folder in self.workspace} | set(self.workspace)
        return any(name.is_relative_to(folder) for name in names for folder in folders)


def _ask(executable: Path) -> list[str] | None:
    """The answer, by the options of Python 3, else by those of 2. Nothing and None as from `_start`."""
    answer = _start(executable, _ISOLATED)
    return _start(executable, _ISOLATED_IN_2) if answer == [] else answer


def _start(executable: Path, options: tuple[str, ...]) -> list[str] | None:
    """What an interpreter says of itself: nothing where it fails or is none, None where it takes too long.

    It gets no standard input, no variables but the search path, and the root as its working folder.
    """
    import json  # noqa: PLC0415 - rarely needed
    import subprocess  # noqa: PLC0415

    try:
        done = subprocess.run(
            [os.fspath(executable), *options, "-c", _CODE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=executable.anchor,
            env={"PATH": os.defpath},
            timeout=_SECONDS,
            check=True,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return None  # the machine may be busy, so this is not for ever
    except (OSError, ValueError, RecursionError, subprocess.SubprocessError):
        return []
    return answer if _is_answer(answer) else []


def _is_answer(answer: Any) -> bool:
    return isinstance(answer, list) and len(answer) == 4 and all(isinstance(one, str) for one in answer)  # noqa: PLR2004


def _completed(interpreter: Interpreter, answer: Any) -> Interpreter:
    if not _is_answer(answer):
        return interpreter
    version, implementation, prefix, library = answer
    return interpreter._replace(
        state="ok",
        error=None,
        is_unclear=False,
        version=parse_version(version),
        implementation=implementation,
        prefix=interpreter.prefix or Prefix(Path(prefix), Path(library), Path(library).name),
    )
