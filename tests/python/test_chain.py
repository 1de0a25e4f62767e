"""Link chains against what the kernel does."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.links.chain import MOST_HOPS, follow


def test_links_in_the_middle_are_hops_and_every_spelling_is_kept(tmp_path):
    (tmp_path / "3.12.4" / "bin").mkdir(parents=True)
    (tmp_path / "3.12.4" / "bin" / "python3.12").touch()
    (tmp_path / "3.12.4" / "bin" / "python").symlink_to("python3.12")
    (tmp_path / "3.12").symlink_to("3.12.4")
    chain = follow(tmp_path / "3.12" / "bin" / "python")
    assert chain.state == "ok"
    assert [os.path.relpath(path, tmp_path) for path in chain.spellings] == [
        "3.12/bin/python",
        "3.12.4/bin/python",
        "3.12.4/bin/python3.12",
    ]
    assert [hop.target for hop in chain.hops] == ["3.12.4", "python3.12"]


def test_a_gap_names_the_first_missing_folder(tmp_path):
    (tmp_path / "python").symlink_to(tmp_path / "versions" / "3.12.1" / "bin" / "python")
    chain = follow(tmp_path / "python")
    assert chain.state == "missing"
    assert chain.stopped_at == tmp_path / "versions"
    assert chain.end == tmp_path / "versions" / "3.12.1" / "bin" / "python"


def test_a_circle_is_a_loop(tmp_path):
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    chain = follow(tmp_path / "one")
    assert chain.state == "loop"
    assert [hop.target for hop in chain.hops] == ["two", "one"]


def test_a_path_that_grows_without_end_is_a_loop(tmp_path):
    (tmp_path / "one").symlink_to("one/more")
    chain = follow(tmp_path / "one")
    assert chain.state == "loop"
    assert len(chain.hops) == MOST_HOPS + 1


def test_dots_go_up_from_where_a_link_led(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "file").touch()
    (tmp_path / "link").symlink_to("a/b")
    chain = follow(tmp_path / "link" / ".." / "file")
    assert chain.state == "ok"
    assert chain.end == tmp_path / "a" / "file"


def test_a_file_in_the_middle_is_a_gap(tmp_path):
    (tmp_path / "file").touch()
    assert follow(tmp_path / "file" / "below").state == "missing"


def test_a_wall_is_denied_and_not_missing(as_plain_user):
    closed = as_plain_user / "closed"
    (closed / "in").mkdir(parents=True)
    closed.chmod(0)
    chain = follow(closed / "in")
    closed.chmod(0o700)
    assert chain.state == "denied"
    assert chain.stopped_at == closed / "in"


def test_a_name_with_a_nul_leads_nowhere(tmp_path):
    assert follow(tmp_path / "a\0b").state == "missing"


NAMES = st.sampled_from(["a", "b", "c", "d"])
TARGETS = st.lists(st.sampled_from(["a", "b", "c", "d", ".."]), min_size=1, max_size=3)
TREES = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=3).map("/".join),
    st.one_of(st.just("file"), st.just("folder"), TARGETS.map("/".join)),
    max_size=8,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=TREES, path=st.lists(st.sampled_from(["a", "b", "c", "d", ".."]), max_size=4))
def test_any_tree_of_links_ends_where_the_kernel_ends(tmp_path_factory, tree, path):
    root = tmp_path_factory.mktemp("tree")
    for name, kind in tree.items():
        place = root / name
        if os.path.realpath(place.parent) != str(place.parent):
            continue  # it would be made where a link leads, outside of this tree
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            if kind == "file":
                place.touch()
            elif kind == "folder":
                place.mkdir()
            else:
                place.symlink_to(kind)
        except OSError:
            continue  # something is there already
    start = root.joinpath(*path)
    chain = follow(start)
    assert len(chain.hops) <= MOST_HOPS + 1
    try:
        real = os.path.realpath(start, strict=True)
    except OSError:
        assert chain.state != "ok"
    else:
        if os.path.exists(start):  # realpath lets a file stand in the middle of a path
            assert (chain.state, str(chain.end)) == ("ok", real)
