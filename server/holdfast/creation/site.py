"""The place where an environment is made: claimed, built under another name, and put in place at once.

A run that dies at any moment leaves a whole environment or none, or, where one is replaced, the old one or
the new one. What is left beside it, the next run clears away or puts back: the claim's file tells what.
"""

import contextlib
import os
import time
from pathlib import Path
from types import TracebackType

from holdfast.creation.destination import Occupant, occupant, refuse_name
from holdfast.creation.moving import LOCK, Move, beside, inside
from holdfast.creation.recovering import destination_of, has_left, recover
from holdfast.environments.proof import why_no_environment
from holdfast.errors import HoldfastError
from holdfast.files.claim import Claim, take_claim
from holdfast.files.placing import is_temporary, working_name
from holdfast.files.reading import is_folder, list_folder
from holdfast.files.removing import remove
from holdfast.host import Host

_TRIES = 5
_MOMENT = 0.05
"""Seconds."""


class Site:
    """A destination that this program alone works on, for the length of a `with` block.

    Unless `commit` is called, nothing is left of it.
    """

    def __init__(self, destination: Path, host: Host, *, replace: bool) -> None:
        self.destination = destination
        self._host = host
        self._replace = replace
        self._claim: Claim | None = None
        self._move: Move | None = None
        self._made: list[Path] = []
        self._occupant: Occupant = "nothing"

    @property
    def staging(self) -> Path:
        """The folder in which to build."""
        if self._move is None:
            raise RuntimeError("a site is used before it was entered")
        return self._move.staging

    def __enter__(self) -> "Site":  # noqa: PYI034 - Self is younger than Python 3.10
        """Claim the destination. Raises HoldfastError where nothing may be made there."""
        refuse_name(self.destination, self._host)
        self._made = _make_parents(self.destination.parent)
        try:
            self._open()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def commit(self) -> str | None:
        """Let the environment appear at its destination.

        Returns what could not be tidied up, as a sentence. Raises HoldfastError where something else has
        appeared there meanwhile.
        """
        move = self._move
        if move is None or self._claim is None:
            raise RuntimeError("a site is used before it was entered")
        if self._occupant == "environment" and (reason := why_no_environment(self.destination, self._host)):
            raise HoldfastError(f"{self.destination} has changed meanwhile: {reason}. It was left as it is.")
        move.into_place(self._claim, replaces=self._occupant == "environment")
        self._made = []
        try:
            move.clear()
        except OSError as error:
            self._claim.release(keep=True)  # the next run takes up what is left
            return f"The old environment could not be removed from {move.staging}: {error.strerror or error}."
        return None

    def _open(self) -> None:
        claim = self._claimed_beside()
        if claim:
            move = beside(claim.path, self.destination, self._host)
        else:
            claim = self._claimed(self.destination)
            move = inside(claim.path, self.destination)
        _recover(claim, self.destination, self._host)
        self._claim = claim
        _recover_others(claim, self._host)
        self._occupant = occupant(self.destination, self._host, replace=self._replace)
        move.announce(claim)
        self._move = move
        move.staging.mkdir()

    def _claimed(self, folder: Path) -> Claim:
        """The claim on the destination, by a file in a folder; raises OSError where that allows no file."""
        lock = folder / (working_name(self.destination.name) + LOCK)
        claim = take_claim(lock)
        for _ in range(_TRIES):
            if claim:
                break
            # What a killed program was just starting holds its files for a moment longer.
            time.sleep(_MOMENT)
            claim = take_claim(lock)
        if claim is None:
            raise HoldfastError(
                f"{self.destination} is being made by another program right now. Wait until it is done."
            )
        return claim

    def _claimed_beside(self) -> Claim | None:
        """The claim by a file beside the destination; None where that must be in the destination itself."""
        is_there = is_folder(self.destination)
        if is_there and self._host.mounts.has(self.destination):
            return None  # a mount cannot be renamed
        try:
            return self._claimed(self.destination.parent)
        except OSError:
            if is_there:  # the folder around it may be somebody else's
                return None
            raise

    def _close(self) -> None:
        left = False
        if self._move and os.path.lexists(self._move.aside):
            left = True  # the old one could not be put back; for that, the next run needs all that is there
        elif self._move:
            try:
                remove(self._move.staging)
            except OSError:
                left = True
        if self._claim:
            self._claim.release(keep=left)
        _remove_empty(self._made)


def _recover(claim: Claim, destination: Path, host: Host) -> None:
    """Tidy up behind a run that held this claim and died. Raises OSError and HoldfastError."""
    try:
        note = claim.read()
        recover(claim.path, note, destination, host)
        if note:
            claim.write(b"")
    except BaseException:
        claim.release(keep=True)
        raise


def _recover_others(own: Claim, host: Host) -> None:
    """The same behind those that died in this folder while they made other environments."""
    for name in list_folder(own.path.parent):
        if name == own.path.name or not (name.endswith(LOCK) and is_temporary(name)):
            continue
        lock = own.path.with_name(name)
        with contextlib.suppress(OSError, HoldfastError):  # it is somebody else's, or has to be told there
            claim = take_claim(lock)
            destination = destination_of(lock, claim.read()) if claim else None
            if claim and destination:
                _recover(claim, destination, host)
            if claim:
                claim.release(keep=has_left(lock))


def _make_parents(folder: Path) -> list[Path]:
    """Make a folder and what is missing above it; the made ones, innermost first."""
    missing = []
    current = folder
    while not os.path.lexists(current):
        missing.append(current)
        current = current.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_empty(missing)
        reason = error.strerror or str(error)
        raise HoldfastError(f"The folder {folder} cannot be made: {reason}.") from error
    return missing


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()
