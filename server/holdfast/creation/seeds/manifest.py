"""What an unpacked wheel in the cache must look like, so that damage to it is noticed.

Environments share its files by hard links: whoever edits one there, or changes its mode or its owner, does it
here, too. Each use compares what lstat(2) says of every file; now and then their contents are read as well.
"""

import binascii
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from holdfast.creation.seeds.record import digest_of
from holdfast.files.placing import write_atomically
from holdfast.files.reading import read_bounded
from holdfast.values import NamedTuple

_FORMAT = "holdfast seed 1"
_LARGEST = 10_000_000
_LARGEST_FILE = 100_000_000

Entry = tuple[str, str]
"""The mark of a file, which tells that it has changed, and the digest of its content."""


class Manifest(NamedTuple):
    """An unpacked wheel as it was when it was whole."""

    identity: str
    """Which wheel it is of, and which interpreter compiled it."""
    wheel: str
    """The digest of the wheel itself."""
    tree: str
    """The name of the folder that holds its files, beside the manifest."""
    folders: Mapping[str, Mapping[str, Entry]]
    """The files of each folder by name, outer folders first; "" is the tree itself."""


def read_manifest(path: Path) -> Manifest | None:
    """The manifest in a file of this user's; None where there is none, or another thing, or a damaged one."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    content = read_bounded(path, _LARGEST) if stat.S_ISREG(status.st_mode) and is_own(status) else None
    if not isinstance(content, bytes):
        return None
    head, _, body = content.partition(b"\n")
    # Whatever has this sum was written below: its parts need no further look.
    return _parsed(body.decode("utf-8", "surrogateescape")) if head == _head(body) else None


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write it whole, or raise OSError."""
    lines = [manifest.identity, manifest.wheel, manifest.tree]
    for folder, files in manifest.folders.items():
        lines.append(f"/{folder}")
        lines.extend(f"{name}\t{mark}\t{digest}" for name, (mark, digest) in files.items())
    body = "\n".join(lines).encode("utf-8", "surrogateescape")
    write_atomically(path, _head(body) + b"\n" + body, 0o600)


def _head(body: bytes) -> bytes:
    return f"{_FORMAT} {binascii.crc32(body):08x}".encode()


def _parsed(body: str) -> Manifest:
    identity, wheel, tree, *lines = body.split("\n")
    folders: dict[str, dict[str, Entry]] = {}
    files: dict[str, Entry] = {}
    for line in lines:
        if line[0] == "/":
            files = folders[line[1:]] = {}
        else:
            name, mark, digest = line.split("\t")
            files[name] = (mark, digest)
    return Manifest(identity, wheel, tree, folders)


def describe(tree: Path, digests: Mapping[str, str]) -> dict[str, dict[str, Entry]]:
    """The folders of a manifest, given the digest of each file by its path below the tree. Raises OSError."""
    folders: dict[str, dict[str, Entry]] = {"": {}}
    for path in sorted(digests):
        folder, _, name = path.rpartition("/")
        for end in (at for at, mark in enumerate(f"{folder}/") if mark == "/"):
            folders.setdefault(folder[:end], {})
        folders[folder][name] = (_mark(os.path.join(tree, path)), digests[path])
    return folders


def files_of(manifest: Manifest) -> dict[str, str]:
    """The digest of each file, by its path below the tree."""
    return {
        f"{folder}/{name}" if folder else name: digest
        for folder, files in manifest.folders.items()
        for name, (_, digest) in files.items()
    }


def is_untouched(manifest: Manifest, tree: Path) -> bool:
    """Whether every file is there and looks as it should; no content is read."""
    try:
        for folder, files in manifest.folders.items():
            place = os.path.join(tree, folder, "")
            if not stat.S_ISDIR(os.lstat(place[:-1]).st_mode):
                return False
            for name, (mark, _) in files.items():
                if _mark(place + name) != mark:
                    return False
    except OSError:
        return False
    return True


def intact_files(manifest: Manifest, tree: Path, step: Callable[[], None]) -> frozenset[str]:
    """The files, as paths below the tree, that are what they should be to the last byte.

    Nothing but their numbers may differ. `step` is called between files and may raise to stop.
    """
    intact: set[str] = set()
    linked: set[str] = set()
    for folder, files in manifest.folders.items():
        place = (
            os.path.join(tree, folder) if folder else os.fspath(tree)
        )  # a slash behind would follow a link
        if os.path.dirname(folder) in linked or not _is_own_folder(place):
            linked.add(folder)  # nor is what lies below it looked at: it may be anywhere
            continue
        for name, (mark, digest) in files.items():
            step()
            if _is_intact(os.path.join(place, name), mark, digest):
                intact.add(f"{folder}/{name}" if folder else name)
    return frozenset(intact)


def _is_intact(path: str, mark: str, digest: str) -> bool:
    try:
        if _without_number(_mark(path)) != _without_number(mark):
            return False
    except OSError:
        return False
    content = read_bounded(Path(path), _LARGEST_FILE)  # its mark says that it is a regular file
    return isinstance(content, bytes) and digest_of(content) == digest


def _mark(path: str) -> str:
    status = os.lstat(path)
    return f"{status.st_size} {status.st_mode} {status.st_uid} {status.st_mtime_ns} {status.st_ino}"


def _without_number(mark: str) -> str:
    return mark.rpartition(" ")[0]


def _is_own_folder(path: str) -> bool:
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and is_own(status)


def is_own(status: os.stat_result) -> bool:
    """Whether something belongs to the user that runs this; Windows does not tell."""
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
