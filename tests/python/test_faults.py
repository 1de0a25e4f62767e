"""Whatever fails: a creation leaves a whole environment, the old one, or nothing."""

import errno
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from created import Bench, content_of, leftovers, next_run
from faults import Fault, Operation, Outcome, operations_of, outcome_with
from holdfast.creation.seeds.manifest import is_untouched, read_manifest
from holdfast.health.check import check
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from pythons import works
from test_site import make as moved
from test_site import text_of

HOST = Host.current()
CHANGES = (errno.ENOSPC, errno.EACCES, errno.EIO, errno.EOPNOTSUPP)
"""With what an operation fails that changes something."""
READS = (errno.EACCES, errno.EIO)
LASTING = (errno.ENOSPC, errno.EROFS)
"""A disk that is full, or can only be read any more, from some moment on."""

MAY_LEAVE = {"files/removing.py", "files/claim.py", "creation/recovering.py"}
"""Where it fails to remove something that stays for the next run."""


def assert_tells_a_person(outcome: Outcome, bench: Bench) -> None:
    """The message is a sentence, without what only a programmer knows, and true."""
    assert outcome.error == "HoldfastError"
    assert outcome.message.endswith(".")
    assert "Errno" not in outcome.message
    if "Nothing was left behind" in outcome.message and "unpacked" not in outcome.message:
        assert leftovers(bench.destination.parent) == []


def assert_intact(seeds: Path) -> None:
    """Whatever the cache says it has, it has."""
    for manifest in seeds.glob("*.manifest"):
        known = read_manifest(manifest)
        assert known
        assert is_untouched(known, seeds / known.tree)


def is_good(environment: Path) -> bool:
    return works(environment) and check(environment, Reader(HOST)).state == "healthy"


def faults_in(operations: Iterable[Operation], error: int, *, lasts: bool) -> Iterator[Fault]:
    """The first operation that each line of Holdfast makes, and the last of those that change something.

    Those that read fail with one error or the other, by turns.
    """
    last = {(one.what, one.lines): one for one in operations}
    reading = 0
    for one in operations:
        is_last = one is last[one.what, one.lines] and not one.reads and not lasts
        if one.occurrence == 0 or is_last:
            reading += one.reads
            if not one.reads or (error == READS[reading % len(READS)] and not lasts):
                yield Fault(one, error, lasts)


FAILURES = [*((error, False) for error in CHANGES), *((error, True) for error in LASTING)]
failures = pytest.mark.parametrize(
    ("error", "lasts"),
    FAILURES,
    ids=[errno.errorcode[error] + " for ever" * lasts for error, lasts in FAILURES],
)


@pytest.mark.parametrize(("error", "lasts"), [(errno.EIO, False), (errno.EROFS, True)], ids=["once", "lasts"])
def test_whatever_fails_what_is_replaced_is_old_or_new(bench, error, lasts, way):
    old, new = bench.made("old", pip=False), bench.made("new", pip=False)

    def replace() -> None:
        bench.make("new", pip=False, replace=True)

    plain = {(one.what, one.lines) for one in operations_of(lambda: bench.make("new", pip=False))}
    replace()  # it imports what is needed
    operations = operations_of(replace)
    assert content_of(bench.destination) == new
    bench.clear()
    operations = [one for one in operations if (one.what, one.lines) not in plain]
    for fault in faults_in(operations, error, lasts=lasts):
        bench.put("old")
        outcome = outcome_with(fault, replace)
        try:
            if outcome.error:
                assert_tells_a_person(outcome, bench)
            if not lasts or way == "by an exchange":
                assert content_of(bench.destination) == (old if outcome.error else new)
            next_run(bench.destination)
            assert content_of(bench.destination) == (old if outcome.error else new)
            assert leftovers(bench.destination.parent) == []
        except AssertionError as failed:
            raise AssertionError(f"{fault}: {outcome}") from failed
        bench.clear()


@failures
@pytest.mark.parametrize("way", ["by an exchange", "by two renames", "in place"], indirect=True)
def test_whatever_fails_while_it_is_moved_the_next_run_has_the_old_one_or_the_new_one(
    as_plain_user, error, lasts, way
):
    """On a few files, so that each operation gets its turn."""
    outer, destination = as_plain_user / "outer", as_plain_user / "outer" / "env"

    def prepare() -> None:
        if outer.exists():
            outer.chmod(0o700)
            shutil.rmtree(outer)
        destination.mkdir(parents=True)
        if way == "in place":
            outer.chmod(0o500)
        moved(destination, "old")

    def replace() -> None:
        moved(destination, "new", replace=True)

    prepare()
    seen = set()
    for operation in operations_of(replace):
        if "creation/moving.py" not in operation.files or (operation.reads and error != errno.EIO):
            continue
        prepare()
        fault = Fault(operation, error, lasts)
        outcome = outcome_with(fault, replace)
        try:
            assert outcome.error in (None, "OSError", "PermissionError", "HoldfastError")
            next_run(destination)
            seen.add(text_of(destination))
            assert text_of(destination) == ("old" if outcome.error else "new")
            assert leftovers(outer) + leftovers(destination) == []
        except (AssertionError, ValueError, OSError) as failed:
            raise AssertionError(f"{fault}: {outcome}") from failed
    assert seen == {"old", "new"}


@pytest.fixture(params=["by an exchange", "by two renames"])
def way(request, monkeypatch):
    if request.param == "by two renames":
        monkeypatch.setattr("holdfast.creation.moving.exchange", lambda *_: False)
    return request.param
