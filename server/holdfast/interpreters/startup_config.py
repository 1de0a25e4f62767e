"""What an interpreter reads of pyvenv.cfg when it is started: three readers, each with rules of its own.

The path logic up to 3.10 (Modules/getpath.c, PC/getpathp.c) and from 3.11 on (Modules/getpath.py), the `site`
module (Lib/site.py), and the launcher that environments of Windows have for an interpreter
(PC/venvlauncher.c). They look in another order, and do not take the same lines for `home`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from holdfast.files.reading import Unreadable, is_regular_file, read_bounded, read_start

CONFIG = "pyvenv.cfg"
NEW_LOGIC = (3, 11)
"""The version that brought getpath.py in place of the C code."""
_ENVIRONMENTS_SINCE = (3, 3)

_MOST = 32 * 1024 - 1
"""Bytes; the new logic refuses to start on a larger file, the other readers go on."""
_ENOUGH = 1_000_000
_LAUNCHER_READS = 8191
_LONGEST_LINE = 2 * 4096 - 2
"""Bytes; the old logic gives up reading at a longer one (twice PATH_MAX, as Linux has it)."""
_STRICT_HOME = re.compile(r"[ \t\r]*home[ \t]+=[ \t]([^\r\n]+)")
_LAUNCHER_HOME = re.compile(rb"^(?:\xef\xbb\xbf)?home\s*=\s*([^\n]*)", re.MULTILINE)


@dataclass(frozen=True)
class StartConfig:
    """A pyvenv.cfg that decides over a start."""

    folder: Path
    """Where it stands."""
    home: str | None = None
    """The value of `home`; None where the reader sees none."""
    stops: str = ""
    """Why the start ends here, in words; empty where it goes on."""


def read_for_paths(folder: Path, version: tuple[int, int]) -> StartConfig | None:
    """The pyvenv.cfg that the path logic reads for an executable in `folder`; None where it sees none.

    The old logic looks beside the executable first, the new one a folder above first. Python 2 knows none.
    """
    if version < _ENVIRONMENTS_SINCE:
        return None
    new = version >= NEW_LOGIC
    for place in (folder.parent, folder) if new else (folder, folder.parent):
        config = _newly_read(place) if new else _formerly_read(place)
        if config:
            return config
    return None


def _newly_read(folder: Path) -> StartConfig | None:
    content = read_bounded(folder / CONFIG, _MOST)
    if isinstance(content, bytes):
        return StartConfig(folder, _lenient_home(content))
    if content.why in ("missing", "denied"):
        return None
    if content.why == "folder":  # it opens, and holds not a line
        return StartConfig(folder)
    return StartConfig(folder, stops=f"{folder / CONFIG} cannot be read: {content}")


def _formerly_read(folder: Path) -> StartConfig | None:
    content = read_bounded(folder / CONFIG, _ENOUGH)
    if isinstance(content, Unreadable) and content.why == "large":
        content = read_start(folder / CONFIG, _ENOUGH)
    if isinstance(content, bytes):
        return StartConfig(folder, _strict_home(content))
    if content.why == "folder":
        return StartConfig(folder)
    if content.why == "special":
        return StartConfig(folder, stops=f"{folder / CONFIG} cannot be read: {content}")
    return None


def _lenient_home(content: bytes) -> str | None:
    """The first `home`, in any case and spacing. A byte order mark becomes part of the first key."""
    for line in _text(content).split("\n"):
        key, equals, value = line.partition("=")
        if equals and key.strip().lower() == "home":
            return value.strip()
    return None


def _strict_home(content: bytes) -> str | None:
    """The first `home = …` in lower case and with spaces; of a last line without its end nothing is seen."""
    for line in _text(content).split("\n")[:-1]:
        if len(line.encode("utf-8", "surrogateescape")) > _LONGEST_LINE:
            break
        if match := _STRICT_HOME.match(line):
            return match.group(1)
    return None


def _text(content: bytes) -> str:
    """Up to the first NUL, as C reads it; bytes that are not UTF-8 do no harm here."""
    return content.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def read_by_site(folder: Path, version: tuple[int, int]) -> StartConfig | None:
    """The pyvenv.cfg that the `site` module reads for an executable in `folder`; None where there is none.

    It looks beside the executable first, and one byte that is not UTF-8 stops the start.
    """
    for place in (folder, folder.parent) if version >= _ENVIRONMENTS_SINCE else ():
        if is_regular_file(place / CONFIG):
            return StartConfig(place, stops=_why_site_stops(place / CONFIG))
    return None


def _why_site_stops(path: Path) -> str:
    content = read_bounded(path, _ENOUGH)
    if isinstance(content, Unreadable):
        return "" if content.why == "large" else f"{path} cannot be read: {content}"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"{path} is not UTF-8 text (byte {error.start})"
    return ""


def read_by_launcher(folder: Path) -> StartConfig | None:
    """The pyvenv.cfg that the launcher of Windows reads; None where there is none.

    It wants `home` in lower case at the start of a line, and reads no more than 8 kilobytes.
    """
    for place in (folder, folder.parent):
        if is_regular_file(place / CONFIG):
            match = _LAUNCHER_HOME.search(read_start(place / CONFIG, _LAUNCHER_READS))
            home = match.group(1).decode("utf-8", "replace").strip() if match else ""
            return StartConfig(place, home, "" if home else f"{place / CONFIG} names no `home`")
    return None
