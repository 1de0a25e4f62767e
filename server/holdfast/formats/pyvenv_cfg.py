"""pyvenv.cfg: read leniently, written back without disturbing what is not changed.

CPython splits each line at the first `=` and strips both sides; from 3.11 on it ignores the case of keys
(Modules/getpath.py), and the first `home` wins.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from holdfast.formats.span import START, Span, span_in
from holdfast.values import NamedTuple

__all__ = ["BOM", "START", "Entry", "PyvenvCfg", "Span", "can_hold", "parse", "with_values"]

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")  # str.splitlines would also split at U+2028 and others
_HOME_IN_WORDS = r"[ \t\r]*home[ \t\r][ \t]*=[ \t]\r*([^\r]+)"
_GETPATH_IN_PYTHON = 11
_LONGEST_LINE = 8190
"""Bytes, without its end: twice MAXPATHLEN of Linux is the buffer of CPython before 3.11."""
BOM = b"\xef\xbb\xbf"


class Entry(NamedTuple):
    """One `key = value` line."""

    key: str
    """In lower case."""
    value: str
    span: Span
    """Of the value."""


class PyvenvCfg(NamedTuple):
    """The entries of a pyvenv.cfg and the bytes that they came from."""

    content: bytes
    entries: tuple[Entry, ...]

    def get(self, key: str) -> Entry | None:
        """The first entry of that name, which is the one that counts."""
        return next((entry for entry in self.entries if entry.key == key), None)

    @property
    def home(self) -> Entry | None:
        """The entry of `home` as CPython sees it: a byte order mark becomes part of the first key."""
        first = 1 if self.content.startswith(BOM) else 0
        seen = (entry for entry in self.entries if entry.span.line >= first)
        return next((entry for entry in seen if entry.key == "home"), None)

    def value(self, key: str) -> str | None:
        """The value of the first entry of that name."""
        entry = self.get(key)
        return entry.value if entry else None

    def home_as_read_by(self, minor: int) -> str | None:
        """The `home` that CPython 3.`minor` finds when it starts, to the letter; None where it finds none.

        Before 3.11 (_Py_FindEnvConfigValue in Python/pathconfig.c, which splits words with wcstok) the key
        must be in lower case, `=` must stand between blanks, every blank behind it but the first belongs to
        the value, and a last line without an end is not read. Since 3.11 it is Modules/getpath.py that reads.
        To neither is a CR alone the end of a line.
        """
        text = self.content.decode("utf-8", "surrogateescape")
        return _home_since_3_11(text) if minor >= _GETPATH_IN_PYTHON else _home_before_3_11(text)


def parse(content: bytes) -> PyvenvCfg:
    """Read the bytes of a pyvenv.cfg.

    Raises UnicodeDecodeError where a byte is not UTF-8: such a file stops CPython at its start.
    """
    text = content.decode("utf-8-sig")
    found = (_entry(number, line) for number, line in enumerate(_LINE.findall(text)))
    return PyvenvCfg(content, tuple(entry for entry in found if entry))


def with_values(config: PyvenvCfg, values: Mapping[str, str]) -> bytes:
    """The file's bytes with new values for keys that it has, and nothing else changed.

    The order, comments, unknown keys, spacing, line ends and a BOM stay. A key that stands twice is
    changed in its first place; one that the file lacks is not added.
    """
    mark = BOM if config.content.startswith(BOM) else b""
    lines = _LINE.findall(config.content.decode("utf-8-sig"))
    for key, value in values.items():
        if entry := config.get(key):
            line = lines[entry.span.line]
            head, _, tail = line.partition("=")
            space = tail[: len(tail) - len(tail.lstrip(" \t"))] or (
                " " if head.endswith(" ") and not entry.value else ""
            )
            lines[entry.span.line] = head + "=" + space + value + _line_end(line)
    return mark + "".join(lines).encode("utf-8")


def can_hold(value: Path | str) -> bool:
    """Whether a value can stand in a pyvenv.cfg: one byte that is not UTF-8 stops CPython at its start.

    The bytes of a name count, not what a locale takes them for. Nor can a line hold the end of a line, or a
    NUL.
    """
    try:
        os.fsencode(value).decode("utf-8")
    except UnicodeError:
        return False
    return not any(mark in os.fspath(value) for mark in "\0\r\n")


def _home_since_3_11(text: str) -> str | None:
    for line in text.partition("\0")[0].split("\n"):
        key, equals, value = line.partition("=")
        if equals and key.strip().lower() == "home":
            return value.strip()
    return None


def _home_before_3_11(text: str) -> str | None:
    for line in text.split("\n")[:-1]:
        if "\0" in line or len(line.encode("utf-8", "surrogateescape")) > _LONGEST_LINE:
            return None  # the reader gives up
        if match := re.match(_HOME_IN_WORDS, line):
            return match.group(1)
    return None


def _entry(number: int, line: str) -> Entry | None:
    key, equals, tail = line[: len(line) - len(_line_end(line))].partition("=")
    if not equals or key.lstrip().startswith("#"):
        return None
    value = tail.strip()
    start = len(key) + 1 + len(tail) - len(tail.lstrip())
    return Entry(key.strip().lower(), value, span_in(line, number, start, start + len(value)))


def _line_end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
