"""TOML: its values, and where in the file each of them stands.

The values come from the standard library, which keeps no positions; a scanner finds those. It also refuses,
before the parser sees them, documents that would keep that busy: a key of 50,000 parts takes tomllib of
Python 3.11 to 3.13 half a minute, and deep nesting exhausts its stack.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from holdfast.files.reading import Unreadable, read_bounded
from holdfast.formats.document import Document, Malformed
from holdfast.formats.span import START, Span, span_in
from holdfast.typed import Any

KeyPath = tuple[str | int, ...]
"""The way to a value: keys of tables, indexes of arrays."""
Place = tuple[int, int]
"""From and to which character of the text."""

LARGEST = 200_000
"""Bytes; the pyproject.toml of large projects have a third of it."""
_MOST_PARTS = 40
_DEEPEST = 40

_TOKEN = re.compile(
    r"""
    (?P<space>(?:[ \t\r]+|\#[^\n]*)+)
    | (?P<text>\"{3}(?:[^"\\]|\\[\s\S]|"(?!""))*"{3,5}|'{3}(?:[^']|'(?!''))*'{3,5}
        | "(?:[^"\\\n]|\\[^\n])*"|'[^'\n]*')
    | (?P<mark>[\[\]{}=,.\n])
    | (?P<word>[^\s"'\#\[\]{}=,.]+)
    """,
    re.VERBOSE,
)
_PLACE = re.compile(r" \((?:at line (\d+), column (\d+)|at end of document)\)$")


@dataclass(frozen=True)
class Toml(Document):
    """A document."""

    values: dict[str, Any]
    text: str = field(default="", repr=False)
    places: Mapping[KeyPath, Place] = field(default_factory=dict, repr=False)
    """Of each value that stands behind `=` or in an array, quotes included; of a `[table]`, its name."""

    def span(self, *path: str | int) -> Span:
        """Where the value at the end of a path stands; the start of the file where that is not known.

        A table without a line of its own stands where the first thing in it does.
        """
        inside = (place for key, place in self.places.items() if key[: len(path)] == path)
        place = self.places.get(path) or next(inside, None)
        return _span(self.text, *place) if place else START


def read_toml(path: Path) -> Toml | Malformed | Unreadable:
    """The document in a file; never blocks, and takes less than a second whatever is in it."""
    content = read_bounded(path, LARGEST)
    return content if isinstance(content, Unreadable) else parse_toml(content)


def parse_toml(content: bytes) -> Toml | Malformed:
    """Read the bytes of a document. A byte order mark before it counts for nothing."""
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415 - only what meets a TOML file pays for it
    else:
        import tomli as tomllib  # noqa: PLC0415

    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return Malformed("it is not UTF-8 text", Span(content.count(b"\n", 0, error.start), 0, 0))
    try:
        places = dict(_Scanner(text).values())
        return Toml(tomllib.loads(text), text, places)
    except _TooDeepError as error:
        return Malformed(f"{error} nested too deep", _span(text, error.offset, error.offset))
    except RecursionError:
        return Malformed("its values are nested too deep", START)
    except ValueError as error:  # TOMLDecodeError, or an integer of more than 4,300 digits
        return _malformed(str(error), text)


def _malformed(message: str, text: str) -> Malformed:
    reason = "it is not valid TOML: " + _PLACE.sub("", message)
    place = _PLACE.search(message)
    if place is None:
        return Malformed(reason, START)
    if place.group(1) is None:
        return Malformed(reason, _span(text, len(text), len(text)))
    line, column = int(place.group(1)) - 1, int(place.group(2)) - 1
    return Malformed(reason, span_in(text.split("\n")[line], line, column, column))


def _span(text: str, start: int, end: int) -> Span:
    """Of the first line where the text runs over several."""
    first = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start, end)
    return span_in(
        text[first : stop if stop >= 0 else end], text.count("\n", 0, start), start - first, end - first
    )


class _TooDeepError(Exception):
    def __init__(self, what: str, offset: int) -> None:
        super().__init__(what)
        self.offset = offset


class _Scanner:
    """Finds the values of a document.

    It takes any text: what is no TOML gives fewer values or wrong ones, and the parser then says why.
    """

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._token = next(self._tokens, None)
        self._end = 0
        """Of the token before."""
        self._arrays: dict[KeyPath, int] = {}
        """How many tables each array of tables has so far."""

    def values(self) -> Iterator[tuple[KeyPath, Place]]:
        """Every value and every table with its place, values within others before them."""
        table: KeyPath = ()
        while self._token:
            if self._take("["):
                in_array = self._take("[")
                start = self._token.start() if self._token else self._end
                table = self._table(self._key(), in_array=in_array)
                yield table, (start, self._end)
            elif key := self._key():
                if self._take("="):
                    yield from self._value((*table, *key), 0)
            else:
                self._step()

    def _table(self, key: tuple[str, ...], *, in_array: bool) -> KeyPath:
        path: KeyPath = ()
        for number, part in enumerate(key):
            path = (*path, part)
            if in_array and number == len(key) - 1:
                self._arrays[path] = self._arrays.get(path, 0) + 1
            if path in self._arrays:
                path = (*path, self._arrays[path] - 1)
        return path

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while self._token and self._token.lastgroup in ("word", "text"):
            text = self._token.group()
            # Escapes in a quoted key stay: nobody asks for such a key here.
            parts.append(text if self._token.lastgroup == "word" else text[1:-1])
            if len(parts) > _MOST_PARTS:
                raise _TooDeepError("its keys are", self._token.start())
            self._step()
            if not self._take("."):
                break
        return tuple(parts)

    def _value(self, path: KeyPath, depth: int) -> Iterator[tuple[KeyPath, Place]]:
        if self._token is None:
            return
        start = self._token.start()
        if depth > _DEEPEST:
            raise _TooDeepError("its values are", start)
        if self._take("["):
            yield from self._members(path, depth + 1, "]")
        elif self._take("{"):
            yield from self._members(path, depth + 1, "}")
        else:
            while self._token and self._token.group() not in ("\n", ",", "]", "}"):
                self._step()
        if self._end > start:
            yield path, (start, self._end)

    def _members(self, path: KeyPath, depth: int, closing: str) -> Iterator[tuple[KeyPath, Place]]:
        """Of an array, or of an inline table: those have keys."""
        index = 0
        while self._token and not self._take(closing):
            if self._token.group() in ("\n", ",", "]", "}"):
                self._step()
                continue
            key = (index,) if closing == "]" else self._key()
            index += 1
            if closing == "]" or self._take("="):
                yield from self._value((*path, *key), depth)
            elif not key:
                self._step()

    def _take(self, text: str) -> bool:
        if self._token is None or self._token.group() != text:
            return False
        self._step()
        return True

    def _step(self) -> None:
        if self._token:
            self._end = self._token.end()
        self._token = next(self._tokens, None)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """The tokens up to the first place where there is none: a quote that nothing closes."""
    position = 0
    while match := _TOKEN.match(text, position):
        position = match.end()
        if match.lastgroup != "space":
            yield match
