"""Where texts stand in a file."""

from holdfast.values import NamedTuple


class Span(NamedTuple):
    """Where a text stands: line and characters from 0, characters in UTF-16 units as LSP counts."""

    line: int
    start: int
    end: int


class Word(NamedTuple):
    """A word of a line, and the characters of the line that it takes up."""

    text: str
    start: int
    end: int


START = Span(0, 0, 0)


def span_in(text: str, line: int, start: int, end: int) -> Span:
    """The span of `text[start:end]`, where the text is the whole line of that number."""
    return Span(line, _units(text[:start]), _units(text[:end]))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
