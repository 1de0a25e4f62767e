"""What the command line prints: JSON alone on stdout, text for people, messages on stderr."""

import json
import os
import sys
from typing import Any

_CODES = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "bold": "1", "dim": "2"}


def print_json(document: Any) -> None:
    """One JSON document on stdout; names that are not UTF-8 become escapes."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def say(text: str = "") -> None:
    """A line of the answer."""
    sys.stdout.write(_printable(text) + "\n")


def warn(text: str) -> None:
    """A message that is not part of the answer."""
    sys.stderr.write(_printable(text) + "\n")


def paint(text: str, colour: str) -> str:
    """Text in a colour, on a terminal only and not where NO_COLOR asks for none."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\033[{_CODES[colour]}m{text}\033[0m"


def _printable(text: str) -> str:
    """Text that can be written whatever bytes a file's name has."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
