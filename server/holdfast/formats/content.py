"""The bytes of a file of which only a few are wanted."""

from collections.abc import Callable

from holdfast.values import NamedTuple


class Content(NamedTuple):
    """The bytes of a file, of which only those are read that are asked for."""

    size: int
    read_at: Callable[[int, int], bytes]
    """Gives the bytes from an offset (first) on, at most so many (second)."""


def content_of(whole: bytes) -> Content:
    """The same of bytes that are there already."""
    return Content(len(whole), lambda offset, count: whole[offset : offset + count])
