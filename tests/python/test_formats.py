"""pyvenv.cfg, shebangs and executable headers."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.formats.executable import architecture, find_in_file, read_architecture
from holdfast.formats.pyvenv_cfg import Span, parse, with_values
from holdfast.formats.shebang import script_head


def test_keys_are_read_as_cpython_reads_them():
    config = parse(b"HOME=/a/b = c\n# home = x\nnothing\nversion\t = 3.12.1 \n")
    assert config.value("home") == "/a/b = c"
    assert config.value("version") == "3.12.1"
    assert config.value("# home") is None


def test_the_first_of_two_counts():
    assert parse(b"home = /one\nhome = /two\n").value("home") == "/one"


def test_the_span_is_that_of_the_value_in_utf_16_units():
    config = parse("x = 1\nprompt😀 = y\nhome =  /é😀 \r\n".encode())
    assert config.get("home").span == Span(2, 8, 12)


def test_a_byte_order_mark_is_no_part_of_the_first_key():
    assert parse(b"\xef\xbb\xbfhome = /x\n").get("home").span == Span(0, 7, 9)


def test_a_byte_that_is_not_utf_8_is_an_error_as_for_cpython():
    with pytest.raises(UnicodeDecodeError):
        parse(b"home = /\xff\n")


def test_rewriting_touches_nothing_else():
    before = b"\xef\xbb\xbf# made by hand\r\nhome=/old\r\n\r\nUnknown = kept\r\nversion = 3.12.0"
    after = with_values(parse(before), {"home": "/new", "version": "3.12.1", "absent": "x"})
    assert after == b"\xef\xbb\xbf# made by hand\r\nhome=/new\r\n\r\nUnknown = kept\r\nversion = 3.12.1"


@given(st.text())
def test_any_text_is_read_and_rewriting_nothing_gives_it_back(text):
    content = text.encode("utf-8", "replace")
    assert with_values(parse(content), {}) == content


@given(st.text(alphabet="home =/x\r\n\u2028\x0b#😀"), st.just("/new"))
def test_a_rewritten_home_is_read_back(text, home):
    config = parse(text.encode())
    again = parse(with_values(config, {"home": home}))
    assert again.value("home") == (home if config.get("home") else None)
    assert len(again.entries) == len(config.entries)


def test_a_plain_path_stands_after_the_shebang():
    assert script_head("/a/bin/python") == b"#!/a/bin/python\n"


@pytest.mark.parametrize("folder", ["with space", "x" * 150, 'quo"te $HOME `id` back\\slash', "naïve ☃"])
def test_every_path_gives_a_script_that_runs(tmp_path, folder):
    home = tmp_path / folder
    home.mkdir()
    (home / "python").symlink_to(sys.executable)
    script = home / "script"
    script.write_bytes(script_head(str(home / "python")) + b"import sys\nprint(sys.argv[1:])\n")
    script.chmod(0o755)
    done = subprocess.run([str(script), "a b", "c"], capture_output=True, text=True, timeout=60)
    assert done.stdout == "['a b', 'c']\n", done.stderr


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\x7fELF\x02\x01" + b"\0" * 12 + b"\x3e\0", "x86_64"),
        (b"\x7fELF\x02\x01" + b"\0" * 12 + b"\xb7\0", "aarch64"),
        (b"\xcf\xfa\xed\xfe\x0c\0\0\x01", "aarch64"),
        (
            b"\xca\xfe\xba\xbe\0\0\0\x02\x01\0\0\x07" + b"\0" * 16 + b"\x01\0\0\x0c" + b"\0" * 16,
            "x86_64+aarch64",
        ),
        (b"MZ" + b"\0" * 58 + b"\x40\0\0\0" + b"PE\0\0\x64\x86", "x86_64"),
        (b"#!/bin/sh\n", None),
        (b"", None),
        (b"\x7fELF", None),
        (b"MZ" + b"\xff" * 60, None),
    ],
)
def test_the_header_names_the_processor(head, name):
    assert architecture(head) == name


@given(st.binary(max_size=200))
def test_any_header_is_answered(head):
    for magic in (b"", b"\x7fELF", b"\xca\xfe\xba\xbe", b"MZ"):
        assert architecture(magic + head) is None or isinstance(architecture(magic + head), str)


def test_the_running_interpreter_is_for_this_machine():
    assert read_architecture(os.path.realpath(sys.executable)) == os.uname().machine


def test_a_file_that_cannot_be_searched_holds_nothing(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    assert find_in_file(tmp_path / "empty", rb"(x)") == ()
    assert find_in_file(tmp_path, rb"(x)") == ()
    assert find_in_file(tmp_path / "gone", rb"(x)") == ()
