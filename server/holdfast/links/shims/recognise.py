"""Telling the shims of version managers from other programs."""

import re
from pathlib import Path

from holdfast.files.reading import read_start
from holdfast.links.shims.shim import Manager, Shim

_MANAGERS: tuple[Manager, ...] = ("pyenv", "asdf", "mise")
_HEAD = 2048


def shim_at(path: Path, real: Path) -> Shim | None:
    """The shim that a path names; None where it is none, or that of no manager we know.

    `real` is the file that the path leads to: the shims of mise are links to mise itself.
    """
    for name in (path, real):
        if name.parent.name == "shims":
            root = name.parent.parent
            manager = _manager(root, real)
            return Shim(manager, root, name.name) if manager else None
    return None


def _manager(root: Path, real: Path) -> Manager | None:
    """The manager whose shims these are, by the file itself; by the folder's name only if that is silent."""
    if real.stem == "mise":
        return "mise"
    head = read_start(real, _HEAD)
    for manager in _MANAGERS:
        # `exec "/home/ada/.pyenv/libexec/pyenv" exec "$program" "$@"`; plugins have scripts of another kind.
        if head.startswith(b"#!") and re.search(rb'\b%s"? exec\b' % manager.encode(), head):
            return manager
    name = root.name.removeprefix(".")
    return next((manager for manager in _MANAGERS if manager == name), None)
