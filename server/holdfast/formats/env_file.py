"""Files such as `.env`: variables of a process's environment, one a line.

There is no standard. What is read here is what VS Code's Python extensions, python-dotenv and a shell that
sources such a file agree on. Any text is taken, in time in proportion to its length.
"""

import re
from collections.abc import Iterator

from holdfast.formats.span import Span, span_in
from holdfast.values import NamedTuple

_NAME = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=", re.ASCII)
_COMMENT = re.compile(r"\s#")


class Variable(NamedTuple):
    """A variable and what a line sets it to."""

    name: str
    value: str
    """As it stands there, without quotes around it; variables in it are not expanded."""
    span: Span
    """Of the value, without the quotes."""


def env_variables(text: str) -> Iterator[Variable]:
    """The variables that are set to something, in the order of their lines.

    Lines that set nothing are passed over. A comment may stand behind a value without quotes; values over
    several lines are not known.
    """
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n")):
        name = _NAME.match(line)
        if name is None:
            continue
        start, end = _value(line, name.end())
        if start < end:
            yield Variable(name[1], line[start:end], span_in(line, number, start, end))


def _value(line: str, begin: int) -> tuple[int, int]:
    """From where to where the value stands that begins behind the `=`."""
    start = begin + len(line[begin:]) - len(line[begin:].lstrip())
    quote = line[start : start + 1]
    if quote and quote in "\"'":
        closing = line.find(quote, start + 1)
        return (start + 1, closing) if closing > 0 else (start, start)
    comment = _COMMENT.search(line, max(begin, start - 1))
    end = comment.start() if comment else len(line)
    return start, max(start, len(line[:end].rstrip()))
