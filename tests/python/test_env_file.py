"""Files such as `.env`: what their lines set."""

import re
import shutil
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.formats.env_file import env_variables


def read(text: str) -> list[tuple[str, str]]:
    return [(variable.name, variable.value) for variable in env_variables(text)]


def at(text: str, span) -> str:
    """The text at a place, cut out of its line as an editor does: in UTF-16 units."""
    line = text.removeprefix("\ufeff").split("\n")[span.line].encode("utf-16-le")
    return line[span.start * 2 : span.end * 2].decode("utf-16-le")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("VIRTUAL_ENV=/home/ada/.venv", "/home/ada/.venv"),
        ("export VIRTUAL_ENV=/x", "/x"),
        ("  VIRTUAL_ENV = /x  ", "/x"),
        ('VIRTUAL_ENV="/with a space" # why', "/with a space"),
        ("VIRTUAL_ENV='/a#b'", "/a#b"),
        ("VIRTUAL_ENV=/a#b", "/a#b"),
        ("VIRTUAL_ENV=/a # b", "/a"),
        ("VIRTUAL_ENV=/x\r", "/x"),
        ("VIRTUAL_ENV=C:\\x\\.venv", "C:\\x\\.venv"),
        ("\ufeffVIRTUAL_ENV=/x", "/x"),
        ("VIRTUAL_ENV=${HOME}/x", "${HOME}/x"),
        ("VIRTUAL_ENV=a=b", "a=b"),
    ],
)
def test_a_line_sets_a_variable(line, value):
    (variable,) = env_variables(line)
    assert (variable.name, variable.value) == ("VIRTUAL_ENV", value)
    assert at(line, variable.span) == value


@pytest.mark.parametrize(
    "line",
    ["", "# VIRTUAL_ENV=/x", "VIRTUAL_ENV", "VIRTUAL_ENV=", "VIRTUAL_ENV= # none", "=x", "1A=x", "A-B=x",
     "A=''", 'A="never closed', "export", "exportA"],
)  # fmt: skip
def test_a_line_that_sets_nothing_is_passed_over(line):
    assert read(f"{line}\nLAST=1") == [("LAST", "1")]


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
PLAIN = st.text(alphabet="abz/\\.-_:@ä😀09=#", min_size=1, max_size=12).filter(lambda text: text[0] != "#")


@given(st.lists(st.tuples(NAMES, PLAIN, st.sampled_from(["", "'", '"'])), max_size=6), st.booleans())
def test_what_was_written_is_read_back_from_its_place(lines, crlf):
    end = "\r\n" if crlf else "\n"
    text = "".join(f"{name}={quote}{value}{quote}{end}" for name, value, quote in lines)
    found = list(env_variables(text))
    assert [(one.name, one.value) for one in found] == [(name, value) for name, value, _ in lines]
    assert [at(text, one.span) for one in found] == [value for _, value, _ in lines]


@given(st.text(max_size=200) | st.text(alphabet="A=\"'# \n\texpor", max_size=60))
def test_any_text_is_read_and_every_value_is_where_its_span_says(text):
    for one in env_variables(text):
        assert one.value
        assert at(text, one.span) == one.value


@given(st.lists(st.tuples(NAMES, st.text(alphabet="abz/.-_09", min_size=1, max_size=12)), max_size=5))
def test_a_shell_that_sources_the_file_sets_the_same(lines):
    """Of plain values; a shell has its own rules for the others."""
    lines = [(f"X_{name}", value) for name, value in lines]
    text = "".join(f"export {name}='{value}'\n" for name, value in lines)
    shell = shutil.which("sh")
    told = subprocess.run(
        [shell, "-c", f"{text}env"], env={}, capture_output=True, text=True, check=True
    ).stdout
    said = dict(re.findall(r"^(X_\w+)=(.*)$", told, re.MULTILINE))
    assert dict(read(text)) == said


LONG = 200_000


@pytest.mark.parametrize("text", ["A=" + " " * LONG, "A" * LONG, " " * LONG, "A='" * (LONG // 3),
                                  "A=1 " + "#" * LONG, "\n" * LONG, "export " * (LONG // 7)],
                         ids=lambda text: text[:6])  # fmt: skip
def test_no_text_takes_longer_than_a_moment(text):
    start = time.monotonic()
    list(env_variables(text))
    assert time.monotonic() - start < 2
