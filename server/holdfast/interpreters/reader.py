"""Reading interpreters, each once."""

from functools import cached_property
from pathlib import Path

from holdfast.formats.executable import read_header
from holdfast.host import Host
from holdfast.interpreters.compiled import code_file, prefix_in
from holdfast.interpreters.interpreter import Interpreter, describe, with_best
from holdfast.interpreters.memory import Memory
from holdfast.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.interpreters.asking import Asking
    from holdfast.interpreters.startup import Startup


class Reader:
    """Remembers what it has read: hundreds of environments rest on a handful of interpreters.

    What is on the disk now is what a new reader sees; one serves a single look. `memory` may outlive it:
    there stands what was read of large files, as long as they do not change. `asking` says which interpreters
    may be started where their files leave something open; none if it is left out.
    """

    def __init__(self, host: Host, memory: Memory | None = None, asking: "Asking | None" = None) -> None:
        self.host = host
        self.memory = memory or Memory()
        self._asking = asking
        self._described: dict[Path, Interpreter] = {}
        self._compiled: dict[tuple[Path, str], Path | None] = {}

    def describe(self, path: Path) -> Interpreter:
        """What the executable at an absolute path is. It is not started; what it once answered still counts.

        For whatever a file names: that of a project, or a link in it, may have been written by a stranger.
        """
        if path not in self._described:
            found = describe(path, self.host, self.memory, self.compiled_prefix)
            self._described[path] = self._answered(found, None)
        return self._described[path]

    def ask(self, path: Path) -> Interpreter:
        """The same of one that the person or the machine names, such as PATH does: it may be started."""
        found = self.describe(path)
        if self._asking:
            self._described[path] = found = self._answered(found, self._asking)
        return found

    def _answered(self, interpreter: Interpreter, asking: "Asking | None") -> Interpreter:
        """With what it says of itself, if its files leave that open; without `asking` only what is known."""
        if not interpreter.is_unclear:
            return interpreter
        from holdfast.interpreters.asking import Asking  # noqa: PLC0415 - few interpreters need it

        answered = (asking or Asking()).complete(interpreter, self.memory)
        return with_best(answered, self.host, self.compiled_prefix)

    @cached_property
    def machines(self) -> frozenset[str]:
        """The processors that this machine's own programs are for, told by its shell; none if unknown."""
        header = None if self.host.windows else read_header(self.host.at("/bin/sh"))
        return frozenset(header.machines if header else ())

    def compiled_prefix(self, executable: Path, tag: str) -> Path | None:
        """The prefix that an interpreter was compiled with; None where its standard library is not there.

        Not for `memory`: the answer changes with that library, not only with the executable. Environments
        with copies of an executable share the libpython in which it stands.
        """
        code = code_file(executable, self.host)
        if code is None:
            return None
        if (code, tag) not in self._compiled:
            self._compiled[code, tag] = prefix_in(code, tag, self.host)
        return self._compiled[code, tag]

    def startup(self, path: Path, tag: str) -> "Startup | None":
        """What the interpreter at a path finds when it is started; None for what is not CPython."""
        from holdfast.interpreters.startup import predict_startup  # noqa: PLC0415 - only checks need it

        return predict_startup(path, self.host, tag, self.compiled_prefix)
