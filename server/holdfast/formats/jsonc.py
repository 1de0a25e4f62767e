"""JSON with comments and trailing commas, as VS Code takes it: its values, their places, and setting one.

The standard library reads what is left when those are blanked out; no place in the text moves by that, so its
errors and the ends of its values are places in the file.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from holdfast.files.reading import Unreadable, read_bounded
from holdfast.formats.document import Document, Malformed
from holdfast.formats.span import START, Span, span_in
from holdfast.formats.toml import Place
from holdfast.typed import Any
from holdfast.values import NamedTuple

LARGEST = 1_000_000
"""Bytes; a settings.json that holds the word list of a spelling checker may have a tenth of it."""
_DEEPEST = 100
_LONGEST_INTEGER = 640
"""Digits; Python may refuse more, see `sys.int_info`. Beyond 308 the editor takes a number for infinite."""
_INDENT = "    "

_SPACES = " \t\r\n"
_MARK = b"\xef\xbb\xbf"
# A text that is not closed ends with its line: what follows there is no comment.
_TEXT = r'"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"?'
_COMMENT = r"//[^\r\n]*|/\*.*?\*/"
# The standard library takes names of numbers that JSON does not have.
_TEXT_OR_COMMENT = re.compile(rf"(?P<text>{_TEXT})|(?P<comment>{_COMMENT})|NaN|Infinity", re.DOTALL)
# A comma may follow the last value; one behind an opening bracket follows nothing.
_TEXT_OR_COMMA = re.compile(rf"({_TEXT}|[\[{{][{_SPACES}]*,)|,(?=[{_SPACES}]*[\]}}])", re.DOTALL)
_TEXT_OR_BRACKET = re.compile(rf"{_TEXT}|[\[\]{{}}]", re.DOTALL)
_BLANKS = re.compile(r"[ \t]*")
_SPACE = re.compile(rf"[{_SPACES}]*")
_TRIVIA = re.compile(rf"(?:[{_SPACES}]|{_COMMENT})*", re.DOTALL)
_COMMENTS_BESIDE = re.compile(rf"(?:[ \t]*(?:{_COMMENT}))*", re.DOTALL)
_INDENTED_KEY = re.compile(r'^[ \t]+(?=")', re.MULTILINE)
_LINE_END = re.compile(r"\r\n|\r|\n")

_IN_WORDS = {
    "Expecting value": "a value is expected",
    "Expecting ',' delimiter": "a comma or closing bracket is expected",
    "Expecting ':' delimiter": "a colon is expected",
    "Expecting property name enclosed in double quotes": "a key in double quotes is expected",
    "Unterminated string starting at": "a text is not closed",
    "Invalid control character at": "a text is not closed, or holds a control character",
    "Extra data": "nothing more is expected",
    # Since 3.13, of two commas before a closing bracket.
    "Illegal trailing comma before end of object": "a key in double quotes is expected",
    "Illegal trailing comma before end of array": "a value is expected",
}
"""What the standard library says; the rest, about escapes, stays in its words."""


@dataclass(frozen=True)
class Jsonc(Document):
    """A document."""

    values: Any
    """An empty object for a document that is empty or holds comments alone."""
    text: str = field(default="", repr=False)
    """Without a byte order mark."""
    plain: str = field(default="", repr=False)
    """The same, with comments and trailing commas as spaces."""

    def span(self, *path: str | int) -> Span:
        """Where the value at the end of a path stands; the start of the file where there is none."""
        place = _place(self.plain, path)
        return _span(self.text, *place) if place else START


class UneditableError(ValueError):
    """A document in which a value cannot be set; the message is half a sentence."""


def read_jsonc(path: Path) -> Jsonc | Malformed | Unreadable:
    """The document in a file; never blocks."""
    content = read_bounded(path, LARGEST)
    return content if isinstance(content, Unreadable) else parse_jsonc(content)


def parse_jsonc(content: bytes) -> Jsonc | Malformed:
    """Read the bytes of a document. Where a key stands twice, the last one counts, as in VS Code."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Malformed("it is not UTF-8 text", Span(content.count(b"\n", 0, error.start), 0, 0))
    plain = _without_trailing_commas(_without_comments(text))
    if not plain.strip(_SPACES):
        return Jsonc({}, text, plain)
    if (deep := _too_deep(plain)) is not None:
        return Malformed("its values are nested too deep", _span(text, deep, deep))
    try:
        return Jsonc(_decoder().decode(plain), text, plain)
    except json.JSONDecodeError as error:
        return _malformed(error, text)


def with_value(content: bytes, path: tuple[str, ...], value: Any) -> bytes:
    """The same document with one value replaced, or added at the end of its object.

    `path` names one key at least; objects on the way are made where they are missing. Everything else stays
    as it is: comments, order, indentation, line ends. Raises UneditableError where the document is malformed,
    or something on the way is no object.
    """
    document = parse_jsonc(content)
    if isinstance(document, Malformed):
        raise UneditableError(str(document))
    mark = _MARK if content.startswith(_MARK) else b""
    # Half a surrogate pair has no UTF-8, but JSON's escape for it reads as Python's.
    return mark + _edited(document, path, value).encode("utf-8", "backslashreplace")


def _edited(document: Jsonc, path: tuple[str, ...], value: Any) -> str:
    text, plain = document.text, document.plain
    if not plain.strip(_SPACES):
        return _with_first_object(text, _property(path, value))
    place = _whole(plain)
    for depth, key in enumerate(path):
        if plain[place[0]] != "{":
            what = f"“{'.'.join(path[:depth])}” in it" if depth else "it"
            raise UneditableError(f"{what} is not a JSON object")
        members = list(_members(plain, place[0]))
        found = [one for one in members if one.key == key]
        if not found:
            added = _property(path[depth:], value)
            return _with_next(text, place, members[-1], added) if members else _with_first(text, place, added)
        place = found[-1].place
    return text[: place[0]] + _written(value) + text[place[1] :]


def _with_first_object(text: str, added: str) -> str:
    """Behind the comments, where there are any."""
    end = _line_end(text)
    above = text.rstrip(_SPACES)
    return f"{above}{end if above else ''}{{{end}{_INDENT}{added}{end}}}{end}"


def _with_first(text: str, place: Place, added: str) -> str:
    """In an object that holds comments at most: those stay above."""
    start, closing = place[0] + 1, place[1] - 1
    end = _line_end(text)
    indent = _indent(text, start)
    deeper = _INDENTED_KEY.search(text)
    step = deeper.group() if deeper else _INDENT
    return (
        text[:start]
        + text[start:closing].rstrip(_SPACES)
        + f"{end}{indent}{step}{added}{end}{indent}"
        + text[closing:]
    )


def _with_next(text: str, place: Place, last: "_Member", added: str) -> str:
    """Behind the last member, its comma, and the comments beside it: those belong to it."""
    end = last.place[1]
    comma = _after(_TRIVIA, text, end)
    has_comma = text[comma] == ","
    beside = _after(_COMMENTS_BESIDE, text, comma + 1 if has_comma else end)
    on_one_line = not _LINE_END.search(text, *place)
    between = " " if on_one_line else _line_end(text) + _indent(text, last.start)
    if has_comma:
        return f"{text[:beside]}{between}{added},{text[beside:]}"
    return f"{text[:end]},{text[end:beside]}{between}{added}{text[beside:]}"


def _property(path: tuple[str, ...], value: Any) -> str:
    for key in reversed(path[1:]):
        value = {key: value}
    return f"{_written(path[0])}: {_written(value)}"


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _indent(text: str, position: int) -> str:
    """The white space that begins the line of a position."""
    first = max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1
    return text[first : _after(_BLANKS, text, first)]


class _Member(NamedTuple):
    """A value in an object or array."""

    key: str | int
    start: int
    """Of its key; in an array of the value."""
    place: Place
    """Of the value."""


def _members(plain: str, start: int) -> Iterator[_Member]:
    """Those of the object or array that begins there; none of another value."""
    opening = plain[start]
    if opening not in "{[":
        return
    decode = _decoder().raw_decode
    position = _after(_SPACE, plain, start + 1)
    count = 0
    while plain[position] not in "}]":
        begin = position
        key: str | int = count
        if opening == "{":
            key, end = decode(plain, position)
            position = _after(_SPACE, plain, _after(_SPACE, plain, end) + 1)
        _, end = decode(plain, position)
        yield _Member(key, begin, (position, end))
        count += 1
        position = _after(_SPACE, plain, end)
        if plain[position] == ",":
            position = _after(_SPACE, plain, position + 1)


def _place(plain: str, path: tuple[str | int, ...]) -> Place | None:
    """Where the value at the end of a path stands."""
    if not plain.strip(_SPACES):
        return None
    place = _whole(plain)
    for key in path:
        members = _members(plain, place[0])
        if isinstance(key, int):  # in an object the last of equal keys counts
            members = islice(members, max(key, 0), max(key, 0) + 1)
        found = [one.place for one in members if one.key == key]
        if not found:
            return None
        place = found[-1]
    return place


def _whole(plain: str) -> Place:
    return _after(_SPACE, plain, 0), len(plain.rstrip(_SPACES))


def _after(pattern: re.Pattern[str], text: str, position: int) -> int:
    """Where a pattern that matches anywhere, be it nothing, ends."""
    match = pattern.match(text, position)
    return match.end() if match else position


def _without_comments(text: str) -> str:
    def blank(match: re.Match[str]) -> str:
        if match["text"]:
            return match["text"]
        return (" " if match["comment"] else "?") * len(match.group())

    return _TEXT_OR_COMMENT.sub(blank, text)


def _without_trailing_commas(text: str) -> str:
    return _TEXT_OR_COMMA.sub(lambda match: match[1] or " ", text)


def _too_deep(plain: str) -> int | None:
    """Where the first bracket stands that is nested deeper than the parser is asked to follow."""
    depth = 0
    for match in _TEXT_OR_BRACKET.finditer(plain):
        mark = match.group()
        depth += (mark in "[{") - (mark in "]}")
        if depth > _DEEPEST:
            return match.start()
    return None


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        parse_int=lambda digits: int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)
    )


def _malformed(error: json.JSONDecodeError, text: str) -> Malformed:
    words = _IN_WORDS.get(error.msg, error.msg[0].lower() + error.msg[1:])
    if text.startswith("/*", error.pos):
        words = "a comment is not closed"
    return Malformed(f"it is not valid JSON: {words}", _span(text, error.pos, error.pos))


def _span(text: str, start: int, end: int) -> Span:
    """Of the first line where the text runs over several."""
    ends = [match.end() for match in _LINE_END.finditer(text, 0, start)]
    stop = _LINE_END.search(text, start, end)
    first = ends[-1] if ends else 0
    line = text[first : stop.start() if stop else end]
    return span_in(line, len(ends), start - first, end - first)
