"""Putting what was built in place: by a new name for its folder, or, where that cannot be, piece by piece.

Whatever is done is announced in the claim's file first, so that the next run can take it back.
"""

import os
import stat
from pathlib import Path
from typing import NamedTuple, Protocol

from holdfast.environments.layout import CONFIG
from holdfast.files.claim import Claim
from holdfast.files.placing import is_temporary
from holdfast.files.reading import list_folder
from holdfast.files.removing import remove
from holdfast.files.swapping import exchange
from holdfast.host import Host

LOCK = ".lock"
OF_FILE_SYSTEMS = ("lost+found",)
"""What a file system puts into its own top folder."""
_OLD = ".old"
_BESIDE, _INSIDE = b"beside", b"inside"


class Move(Protocol):
    """A way to put an environment in place."""

    @property
    def staging(self) -> Path:
        """The folder in which it is built."""

    def announce(self, claim: Claim) -> None:
        """Write down what is about to happen."""

    def into_place(self, claim: Claim, *, replaces: bool) -> None:
        """Let it appear. Raises OSError where that fails, and then what was there is there again."""

    def clear(self) -> None:
        """Remove what it has replaced."""


class Beside(NamedTuple):
    """The environment is built beside its destination, and takes its name."""

    destination: Path
    staging: Path
    host: Host

    def announce(self, claim: Claim) -> None:
        """Write down the name."""
        claim.write(b"\0".join((_BESIDE, os.fsencode(self.destination.name))))

    def into_place(self, claim: Claim, *, replaces: bool) -> None:
        """Rename it, which replaces an empty folder and refuses any other."""
        del claim
        if not replaces:
            if self.destination.is_dir():
                os.chmod(self.staging, stat.S_IMODE(os.stat(self.destination).st_mode))
            os.rename(self.staging, self.destination)
        elif not exchange(self.staging, self.destination, self.host):
            old = _old(self.staging)
            os.rename(self.destination, old)
            try:
                os.rename(self.staging, self.destination)
            except BaseException:
                os.rename(old, self.destination)
                raise

    def clear(self) -> None:
        """Remove the old environment, under whichever name it is now."""
        remove(self.staging)
        remove(_old(self.staging))


class Inside(NamedTuple):
    """The environment is built in its destination, which is a mount point, and moved up piece by piece.

    Until its pyvenv.cfg arrives, the last of all, it is none.
    """

    destination: Path
    staging: Path

    def announce(self, claim: Claim) -> None:
        """Nothing has been moved yet."""
        claim.write(_INSIDE)

    def into_place(self, claim: Claim, *, replaces: bool) -> None:
        """Put what is there aside, then move each piece."""
        names = list_folder(self.staging)
        claim.write(b"\0".join((_INSIDE, *map(os.fsencode, names))))
        old = _old(self.staging)
        try:
            if replaces:
                old.mkdir()
                _move_all(self.destination, old, config_last=False)
            _move_all(self.staging, self.destination, config_last=True)
        except BaseException:
            _take_back(self.staging, names)
            raise

    def clear(self) -> None:
        """Remove what was put aside."""
        remove(_old(self.staging))
        remove(self.staging)


def beside(lock: Path, destination: Path, host: Host) -> Move:
    """Build beside the destination; `lock` is the claim's file there."""
    return Beside(destination, _staging(lock), host)


def inside(lock: Path, destination: Path) -> Move:
    """Build in the destination itself, where the claim's file is, too."""
    return Inside(destination, _staging(lock))


def recover(lock: Path, note: bytes) -> None:
    """Take back what a run has left that died; `note` is what it had announced.

    An environment that was put aside is there again, or the new one that has replaced it is whole. Raises
    OSError where something cannot be moved or removed.
    """
    kind, *names = note.split(b"\0")
    staging = _staging(lock)
    old = _old(staging)
    if kind == _BESIDE and names and os.path.lexists(old):
        destination = lock.with_name(os.fsdecode(names[0]))
        if not os.path.lexists(destination):
            os.rename(old, destination)
    if kind == _INSIDE and not os.path.lexists(lock.with_name(CONFIG)):
        _take_back(staging, [os.fsdecode(name) for name in names])
    remove(old)
    remove(staging)


def _take_back(staging: Path, names: list[str] | tuple[str, ...]) -> None:
    """Remove the pieces that were moved up already, and put back what was put aside."""
    for name in names:
        if not os.path.lexists(staging / name):  # else it, or what was there before, is not moved yet
            remove(staging.parent / name)
    _move_all(_old(staging), staging.parent, config_last=True)


def _move_all(source: Path, target: Path, *, config_last: bool) -> None:
    names = [name for name in list_folder(source) if not (is_temporary(name) or name in OF_FILE_SYSTEMS)]
    for name in sorted(names, key=lambda name: (name == CONFIG) is config_last):
        os.rename(source / name, target / name)


def _staging(lock: Path) -> Path:
    return lock.with_name(lock.name.removesuffix(LOCK))


def _old(staging: Path) -> Path:
    return staging.with_name(staging.name + _OLD)
