"""Git's index: the file in which git notes every file that it tracks.

gitformat-index(5) describes it. Of each entry only the name is of interest here; nothing is verified against
a checksum, since git writes that file whole or not at all.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = 50_000_000
"""Bytes; that are about 400,000 files. A larger index is not read."""
_LONGEST_NAME = 4096
_SHA_1, _SHA_256 = 20, 32
"""Bytes of an object's name; which of the two a repository has, its index does not say."""
_HEADER = 12
_STATUS = 40
"""Bytes of an entry before the object's name."""
_NAME_LENGTH = 0xFFF
_EXTENDED = 0x4000
_COMPRESSED = 4
"""The version from which on an entry leaves out what its name has in common with the one before."""
_SPLIT = b"link"
"""An extension: the rest of the entries stand in another file, and some of those do not count."""


@dataclass(frozen=True)
class GitIndex:
    """The names of the files that git tracks, from the top of the repository on."""

    names: tuple[bytes, ...]
    """Sorted by their bytes, with `/` between folders. A file in conflict has up to three."""

    def holds(self, name: bytes) -> bool:
        """Whether a file is tracked."""
        place = bisect_left(self.names, name)
        return place < len(self.names) and self.names[place] == name

    def below(self, folder: bytes) -> tuple[bytes, ...]:
        """The names of the tracked files in a folder and below it; of all for the top, which has no name."""
        if not folder:
            return self.names
        start = bisect_left(self.names, folder + b"/")
        return self.names[start : bisect_left(self.names, folder + b"0")]  # `0` comes next after `/`


def parse_index(content: bytes) -> GitIndex | None:
    """Read an index of version 2, 3 or 4; None for what is none, is damaged, or is split over two files."""
    names = _names(content, _SHA_1)
    if names is None:
        names = _names(content, _SHA_256)
    return None if names is None else GitIndex(names)


def _names(content: bytes, hash_size: int) -> tuple[bytes, ...] | None:
    try:
        return tuple(_Entries(content, hash_size))
    except (ValueError, IndexError):
        return None


class _Entries:
    """The entries of an index, by their names. Raises ValueError or IndexError where there are none."""

    def __init__(self, content: bytes, hash_size: int) -> None:
        self._content = content
        self._version = int.from_bytes(content[4:8], "big")
        self._count = int.from_bytes(content[8:_HEADER], "big")
        self._flags = _STATUS + hash_size
        self._end = len(content) - hash_size
        if not content.startswith(b"DIRC") or self._version not in (2, 3, 4):
            raise ValueError

    def __iter__(self) -> Iterator[bytes]:
        offset, name, total = _HEADER, b"", 0
        read = self._compressed if self._version >= _COMPRESSED else self._plain
        for _ in range(self._count):
            before = name
            name, offset = read(offset, before)
            total += len(name)  # a few bytes may stand for a long name
            if not before <= name or not name or total > LARGEST or offset > self._end:
                raise ValueError
            yield name
        self._refuse_split(offset)

    def _plain(self, offset: int, _: bytes) -> tuple[bytes, int]:
        """The name of the entry at an offset, and where the next one begins."""
        content = self._content
        start, length = self._start(offset)
        end = start + length if length < _NAME_LENGTH else content.index(b"\0", start)
        if content[end] or end - start > _LONGEST_NAME:
            raise ValueError
        return content[start:end], offset + ((end - offset + 8) & ~7)  # one to eight zeros follow

    def _compressed(self, offset: int, before: bytes) -> tuple[bytes, int]:
        start, length = self._start(offset)
        left_out, start = self._number(start)
        end = self._content.index(b"\0", start, start + _LONGEST_NAME + 1)
        name = before[: len(before) - left_out] + self._content[start:end]
        if left_out > len(before) or min(len(name), _NAME_LENGTH) != length or len(name) > _LONGEST_NAME:
            raise ValueError
        return name, end + 1

    def _start(self, offset: int) -> tuple[int, int]:
        """Where the name of an entry begins, and its length, which may be more than is said."""
        place = offset + self._flags
        flags = self._content[place] << 8 | self._content[place + 1]
        return place + (4 if flags & _EXTENDED else 2), flags & _NAME_LENGTH

    def _number(self, offset: int) -> tuple[int, int]:
        """A number as git packs offsets: seven bits a byte, one added for each byte that follows."""
        byte = self._content[offset]
        number = byte & 127
        while byte & 128:
            offset += 1
            byte = self._content[offset]
            number = (number + 1) << 7 | byte & 127
            if number > _LONGEST_NAME:
                raise ValueError
        return number, offset + 1

    def _refuse_split(self, offset: int) -> None:
        while offset + 8 <= self._end:
            if self._content[offset : offset + 4] == _SPLIT:
                raise ValueError
            offset += 8 + int.from_bytes(self._content[offset + 4 : offset + 8], "big")


def parse_git_file(content: bytes) -> bytes | None:
    """The path in a `.git` that is a file, as submodules and further worktrees have it; None in another file.

    It may be relative, then to the folder of the file (gitrepository-layout(5)).
    """
    if not content.startswith(b"gitdir: "):
        return None
    path = content.removeprefix(b"gitdir: ").rstrip(b"\r\n")
    return path if path and b"\0" not in path else None
