"""The line of a file on which a problem stands, and what to put below it, as a terminal shows them."""

import re
from collections.abc import Iterable
from pathlib import Path

from holdfast.cli.output import shown
from holdfast.files.reading import Unreadable, read_bounded
from holdfast.formats.span import START, Span
from holdfast.values import NamedTuple

_LARGEST = 1_000_000
"""Bytes."""
_LINE_END = re.compile(r"\r\n|\r|\n")  # as LSP counts lines
_WIDEST_OF_ONE_UNIT = 0xFFFF
_TAB = "    "
_CUT = "..."


class Excerpt(NamedTuple):
    """A line, and a mark for below it that underlines a part of it."""

    line: str
    mark: str


def source_line(file: Path, number: int) -> str | None:
    """A line of a file, counted from 0; None where it has none, or is no text."""
    content = read_bounded(file, _LARGEST)
    if isinstance(content, Unreadable) or b"\0" in content:
        return None
    try:
        lines = _LINE_END.split(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None
    return lines[number] if number < len(lines) else None


def excerpt(file: Path, span: Span, columns: int) -> Excerpt | None:
    """The line of a span, cut around it to so many columns, and underlined where it stands.

    None where that would tell nothing: the file is no text, or the problem is that of the file as a whole.
    """
    line = source_line(file, span.line)
    if line is None or span == START:
        return None
    start, end = (_index(line, units) for units in (span.start, span.end))
    # A line may have a million characters: those that are cut off in any case are not measured.
    before = _cells(line[max(0, start - columns) : start])
    marked = _cells(line[start : min(end, start + columns)])
    after = _cells(line[end : end + columns])
    if len(line) > len(before + marked + after) or _width(before + marked + after) > columns:
        room = columns - 2 * len(_CUT)
        marked = _fit(marked, max(room // 2, room - _width(before)))
        room -= _width(marked)
        before = _fit(before[::-1], max(room // 2, room - _width(after)))[::-1]
        after = _fit(after, room - _width(before)) if len(marked) == end - start else []
    head = [*(_CUT if len(before) < start else ""), *before]
    tail = _CUT if start + len(marked) + len(after) < len(line) else ""
    mark = " " * _width(head) + "^" * max(1, _width(marked))
    return Excerpt("".join((*head, *marked, *after, tail)), mark)


def _index(line: str, units: int) -> int:
    """Of the character that stands behind so many UTF-16 units; the end where the line has fewer."""
    passed = 0
    for index, character in enumerate(line):
        if passed >= units:
            return index
        passed += 2 if ord(character) > _WIDEST_OF_ONE_UNIT else 1
    return len(line)


def _cells(text: str) -> list[str]:
    """What is shown for each character."""
    return [_TAB if character == "\t" else shown(character) for character in text]


def _fit(cells: Iterable[str], columns: int) -> list[str]:
    """The first cells, as many as these columns hold."""
    fitting = []
    for cell in cells:
        columns -= _width([cell])
        if columns < 0:
            break
        fitting.append(cell)
    return fitting


def _width(cells: Iterable[str]) -> int:
    """How many columns they take."""
    return sum(len(cell) if cell.isascii() else sum(map(_columns, cell)) for cell in cells)


def _columns(character: str) -> int:
    import unicodedata  # noqa: PLC0415 - most lines are ASCII

    if unicodedata.category(character) in ("Mn", "Me", "Cf"):  # they change what stands before them
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
