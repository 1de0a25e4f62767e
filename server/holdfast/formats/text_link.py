"""Text links: symbolic links that Git checked out as small text files (`core.symlinks=false`, as on Windows).

Such a file holds what the link says, to the byte, and no line end.
"""

_LONGEST = 4095
"""Bytes: PATH_MAX of Linux, its NUL left out; no link can say more."""


def parse_text_link(content: bytes) -> str | None:
    """What the link says that a file's content would be; None where it can be none.

    Any file of a single word without a line end looks like this: only the name and the place of a file tell
    whether a link was meant. Bytes that are not UTF-8 come as surrogates.
    """
    if not 0 < len(content) <= _LONGEST or content.startswith(b"#!") or any(c in content for c in b"\0\r\n"):
        return None
    return content.decode("utf-8", "surrogateescape")
