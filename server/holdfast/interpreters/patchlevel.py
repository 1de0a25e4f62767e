"""patchlevel.h: the C header in which an installation says its version.

CPython, PyPy and GraalPy all bring it with their headers (Include/patchlevel.h).
"""

import os
import re
from pathlib import Path

from holdfast.files.reading import Unreadable, list_folder, read_bounded
from holdfast.interpreters.version import Version, parse_version
from holdfast.values import NamedTuple

_DEFINED = re.compile(rb'#\s*define\s+(PY_VERSION|PYPY_VERSION)\s+"([^"\r\n]{1,40})"')
_LIMIT = 100_000


class Patchlevel(NamedTuple):
    """What a patchlevel.h says."""

    version: Version
    """Of the language."""
    pypy: str | None
    """The version of PyPy itself: `7.3.17`."""


def read_patchlevel(prefix: Path, tag: str | None = None) -> Patchlevel | None:
    """What the header of an installation says; None where it has none.

    It stands in `include/python3.12`, up to 3.7 with flags (`include/python3.7m`); on Windows, and in the
    older layout of PyPy, in `include` itself.
    """
    include = os.path.join(prefix, "include")
    exact = (os.path.join(include, tag), include) if tag else (include,)
    found = next((said for folder in exact if (said := _read(folder))), None)
    if found or tag is None:
        return found
    with_flags = (name for name in list_folder(Path(include)) if name.startswith(tag))
    return next((said for name in with_flags if (said := _read(os.path.join(include, name)))), None)


def _read(folder: str) -> Patchlevel | None:
    content = read_bounded(Path(folder, "patchlevel.h"), _LIMIT)
    if isinstance(content, Unreadable):
        return None
    said = {name: text.decode("ascii", "replace") for name, text in _DEFINED.findall(content)}
    version = parse_version(said.get(b"PY_VERSION", ""))
    return Patchlevel(version, said.get(b"PYPY_VERSION")) if version else None
