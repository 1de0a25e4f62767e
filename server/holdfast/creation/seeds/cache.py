"""Unpacked wheels with their bytecode, kept in the user's cache for the environments to come.

In the folder `seeds` lies a manifest for each recipe, which names the folder of its files. Such a folder is
never changed again: where something in it is missing or damaged, a new one is made of what is whole and of
the wheel, and the manifest is replaced in one step. So any number of programs may use, fill and mend the
cache at once, and any of them may be killed; folders that no manifest names are swept later.
"""

import os
import re
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from holdfast.cancellation import Cancellation, Report
from holdfast.creation.seeds.manifest import (
    Entry,
    Manifest,
    describe,
    files_of,
    intact_files,
    is_own,
    is_untouched,
    read_manifest,
    write_manifest,
)
from holdfast.creation.seeds.recipe import Recipe
from holdfast.creation.seeds.record import digest_of
from holdfast.errors import HoldfastError
from holdfast.files.placing import is_temporary
from holdfast.files.reading import Unreadable, list_folder, read_bounded
from holdfast.files.removing import remove
from holdfast.typed import Literal
from holdfast.values import NamedTuple

_SEEDS = "seeds"
_MANIFEST = ".manifest"
_MADE = r"\w+-[^-]+-[0-9a-f]{8}(\.manifest|-[0-9a-f]{12})"
_DAY = 86400.0
_UNUSED = 60 * _DAY
_DEAD = 3600.0
_LARGEST_WHEEL = 100_000_000
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH

How = Literal["found", "filled", "mended", "temporary"]


class UnpackedWheel(NamedTuple):
    """The files of a wheel with their bytecode, to be cloned."""

    tree: Path
    folders: Mapping[str, Mapping[str, Entry]]
    """The files of each folder by name, outer folders first; "" is the tree itself."""
    how: How
    """Whether the cache had it, had to be filled, had it damaged, or cannot be used at all."""
    lease: object = None
    """Of a temporary folder, which is removed when nobody holds this any more."""


class _Lease:
    """Something to hold."""


def unpacked_wheel(
    recipe: Recipe, cache: Path | None, cancellation: Cancellation, report: Report
) -> UnpackedWheel:
    """The wheel's files, whole: from the cache, or put into it, or, where it cannot be used, elsewhere.

    `cache` is the folder that Holdfast keeps; `report` is called if there is something to do. What lies
    elsewhere lives as long as the answer does. Raises HoldfastError and CancelledError.
    """
    try:
        if cache:
            with suppress(OSError):  # full, read-only, denied
                seeds = _own_folder(cache)
                return _from_cache(recipe, seeds, cancellation, report)
        return _elsewhere(recipe, cancellation, report)
    except OSError as error:
        wheel = recipe.wheel
        reason = error.strerror or str(error)
        raise HoldfastError(
            f"{wheel.name} {wheel.version} could not be unpacked: {reason}. Nothing was left behind."
        ) from error


def _own_folder(cache: Path) -> Path:
    """The folder of the unpacked wheels, made where it is missing; nobody else may write into it.

    What others may have put into it, while they could, is not of this user. Raises OSError.
    """
    seeds = cache / _SEEDS
    there = next(folder for folder in (cache, *cache.parents) if os.path.lexists(folder))
    if not (is_own(os.stat(there)) or os.stat(there).st_uid == 0):
        raise PermissionError  # sudo may keep the home of another, in whose way a folder of root would be
    for folder, mode in ((cache.parent, 0o777), (cache, 0o777), (seeds, 0o700)):  # but no home
        with suppress(FileExistsError):
            folder.mkdir(mode)
    status = os.lstat(seeds)
    if not (stat.S_ISDIR(status.st_mode) and is_own(status)):
        raise PermissionError
    if status.st_mode & _OTHERS_WRITE:
        seeds.chmod(0o700)
    return seeds


def _from_cache(recipe: Recipe, seeds: Path, cancellation: Cancellation, report: Report) -> UnpackedWheel:
    file = seeds / f"{recipe.key}{_MANIFEST}"
    known = read_manifest(file)
    if known and known.identity != recipe.identity:
        known = None
    tree = seeds / known.tree if known else seeds
    if known and is_untouched(known, tree) and not _is_due(file):
        return UnpackedWheel(tree, known.folders, "found")
    intact = intact_files(known, tree, cancellation.check) if known else frozenset[str]()
    if known and intact == files_of(known).keys():
        with suppress(OSError):  # a cache that can only be read is read again the next time
            _keep(file, known._replace(folders=describe(tree, files_of(known))))
        return UnpackedWheel(tree, known.folders, "found")
    report(f"Unpacking {recipe.wheel.name} {recipe.wheel.version}", 10)
    _sweep(seeds)
    made = _filled(recipe, seeds / f"{recipe.key}-{os.urandom(6).hex()}", known, intact, cancellation)
    try:
        _keep(file, made)
    except BaseException:
        remove(seeds / made.tree)
        raise
    if known:
        # Another program may be about to clone the old one: it is swept an hour from now.
        with suppress(OSError, NotImplementedError):
            os.utime(tree, follow_symlinks=False)
    return UnpackedWheel(seeds / made.tree, made.folders, "mended" if known else "filled")


def _elsewhere(recipe: Recipe, cancellation: Cancellation, report: Report) -> UnpackedWheel:
    import shutil  # noqa: PLC0415 - a cache is usual
    import tempfile  # noqa: PLC0415
    import weakref  # noqa: PLC0415

    report(f"Unpacking {recipe.wheel.name} {recipe.wheel.version}", 10)
    folder = Path(tempfile.mkdtemp(prefix="holdfast-"))
    try:
        made = _filled(recipe, folder / recipe.wheel.name, None, frozenset(), cancellation)
    except BaseException:
        remove(folder)
        raise
    lease = _Lease()
    weakref.finalize(lease, shutil.rmtree, folder, ignore_errors=True)
    return UnpackedWheel(folder / made.tree, made.folders, "temporary", lease)


def _filled(
    recipe: Recipe, tree: Path, known: Manifest | None, intact: frozenset[str], cancellation: Cancellation
) -> Manifest:
    """Unpack into a new folder, taking over what is intact of a known one. Nothing is left of a failure."""
    from holdfast.creation.seeds.unpacking import Whole, unpack  # noqa: PLC0415 - most creations find it done

    wheel = read_bounded(recipe.wheel.path, _LARGEST_WHEEL)
    if isinstance(wheel, Unreadable):
        raise HoldfastError(f"{recipe.wheel.path} cannot be read: {wheel}.")
    digest = digest_of(wheel)
    whole = Whole(tree.with_name(known.tree), intact) if known and known.wheel == digest else None
    try:
        digests = unpack(recipe, wheel, tree, whole, cancellation)
        return Manifest(recipe.identity, digest, tree.name, describe(tree, digests))
    except BaseException:
        with suppress(OSError):
            remove(tree)
        raise


def _keep(file: Path, manifest: Manifest) -> None:
    """Put a manifest in place of whatever is there, dated to now by this machine's clock."""
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(os.lstat(file).st_mode):
            remove(file)
    write_manifest(file, manifest)
    now = time.time()
    os.utime(file, (now, now))


def _is_due(manifest: Path) -> bool:
    """Whether the contents should be read again: they were not today, or not since the machine started.

    The manifest's own time says when they were. A crash of the machine may leave files of the right size that
    hold nothing.
    """
    now = time.time()
    started = now - time.monotonic()
    return not max(now - _DAY, started) <= os.lstat(manifest).st_mtime <= now


def _sweep(seeds: Path) -> None:
    """Remove what was not used for long, and what programs have left that were killed."""
    now = time.time()
    named = set()
    made = [name for name in list_folder(seeds) if re.fullmatch(_MADE, name) or is_temporary(name)]
    for name in made:
        if name.endswith(_MANIFEST) and (manifest := read_manifest(seeds / name)):
            with suppress(OSError):
                if now - os.lstat(seeds / name).st_mtime < _UNUSED:
                    named |= {name, manifest.tree}
    for name in made:
        with suppress(OSError):
            if name not in named and now - os.lstat(seeds / name).st_mtime > _DEAD:
                remove(seeds / name)
