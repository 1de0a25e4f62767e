"""Putting what was built in place: by a new name for its folder, or, where that cannot be, piece by piece.

Whatever is done is announced in the claim's file first, so that the next run can take it back.
"""

import errno
import os
import stat
from pathlib import Path

from holdfast.environments.layout import CONFIG
from holdfast.files.claim import Claim
from holdfast.files.placing import is_temporary
from holdfast.files.removing import remove
from holdfast.files.swapping import exchange
from holdfast.host import Host
from holdfast.typed import Protocol
from holdfast.values import NamedTuple

LOCK = ".lock"
OF_FILE_SYSTEMS = ("lost+found",)
"""What a file system puts into its own top folder."""
_OLD = ".old"
BESIDE, INSIDE = b"beside", b"inside"


class Move(Protocol):
    """A way to put an environment in place."""

    @property
    def staging(self) -> Path:
        """The folder in which it is built."""

    @property
    def aside(self) -> Path:
        """Where the environment that it replaces is meanwhile; nothing is there before or after that."""

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

    @property
    def aside(self) -> Path:
        """Beside the staging folder."""
        return old_of(self.staging)

    def announce(self, claim: Claim) -> None:
        """Write down the name."""
        claim.write(b"\0".join((BESIDE, os.fsencode(self.destination.name))))

    def into_place(self, claim: Claim, *, replaces: bool) -> None:
        """Rename it, which replaces an empty folder and refuses any other."""
        del claim
        if not replaces:
            _keep_mode(self.destination, self.staging)
            os.rename(self.staging, self.destination)
        elif not exchange(self.staging, self.destination, self.host):
            os.rename(self.destination, self.aside)
            try:
                os.rename(self.staging, self.destination)
            except BaseException:
                os.rename(self.aside, self.destination)
                raise

    def clear(self) -> None:
        """Remove the old environment, under whichever name it is now."""
        remove(self.staging)
        remove(self.aside)


def _keep_mode(folder: Path, staging: Path) -> None:
    """Give the environment the mode of an empty folder that it replaces, if that is this user's own."""
    if folder.is_dir():
        status = os.stat(folder)
        if not hasattr(os, "geteuid") or status.st_uid == os.geteuid():
            os.chmod(staging, stat.S_IMODE(status.st_mode))


class Inside(NamedTuple):
    """The environment is built in its destination, which is a mount point, and moved up piece by piece.

    Until its pyvenv.cfg arrives, the last of all, it is none.
    """

    destination: Path
    staging: Path

    @property
    def aside(self) -> Path:
        """Beside the staging folder."""
        return old_of(self.staging)

    def announce(self, claim: Claim) -> None:
        """Nothing has been moved yet."""
        claim.write(INSIDE)

    def into_place(self, claim: Claim, *, replaces: bool) -> None:
        """Put what is there aside, then move each piece."""
        names = os.listdir(self.staging)
        claim.write(b"\0".join((INSIDE, *map(os.fsencode, names))))
        try:
            if replaces:
                self.aside.mkdir()
                _move_all(self.destination, self.aside, config_last=False)
            _move_all(self.staging, self.destination, config_last=True)
        except BaseException:
            put_back(self.staging, names)
            raise

    def clear(self) -> None:
        """Remove what was put aside."""
        remove(self.aside)
        remove(self.staging)


def beside(lock: Path, destination: Path, host: Host) -> Move:
    """Build beside the destination; `lock` is the claim's file there."""
    return Beside(destination, staging_of(lock), host)


def inside(lock: Path, destination: Path) -> Move:
    """Build in the destination itself, where the claim's file is, too."""
    return Inside(destination, staging_of(lock))


def put_back(staging: Path, names: list[str] | tuple[str, ...]) -> None:
    """Remove the pieces that were moved up already, and put back what was put aside."""
    for name in names:
        if not os.path.lexists(staging / name):  # else it, or what was there before, is not moved yet
            remove(staging.parent / name)
    if os.path.lexists(old_of(staging)):
        _move_all(old_of(staging), staging.parent, config_last=True)


def _move_all(source: Path, target: Path, *, config_last: bool) -> None:
    # Names that cannot be read are an error here: nothing would be moved, and all be removed as left over.
    names = [name for name in os.listdir(source) if not (is_temporary(name) or name in OF_FILE_SYSTEMS)]
    for name in sorted(names, key=lambda name: (name == CONFIG) is config_last):
        if os.path.lexists(target / name):
            raise FileExistsError(errno.EEXIST, "it has appeared there meanwhile", os.fspath(target / name))
        os.rename(source / name, target / name)


def staging_of(lock: Path) -> Path:
    """The folder in which to build, beside the lock."""
    return lock.with_name(lock.name.removesuffix(LOCK))


def old_of(staging: Path) -> Path:
    """Where the environment that is replaced is meanwhile."""
    return staging.with_name(staging.name + _OLD)
