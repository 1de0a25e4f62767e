"""The prefix that an interpreter was compiled with: where it looks when no landmark is near.

Read from the bytes, and only when a decision needs it. `_sysconfigdata` is no evidence: uv rewrites it.
"""

import os
from pathlib import Path

from holdfast.files.reading import is_folder, list_folder
from holdfast.formats.executable import find_in_file
from holdfast.interpreters.landmark import has_landmark

_ABSOLUTE_TEXT = rb"(?<=\0)(/[^\0]{1,500})(?=\0)"


def starts_without_home(executable: Path, tag: str) -> bool:
    """Whether an interpreter finds a standard library although `home` leads to none.

    True where a prefix that stands in its bytes, or in those of its libpython, holds the landmark.
    """
    return any(
        has_landmark(Path(os.fsdecode(text)) / "lib" / tag)
        for file in code_files(executable, tag)
        for text in set(find_in_file(file, _ABSOLUTE_TEXT))
    )


def code_files(executable: Path, tag: str) -> tuple[Path, ...]:
    """The executable and the libpython that it may load: beside it, or on its run path.

    The run path is an ELF string like any other: an absolute folder named in the executable.
    """
    named = (Path(os.fsdecode(text)) for text in find_in_file(executable, _ABSOLUTE_TEXT))
    beside = executable.parent.parent / "lib"
    folders = dict.fromkeys((beside, *(path for path in named if path.name.startswith("lib"))))
    library = "lib" + tag
    return (
        executable,
        *(
            folder / name
            for folder in folders
            if is_folder(folder)
            for name in list_folder(folder)
            if name.startswith((library + ".so", library + ".dylib"))
        ),
    )
