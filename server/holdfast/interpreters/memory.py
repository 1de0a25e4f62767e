"""What was found out about files, kept for as long as they stay as they are.

Reading thirty megabytes for a version, or starting an interpreter, is worth remembering until any file that
the answer rests on changes. The memory is a help only: a missing, damaged or outdated one, and one that two
programs write at once, costs time and never makes an answer wrong.
"""

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

from holdfast.files.reading import read_bounded
from holdfast.host import cache_folder
from holdfast.typed import Any

_FORMAT = 1
_LARGEST = 10_000_000
_MOST_ENTRIES = 2000

Mark = list[Any]
"""A path with what tells that it has changed: its size, its time in nanoseconds, its number."""


def user_memory() -> "Memory":
    """What the commands and the helper of this person have found out."""
    return Memory(_usual_file)


def _usual_file() -> Path | None:
    folder = cache_folder()
    return folder / "interpreters.json" if folder else None


class Memory:
    """Answers to questions about files.

    `file` says where they are kept, and is asked only if there is something to recall or to keep; without it
    they are forgotten at the end.
    """

    def __init__(self, file: Callable[[], Path | None] = lambda: None) -> None:
        self._file = file
        self._entries: dict[str, dict[str, Any]] | None = None
        self._is_new = False

    def recall(self, question: str, files: Iterable[Path]) -> Any:
        """The answer that was kept for these files; None where there is none or any of them has changed."""
        marks = _marks(files)
        entry = self._loaded().get(_key(question, marks))
        return entry["answer"] if entry and entry["marks"] == marks else None

    def keep(self, question: str, files: Iterable[Path], answer: Any) -> None:
        """Remember an answer, which JSON can carry, for as long as these files stay as they are."""
        marks = _marks(files)
        self._loaded()[_key(question, marks)] = {"marks": marks, "answer": answer}
        self._is_new = True

    def save(self) -> None:
        """Write down what is new, with what others have written meanwhile. Failing to is no error.

        What is no regular file, a link among them, stays as it is; so does a home folder that is not there.
        """
        file = self._file() if self._is_new else None
        if file is None or not _is_free(file):
            return
        from holdfast.files.placing import write_atomically  # noqa: PLC0415 - most looks learn nothing new

        entries = {**_read(file), **self._loaded()}
        kept = [(key, entry) for key, entry in entries.items() if _is_current(entry)][-_MOST_ENTRIES:]
        import json  # noqa: PLC0415 - few answers are new

        content = json.dumps({"format": _FORMAT, "entries": dict(kept)}).encode()
        try:
            for folder in (file.parent.parent, file.parent):  # `~/.cache/holdfast`
                folder.mkdir(exist_ok=True)
            write_atomically(file, content, 0o600)
        except OSError:  # a full or read-only home: then it is found out again
            return
        self._is_new = False

    def _loaded(self) -> dict[str, dict[str, Any]]:
        if self._entries is None:
            file = self._file()
            self._entries = _read(file) if file else {}
        return self._entries


def _is_free(file: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(file).st_mode)
    except (OSError, ValueError):
        return True


def _read(file: Path) -> dict[str, dict[str, Any]]:
    import json  # noqa: PLC0415 - most looks recall nothing

    content = read_bounded(file, _LARGEST)
    try:
        document = json.loads(content) if isinstance(content, bytes) else None
    except (ValueError, RecursionError):
        return {}
    if not isinstance(document, dict) or document.get("format") != _FORMAT:
        return {}
    entries = document.get("entries")
    if not isinstance(entries, dict):
        return {}
    return {key: entry for key, entry in entries.items() if _is_entry(entry)}


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("marks"), list) and "answer" in entry


def _is_current(entry: dict[str, Any]) -> bool:
    try:
        return bool(_marks(Path(mark[0]) for mark in entry["marks"]) == entry["marks"])
    except (TypeError, IndexError, KeyError):
        return False


def _marks(files: Iterable[Path]) -> list[Mark]:
    return [_mark(os.fspath(file)) for file in files]


def _mark(path: str) -> Mark:
    """Of a link its own, not that of what it leads to: the hops of a chain are marked one by one."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return [path, None, None, None]
    return [path, status.st_size, status.st_mtime_ns, status.st_ino]


def _key(question: str, marks: list[Mark]) -> str:
    return "\n".join((question, *(mark[0] for mark in marks)))
