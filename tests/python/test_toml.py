"""TOML, and where in a file its values stand."""

import os
import random
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.files.reading import Unreadable
from holdfast.formats.document import Malformed
from holdfast.formats.span import Span
from holdfast.formats.toml import LARGEST, Toml, parse_toml, read_toml

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DOCUMENT = '''\
# a comment with "quotes" and [brackets]
top.level = 1.5   # behind a value
"quoted key" = 'literal \\ text'

[tool.holdfast]
environment = ".venv"
"sch\u00f6n\U0001f600" = "wide"   # wide characters before a value
exclude = [
    "a,b]", # with marks
    'c',
]
point = { x = 1, y.z = [ { deep = true } ] }

[[package]]
name = "one"

[[package]]
name = "two"
[package.source]
url = """
many
lines"""
[[package.wheel]]
hash = "1"
[[package.wheel]]
hash = 2026-11-20 07:30:00
'''


def parsed(text: str) -> Toml:
    document = parse_toml(text.encode())
    assert isinstance(document, Toml), document
    return document


def at(document: Toml, *path) -> str:
    """The text at the place of a value, cut out of its line as an editor does: in UTF-16 units."""
    span = document.span(*path)
    line = document.text.split("\n")[span.line].encode("utf-16-le")
    return line[span.start * 2 : span.end * 2].decode("utf-16-le")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("top", "level"), "1.5"),
        (("quoted key",), "'literal \\ text'"),
        (("tool", "holdfast", "environment"), '".venv"'),
        (("tool", "holdfast", "sch\u00f6n\U0001f600"), '"wide"'),
        (("tool", "holdfast", "exclude", 0), '"a,b]"'),
        (("tool", "holdfast", "exclude", 1), "'c'"),
        (("tool", "holdfast", "exclude"), "["),
        (("tool", "holdfast", "point", "x"), "1"),
        (("tool", "holdfast", "point", "y", "z", 0, "deep"), "true"),
        (("tool", "holdfast", "point", "y", "z"), "[ { deep = true } ]"),
        (("tool", "holdfast"), "tool.holdfast"),
        (("tool",), "tool.holdfast"),
        (("package", 0), "package"),
        (("package", 0, "name"), '"one"'),
        (("package", 1, "name"), '"two"'),
        (("package", 1, "source", "url"), '"""'),
        (("package", 1, "wheel", 0, "hash"), '"1"'),
        (("package", 1, "wheel", 1, "hash"), "2026-11-20 07:30:00"),
    ],
)
def test_values_are_found_where_they_stand(path, text):
    document = parsed(DOCUMENT)
    assert at(document, *path) == text
    assert document.get(*path) is not None


def test_line_ends_of_windows_and_a_mark_at_the_start_change_no_place():
    plain = parsed(DOCUMENT)
    document = parse_toml(b"\xef\xbb\xbf" + DOCUMENT.replace("\n", "\r\n").encode())
    assert isinstance(document, Toml)
    assert document.values == plain.values
    assert all(document.span(*path) == plain.span(*path) for path in plain.places)


def test_what_is_not_there_is_none_and_stands_at_the_start():
    document = parsed(DOCUMENT)
    for path in (("nope",), ("top", "level", "deeper"), ("package", 9), ("package", "name"), ("tool", 0)):
        assert document.get(*path) is None
        assert document.span(*path) == Span(0, 0, 0)
    assert document.table("package") == {}
    assert document.table("tool", "holdfast")["environment"] == ".venv"


VALUES = st.recursive(
    st.one_of(
        st.booleans(), st.integers(-(2**40), 2**40), st.text(max_size=8), st.floats(allow_nan=False, width=16)
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


def written(value) -> str:
    """A value as some program might write it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = "".join(
            c if (c.isalnum() and c.isascii()) or c in " ][#=,}" else f"\\U{ord(c):08X}" for c in value
        )
        return f'"{escaped}"'
    if isinstance(value, list):
        return "[" + " , # ]\n".join(written(item) for item in value) + "\n]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)} = {written(item)}" for key, item in value.items()) + "}"
    return repr(value)


@given(st.dictionaries(st.from_regex(r"[a-z0-9_-]{1,6}", fullmatch=True), VALUES, max_size=5))
def test_every_value_of_any_document_is_where_its_span_says(table):
    text = "".join(f"{key} = {written(value)}\n" for key, value in table.items())
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    document = parse_toml(text.encode())
    if not isinstance(document, Toml):
        with pytest.raises(tomllib.TOMLDecodeError):
            tomllib.loads(text)
        return
    for key, value in table.items():
        start, end = document.places[(key,)]
        assert tomllib.loads(f"x = {text[start:end]}")["x"] == value


@given(st.text(alphabet="ab.=[]{},#\n \"'\\1", max_size=60) | st.text(max_size=60))
def test_any_text_gives_what_the_standard_library_gives(text):
    try:
        content = text.encode()
    except UnicodeEncodeError:
        return
    document = parse_toml(content)
    try:
        values = tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        assert isinstance(document, Malformed)
        assert document.reason.startswith("it is not valid TOML: ")
    else:
        assert isinstance(document, Toml)
        assert document.values == values


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_told_with_a_reason(content):
    document = parse_toml(content)
    assert isinstance(document, Toml) or document.reason


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"a = 1\nb = \nc = 2\n", 2, "not valid TOML"),
        (b"a = 1\n\xff = 2\n", 2, "not UTF-8"),
        (b"a = 1\n\n[b\n", 3, "not valid TOML"),
        (b'a = """\nnever\nclosed\n', 4, "not valid TOML"),
        (b"a = 1\na = 2\n", 2, "not valid TOML"),
        (b"a = 1\nb" + b".b" * 100 + b" = 1", 2, "too deep"),
        (b"a = 1\nb = " + b"[" * 5000, 2, "too deep"),
        (b"a = 1\nb = " + b"{b=" * 5000, 2, "too deep"),
        (b"a = " + b"9" * 5000, 1, "not valid TOML"),
    ],
)
def test_what_is_no_document_is_told_with_its_line(content, line, reason):
    document = parse_toml(content)
    assert isinstance(document, Malformed)
    assert reason in document.reason
    assert str(document).endswith(f"(line {line})")


@pytest.mark.parametrize(
    "content",
    [
        "a" + ".a" * (LARGEST // 2 - 4) + "=1",
        "[" + "a." * (LARGEST // 2 - 4) + "a]",
        "[" + "a." * 38 + "a]\n" + "".join(f"a{n}=1\n" for n in range(20_000)),
        "a=" + "[" * (LARGEST - 10),
        "a=" + "[1," * (LARGEST // 3 - 10),
        "a=[" + "1," * (LARGEST // 2 - 10) + "]",
        '"' + '\\"' * (LARGEST // 2 - 10),
        '"""' * (LARGEST // 3 - 1),
        "a='''" * (LARGEST // 5 - 1),
        "[[a]]\n" * (LARGEST // 6),
        "\n" * LARGEST,
        " " * LARGEST,
        "=" * LARGEST,
        "# " * (LARGEST // 2),
        "a=" + "," * (LARGEST - 10),
        "".join(random.Random(7).choices("ab.=[]{},#\n\"'\\ ", k=LARGEST)),
    ],
    ids=lambda content: content[:12],
)
def test_no_document_takes_longer_than_a_moment(content):
    start = time.monotonic()
    document = parse_toml(content.encode())
    assert isinstance(document, Toml | Malformed)
    assert time.monotonic() - start < 3


def test_files_that_cannot_be_read_are_told_with_the_reason(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    with open(tmp_path / "large", "wb") as file:
        file.truncate(100_000_000)
    reasons = {name: read_toml(tmp_path / name) for name in ("folder", "fifo", "large", "missing")}
    assert {name: one.why for name, one in reasons.items() if isinstance(one, Unreadable)} == {
        "folder": "folder",
        "fifo": "special",
        "large": "large",
        "missing": "missing",
    }
    (tmp_path / "good").write_text("a = 1")
    assert read_toml(tmp_path / "good") == Toml({"a": 1}, "a = 1", {("a",): (4, 5)})
