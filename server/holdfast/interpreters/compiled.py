"""The prefix that an interpreter was compiled with: where it looks when no landmark is near.

Read from the bytes, and only when a decision needs it. `_sysconfigdata` is no evidence: uv rewrites it.
"""

import os
import re
from pathlib import Path

from holdfast.files.reading import is_folder, list_folder
from holdfast.formats.executable import find_in_file
from holdfast.interpreters.landmark import has_landmark

_ABSOLUTE_TEXT = rb"\0(/[^\0]{1,500})(?=\0)"
"""Begins with plain bytes, which `re` looks for thirty times faster than for anything else."""


def absolute_texts(file: Path) -> frozenset[str]:
    """Every text in an executable or library that is an absolute path."""
    return frozenset(os.fsdecode(text) for text in find_in_file(file, _ABSOLUTE_TEXT))


def code_files(executable: Path, tag: str) -> tuple[Path, ...]:
    """The executable and the libpython that it may load: beside it, or on its run path.

    The run path is an ELF string like any other: an absolute folder named in the executable.
    """
    named = (Path(text) for text in absolute_texts(executable))
    beside = executable.parent.parent / "lib"
    folders = dict.fromkeys((beside, *(path for path in named if path.name.startswith("lib"))))
    library = re.compile(rf"lib{re.escape(tag)}[dm]*\.(so|dylib)")  # 3.7 and older: libpython3.7m.so
    return (
        executable,
        *(
            folder / name
            for folder in folders
            if is_folder(folder)
            for name in list_folder(folder)
            if library.match(name)
        ),
    )


def libraries_in(texts: frozenset[str], tag: str) -> frozenset[Path]:
    """The standard libraries of that tag below the prefixes that these texts name.

    `/` and `//` stand in every libpython and are nobody's prefix, though Debian has `/lib/python3.11`.
    """
    prefixes = (Path(text) for text in texts if os.path.normpath(text).strip("/"))
    return frozenset(p / "lib" / tag for p in prefixes if has_landmark(p / "lib" / tag))
