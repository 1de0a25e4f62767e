"""Whatever fails while a new environment is made: it is whole, or absent."""

from created import content_of, leftovers, next_run
from faults import operations_of, outcome_with
from test_faults import (
    MAY_LEAVE,
    assert_intact,
    assert_tells_a_person,
    failures,
    faults_in,
    is_good,
)


@failures
def test_whatever_fails_a_new_one_is_whole_or_absent(bench, error, lasts, tmp_path):
    whole = bench.made("new")
    operations = operations_of(lambda: bench.make("new"))
    assert content_of(bench.destination) == whole
    bench.clear()
    for fault in faults_in(operations, error, lasts=lasts):
        outcome = outcome_with(fault, lambda: bench.make("new"))
        try:
            found = content_of(bench.destination)
            if outcome.error:
                assert found is None
                assert_tells_a_person(outcome, bench)
            else:
                assert found == whole or is_good(bench.destination)
            if not (lasts or MAY_LEAVE & set(fault.operation.files)):
                assert leftovers(bench.destination.parent) == []
            next_run(bench.destination)
            assert leftovers(bench.destination.parent) == []
            assert list((tmp_path / "temporary").iterdir()) == []
            assert_intact(tmp_path / "cache" / "holdfast" / "seeds")
        except AssertionError as failed:
            raise AssertionError(f"{fault}: {outcome}") from failed
        bench.clear()
    bench.make("new")
    assert content_of(bench.destination) == whole
