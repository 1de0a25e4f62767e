"""The first lines of scripts."""

import re

_LONGEST = 127
"""Bytes with `#!` that every system takes: Linux before 5.1 cuts longer ones off."""


def script_head(interpreter: str) -> bytes:
    """The lines that make a file a script of an interpreter.

    A path with a space, or a long one, cannot stand after `#!`; /bin/sh then starts the interpreter, by a
    line that Python takes for a string.
    """
    plain = b"#!" + interpreter.encode("utf-8", "surrogateescape") + b"\n"
    if len(plain) <= _LONGEST and not re.search(rb"\s", plain[2:-1]):
        return plain
    quoted = _quoted(interpreter).encode("utf-8", "surrogateescape")
    return b"#!/bin/sh\n'''exec' " + quoted + b" \"$0\" \"$@\"\n' '''\n"


def _quoted(text: str) -> str:
    """Text in the quotes of sh that need the fewest backslashes: Python reads them as escapes, too."""
    if "'" not in text:
        return f"'{text}'"
    return '"' + re.sub(r'([\\"$`])', r"\\\1", text) + '"'
