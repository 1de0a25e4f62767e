"""The release of an installation: its version, read from what it carries."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import is_regular_file, read_bounded, read_start
from holdfast.formats.executable import find_in_file
from holdfast.host import Host
from holdfast.interpreters.compiled import code_file, code_files
from holdfast.interpreters.landmark import Prefix
from holdfast.interpreters.memory import Memory
from holdfast.interpreters.patchlevel import read_patchlevel
from holdfast.interpreters.version import Version, parse_version
from holdfast.values import NamedTuple

_LARGEST_DETAILS = 100_000
_GRAALVM = rb'(?m)^GRAALVM_VERSION="?([\w.+-]{1,40})'
_HEAD = 8192


class Release(NamedTuple):
    """Which release an installation is."""

    version: Version | None
    """Of the language."""
    own: str | None = None
    """Of the implementation, where it counts by itself: `7.3.17` of PyPy, `24.1.1` of GraalPy."""


def read_release(prefix: Prefix, executable: Path, host: Host, memory: Memory) -> Release:
    """The release of an interpreter.

    From build-details.json (PEP 739, since 3.14); from the C header, which development packages bring; from
    the text of Py_GetVersion in the bytes of the executable or its library; else from the folder's name,
    which anyone may have chosen; failing all of these, only X.Y. What contradicts the X.Y of the library is
    not believed.
    """
    release = (
        _checked(_from_details(prefix), prefix)
        or _checked(_from_header(prefix), prefix)
        or _from_code(prefix, executable, host, memory)
        or _checked(_from_folder(prefix), prefix)
        or Release(parse_version(prefix.series))
    )
    return release if release.own else Release(release.version, _own(prefix))


def _checked(release: Release | None, prefix: Prefix) -> Release | None:
    version = release.version if release else None
    return release if version and version.series == prefix.series else None


def _from_details(prefix: Prefix) -> Release | None:
    """In the standard library's folder; with the layout tool of Windows (PC/layout) in the prefix itself."""
    for folder in (prefix.library, prefix.folder):
        content = read_bounded(Path(os.path.join(folder, "build-details.json")), _LARGEST_DETAILS)
        if isinstance(content, bytes):
            from holdfast.formats.build_details import parse_build_details  # noqa: PLC0415 - few have it yet

            details = parse_build_details(content)
            version = parse_version(details.version) if details else None
            if version and version.micro >= 0:
                return Release(version)
    return None


def _from_header(prefix: Prefix) -> Release | None:
    header = read_patchlevel(prefix.folder, prefix.tag)
    return Release(header.version, header.pypy) if header else None


def _from_folder(prefix: Prefix) -> Release | None:
    match = re.search(r"\d+\.\d+\.\d+((?:a|b|rc)\d+)?", prefix.folder.name)
    return Release(parse_version(match.group())) if match else None


def _own(prefix: Prefix) -> str | None:
    """Of PyPy by its header; of GraalPy by the file `release` that every distribution of GraalVM has."""
    if prefix.implementation == "pypy":
        header = read_patchlevel(prefix.folder, prefix.tag)
        return header.pypy if header else None
    if prefix.implementation == "graalpy":
        match = re.search(_GRAALVM, read_start(prefix.folder / "release", _HEAD))
        return match.group(1).decode("ascii", "replace") if match else None
    return None


def _from_code(prefix: Prefix, executable: Path, host: Host, memory: Memory) -> Release | None:
    question = f"version of {prefix.tag}"
    for file in _code(prefix, executable, host):
        text = memory.recall(question, (file,))
        if not isinstance(text, str):
            text = _text_in(file, prefix)
            memory.keep(question, (file,), text)
        if text:
            own = re.search(r"PyPy (\S+)", text)
            return Release(parse_version(text), own.group(1) if own else None)
    return None


def _code(prefix: Prefix, executable: Path, host: Host) -> Iterator[Path]:
    """The files that may hold the text, each once; what is really loaded comes first, and mostly suffices."""
    dll = executable.with_name(f"{prefix.tag.replace('.', '')}.dll")
    loaded = dll if host.windows and is_regular_file(dll) else code_file(executable, host)
    if loaded:
        yield loaded
    framework = prefix.folder / "Python"  # the library of a macOS framework has no other name
    yield from (file for file in (*code_files(executable, prefix.tag), framework) if file != loaded)


def _text_in(file: Path, prefix: Prefix) -> str:
    """`3.12.1`, or PyPy's `3.10.14 (… [PyPy 7.3.17`; empty where the file has no such text."""
    # Looked for from its first plain bytes on, which is fast; what stands before them is checked behind them.
    start = re.escape(f"{prefix.series}.".encode())
    after = rb"\d+(?:(?:a|b|rc)\d+)?"
    if prefix.implementation == "pypy":
        after += rb"[^\0(]{0,10} \([^\0]{1,100}\[PyPy [^\s\0]{1,40}"
    else:
        after += rb"(?=\+?\0)"
    found = find_in_file(file, start + rb"(?<![\d.]" + start + rb")(" + after + rb")", most=1)
    return f"{prefix.series}.{found[0].decode('ascii', 'replace')}" if found else ""
