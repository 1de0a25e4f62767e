"""How far a hop may move: what the next upgrade can make of it.

A link whose name says less about the version than what it leads to is there to be moved: whoever upgrades
`3.12.1` to `3.12.2` lets `3.12` lead to the new one.
"""

import os
import re
from pathlib import Path

from holdfast.files.reading import is_regular_file
from holdfast.links.hop import Hop
from holdfast.typed import Literal

Stability = Literal["pinned", "patch", "minor", "moving"]
"""`pinned`: it leads there until somebody edits it. `patch`: an upgrade may let it lead to another patch of
the same X.Y. `minor`: to another X.Y. `moving`: to anything, at any time."""

_VERSION = re.compile(r"(?<![\d.])(\d+)(?:\.(\d+))?(?:\.(\d+))?")
_FLOATING = frozenset({"current", "latest", "default", "stable", "global", "Current", "system"})
_BY_PARTS: dict[int, Stability] = {0: "minor", 1: "minor", 2: "patch", 3: "pinned"}


def stability_of(hop: Hop) -> Stability:
    """How far a hop may move."""
    if hop.kind == "shim":
        return "moving"
    if hop.kind == "shebang":
        return "moving" if hop.target.startswith("env ") else "pinned"
    if hop.kind not in ("symlink", "junction") or _is_of_environment(hop.link):
        return "pinned"
    return _of_link(hop)


def _of_link(hop: Hop) -> Stability:
    name, target = hop.link.name, hop.target.rstrip("/\\")
    if name in _FLOATING:
        return "moving"
    said, leads_to = _parts(name), max(map(_parts, re.split(r"[\\/]", target)), default=0)
    if leads_to <= max(said, _parts_of_folder(hop)) or (said == 0 and not _speaks_of_python(name)):
        return "pinned"
    return _BY_PARTS[said]


def _parts_of_folder(hop: Hop) -> int:
    """What its folder says, from X.Y on: `3.12.1/bin/python -> python3.12` comes and goes with `3.12.1`."""
    if os.path.isabs(hop.target):
        return 0
    said = (_parts(folder) for folder in hop.link.parts[-3:-1])
    return max((parts for parts in said if parts > 1), default=0)


def _parts(name: str) -> int:
    """How many parts of a version a name says: 2 for `python3.12`, 3 for `3.12.1`."""
    return max(
        (sum(part is not None for part in match.groups()) for match in _VERSION.finditer(name)), default=0
    )


def _speaks_of_python(name: str) -> bool:
    return re.match(r"(python|pypy|graalpy|cpython)", name, re.IGNORECASE) is not None


def _is_of_environment(link: Path) -> bool:
    """Whether a link is an environment's own: nobody upgrades those but who repairs it."""
    return any(is_regular_file(folder / "pyvenv.cfg") for folder in (link.parent, link.parent.parent))
