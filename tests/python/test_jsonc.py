"""JSON with comments: its values, where they stand, and setting one of them."""

import json
import math
import os
import random
import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from holdfast.files.reading import Unreadable
from holdfast.formats.document import Malformed
from holdfast.formats.jsonc import LARGEST, Jsonc, UneditableError, parse_jsonc, read_jsonc, with_value
from holdfast.formats.span import Span

DOCUMENT = """\
// "quotes", [brackets] and /* no comment within a comment
{
    "python.path": "a//b", // behind
    /* "b": 1,
       over lines */ "text": "/* no comment */ \\" \\u00e9 \\\\",
    "sch\u00f6n\U0001f600": "wide", "after": -1.5e3,
    "list": [
        1, { "deep": [ true, null, ] },
    ],
    "twice": 1,
    "twice": { "last": "counts", },
    "\\u0061\\n": "escaped key",
    "empty": {}
}
// end"""


def parsed(text: str) -> Jsonc:
    document = parse_jsonc(text.encode())
    assert isinstance(document, Jsonc), document
    return document


def at(document: Jsonc, *path) -> str:
    """The text at the place of a value, cut out of its line as an editor does: in UTF-16 units."""
    span = document.span(*path)
    line = re.split(r"\r\n|\r|\n", document.text)[span.line].encode("utf-16-le")
    return line[span.start * 2 : span.end * 2].decode("utf-16-le")


# Reading


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        (("python.path",), '"a//b"', "a//b"),
        (("text",), '"/* no comment */ \\" \\u00e9 \\\\"', '/* no comment */ " \u00e9 \\'),
        (("sch\u00f6n\U0001f600",), '"wide"', "wide"),
        (("after",), "-1.5e3", -1500.0),
        (("list",), "[", [1, {"deep": [True, None]}]),
        (("list", 0), "1", 1),
        (("list", 1), '{ "deep": [ true, null, ] }', {"deep": [True, None]}),
        (("list", 1, "deep", 0), "true", True),
        (("twice",), '{ "last": "counts", }', {"last": "counts"}),
        (("twice", "last"), '"counts"', "counts"),
        (("a\n",), '"escaped key"', "escaped key"),
        (("empty",), "{}", {}),
    ],
)
def test_values_are_found_where_they_stand(path, text, value):
    document = parsed(DOCUMENT)
    assert document.get(*path) == value
    assert at(document, *path) == text


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_and_a_mark_at_the_start_change_no_place(end):
    plain = parsed(DOCUMENT)
    document = parse_jsonc(b"\xef\xbb\xbf" + DOCUMENT.replace("\n", end).encode())
    assert isinstance(document, Jsonc)
    assert document.values == plain.values
    for path in ((), ("python.path",), ("list", 1, "deep", 1), ("twice", "last"), ("empty",)):
        assert document.span(*path) == plain.span(*path)


def test_what_is_not_there_is_none_and_stands_at_the_start():
    document = parsed(DOCUMENT)
    for path in (("nope",), ("after", "deeper"), ("list", 9), ("list", -1), ("list", "0"), ("text", 0), (0,)):
        assert document.get(*path) is None
        assert document.span(*path) == Span(0, 0, 0)
    assert document.table("list") == {}
    assert document.table("twice") == {"last": "counts"}


@pytest.mark.parametrize("text", ["", " \n", "\ufeff", "// nothing\n/* at all */"])
def test_a_document_without_a_value_is_an_empty_object(text):
    document = parsed(text)
    assert document.values == {}
    assert document.get("a") is None
    assert document.span("a") == document.span() == Span(0, 0, 0)


@pytest.mark.parametrize(
    ("content", "line", "character", "reason"),
    [
        (b'{\n  "a": 1\n  "b": 2\n}', 2, 2, "a comma or closing bracket is expected"),
        (b'{\n  "a": \n}', 2, 0, "a value is expected"),
        (b'{ "a" 1 }', 0, 6, "a colon is expected"),
        (b"{ a: 1 }", 0, 2, "a key in double quotes is expected"),
        (b"{ 'a': 1 }", 0, 2, "a key in double quotes is expected"),
        (b'{ "a": 1', 0, 8, "a comma or closing bracket is expected"),
        (b'{ "a": [1, 2', 0, 12, "a comma or closing bracket is expected"),
        (b'{\n "a": "never closed\n}', 1, 19, "a text is not closed"),
        (b'{\n "a": "never closed', 1, 6, "a text is not closed"),
        (b'{\r\r\n "a": /* never closed\n}', 2, 6, "a comment is not closed"),
        (b"/*/", 0, 0, "a comment is not closed"),
        (b'{ "a": "\t" }', 0, 8, "holds a control character"),
        (b'{ "a": "\\x" }', 0, 8, "escape"),
        (b'{ "a": "\\u12" }', 0, 9, "escape"),
        (b"[,]", 0, 1, "a value is expected"),
        (b"{,}", 0, 1, "a key in double quotes is expected"),
        (b"{} {}", 0, 3, "nothing more is expected"),
        (b"{},", 0, 2, "nothing more is expected"),
        (b"[1/**/2]", 0, 6, "a comma or closing bracket is expected"),
        (b"[tr/**/ue]", 0, 1, "a value is expected"),
        (b"[NaN]", 0, 1, "a value is expected"),
        (b"[-Infinity]", 0, 1, "a value is expected"),
        (b"[01]", 0, 2, "a comma or closing bracket is expected"),
        (b"/ 1", 0, 0, "a value is expected"),
        (b"{\n\n\xff}", 2, 0, "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), 0, 0, "not UTF-8"),
        (b"\xef\xbb\xbf\xef\xbb\xbf{}", 0, 0, "a value is expected"),
        (b"[\n" + b"[" * 5000, 1, 99, "nested too deep"),
        (b"{\n" + b'"a":{' * 100_000, 1, 495 + 4, "nested too deep"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else None,
)
def test_what_is_no_document_is_told_with_its_place(content, line, character, reason):
    document = parse_jsonc(content)
    assert isinstance(document, Malformed)
    assert reason in document.reason
    assert (document.span.line, document.span.start) == (line, character)
    assert str(document).endswith(f"(line {line + 1})")


def test_of_two_commas_the_second_is_told():
    for text in ("[1,,]", '{"a": 1,,}', "[1,,2]"):
        document = parse_jsonc(text.encode())
        assert isinstance(document, Malformed)
        assert document.reason.endswith("is expected")


def test_numbers_are_numbers_however_long():
    document = parsed('{"a": ' + "9" * 5000 + ', "b": ' + "1" * 600 + ', "c": 1e999}')
    assert document.get("a") == math.inf
    assert document.get("b") == int("1" * 600)
    assert document.get("c") == math.inf


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=8),
        st.sampled_from(["//", "/*", "*/", ",}", ", ]", '"', "\\", "\ud800", "NaN"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
TRIVIA = st.sampled_from(["", " ", "\t", "\n", "\r\n", "\r", '/* , ] } " */', "/**/", '// "}, ]\n', "//\r\n"])


def places(value, path=()):
    """Every path in a value, with what is there."""
    yield path, value
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield from places(item, (*path, key))


@st.composite
def spelled(draw, value) -> str:
    """A value as some person might write it, with comments between all its parts and trailing commas."""
    around = lambda text: draw(TRIVIA) + text + draw(TRIVIA)  # noqa: E731 - it reads like its use
    if isinstance(value, dict):
        items = [
            around(json.dumps(key, ensure_ascii=not is_utf8(key))) + ":" + draw(spelled(item))
            for key, item in value.items()
        ]
    elif isinstance(value, list):
        items = [draw(spelled(item)) for item in value]
    else:
        return around(json.dumps(value, ensure_ascii=draw(st.booleans()) or not is_utf8(value)))
    comma = "," + draw(TRIVIA) if items and draw(st.booleans()) else ""
    inside = ",".join(items) + comma if items else draw(TRIVIA)
    return around(f"{{{inside}}}" if isinstance(value, dict) else f"[{inside}]")


def is_utf8(value) -> bool:
    return re.search("[\ud800-\udfff]", str(value)) is None


@given(VALUES, st.booleans(), st.sampled_from([None, 0, 2, "\t"]))
def test_json_is_read_as_the_standard_library_reads_it(value, escaped, indent):
    text = json.dumps(value, ensure_ascii=escaped, indent=indent)
    assume(is_utf8(text))
    assert parsed(text).values == json.loads(text) == value


@given(st.data(), VALUES)
def test_every_value_is_where_its_span_says_whatever_comments_stand_between(data, value):
    text = data.draw(spelled(value))
    document = parsed(text)
    assert document.values == value
    for path, item in places(value):
        assert document.get(*path) == item
        if not isinstance(item, dict | list):
            assert json.loads(at(document, *path)) == item


@given(st.text(alphabet='ab{}[],:"\\/*\n\r\t 1-.eNtrue\ufeff', max_size=60) | st.text(max_size=60))
def test_text_is_taken_as_the_standard_library_takes_it_without_comments_and_trailing_commas(text):
    assume(is_utf8(text) and "/" not in text and not re.search(r",\s*[\]}]", text))
    document = parse_jsonc(text.encode())
    text = text.removeprefix("\ufeff")
    try:
        values = json.loads(text, parse_constant=lambda _: 1 / 0)
    except (ValueError, ZeroDivisionError):
        assert isinstance(document, Malformed) or (document.values == {} and not text.strip(" \t\r\n"))
    else:
        assert isinstance(document, Jsonc)
        assert document.values == values


@given(st.binary(max_size=200))
def test_any_bytes_are_a_document_or_told_with_a_reason(content):
    document = parse_jsonc(content)
    assert isinstance(document, Jsonc) or document.reason


@pytest.mark.parametrize(
    "content",
    [
        "[" * LARGEST,
        "[" + "1," * (LARGEST // 2 - 2) + "]",
        "[" + "[]," * (LARGEST // 3 - 2) + "]",
        "{" + '"k":1,' * (LARGEST // 6 - 2) + "}",
        '"' + '\\"' * (LARGEST // 2 - 2) + '"',
        '"' + "\\\\" * (LARGEST // 2 - 2),
        '"' * LARGEST,
        "," * LARGEST,
        "[" + ", " * (LARGEST // 2 - 2),
        "[1," + " " * (LARGEST - 5),
        "/" * LARGEST,
        "/*" * (LARGEST // 2),
        "[" + "/**/" * (LARGEST // 4 - 2) + "]",
        "[1" + "//\n" * (LARGEST // 3 - 2) + "]",
        "9" * LARGEST,
        "\n" * LARGEST,
        "\\" * LARGEST,
        "".join(random.Random(7).choices('{}[]",:/*\\\n 1a', k=LARGEST)),
    ],
    ids=lambda content: content[:12],
)
def test_no_document_takes_longer_than_a_moment(content):
    start = time.monotonic()
    document = parse_jsonc(content.encode())
    assert isinstance(document, Jsonc | Malformed)
    if isinstance(document, Jsonc):
        document.span("k")
    assert time.monotonic() - start < 8


def test_files_that_cannot_be_read_are_told_with_the_reason(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo")
    with open(tmp_path / "large", "wb") as file:
        file.truncate(100_000_000)
    reasons = {name: read_jsonc(tmp_path / name) for name in ("folder", "fifo", "large", "missing")}
    assert {name: one.why for name, one in reasons.items() if isinstance(one, Unreadable)} == {
        "folder": "folder",
        "fifo": "special",
        "large": "large",
        "missing": "missing",
    }
    (tmp_path / "good").write_text('{ "a": 1, } // b')
    document = read_jsonc(tmp_path / "good")
    assert isinstance(document, Jsonc)
    assert document.values == {"a": 1}


# Setting a value


KEY = "python.defaultInterpreterPath"
VALUE = "${workspaceFolder}/.venv/bin/python"
LINE = f'"{KEY}": "{VALUE}"'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # The editor writes the same, see tests/extension/settings.test.ts.
        ("", f"{{\n    {LINE}\n}}\n"),
        (" \n", f"{{\n    {LINE}\n}}\n"),
        ("// ours\n", f"// ours\n{{\n    {LINE}\n}}\n"),
        ("{}", f"{{\n    {LINE}\n}}"),
        ("{\n  // ours\n}\n", f"{{\n  // ours\n    {LINE}\n}}\n"),
        ('{ "a": 1 }', f'{{ "a": 1, {LINE} }}'),
        ('{ "a": 1, }', f'{{ "a": 1, {LINE}, }}'),
        ('{\n  "a": 1\n}\n', f'{{\n  "a": 1,\n  {LINE}\n}}\n'),
        ('{\n\t"a": [\n\t\t1\n\t]\n}', f'{{\n\t"a": [\n\t\t1\n\t],\n\t{LINE}\n}}'),
        ('{\n  "a": 1,\n}\n', f'{{\n  "a": 1,\n  {LINE},\n}}\n'),
        ('{\n  "a": 1 // one\n  // end\n}\n', f'{{\n  "a": 1, // one\n  {LINE}\n  // end\n}}\n'),
        ('{\n  "a": 1, /* one */ // two\n}\n', f'{{\n  "a": 1, /* one */ // two\n  {LINE},\n}}\n'),
        ('{\n  "a": 1 // one\n  ,\n}\n', f'{{\n  "a": 1 // one\n  ,\n  {LINE},\n}}\n'),
        ('{\r\n  "a": 1\r\n}\r\n', f'{{\r\n  "a": 1,\r\n  {LINE}\r\n}}\r\n'),
        (
            f'{{\n  // why\n  "{KEY}": "/old", // so\n  "b": 2\n}}\n',
            f'{{\n  // why\n  {LINE}, // so\n  "b": 2\n}}\n',
        ),
        (
            f'{{\n  "{KEY}": "/one",\n  "{KEY}": "/two"\n}}\n',
            f'{{\n  "{KEY}": "/one",\n  {LINE}\n}}\n',
        ),
        (f'{{ "{KEY}": null }}', f"{{ {LINE} }}"),
        (
            f'{{\n  "[python]": {{ "{KEY}": "/x" }}\n}}',
            f'{{\n  "[python]": {{ "{KEY}": "/x" }},\n  {LINE}\n}}',
        ),
        # And what only this side is asked for.
        ('\ufeff{\n  "a": 1\n}\n', f'\ufeff{{\n  "a": 1,\n  {LINE}\n}}\n'),
        ("\ufeff", f"\ufeff{{\n    {LINE}\n}}\n"),
        ('{ "a": 1 /* one */ }', f'{{ "a": 1, /* one */ {LINE} }}'),
        ('{ "a": 1, /* one */ }', f'{{ "a": 1, /* one */ {LINE}, }}'),
        ('{"a": 1 // one\r}', f'{{"a": 1, // one\n{LINE}\r}}'),
        ('{\n  "a": "}", "b": ","\n}', f'{{\n  "a": "}}", "b": ",",\n  {LINE}\n}}'),
        ('/* { */ {\n  "a": 1\n} // }', f'/* {{ */ {{\n  "a": 1,\n  {LINE}\n}} // }}'),
    ],
)
def test_a_setting_is_put_where_a_person_would_put_it(before, after):
    once = with_value(before.encode(), (KEY,), VALUE)
    assert once.decode() == after
    assert with_value(once, (KEY,), VALUE) == once
    document = parse_jsonc(once)
    assert isinstance(document, Jsonc)
    assert document.get(KEY) == VALUE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{}", '{\n    "a": {"b": {"c": 1}}\n}'),
        ('{\n  "a": {} // mine\n}', '{\n  "a": {\n    "b": {"c": 1}\n  } // mine\n}'),
        ('{\n  "a": {\n    "x": 0\n  }\n}', '{\n  "a": {\n    "x": 0,\n    "b": {"c": 1}\n  }\n}'),
        ('{ "a": { "b": { "c": [2] } } }', '{ "a": { "b": { "c": 1 } } }'),
        ('{ "a": { "b": { "c": 0 } }, "a": { "b": {"d": 0} } }', None),
    ],
)
def test_a_value_within_objects_is_put_there(before, after):
    result = with_value(before.encode(), ("a", "b", "c"), 1)
    assert after is None or result.decode() == after
    document = parse_jsonc(result)
    assert isinstance(document, Jsonc)
    assert document.get("a", "b", "c") == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{\n  "a": 1\n  "b": 2\n}', r"a comma or closing bracket is expected \(line 3\)"),
        (b'{ "a": 1', "a comma or closing bracket is expected"),
        (b"/* not closed", "a comment is not closed"),
        (b"[1]", "it is not a JSON object"),
        (b'"text"', "it is not a JSON object"),
        (b"null", "it is not a JSON object"),
        (b'{ "a": { "b": [] } }', "“a.b” in it is not a JSON object"),
        (b"{} {}", "nothing more is expected"),
        (b"\xff{}", "not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else None,
)
def test_nothing_is_set_in_what_is_damaged_or_no_object(content, reason):
    with pytest.raises(UneditableError, match=reason):
        with_value(content, ("a", "b", "c"), 1)


def with_set(values, path, value):
    """What a value set in plain dictionaries gives; None where something on the way is none."""
    if not isinstance(values, dict):
        return None
    inner = value if len(path) == 1 else with_set(values.get(path[0], {}), path[1:], value)
    return None if inner is None and len(path) > 1 else {**values, path[0]: inner}


def is_within(text: str, longer: str) -> bool:
    """Whether a text is another one with one piece cut out."""
    return longer.endswith(text[shared_start(text, longer) :])


def shared_start(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def without_joints(text: str) -> str:
    """All of a text but what joins a new member to it: white space, and commas."""
    return re.sub(r"[\s,]", "", text)


@given(
    st.data(),
    st.dictionaries(st.sampled_from(["a", "b", "//", "k\ud800"]), VALUES, max_size=3),
    st.lists(st.sampled_from(["a", "b", "//", "k\ud800"]), min_size=1, max_size=3).map(tuple),
    VALUES,
)
def test_a_value_that_is_set_is_read_again_and_everything_else_stays(data, values, path, value):
    text = data.draw(st.sampled_from(["", "\ufeff"])) + data.draw(spelled(values))
    wanted = with_set(values, path, value)
    if wanted is None:
        with pytest.raises(UneditableError):
            with_value(text.encode(), path, value)
        return
    result = with_value(text.encode(), path, value)
    before, after = parsed(text), parsed(result.decode())
    assert after.values == wanted
    assert with_value(result, path, value) == result
    if before.span(*path) == Span(0, 0, 0):
        assert is_within(without_joints(text), without_joints(result.decode()))
    elif not isinstance(before.get(*path), dict | list):
        start = shared_start(text, result.decode())
        end = shared_start(text[start:][::-1], result.decode()[start:][::-1])
        assert text[start : len(text) - end] in at(before, *path)


@given(st.binary(max_size=100), st.lists(st.text(max_size=3), min_size=1, max_size=3).map(tuple), VALUES)
def test_setting_a_value_in_any_bytes_works_or_is_refused(content, path, value):
    document = parse_jsonc(content)
    if isinstance(document, Malformed) or with_set(document.values, path, value) is None:
        with pytest.raises(UneditableError):
            with_value(content, path, value)
        return
    document = parse_jsonc(with_value(content, path, value))
    assert isinstance(document, Jsonc)
    assert document.get(*path) == value
