"""Starting a new interpreter once, because the user asked for it, to see that it works."""

import os
from pathlib import Path
from types import TracebackType

from holdfast.cancellation import Cancellation
from holdfast.creation.base import Base
from holdfast.creation.child import Child
from holdfast.errors import HoldfastError
from holdfast.files.reading import same_folder

_NEEDED = ("_ssl", "_struct")
"""What a Python that took another's library or libpython fails to import first.

The compiled half of `ssl`; the other half is text in the library whose identity is asked for, and takes
longer to import than all the rest.
"""
_QUESTION = f"""
import os, sys
said = [sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)]
for name in {_NEEDED}:
    try:
        __import__(name)
    except ImportError as error:
        said.append(str(error))
os.write(1, os.fsencode("\\0".join(said)))
os._exit(0)
"""
_PATIENCE = 60.0


class Trial:
    """A new interpreter that has been started; it runs while the rest of its environment is made.

    Leaving the `with` block ends it.
    """

    def __init__(self, interpreter: Path) -> None:
        self._child = _start(interpreter)

    def __enter__(self) -> "Trial":  # noqa: PYI034 - Self is younger than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.__exit__(kind, error, trace)

    def finish(self, environment: Path, base: Base, cancellation: Cancellation) -> tuple[str, ...]:
        """Wait for the answer; what the base lacks, and so the environment, as sentences.

        Raises HoldfastError unless it started in this environment, on its base's library, and imports what
        only the right library has.
        """
        prefix, base_prefix, library, *failed = _answer(self._child, cancellation)
        expected = base.interpreter.prefix
        if not same_folder(Path(prefix), environment):
            raise HoldfastError(f"The new Python takes {prefix} for its environment.")
        if expected is None or not same_folder(Path(base_prefix), expected.folder):
            raise HoldfastError(f"The new Python takes {base_prefix} for its base.")
        if not same_folder(Path(library), expected.library):
            raise HoldfastError(
                f"The new Python took the standard library of another installation: {library}."
            )
        if failed and failed != _lacking_in(base, cancellation):
            raise HoldfastError(f"The new Python starts, but lacks a part of itself: {failed[0]}.")
        return tuple(
            f"{base.path} lacks a part of itself, and so does the environment: {why}." for why in failed
        )


def _lacking_in(base: Base, cancellation: Cancellation) -> list[str]:
    """What the base itself fails to import: a build without ssl makes environments without it."""
    with _start(base.path) as child:
        return _answer(child, cancellation)[3:]


def _start(interpreter: Path) -> Child:
    try:
        return Child([interpreter, "-I", "-B", "-c", _QUESTION])
    except OSError as error:
        raise HoldfastError(f"The new Python does not start: {error.strerror or error}.") from error


def _answer(child: Child, cancellation: Cancellation) -> list[str]:
    ended = child.wait(cancellation, _PATIENCE)
    if ended is None:
        raise HoldfastError("The new Python did not answer within a minute.")
    if ended.code != 0:
        raise HoldfastError(f"The new Python does not start: {ended.last_words}")
    answer = os.fsdecode(ended.output).split("\0")
    if len(answer) < 3:  # noqa: PLR2004 - two prefixes and the library
        raise HoldfastError("The new Python starts and gives no sensible answer.")
    return answer
