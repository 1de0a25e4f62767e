"""pyvenv.cfg: read leniently, written back without disturbing what is not changed.

CPython splits each line at the first `=` and strips both sides; from 3.11 on it ignores the case of keys
(Modules/getpath.py), and the first `home` wins.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")  # str.splitlines would also split at U+2028 and others
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Span:
    """Where a text stands: line and characters from 0, characters in UTF-16 units as LSP counts."""

    line: int
    start: int
    end: int


START = Span(0, 0, 0)


@dataclass(frozen=True)
class Entry:
    """One `key = value` line."""

    key: str
    """In lower case."""
    value: str
    span: Span
    """Of the value."""


@dataclass(frozen=True)
class PyvenvCfg:
    """The entries of a pyvenv.cfg and the bytes that they came from."""

    content: bytes
    entries: tuple[Entry, ...]

    def get(self, key: str) -> Entry | None:
        """The first entry of that name, which is the one that counts."""
        return next((entry for entry in self.entries if entry.key == key), None)

    @property
    def home(self) -> Entry | None:
        """The entry of `home` as CPython sees it: a byte order mark becomes part of the first key."""
        entry = self.get("home")
        hidden = entry is not None and entry.span.line == 0 and self.content.startswith(BOM)
        return None if hidden else entry

    def value(self, key: str) -> str | None:
        """The value of the first entry of that name."""
        entry = self.get(key)
        return entry.value if entry else None


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
            space = tail[: len(tail) - len(tail.lstrip(" \t"))]
            lines[entry.span.line] = head + "=" + space + value + _line_end(line)
    return mark + "".join(lines).encode("utf-8")


def can_hold(path: Path) -> bool:
    """Whether a path can stand in a pyvenv.cfg: one byte that is not UTF-8 stops CPython at its start.

    Python shows such bytes as surrogates.
    """
    return re.search("[\ud800-\udfff]", os.fspath(path)) is None


def _entry(number: int, line: str) -> Entry | None:
    key, equals, tail = line.partition("=")
    if not equals or key.lstrip().startswith("#"):
        return None
    value = tail.strip()
    start = len(key) + 1 + len(tail) - len(tail.lstrip())
    span = Span(number, _units(line[:start]), _units(line[: start + len(value)]))
    return Entry(key.strip().lower(), value, span)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _line_end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
