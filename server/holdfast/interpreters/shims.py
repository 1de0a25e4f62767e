"""Shims: wrappers that choose an interpreter by the folder that they are called from."""

from pathlib import Path

from holdfast.files.reading import read_start

_MANAGERS = {".pyenv": "pyenv", "pyenv": "pyenv", ".asdf": "asdf", "asdf": "asdf", "mise": "mise"}


def shim_of(path: Path, real: Path) -> str | None:
    """What kind of wrapper an executable is, in words; None for a real program.

    `path` is the name it was found by, `real` the file that it leads to.
    """
    for folder in (path.parent, real.parent):
        if folder.name == "shims":
            return f"a {_MANAGERS.get(folder.parent.name, 'version manager')} shim"
    return "a script, not an interpreter" if read_start(real, 2) == b"#!" else None
