"""What git tracks, read out of its index and compared with what git itself lists."""

import os
import random
import shutil
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git import git, listed, repository, written
from holdfast.formats.git_index import GitIndex, parse_git_file, parse_index
from holdfast.workspace.repositories import Repositories

NAMES = ("a.txt", "a/b", "a0", ".venv/pyvenv.cfg", ".venv/lib/x", "ä/ö", "long/" + "n" * 250, "with space")


@pytest.mark.parametrize("version", [2, 3, 4])
@pytest.mark.parametrize("objects", ["sha1", "sha256"])
def test_an_index_of_every_version_has_the_names_that_git_lists(tmp_path, version, objects):
    folder = repository(tmp_path, f"--object-format={objects}")
    deep = "/".join("d" * 200 for _ in range(19))  # longer than 4,095 bytes would no file system take
    written(folder, *NAMES)
    git(folder, "add", ".")
    git(
        folder,
        "update-index",
        "--index-info",
        text=f"100644 {'1' * (40 if objects == 'sha1' else 64)}\t{deep}\n",
    )
    if version == 3:
        written(folder, "only announced")
        git(folder, "add", "-N", "only announced")
    else:
        git(folder, "update-index", "--index-version", version)
    content = (folder / ".git" / "index").read_bytes()
    assert content[7] == version
    assert parse_index(content) == GitIndex(listed(folder))
    assert deep.encode() in listed(folder)


def test_an_index_without_a_file_is_one(tmp_path):
    folder = repository(tmp_path)
    written(folder, "a")
    git(folder, "add", "a")
    git(folder, "rm", "-q", "--cached", "a")
    assert parse_index((folder / ".git" / "index").read_bytes()) == GitIndex(())


def test_files_in_conflict_are_tracked(tmp_path):
    folder = repository(tmp_path)
    blob = git(folder, "hash-object", "-w", "--stdin", text="x").decode().strip()
    stages = "".join(f"100644 {blob} {stage}\ta\n" for stage in (1, 2, 3))
    git(folder, "update-index", "--index-info", text=stages)
    index = parse_index((folder / ".git" / "index").read_bytes())
    assert index.names == (b"a", b"a", b"a")
    assert index.holds(b"a")


def test_folders_that_a_sparse_checkout_leaves_out_are_names_of_their_own(tmp_path):
    folder = repository(tmp_path)
    written(folder, "in/x", "out/deep/y", "out/z", "top")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "x")
    git(folder, "sparse-checkout", "set", "--cone", "--sparse-index", "in")
    index = parse_index((folder / ".git" / "index").read_bytes())
    assert index.names == (b"in/x", b"out/", b"top")
    assert index.names == tuple(git(folder, "ls-files", "--sparse", "-z").split(b"\0")[:-1])


def test_what_git_adds_to_an_index_for_itself_is_passed_over(tmp_path):
    folder = repository(tmp_path)
    written(folder, *NAMES)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "x")
    git(folder, "update-index", "--force-untracked-cache", "--assume-unchanged", NAMES[0])
    git(folder, "-c", "index.threads=4", "-c", "index.recordEndOfIndexEntries=true", "status")
    assert parse_index((folder / ".git" / "index").read_bytes()) == GitIndex(listed(folder))


def test_of_an_index_that_is_split_nothing_is_said(tmp_path):
    folder = repository(tmp_path)
    written(folder, "a", "b")
    git(folder, "add", ".")
    git(folder, "update-index", "--split-index")
    assert parse_index((folder / ".git" / "index").read_bytes()) is None


@pytest.mark.parametrize("version", [2, 4])
def test_a_damaged_index_is_refused_or_read_and_never_more(tmp_path, version):
    folder = repository(tmp_path)
    written(folder, *NAMES, *(f"f{number}" for number in range(50)))
    git(folder, "add", ".")
    git(folder, "update-index", "--index-version", version)
    whole = (folder / ".git" / "index").read_bytes()
    generator = random.Random(5)
    for length in range(0, len(whole), 7):
        parse_index(whole[:length])
    for _ in range(3000):
        damaged = bytearray(whole)
        for _ in range(generator.choice((1, 2, 8))):
            damaged[generator.randrange(len(damaged))] = generator.randrange(256)
        index = parse_index(bytes(damaged))
        assert index is None or list(index.names) == sorted(index.names)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_refused_or_read(tail):
    for version in (2, 3, 4):
        parse_index(b"DIRC" + version.to_bytes(4, "big") + b"\0\0\0\3" + tail)
    parse_index(tail)
    parse_git_file(tail)


def test_an_index_that_stands_for_far_more_than_it_holds_is_refused():
    """Each entry of version 4 repeats 4,000 bytes of the one before."""
    entry = b"\0" * 60
    long = entry + (4000).to_bytes(2, "big") + b"\0" + b"a" * 4000 + b"\0"
    more = b"".join(entry + (4000).to_bytes(2, "big") + b"\0" + b"\0" for _ in range(20_000))
    content = b"DIRC\0\0\0\4" + (20_001).to_bytes(4, "big") + long + more + b"\0" * 20
    assert parse_index(content) is None


def test_tracked_is_what_is_committed_and_what_will_be(tmp_path, host):
    folder = repository(tmp_path / "project")
    written(folder, "committed/x", "staged/x", "neither/x", "removed/x")
    git(folder, "add", "committed", "removed")
    git(folder, "commit", "-qm", "x")
    git(folder, "add", "staged")
    git(folder, "rm", "-q", "--cached", "removed/x")
    found = {
        name: Repositories(host).tracked(folder / name / "x") for name in os.listdir(folder) if name != ".git"
    }
    assert found == {"committed": True, "staged": True, "neither": False, "removed": False}


def test_a_name_that_begins_like_that_of_a_folder_is_not_in_it(tmp_path, host):
    folder = repository(tmp_path / "project")
    written(folder, "env/x", "env/y/z", "env.txt", "env-2/x", "env0")
    git(folder, "add", ".")
    repositories = Repositories(host)
    assert repositories.tracked_below(folder / "env") == ("x", "y/z")
    assert repositories.tracked_below(folder / "en") == ()
    assert len(repositories.tracked_below(folder)) == 5
    assert not repositories.tracked(folder / "env")


def test_a_working_tree_is_found_from_any_folder_in_it(tmp_path, host):
    folder = repository(tmp_path / "project")
    written(folder, "a/b/c/x")
    git(folder, "add", ".")
    repositories = Repositories(host)
    assert repositories.around(folder / "a" / "b" / "c") == folder
    assert repositories.around(folder / "not there" / "at all") == folder
    assert repositories.around(folder) == folder
    assert repositories.around(tmp_path) is None
    assert repositories.tracked(folder / "a" / "b" / "c" / "x")
    assert not repositories.tracked(tmp_path / "x")
    assert repositories.index_around(folder / "a") == folder / ".git" / "index"
    assert repositories.index_around(tmp_path) is None


def test_a_further_worktree_has_an_index_of_its_own(tmp_path, host):
    main = repository(tmp_path / "main")
    written(main, "a")
    git(main, "add", ".")
    git(main, "commit", "-qm", "x")
    git(main, "worktree", "add", "-q", tmp_path / "second")
    written(tmp_path / "second", "b")
    git(tmp_path / "second", "add", "b")
    repositories = Repositories(host)
    assert repositories.tracked_below(tmp_path / "second") == ("a", "b")
    assert repositories.tracked_below(main) == ("a",)


def test_files_of_a_submodule_are_tracked_by_that(tmp_path, host):
    inner, outer = repository(tmp_path / "inner"), repository(tmp_path / "outer")
    written(inner, "x/y")
    git(inner, "add", ".")
    git(inner, "commit", "-qm", "x")
    git(outer, "submodule", "--quiet", "add", inner, "sub")
    assert (outer / "sub" / ".git").read_text().startswith("gitdir: ../")
    repositories = Repositories(host)
    assert repositories.tracked(outer / "sub" / "x" / "y")
    assert repositories.tracked_below(outer) == (".gitmodules", "sub")
    assert repositories.around(outer / "sub" / "x") == outer / "sub"


def test_a_nested_repository_that_is_no_submodule_hides_what_is_in_it(tmp_path, host):
    outer = repository(tmp_path / "outer")
    inner = repository(outer / "inner")
    written(inner, "x")
    repositories = Repositories(host)
    assert not repositories.tracked(inner / "x")
    (outer / "empty" / ".git").mkdir(parents=True)  # which is no repository to git
    written(outer / "empty", "x")
    git(outer, "add", "empty/x")
    assert repositories.tracked(outer / "empty" / "x")


def test_links_on_the_way_are_followed_and_one_at_the_end_is_a_file(tmp_path, host):
    folder = repository(tmp_path / "project")
    written(folder, "a/x")
    (folder / "link").symlink_to("a")
    git(folder, "add", ".")
    (tmp_path / "door").symlink_to(folder)
    repositories = Repositories(host)
    assert repositories.tracked(tmp_path / "door" / "a" / "x")
    assert repositories.tracked(folder / "link" / "x")
    assert repositories.tracked(folder / "link")
    assert repositories.tracked_below(folder / "link") == ("x",)


def test_what_only_looks_like_a_repository_tracks_nothing(tmp_path, host):
    for content in (b"", b"gitdir: ", b"gitdir: /dev", b"gitdir: .", b"gitdir: .git", b"\xff" * 9000):
        (tmp_path / ".git").write_bytes(content)
        assert not Repositories(host).tracked(tmp_path / "x")
    (tmp_path / ".git").unlink()
    os.mkfifo(tmp_path / ".git")
    assert not Repositories(host).tracked(tmp_path / "x")
    (tmp_path / ".git").unlink()
    (tmp_path / ".git").symlink_to(".git")
    assert not Repositories(host).tracked(tmp_path / "x")
    (tmp_path / ".git").unlink()
    repository(tmp_path)
    os.mkfifo(tmp_path / ".git" / "index")
    assert not Repositories(host).tracked(tmp_path / "x")


def test_a_disk_that_does_not_answer_is_not_waited_for(dead_mount, host, tmp_path):
    (tmp_path / ".git").write_text(f"gitdir: {dead_mount / 'bin'}\n")
    started = time.monotonic()
    assert not Repositories(host).tracked(dead_mount / "bin" / "x")
    assert not Repositories(host).tracked(tmp_path / "x")
    assert time.monotonic() - started < 5


def test_an_index_is_read_once_a_look_and_anew_in_the_next(tmp_path, host):
    folder = repository(tmp_path / "project")
    written(folder, *(f"{number}/x" for number in range(20)))
    git(folder, "add", ".")
    repositories = Repositories(host)
    assert all(repositories.tracked(folder / str(number) / "x") for number in range(10))
    git(folder, "rm", "-rq", "--cached", ".")
    assert all(repositories.tracked(folder / str(number) / "x") for number in range(20))
    assert not Repositories(host).tracked(folder / "0" / "x")
    shutil.rmtree(folder / ".git")
    assert Repositories(host).around(folder) is None
