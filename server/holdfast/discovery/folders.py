"""The folders of a machine as one look sees them."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import is_folder, read_start, why_of
from holdfast.host import Host
from holdfast.interpreters.name import ExecutableName, parse_name

_KINDS = ("python", "pypy", "graalpy")


class Folders:
    """Lists each folder once, waits for none that does not answer, and remembers what it could not look into.

    What is on the disk now is what a new one sees; one serves a single look.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self._listed: dict[Path, list[str]] = {}
        self._troubles: dict[Path, str] = {}

    def names(self, folder: Path) -> tuple[str, ...]:
        """The names in a folder, sorted; none where it cannot be listed."""
        return tuple(sorted(self._list(folder)))

    def inside(self, folder: Path) -> Iterator[Path]:
        """What a folder holds, without hidden things, which are unfinished or nobody's."""
        return (folder / name for name in self.names(folder) if not name.startswith("."))

    def executables(self, folder: Path) -> tuple[Path, ...]:
        """Everything in a folder that is named like an interpreter; `python3.12` before `python`."""
        found = ((self._name_of(text), text) for text in self._list(folder))
        named = sorted((_plainest_first(name, text), text) for name, text in found if name)
        return tuple(folder / text for _, text in named)

    def expect(self, folder: Path) -> None:
        """Remember where a folder that someone named is none; of others it is not worth a word."""
        if mount := self.silent(folder):
            self.pass_over(folder, f"{mount} does not answer")
        elif not self._list(folder):
            try:
                if not stat.S_ISDIR(os.stat(folder).st_mode):
                    self.pass_over(folder, "it is not a folder")
            except (OSError, ValueError) as error:
                self.pass_over(folder, str(why_of(error)))

    def holds(self, folder: Path, name: str) -> bool:
        """Whether a folder has an entry of that name, be it a link that leads nowhere."""
        return self.silent(folder) is None and os.path.lexists(folder / name)

    def is_folder(self, path: Path) -> bool:
        """Whether a path leads to a folder; False where that cannot be found out."""
        return self.silent(path) is None and is_folder(path)

    def text(self, file: Path, limit: int) -> str:
        """The first `limit` bytes of a file; nothing where it cannot be read. No byte is refused."""
        return os.fsdecode(read_start(file, limit)) if self.silent(file) is None else ""

    def silent(self, path: Path) -> Path | None:
        """The mount that a path leads into and that does not answer; None where the path can be looked at."""
        return self.host.mounts.silent(path)

    def pass_over(self, path: Path, reason: str) -> None:
        """Remember why a place could not be looked into."""
        self._troubles.setdefault(path, reason)

    def take_passed_over(self) -> dict[Path, str]:
        """What could not be looked into since this was last asked, and why."""
        taken, self._troubles = self._troubles, {}
        return taken

    def _list(self, folder: Path) -> list[str]:
        if folder not in self._listed:
            self._listed[folder] = self._list_anew(folder)
        return self._listed[folder]

    def _list_anew(self, folder: Path) -> list[str]:
        if mount := self.silent(folder):
            self.pass_over(mount, "it does not answer")  # once, however much would be behind it
            return []
        try:
            return os.listdir(folder)
        except (OSError, ValueError) as error:
            why = why_of(error)
            if why.why != "missing":
                self.pass_over(folder, str(why))
            return []

    def _name_of(self, text: str) -> ExecutableName | None:
        """What a name in a folder says of an interpreter; None of those of other things."""
        lower = text.lower() if self.host.windows else text
        if not lower.startswith(_KINDS):
            return None  # as most of a thousand names in /usr/bin
        if self.host.windows:
            if not lower.endswith((".exe", ".bat")):  # pyenv-win's shims are batch files
                return None
            lower = lower[:-4]
        windowed = "w" in lower
        return None if windowed or lower.endswith(".exe") else parse_name(lower)


def _plainest_first(name: ExecutableName, text: str) -> tuple[bool, bool, int, str]:
    """`python3.7` before `python3.7m`, then `python3` before `python`; debug builds behind the others."""
    return name.series is None, name.debug, len(text) if name.series else -len(text), text
