"""The files by which a project says what it needs; found and looked at, never executed."""

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from holdfast.creation.requirements.pyproject import normal_name, pyproject_sources
from holdfast.creation.requirements.source import Kind, RequirementSource
from holdfast.errors import HoldfastError, UsageError
from holdfast.files.reading import Unreadable, list_folder, read_bounded
from holdfast.host import Host

_LARGEST = 10_000_000
"""Bytes; a uv.lock of a thousand packages has a fifth of it."""
_PYPROJECT, _UV_LOCK = "pyproject.toml", "uv.lock"
_REQUIREMENTS = re.compile(r"(?:.*[-_.])?requirements.*\.txt", re.IGNORECASE)
_PYLOCK = re.compile(r"pylock(?:\.[^.]+)?\.toml")
"""The names that PEP 751 allows."""
_OF_OTHERS = {"poetry.lock": "Poetry", "pdm.lock": "PDM", "Pipfile.lock": "Pipenv"}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def requirement_sources(folder: Path, host: Host) -> tuple[RequirementSource, ...]:
    """What can be installed of the project in a folder, locks first; never blocks.

    Lock files of Poetry, PDM and Pipenv are left out: neither uv nor pip reads them.
    """
    return () if host.mounts.silent(folder) else tuple(_sources(folder, host))


def parse_source(text: str, folder: Path, host: Host) -> RequirementSource:
    """The source that an id names, or the path of a requirements file under any name; relative to the folder.

    Raises UsageError where there is none, and HoldfastError where it cannot be installed.
    """
    known = requirement_sources(folder, host)
    wanted = _comparable(text, host)
    source = next((one for one in known if _comparable(one.id, host) == wanted), None)
    if source is None:
        source = _file_by_path(text, folder, host)
    if source is None:
        tool = _OF_OTHERS.get(wanted)
        why = f"only {tool} reads it" if tool else "the project has no such requirements"
        offered = ", ".join(one.id for one in known if one.trouble is None)
        raise UsageError(f"“{text}” cannot be installed: {why}. The project offers: {offered or 'nothing'}.")
    if source.trouble:
        raise HoldfastError(f"{source.id} cannot be installed: {source.trouble}.")
    return source


def _sources(folder: Path, host: Host) -> Iterator[RequirementSource]:
    names = [name for name in list_folder(folder) if name.isprintable()]  # bytes that are no text are not
    if _UV_LOCK in names:
        yield _lock(folder, host)
    for name in filter(_PYLOCK.fullmatch, names):
        yield _text_file(folder / name, name, "pylock", f"The versions that {name} locks", host)
    if _PYPROJECT in names and not host.mounts.silent(folder / _PYPROJECT):
        yield from pyproject_sources(folder / _PYPROJECT)
    for name in sorted(filter(_REQUIREMENTS.fullmatch, names), key=len):  # the plain one first
        yield _requirements(folder / name, name, host)
    inside = folder / "requirements"
    for name in () if host.mounts.silent(inside) else list_folder(inside):
        if name.endswith(".txt") and name.isprintable():
            yield _requirements(inside / name, f"requirements/{name}", host)


def _lock(folder: Path, host: Host) -> RequirementSource:
    lock = _text_file(folder / _UV_LOCK, _UV_LOCK, "uv.lock", f"The versions that {_UV_LOCK} locks", host)
    if lock.trouble is None and not os.path.lexists(folder / _PYPROJECT):
        return replace(lock, trouble=f"there is no {_PYPROJECT} beside it, to which it belongs")
    return lock


def _requirements(file: Path, identity: str, host: Host) -> RequirementSource:
    return _text_file(file, identity, "file", f"The packages that {identity} lists", host)


def _text_file(file: Path, identity: str, kind: Kind, label: str, host: Host) -> RequirementSource:
    """A file that a tool will read by itself: here it only has to be text."""
    source = RequirementSource(identity, kind, file, label)
    if mount := host.mounts.silent(file):
        return replace(source, trouble=f"{mount} does not answer")
    content = read_bounded(file, _LARGEST)
    if isinstance(content, Unreadable):
        return replace(source, trouble=str(content))
    if b"\0" in content and not content.startswith(_UTF_16):  # which the tools read, too
        return replace(source, trouble="it is not a text file")
    return replace(source, alone=kind != "file" or b"--hash" in content)


def _file_by_path(text: str, folder: Path, host: Host) -> RequirementSource | None:
    """A requirements file that does not have the usual name; None where there is none."""
    file = host.at(text) if host.is_absolute(text) else folder / text
    if file.suffix not in (".txt", ".in") or not text.isprintable():
        return None
    if host.mounts.silent(file) is None and not os.path.lexists(file):
        return None
    return _requirements(file, text, host)


def _comparable(text: str, host: Host) -> str:
    """An id as it is compared: without `./`, and the name of an extra or group in its normal form."""
    if host.windows:
        text = text.replace("\\", "/")
    named = re.fullmatch(r"(.*\.toml)([\[:])([^\]]+)\]?", text)
    if named is None:
        return posixpath.normpath(text)
    file, mark, name = named.groups()
    return f"{posixpath.normpath(file)}{mark}{normal_name(name.strip())}"
