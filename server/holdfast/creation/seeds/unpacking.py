"""Unpacking a wheel for an interpreter: its files, their bytecode and its RECORD, up to the scripts."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from holdfast.cancellation import Cancellation
from holdfast.creation.seeds.archive import WheelArchive, settle
from holdfast.creation.seeds.bytecode import compile_sources
from holdfast.creation.seeds.recipe import Recipe
from holdfast.creation.seeds.record import digest_of, record_line, record_of
from holdfast.values import NamedTuple


class Whole(NamedTuple):
    """What is whole of an older tree that was made by the same recipe."""

    tree: Path
    files: frozenset[str]
    """As paths below it."""


def unpack(
    recipe: Recipe, wheel: bytes, tree: Path, whole: Whole | None, cancellation: Cancellation
) -> dict[str, str]:
    """Make the folder `tree` out of the wheel's bytes; the digest of each file in it.

    What is whole becomes hard links, so that environments to come share it with those that there are. Raises
    OSError, HoldfastError and CancelledError, and leaves it to the caller to remove the folder.
    """
    archive = WheelArchive(recipe.wheel, wheel)
    tree.mkdir()
    taken = _take_over(whole, tree, recipe, cancellation) if whole else set()
    archive.unpack(tree, recipe.time, cancellation.check)
    compile_sources(recipe.base, tree, cancellation)
    bytecode = set(_files(tree)) - set(archive.digests)
    for name in bytecode - taken:
        settle(tree / name, recipe.time)
    for name, note in recipe.notes.items():
        _write(tree / name, note, recipe.time)
    digests, lines = {}, [record_line(recipe.wheel.record)]
    for name in _files(tree):
        cancellation.check()
        content = (tree / name).read_bytes()
        digests[name] = digest_of(content)
        archive.check(name, digests[name])
        # pip has no digests for bytecode.
        lines.append(record_line(name, *(() if name in bytecode else (digests[name], len(content)))))
    record = record_of(lines)
    _write(tree / recipe.wheel.record, record, recipe.time)
    return {**digests, recipe.wheel.record: digest_of(record)}


def _take_over(whole: Whole, tree: Path, recipe: Recipe, cancellation: Cancellation) -> set[str]:
    """Link what the wheel has and what was compiled; the names of what there is then."""
    taken = set()
    for name in whole.files - {recipe.wheel.record, *recipe.notes}:
        cancellation.check()
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # else it is made once more
            os.link(whole.tree / name, tree / name)
            taken.add(name)
    return taken


def _files(tree: Path) -> Iterator[str]:
    """The files in a tree, as paths below it with slashes."""
    for parent, _, names in os.walk(tree):
        for name in names:
            yield os.path.relpath(os.path.join(parent, name), tree).replace(os.sep, "/")


def _write(path: Path, content: bytes, time: int) -> None:
    with open(path, "xb") as file:
        file.write(content)
    settle(path, time)
