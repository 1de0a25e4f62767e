"""What the command line prints: JSON alone on stdout, text for people, messages on stderr."""

import os
import re
import sys

from holdfast.typed import Any, TextIO

_CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "bold": "1", "dim": "2"}
_OBEYED = (
    rf"(?P<colour>\x1b\[(?:0|{'|'.join(_CODES.values())})m)"
    r"|[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
"""What a folder's name may hold and a terminal or a workflow would obey; at the end what turns the direction
of reading. Colours are ours, as far as `paint` has them."""
_PLAIN: dict[str, str | int | None] = {
    "├": "|",
    "│": "|",
    "└": "`",
    "─": "-",
    "→": "->",
    "·": "-",
    "“": '"',
    "”": '"',
}
"""What stands for the signs of a tree where an encoding lacks them: in a pipe on Windows, mostly."""


def print_json(document: Any) -> None:
    """One JSON document on stdout; names that are not UTF-8 become escapes."""
    import json  # noqa: PLC0415 - most answers are for people

    if sys.stdout is not None:
        sys.stdout.write(json.dumps(document, indent=2) + "\n")


def say(text: str = "") -> None:
    """A line of the answer."""
    _write(sys.stdout, text)


def warn(text: str) -> None:
    """A message that is not part of the answer."""
    _write(sys.stderr, text)


def progress(text: str) -> None:
    """Show what is being done, in a line that the next one replaces; on a terminal only. `""` clears it."""
    stream = sys.stderr
    if stream is None or not stream.isatty() or os.environ.get("TERM") == "dumb":
        return
    try:
        width = os.get_terminal_size(stream.fileno()).columns - 1
    except OSError:
        return
    stream.write("\r\x1b[K" + re.sub(_OBEYED, lambda match: ascii(match[0])[1:-1], text)[:width])
    stream.flush()


def paint(text: str, colour: str) -> str:
    """Text in a colour, on a terminal that knows colours only, and not where NO_COLOR asks for none."""
    if sys.stdout is None or not sys.stdout.isatty():
        return text
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\033[{_CODES[colour]}m{text}\033[0m"


def shown(text: str) -> str:
    """A text as `say` shows it: with escapes for what would be obeyed, and for what the encoding lacks."""
    return _shown(sys.stdout, text) if sys.stdout is not None else text


def width(elsewhere: int = 98) -> int:
    """How many columns a line may take on this terminal; `elsewhere`, where there is none or it says none."""
    try:
        columns = os.get_terminal_size().columns
        return columns - 2 if columns else elsewhere
    except OSError:
        return elsewhere


def _write(stream: TextIO | None, text: str) -> None:
    """Write a line, whatever bytes a file's name in it has, unless the caller has closed the stream."""
    if stream is not None:
        stream.write(_shown(stream, text) + "\n")


def _shown(stream: TextIO, text: str) -> str:
    coloured = stream.isatty()

    def escaped(match: re.Match[str]) -> str:
        return match[0] if coloured and match["colour"] else ascii(match[0])[1:-1]

    line = text if text.isprintable() else re.sub(_OBEYED, escaped, text)
    encoding = stream.encoding or "utf-8"
    try:
        "".join(_PLAIN).encode(encoding)
    except UnicodeEncodeError:
        line = line.translate(str.maketrans(_PLAIN))
    return line.encode(encoding, "backslashreplace").decode(encoding)
