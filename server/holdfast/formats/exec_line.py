"""The second line of scripts that /bin/sh starts, since no first line can hold their interpreter's path.

It reads `'''exec' '/a path/python' "$0" "$@"`: to the shell a command, to Python the start of a string. pip
and distlib quote the path with `"` where it has a blank, uv always with `'`.
"""

import re
from collections.abc import Iterator

from holdfast.formats.span import Word
from holdfast.typed import Literal

_EXEC = re.compile(r"""('''exec'|"exec")[ \t]+""")
_BESIDE = re.compile(
    r""""\$\((?:
        dirname[ ]--[ ]"\$\(realpath[ ]--[ ]"\$0"\)"
        | (?P<called>CDPATH=(?:'')?[ ]cd[ ]--[ ]"\$\(dirname[ ]--[ ]"\$0"\)"[ ]&&[ ]echo[ ]"\$PWD")
    )\)"/""",
    re.VERBOSE,
)
"""How uv begins the path in an environment that may be moved: today, and from 0.3.0 to 0.4.0 and later."""
_WORD = re.compile(r"""((?:'[^']*'|"(?:[^"\\$`]|\\.)*"|\\.|[^\s'"\\$`;&|<>()])+)(?=\s|$)[ \t]*""", re.DOTALL)
"""A word that says the same to every shell at any time, and the blanks behind it."""
_PIECE = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\]+)""", re.DOTALL)


RelativeTo = Literal["script", "called"]
"""The folder of the script, whose links are resolved first, or that of the name by which it is called."""


def exec_words(line: str) -> tuple[list[Word], RelativeTo | None]:
    """The words that a line tells /bin/sh to start, up to the script's own name and its arguments.

    And what the first is relative to; None where it is a whole path. No words where the line is none of this
    kind, or its interpreter is what only a shell can find out.
    """
    opening = _EXEC.match(line)
    if opening is None:
        return [], None
    beside = _BESIDE.match(line, opening.end())
    words = list(_words(line, (beside or opening).end()))
    if beside is None:
        return words, None
    return words, "called" if beside["called"] else "script"


def exec_line(program: str) -> str:
    """The line that tells /bin/sh to start a program, and the one that ends the string for Python."""
    return f"'''exec' {_quoted(program)} \"$0\" \"$@\"\n' '''\n"


def _words(line: str, at: int) -> Iterator[Word]:
    while match := _WORD.match(line, at):
        pieces = list(_PIECE.finditer(match.group(1)))
        # The span of a path that is quoted as a whole leaves the quotes out.
        start, end = pieces[0].span(pieces[0].lastindex or 0) if len(pieces) == 1 else (0, pieces[-1].end())
        yield Word("".join(map(_unescaped, pieces)), at + start, at + end)
        at = match.end()


def _unescaped(piece: re.Match[str]) -> str:
    single, double, escaped, bare = piece.groups()
    return re.sub(r'\\([\\"$`])', r"\1", double) if double is not None else single or escaped or bare or ""


def _quoted(text: str) -> str:
    """Text as a word of sh that Python can read within its string.

    A backslash is doubled, which both read as one; three quotes in a row would end the string.
    """
    pieces: list[str] = re.findall(r"[^'\\]+|'|\\", text)
    quotes = {"'": '''"'"''', "\\": r'"\\"'}
    return "".join(quotes.get(piece, f"'{piece}'") for piece in pieces)
