"""The line on which a problem stands, and the mark below it."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.cli.excerpt import excerpt, source_line
from holdfast.formats.span import START, Span, span_in


def seen(folder: Path, before: str, marked: str, after: str = "", columns: int = 80):
    """The excerpt of a line, the second of its file."""
    line = before + marked + after
    file = folder / "file"
    file.write_text(f"first\n{line}\nlast", newline="")
    return excerpt(file, span_in(line, 1, len(before), len(before) + len(marked)), columns)


@pytest.mark.parametrize(
    ("before", "marked", "line", "mark"),
    [
        ("home = ", "/gone/bin", "home = /gone/bin", "       ^^^^^^^^^"),
        ("", "home", "home", "^^^^"),
        ("home = ", "", "home = ", "       ^"),
        ("\thome\t= ", "/a\tb", "    home    = /a    b", "              ^^^^^^^"),
        ("日本 = ", "値段", "日本 = 値段", "       ^^^^"),
        ("\U0001f600 = ", "a\U0001f600", "\U0001f600 = a\U0001f600", "     ^^^"),
        ("e\u0301 = ", "e\u0301!", "e\u0301 = e\u0301!", "    ^^"),
        ("\x1b[31m = ", "\x07x", "\\x1b[31m = \\x07x", "           ^^^^^"),
        ("a\u202eb = ", "c", "a\\u202eb = c", "           ^"),
    ],
)
def test_the_mark_stands_under_the_value_whatever_stands_before_it(tmp_path, before, marked, line, mark):
    assert seen(tmp_path, before, marked) == (line, mark)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_counts_them(tmp_path, end):
    file = tmp_path / "file"
    file.write_bytes(b"\xef\xbb\xbf" + end.join(("one", "two\u2028still two", "three")).encode())
    assert [source_line(file, number) for number in range(4)] == ["one", "two\u2028still two", "three", None]


def test_a_long_line_is_cut_around_the_value(tmp_path):
    line, mark = seen(tmp_path, "a" * 100_000, "value", "z" * 100_000, columns=40)
    assert (len(line), line[:3], line[-3:]) == (40, "...", "...")
    assert line[mark.index("^") : len(mark)] == "value"
    line, mark = seen(tmp_path, "key = ", "v" * 500_000, columns=40)
    assert (line, mark) == ("key = " + "v" * 28 + "...", "      " + "^" * 28)
    line, mark = seen(tmp_path, "key = ", "value", " # " + "z" * 1000, columns=40)
    assert line == "key = value # " + "z" * 20 + "..."
    line, mark = seen(tmp_path, "z" * 1000 + " = ", "value", columns=40)
    assert line == "..." + "z" * 26 + " = value"
    assert line[mark.index("^") : len(mark)] == "value"


def columns_of(text: str) -> int:
    """As a terminal counts them."""
    zero = {"Mn", "Me", "Cf"}
    wide = {"W", "F"}
    return sum(
        0 if unicodedata.category(one) in zero else 2 if unicodedata.east_asian_width(one) in wide else 1
        for one in text
    )


TEXT = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=200)


@given(before=TEXT, marked=TEXT, after=TEXT, columns=st.integers(20, 120))
def test_no_line_is_wider_than_it_may_be(tmp_path_factory, before, marked, after, columns):
    if before.startswith("\ufeff"):
        return
    found = seen(tmp_path_factory.mktemp("line"), before, marked, after, columns)
    assert columns_of(found.line) <= columns
    assert set(found.mark) <= {" ", "^"}
    assert columns_of(found.line) >= len(found.mark) - 1
    plain = before + marked + after
    if plain.isascii() and plain.isprintable():
        shown = found.line[found.mark.index("^") : len(found.mark)]
        assert marked.startswith(shown) if marked else len(shown) <= 1


def test_what_is_no_text_has_no_excerpt(tmp_path):
    binary, latin, empty = (tmp_path / name for name in ("binary", "latin", "empty"))
    binary.write_bytes(b"home = \0\n")
    latin.write_bytes(b"home = caf\xe9\n")
    empty.touch()
    os.mkfifo(tmp_path / "fifo")
    for name in ("binary", "latin", "fifo", ".", "gone"):
        assert excerpt(tmp_path / name, Span(0, 1, 2), 80) is None
    assert excerpt(empty, Span(3, 1, 2), 80) is None


def test_a_problem_of_a_whole_file_has_none(tmp_path):
    (tmp_path / "file").write_text("*\n")
    assert excerpt(tmp_path / "file", START, 80) is None


def test_a_span_that_the_line_no_longer_has_is_marked_at_its_end(tmp_path):
    (tmp_path / "file").write_text("short\n")
    assert excerpt(tmp_path / "file", Span(0, 3, 90), 80) == ("short", "   ^^")
    assert excerpt(tmp_path / "file", Span(0, 80, 90), 80) == ("short", "     ^")
