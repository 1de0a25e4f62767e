"""Archives that are appended to another file: where they begin."""

import struct

from holdfast.formats.content import Content

_END_RECORD = b"PK\5\6"
_DIRECTORY_ENTRY = b"PK\1\2"
_MEMBER = b"PK\3\4"
_LONGEST_END = 22 + 65_535
"""Bytes from the end record, with its comment, to the end of the file in which Python looks for it."""
_SHORT_END = 1024
"""Bytes in which it stands unless there is a long comment, or something was appended."""


def archive_start(content: Content, lowest: int, end: int) -> int | None:
    """The offset from which the last archive in a part of a file counts its own; None where there is none.

    There stands its first member or, if the archive was written behind a first line in one go, that line.
    As Python takes it: what follows the end record is a comment, whatever the record says.
    """
    for most in (_SHORT_END, _LONGEST_END):
        first = max(lowest, end - most)
        tail = content.read_at(first, end - first)
        at = tail.rfind(_END_RECORD)
        if at >= 0:
            break
    record = tail[at : at + 22] if at >= 0 else b""
    if len(record) < 22:  # noqa: PLR2004 - bytes
        return None
    size, offset = struct.unpack_from("<II", record, 12)
    directory = first + at - size
    start = directory - offset
    if start < lowest or content.read_at(directory, 4) != _DIRECTORY_ENTRY:
        return None
    return start if content.read_at(start, 4).startswith((_MEMBER, b"#!")) else None
