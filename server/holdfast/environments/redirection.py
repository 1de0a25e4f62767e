"""A `.venv` that is a link or a redirect file, and whether an environment is at its end."""

import os
import re
from pathlib import Path

from holdfast.environments.halfway import stands_at
from holdfast.environments.layout import CONFIG, REDIRECT
from holdfast.host import Host
from holdfast.links.trail import Trail, trace
from holdfast.links.written import Surroundings


def lost_way(path: Path, host: Host) -> Trail | None:
    """The way of a link or redirect file that leads to no environment.

    None where it leads to one, be it half-made or of conda, where that cannot be told, and of what is neither
    a link nor a redirect file.
    """
    trail = _way_of(path, host)
    if trail is None:
        return None
    return trail if trail.state != "ok" or not stands_at(trail.end, host) else None


def is_meant_as_environment(path: Path, host: Host) -> bool:
    """Whether an environment is at a path, or should be: half of one, or a `.venv` that leads somewhere."""
    if stands_at(path, host):
        return True
    return path.name == REDIRECT and not host.mounts.silent(path) and _way_of(path, host) is not None


def _way_of(path: Path, host: Host) -> Trail | None:
    """The way of a link or a redirect file; None of others, and where it leads to what does not answer.

    A bare name in such a file is no path: pipenv and plugins of shells keep the name of an environment there
    that stands elsewhere.
    """
    trail = trace(path, Surroundings(host, path.parent))
    if not trail.legs or trail.state == "silent" or _is_bare_name(trail):
        return None
    return trail


def _is_bare_name(trail: Trail) -> bool:
    written = (leg.hop for leg in trail.legs if leg.hop.kind in ("redirect", "text"))
    return any(not re.search(r"[\\/]", hop.target) for hop in written)


def is_denied(folder: Path) -> bool:
    """Whether this user may not look into a folder."""
    try:
        os.lstat(folder / CONFIG)
    except PermissionError:
        return True
    except OSError:
        return False
    return False
