"""What activation scripts say: the folder of the environment that they activate."""

import re

from holdfast.formats.span import Span, span_in
from holdfast.values import NamedTuple

_NAMES = re.compile(rb"VIRTUAL_ENV|virtual_env")
_NAMED = re.compile(
    rb"""[ \t]*(?:
        (?:export[ \t]+)?VIRTUAL_ENV=             # sh
        | setenv[ \t]+VIRTUAL_ENV[ \t]+           # csh
        | set[ \t]+-gx[ \t]+VIRTUAL_ENV[ \t]+     # fish
        | @?set[ \t]+(?P<batch>"?)VIRTUAL_ENV=    # batch
        | \$Env:VIRTUAL_ENV[ ]=[ ]                # PowerShell
        | (?:let|const)[ ]virtual_env[ ]=[ ]      # nushell
        | VIRTUAL_ENV:[ ]
        | (?P<python>                             # xonsh
            env\["VIRTUAL_ENV"\][ ]=[ ]
            | self\.embedded_virtual_env[ ]=[ ]
          )
    )(?:r\#)?(?P<quote>["']?)
    (?P<folder>(?:/|[A-Za-z]:[\\/])[^"'$\r\n]*)
    (?P=quote)(?(batch)(?P=batch))\#?[ \t]*\r?$""",
    re.VERBOSE,
)
"""As venv, virtualenv, uv and Holdfast write it; not what a script computes, and no path with quotes or what
each shell escapes in a way of its own."""


class Named(NamedTuple):
    """The folder of an environment."""

    folder: str
    """To the letter; bytes that are not UTF-8 as surrogates."""
    span: Span


def folder_named_in(script: bytes) -> Named | None:
    """The folder that the beginning of an activation script names; None where it names none."""
    for name in _NAMES.finditer(script):
        start = script.rfind(b"\n", 0, name.start()) + 1
        end = script.find(b"\n", start)
        line = script[start:] if end < 0 else script[start:end]
        match = _NAMED.match(line)
        if match and not _is_escaped(match):
            before, folder = _text(line[: match.start("folder")]), _text(match["folder"])
            number = script.count(b"\n", 0, start)
            span = span_in(before + folder, number, len(before), len(before) + len(folder))
            return Named(folder, span)
    return None


def _is_escaped(match: re.Match[bytes]) -> bool:
    r"""Whether a `\` in a path may be no part of it: in one of Windows it is, but for Python's texts."""
    folder = match["folder"]
    return b"\\" in folder and (folder.startswith(b"/") or match["python"] is not None)


def _text(part: bytes) -> str:
    return part.decode("utf-8", "surrogateescape")
