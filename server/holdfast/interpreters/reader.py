"""Reading interpreters, each once."""

from pathlib import Path

from holdfast.host import Host
from holdfast.interpreters.compiled import absolute_texts, code_files, libraries_in
from holdfast.interpreters.interpreter import Interpreter, describe


class Reader:
    """Remembers what it has read: hundreds of environments rest on a handful of interpreters.

    What is on the disk now is what a new reader sees; one serves a single look.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self._described: dict[Path, Interpreter] = {}
        self._libraries: dict[tuple[Path, str], frozenset[Path]] = {}

    def describe(self, path: Path) -> Interpreter:
        """What the executable at an absolute path is."""
        if path not in self._described:
            self._described[path] = describe(path, self.host)
        return self._described[path]

    def compiled_libraries(self, executable: Path, tag: str) -> frozenset[Path]:
        """The standard libraries that an executable finds by the prefix that it was compiled with."""
        files = code_files(executable, tag)
        return frozenset(library for file in files for library in self._libraries_in(file, tag))

    def _libraries_in(self, file: Path, tag: str) -> frozenset[Path]:
        if (file, tag) not in self._libraries:
            self._libraries[file, tag] = libraries_in(absolute_texts(file), tag)
        return self._libraries[file, tag]
