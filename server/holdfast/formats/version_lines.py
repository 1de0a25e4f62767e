"""Version files that are words on lines: `.python-version`, `.tool-versions`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from holdfast.files.reading import Unreadable, read_bounded

_LARGEST = 100_000


@dataclass(frozen=True)
class Word:
    """A word and its line, from 0."""

    text: str
    line: int


def read_words(file: Path) -> Iterator[Word]:
    """The first word of each line, without empty lines and comments; none of a file that cannot be read."""
    for number, words in _lines(file):
        yield Word(words[0], number)


def read_tool(file: Path, tool: str) -> tuple[Word, ...]:
    """The words behind a tool's name, on the first line that begins with it."""
    for number, words in _lines(file):
        if words[0] == tool:
            return tuple(Word(word, number) for word in words[1:] if word != "=")
    return ()


def _lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    content = read_bounded(file, _LARGEST)
    if isinstance(content, Unreadable):
        return
    for number, line in enumerate(content.decode("utf-8", "surrogateescape").split("\n")):
        words = line.split("#", 1)[0].split()
        if words:
            yield number, words
