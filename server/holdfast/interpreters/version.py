"""Versions of interpreters, read from what an installation carries."""

import re
from dataclasses import dataclass
from pathlib import Path

from holdfast.files.reading import Unreadable, read_bounded
from holdfast.formats.executable import find_in_file
from holdfast.interpreters.compiled import code_files
from holdfast.interpreters.landmark import series_of

_TEXT = re.compile(r"(\d+)\.(\d+)(?:\.(\d+)((?:a|b|rc)\d+)?\+?)?")
_PATCHLEVEL = re.compile(rb'#\s*define\s+PY_VERSION\s+"([^"]+)"')
_HEADER_LIMIT = 100_000


@dataclass(frozen=True, order=True)
class Version:
    """A version such as 3.12.1, or 3.12 where the patch is not known."""

    major: int
    minor: int
    micro: int = -1
    """-1 where it is not known."""
    stage: str = "~"
    """`a1`, `b2`, `rc1`; `~`, which sorts after them, for a final release."""

    @property
    def series(self) -> str:
        """The X.Y part: what environments and their packages depend on."""
        return f"{self.major}.{self.minor}"

    def __str__(self) -> str:
        if self.micro < 0:
            return self.series
        return f"{self.series}.{self.micro}{self.stage.strip('~')}"


def parse_version(text: str) -> Version | None:
    """The version at the start of a text; None where there is none."""
    match = _TEXT.match(text.strip())
    if not match:
        return None
    major, minor, micro, stage = match.groups()
    return Version(int(major), int(minor), int(micro) if micro else -1, stage or "~")


def read_version(prefix: Path, tag: str, executable: Path) -> Version | None:
    """The version of the installation at `prefix`, whose library folder is named `tag`.

    From the C header, which development packages bring; else from the bytes of the executable and its
    library (the text of Py_GetVersion); else from the folder's name, which anyone may have chosen; failing
    all of these, only X.Y.
    """
    series = parse_version(series_of(tag))
    return (
        _from_header(prefix / "include" / tag / "patchlevel.h")
        or _from_header(prefix / "include" / "patchlevel.h")
        or _from_bytes(executable, tag, series)
        or _from_folder(prefix.name, series)
        or series
    )


def _from_header(path: Path) -> Version | None:
    content = read_bounded(path, _HEADER_LIMIT)
    if isinstance(content, Unreadable):
        return None
    match = _PATCHLEVEL.search(content)
    return parse_version(match.group(1).decode("ascii", "replace")) if match else None


def _from_folder(name: str, series: Version | None) -> Version | None:
    match = re.search(r"\d+\.\d+\.\d+((?:a|b|rc)\d+)?", name)
    version = parse_version(match.group()) if match else None
    return version if version and series and version.series == series.series else None


def _from_bytes(executable: Path, tag: str, series: Version | None) -> Version | None:
    if series is None:
        return None
    # Looked for from its first plain bytes on, which is fast; what stands before them is checked behind them.
    start = rb"%d\.%d\." % (series.major, series.minor)
    pattern = start + rb"(?<![\d.]" + start + rb")(\d+(?:(?:a|b|rc)\d+)?)\+?\0"
    micros = (text for file in code_files(executable, tag) for text in find_in_file(file, pattern))
    return next((parse_version(f"{series}.{micro.decode('ascii')}") for micro in micros), None)
