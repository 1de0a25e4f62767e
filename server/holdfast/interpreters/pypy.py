"""The layout of PyPy up to its 3.7, and of its 2.7."""

import os
from pathlib import Path

from holdfast.files.reading import is_folder
from holdfast.interpreters.landmark import Prefix, has_landmark
from holdfast.interpreters.name import ExecutableName
from holdfast.interpreters.patchlevel import read_patchlevel


def old_prefix(folder: Path, name: ExecutableName) -> Prefix | None:
    """An installation with `lib-python/3` (or `lib-python/2.7`) beside `lib_pypy`, on every system.

    Only the header, or the executable's name, says the X.Y of a Python 3.
    """
    if not is_folder(Path(os.path.join(folder, "lib_pypy"))):
        return None
    header = read_patchlevel(folder)
    series = header.version.series if header else name.series
    libraries = (folder / "lib-python" / part for part in ("3", "2.7"))
    library = next((library for library in libraries if has_landmark(library)), None)
    return Prefix(folder, library, f"pypy{series}", "pypy") if library and series else None
