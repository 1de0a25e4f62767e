"""Taking back what a creation has left that died, or telling what is in the way.

What lies in a folder may have been put there by anybody: a clone of a repository can carry a lock and a note.
So a name in a note counts only where it could not be another, and nothing is listed, moved or removed but a
folder under our own working name.
"""

import os
import stat
from pathlib import Path

from holdfast.creation.moving import INSIDE, LOCK, old_of, put_back, staging_of
from holdfast.environments.layout import CONFIG
from holdfast.environments.proof import OF_MAKERS, why_no_environment
from holdfast.errors import HoldfastError
from holdfast.files.placing import is_temporary, working_name
from holdfast.files.reading import is_folder, read_start
from holdfast.files.removing import remove
from holdfast.host import Host

_LONGEST_CONFIG = 1 << 15


def recover(lock: Path, note: bytes, destination: Path, host: Host) -> None:
    """Take back what a run has left at a destination; `note` is what it had announced in its lock.

    An environment that was put aside is there again, or the new one that has replaced it is whole. Raises
    OSError where something cannot be moved or removed, and HoldfastError where something else is in the way.
    """
    staging = staging_of(lock)
    old = old_of(staging)
    for folder in (staging, old):
        _refuse_foreign(folder)
    if lock.parent == destination:
        _recover_inside(staging, note, destination)
    elif os.path.lexists(old):
        _recover_beside(old, destination, host)
    remove(staging)


def destination_of(lock: Path, note: bytes) -> Path | None:
    """The destination beside a lock that its note names; None where it names none that can be believed."""
    _, _, rest = note.partition(b"\0")
    name = os.fsdecode(rest)
    is_name = Path(name).name == name and name not in ("", os.pardir, os.curdir)
    return lock.with_name(name) if is_name and working_name(name) + LOCK == lock.name else None


def has_left(lock: Path) -> bool:
    """Whether anything else is left beside a lock."""
    return any(os.path.lexists(folder) for folder in (staging_of(lock), old_of(staging_of(lock))))


def what_is_left(destination: Path) -> str:
    """What a failed creation has left, as a sentence: where all could be removed again, nothing."""
    for folder in (destination.parent, destination):
        lock = folder / (working_name(destination.name) + LOCK)
        staging = staging_of(lock)
        if os.path.lexists(old_of(staging)):
            return f"The old environment is in {old_of(staging)}; the next creation there puts it back."
        for left in (staging, lock):
            if os.path.lexists(left):
                return f"{left} could not be removed again; the next creation there removes it."
    return "Nothing was left behind."


def _refuse_foreign(folder: Path) -> None:
    """Raise HoldfastError for what is there under a working name and is no folder of this user's."""
    try:
        status = os.lstat(folder)
    except FileNotFoundError:
        return
    is_ours = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    if not (stat.S_ISDIR(status.st_mode) and is_ours):
        raise HoldfastError(
            f"{folder} is in the way, and Holdfast has not made it. Remove it, then try again."
        )


def _recover_beside(old: Path, destination: Path, host: Host) -> None:
    """Put the old environment back, unless a new one of ours stands there."""
    if not os.path.lexists(destination) or (is_folder(destination) and not os.listdir(destination)):
        os.rename(old, destination)
    elif _is_ours(destination) and why_no_environment(destination, host) is None:
        remove(old)
    else:
        raise HoldfastError(
            f"{old} is an environment that was being replaced when a program was ended. Something else is at "
            f"{destination} now. Move one of them away, then try again."
        )


def _recover_inside(staging: Path, note: bytes, destination: Path) -> None:
    """Where pyvenv.cfg has not arrived, remove the pieces that have, and move back what was put aside.

    They are believed to be pieces only as long as the staging folder has the pyvenv.cfg that would have
    followed them, made for this very place.
    """
    kind, *pieces = note.split(b"\0")
    names = [os.fsdecode(piece) for piece in pieces]
    old = old_of(staging)
    if os.path.lexists(destination / CONFIG):
        if os.path.lexists(old) and _is_ours(destination):
            remove(old)
    elif kind == INSIDE and _are_pieces(names) and _is_made_for(staging / CONFIG, destination):
        put_back(staging, names)
    if os.path.lexists(old):
        os.rmdir(old)  # empty by now; else it stays, and is told


def _are_pieces(names: list[str]) -> bool:
    return bool(names) and all(name.lower() in OF_MAKERS and not is_temporary(name) for name in names)


def _is_ours(environment: Path) -> bool:
    return b"\nholdfast = " in read_start(environment / CONFIG, _LONGEST_CONFIG)


def _is_made_for(config: Path, destination: Path) -> bool:
    line = b"\ncommand = holdfast create " + os.fsencode(destination) + b"\n"
    return line in read_start(config, _LONGEST_CONFIG)
