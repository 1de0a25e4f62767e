"""The first lines of scripts: which interpreter they name, and how they name it."""

import os
import re

from holdfast.formats.span import Span, Word, span_in
from holdfast.typed import TYPE_CHECKING, Literal
from holdfast.values import NamedTuple

if TYPE_CHECKING:
    from holdfast.formats.exec_line import RelativeTo

LONGEST_ANYWHERE = 127
"""Bytes of a first line, `#!` included, that every system takes: Linux before 5.1 cuts longer ones off."""
LONGEST_ON_LINUX = 255
"""The same since Linux 5.1: the line and its end must fit into 256 bytes (BINPRM_BUF_SIZE)."""
LONGEST_ON_MACOS = 512
"""The same of macOS, which nobody here has tried."""

_WORD = re.compile(r'"(?P<quoted>[^"]*)"|(?P<plain>[^ \t]+)')
_OF_ENV = r"-|[A-Za-z_]\w*="  # an option, or a variable for what it starts
_OPTIONS_WITH_VALUE = ("-u", "-C", "-P", "--unset", "--chdir")
_SPLIT = r"-[iv0]*S|--split-string=?"


class Shebang(NamedTuple):
    """What the first lines of a script say about its interpreter."""

    interpreter: str
    """To the letter; bytes that are not UTF-8 as surrogates. A path, or a name to be looked up on PATH."""
    arguments: tuple[str, ...]
    """The words behind it. Linux hands them over as one: there `env` without -S takes all for one name."""
    kind: Literal["direct", "env", "sh-exec"]
    """`env`: env looks it up; `sh-exec`: /bin/sh starts it by the second line; else the system does."""
    span: Span
    """Of the interpreter, its quotes left out."""
    length: int
    """Bytes of the first line, `#!` included, the line feed not."""
    ends_in_return: bool = False
    """Whether the first line ends in CR LF: POSIX systems take the CR for a part of its last word."""
    relative_to: "RelativeTo | None" = None
    """What the path is relative to, where it is one in the folder of the script."""


def parse_shebang(head: bytes) -> Shebang | None:
    """What the first bytes of a file say about its interpreter; None where they make no script of it.

    A byte order mark before `#!` hides it from every system. Quotes around the interpreter's path, which only
    launchers of Windows understand, are left out.
    """
    if not head.startswith(b"#!"):
        return None
    first, _, rest = head.partition(b"\n")
    line = first.removesuffix(b"\r").partition(b"\0")[0].decode("utf-8", "surrogateescape")
    words = [_word(match) for match in _WORD.finditer(line, 2)]
    program = words[0].text.rpartition("/")[2] if words else ""
    if program == "sh" and (found := _through_shell(first, rest)):
        return found
    behind = _behind_env(words[1:]) if program == "env" else []
    named, *arguments = behind or words or [Word("", 0, 0)]
    if not named.text:
        return None
    return Shebang(
        interpreter=named.text,
        arguments=tuple(word.text for word in arguments),
        kind="env" if behind else "direct",
        span=span_in(line, 0, named.start, named.end),
        length=len(first),
        ends_in_return=first.endswith(b"\r"),
    )


def script_head(interpreter: str) -> bytes:
    """The lines that make a file a script of an interpreter.

    A path with a space, or a long one, cannot stand after `#!`; /bin/sh then starts the interpreter, by a
    line that Python takes for a string.
    """
    plain = b"#!" + os.fsencode(interpreter) + b"\n"
    if len(plain) <= LONGEST_ANYWHERE and not re.search(rb'[\s"]', plain[2:-1]):
        return plain
    from holdfast.formats.exec_line import exec_line  # noqa: PLC0415 - few scripts have one

    return b"#!/bin/sh\n" + os.fsencode(exec_line(interpreter))


def _word(match: re.Match[str]) -> Word:
    group = match.lastgroup or 0
    return Word(match.group(group), *match.span(group))


def _behind_env(words: list[Word]) -> list[Word]:
    """What `env` starts: the words from the first that is neither one of its options nor a variable."""
    rest = words.copy()
    while rest and re.match(_OF_ENV, rest[0].text):
        word = rest.pop(0)
        split = re.match(_SPLIT, word.text)
        if split and split.end() < len(word.text):  # as in -Spython3
            return [Word(word.text[split.end() :], word.start + split.end(), word.end), *rest]
        if word.text in _OPTIONS_WITH_VALUE:
            del rest[:1]
    return rest


def _through_shell(first: bytes, rest: bytes) -> Shebang | None:
    """What /bin/sh starts by the second line, with which `rest` begins; None where it starts nothing."""
    from holdfast.formats.exec_line import exec_words  # noqa: PLC0415 - few scripts have one

    text = rest.decode("utf-8", "surrogateescape")
    words, relative_to = exec_words(text)
    if not words or not words[0].text:
        return None
    return Shebang(
        interpreter=words[0].text,
        arguments=tuple(word.text for word in words[1:]),
        kind="sh-exec",
        span=span_in(text.partition("\n")[0], 1, words[0].start, words[0].end),
        length=len(first),
        ends_in_return=first.endswith(b"\r"),
        relative_to=relative_to,
    )
