r"""Redirect files: a regular file named `.venv` that holds the path of an environment.

PEP 832 described them in its drafts of 15 and 23 April 2026: UTF-8; the path is what stands before the first
`\n` or `\r\n`, and what follows is reserved; it may be relative, then to the folder of the file; neither its
form nor its length is limited. The draft of 31 July 2026 gave them up for a file `.python-envs`. So they are
read where they are found, and whoever writes one should know that few tools follow it.
Plugins of shells keep the bare name of an environment in such a file: it reads as a relative path.
"""

import re

_BOM = "\ufeff"


def parse_redirect(content: bytes) -> str | None:
    """The path that a redirect file holds, as it is written; None where it holds none.

    More is taken than the drafts allow: a byte order mark, as editors of Windows write it, blanks around the
    path (`echo path > .venv` of cmd.exe leaves one), and bytes that are not UTF-8, as paths of POSIX may be.
    """
    line = re.split(rb"[\r\n]", content.removeprefix(_BOM.encode()), maxsplit=1)[0]
    path = line.decode("utf-8", "surrogateescape").strip(" \t")
    return path if path and "\0" not in path else None


def redirect_content(path: str) -> bytes:
    """The content of a redirect file that leads to `path`.

    Raises ValueError for a path that would not be read back: an empty one, one with a line break, a NUL, a
    blank at its start or end, or bytes that are not UTF-8.
    """
    try:
        content = path.encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        content = b""
    if not content or parse_redirect(content) != path:
        raise ValueError(f"a redirect file cannot hold the path {path!r}")
    return content
