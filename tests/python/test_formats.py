"""pyvenv.cfg, shebangs, redirect files, links as text and build-details.json."""

import errno
import json
import os
import platform
import shutil
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from downloads import PIP_WHEEL
from holdfast.formats.build_details import BuildDetails, parse_build_details
from holdfast.formats.pyvenv_cfg import Entry, Span, can_hold, parse, with_values
from holdfast.formats.redirect import parse_redirect, redirect_content
from holdfast.formats.shebang import (
    LONGEST_ANYWHERE,
    LONGEST_ON_LINUX,
    Shebang,
    parse_shebang,
    script_head,
)
from holdfast.formats.text_link import parse_text_link
from pythons import SELF_CONTAINED, ask, make_environment, relocated_prefix


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


def test_rewriting_a_key_leaves_every_other_byte_where_it_was():
    before = b"b = 2\r\nHOME\t=\t/old \n\n# home = /x\rhome = /second\nkey=a=b\n=\nnothing"
    after = with_values(parse(before), {"home": "/new", "key": "c=d"})
    assert after == b"b = 2\r\nHOME\t=\t/new\n\n# home = /x\rhome = /second\nkey=c=d\n=\nnothing"


def test_a_value_that_was_empty_gets_the_blank_that_old_pythons_want():
    assert with_values(parse(b"home =\r\n"), {"home": "/new"}) == b"home = /new\r\n"
    assert parse(b"home =  \r\n").get("home") == Entry("home", "", Span(0, 8, 8))


def test_an_empty_file_has_nothing_and_gets_nothing():
    assert parse(b"").entries == ()
    assert with_values(parse(b""), {"home": "/x"}) == b""


def test_a_home_behind_a_byte_order_mark_is_hidden_and_the_next_one_counts():
    assert parse(b"\xef\xbb\xbfhome = /x\n").home is None
    assert parse(b"\xef\xbb\xbfhome = /x\nhome = /y\n").home.value == "/y"
    assert parse(b"\xef\xbb\xbf\nhome = /x\n").home.value == "/x"


@pytest.mark.parametrize("path", ["/a\nb", "/a\rb", "/\udcff"])
def test_a_path_that_would_not_be_read_back_cannot_be_held(path):
    assert not can_hold(Path(path))
    assert can_hold(Path("/with space/é😀/="))


@given(st.text())
def test_any_text_is_read_and_rewriting_nothing_gives_it_back(text):
    content = text.encode("utf-8", "replace")
    assert with_values(parse(content), {}) == content


lines = st.lists(
    st.tuples(
        st.sampled_from(["home", "HOME", "version", "prompt", "#x", "", "key with spaces", "é😀"]),
        st.sampled_from(["=", " = ", "\t=  ", " "]),
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=8),
        st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    ).map("".join)
)


def rows_of(text: str) -> list[str]:
    """The lines of a text as an editor shows them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def shown(text: str, span: Span) -> str:
    """What an editor shows where a span is."""
    row = rows_of(text)[span.line].encode("utf-16-le", "surrogatepass")
    return row[span.start * 2 : span.end * 2].decode("utf-16-le", "surrogatepass")


@given(
    lines, st.sampled_from(["", "\ufeff"]), st.booleans(), st.sampled_from(["/new", "x = y", "é😀", "a#b"])
)
def test_a_rewritten_home_is_read_back_and_nothing_else_differs(entries, mark, whole, home):
    text = mark + "".join(entries)
    config = parse((text if whole else text.rstrip("\r\n")).encode())
    again = parse(with_values(config, {"home": home}))
    before, after = config.get("home"), again.get("home")
    assert (after.value if after else None) == (home if before else None)
    old, new = rows_of(config.content.decode()), rows_of(again.content.decode())
    assert len(old) == len(new)
    assert [at for at in range(len(old)) if old[at] != new[at]] in ([], [before.span.line] if before else [])
    ends = [[byte for byte in one.content if byte in b"\r\n"] for one in (config, again)]
    assert ends[0] == ends[1]
    assert with_values(again, {"home": home}) == again.content


@given(lines)
def test_the_span_is_where_an_editor_shows_the_value(entries):
    text = "".join(entries)
    for entry in parse(text.encode()).entries:
        assert shown(text, entry.span) == entry.value


HOMES = {
    "as every tool writes it": "home = {home}\n",
    "without blanks": "home={home}\n",
    "with a blank before only": "home ={home}\n",
    "with a blank behind only": "home= {home}\n",
    "in capitals": "HOME = {home}\n",
    "capitalised": "Home = {home}\n",
    "indented": " \thome = {home}\n",
    "with tabs": "home\t=\t{home}\n",
    "with two blanks before": "home  = {home}\n",
    "with two blanks behind": "home =  {home}\n",
    "with blanks at the end": "home = {home}  \n",
    "with other blanks": "\u00a0home\u00a0=\u00a0{home}\n",
    "with a form feed": "\x0chome = {home}\n",
    "in a line without an end": "home = {home}",
    "in a line of Windows": "home = {home}\r\n",
    "behind a carriage return": "version = 3\rhome = {home}\n",
    "behind a line separator": "version = 3\u2028home = {home}\n",
    "behind a byte order mark": "\ufeffhome = {home}\n",
    "behind a comment": "# home = /nowhere/bin\nhome = {home}\n",
    "before another": "home = {home}\nhome = /nowhere/bin\n",
    "behind another": "home = /nowhere/bin\nhome = {home}\n",
    "behind another without blanks": "home=/nowhere/bin\nhome = {home}\n",
    "behind an empty one": "home =\nhome = {home}\n",
    "behind an empty one with a blank": "home = \nhome = {home}\n",
    "behind the word alone": "home\nhome = {home}\n",
    "behind a NUL": "version = \0\nhome = {home}\n",
    "behind a long line": "x = " + "y" * 9000 + "\nhome = {home}\n",
    "behind the longest line": "x = " + "y" * 8186 + "\nhome = {home}\n",
    "behind a line longer by one": "x = " + "y" * 8187 + "\nhome = {home}\n",
    "behind two signs": "home = = {home}\n",
    "nowhere": "version = 3\n",
}
ERAS = {
    "3.11 and newer": [one for one in SELF_CONTAINED if int(one.series.split(".")[1]) >= 11][:1],
    "before 3.11": [one for one in SELF_CONTAINED if int(one.series.split(".")[1]) < 11][:1],
}


@pytest.mark.parametrize("era", ERAS)
def test_home_is_what_a_real_python_that_depends_on_it_finds(tmp_path, era):
    if not ERAS[era]:
        pytest.skip(f"there is no CPython {era} that can be relocated")
    python = relocated_prefix(ERAS[era][0], tmp_path / "base")
    minor = int(python.series.split(".")[1])
    environment = tmp_path / "environment"
    shutil.copytree(python.prefix / "bin", environment / "bin")
    (environment / "lib" / python.tag / "site-packages").mkdir(parents=True)
    for library in (python.prefix / "lib").glob("lib*.so*"):
        shutil.copy2(library, environment / "lib")
    for name, text in HOMES.items():
        content = text.format(home=python.prefix / "bin").encode()
        (environment / "pyvenv.cfg").write_bytes(content)
        starts = ask(environment / "bin" / "python", "pass").returncode == 0
        found = parse(content).home_as_read_by(minor)
        # Only the folder above it counts, whatever else the value has swallowed.
        assert starts == (found is not None and Path(found).parent == python.prefix), (name, found)


SCRIPTS = {
    b"#!/usr/bin/python3\n": Shebang("/usr/bin/python3", (), "direct", Span(0, 2, 18), 18),
    b"#!/usr/bin/python3": Shebang("/usr/bin/python3", (), "direct", Span(0, 2, 18), 18),
    b"#! \t/usr/bin/python3 -I  -s \nrest": Shebang(
        "/usr/bin/python3", ("-I", "-s"), "direct", Span(0, 4, 20), 28
    ),
    b"#!python3\n": Shebang("python3", (), "direct", Span(0, 2, 9), 9),
    b"#!/a b/python\n": Shebang("/a", ("b/python",), "direct", Span(0, 2, 4), 13),
    b"#!/usr/bin/python3\r\nrest": Shebang(
        "/usr/bin/python3", (), "direct", Span(0, 2, 18), 19, ends_in_return=True
    ),
    b"#!/x/\xff/python\n": Shebang("/x/\udcff/python", (), "direct", Span(0, 2, 13), 13),
    "#!/😀/python\n".encode(): Shebang("/😀/python", (), "direct", Span(0, 2, 12), 14),
    b"#!/bin/sh\0 -e\n": Shebang("/bin/sh", (), "direct", Span(0, 2, 9), 13),
    b'#!"C:\\Program Files\\Python\\python.exe" -E\r\n': Shebang(
        r"C:\Program Files\Python\python.exe", ("-E",), "direct", Span(0, 3, 37), 42, ends_in_return=True
    ),
    b"#!/usr/bin/env python3\n": Shebang("python3", (), "env", Span(0, 15, 22), 22),
    b"#! /usr/bin/env python3\n": Shebang("python3", (), "env", Span(0, 16, 23), 23),
    b"#!/usr/bin/env python3 -I\n": Shebang("python3", ("-I",), "env", Span(0, 15, 22), 25),
    b"#!/usr/bin/env -S python3 -I\n": Shebang("python3", ("-I",), "env", Span(0, 18, 25), 28),
    b"#!/usr/bin/env -Spython3\n": Shebang("python3", (), "env", Span(0, 17, 24), 24),
    b"#!/usr/bin/env --split-string=python3 -I": Shebang("python3", ("-I",), "env", Span(0, 30, 37), 40),
    b"#!/usr/bin/env -vS -u HOME -i A=b -- python3 x=y\n": Shebang(
        "python3", ("x=y",), "env", Span(0, 37, 44), 48
    ),
    b"#!/usr/bin/env\n": Shebang("/usr/bin/env", (), "direct", Span(0, 2, 14), 14),
    b"#!/usr/bin/env -S\n": Shebang("/usr/bin/env", ("-S",), "direct", Span(0, 2, 14), 17),
    b"#!/bin/sh\n'''exec' \"/a b/python\" \"$0\" \"$@\"\n' '''\n": Shebang(
        "/a b/python", (), "sh-exec", Span(1, 10, 21), 9
    ),
    b"#!/bin/sh\n'''exec' '/a b/python' -E \"$0\" \"$@\"\n' '''\n": Shebang(
        "/a b/python", ("-E",), "sh-exec", Span(1, 10, 21), 9
    ),
    b"#!/bin/sh\n'''exec' /long/python \"$0\" \"$@\"\n' '''\n": Shebang(
        "/long/python", (), "sh-exec", Span(1, 9, 21), 9
    ),
    b'#!/bin/sh\n\'\'\'exec\' "/a \\"b\\" \\$c/python" "$0" "$@" #\'\'\'\n': Shebang(
        '/a "b" $c/python', (), "sh-exec", Span(1, 10, 29), 9
    ),
    b"#!/bin/sh\n'''exec' \"/p/$0/python\" \"$@\"\n": Shebang("/bin/sh", (), "direct", Span(0, 2, 9), 9),
    b"#!/bin/sh\n'''exec' \"/unfinished": Shebang("/bin/sh", (), "direct", Span(0, 2, 9), 9),
    b"#!/bin/sh\r\n'''exec' '/a b/python' \"$0\" \"$@\"\r\n": Shebang(
        "/a b/python", (), "sh-exec", Span(1, 10, 21), 10, ends_in_return=True
    ),
    b'#!/bin/sh\n"exec" "python3" "$0" "$@"\n': Shebang("python3", (), "sh-exec", Span(1, 8, 15), 9),
    b"#!/bin/sh\nexec python3\n": Shebang("/bin/sh", (), "direct", Span(0, 2, 9), 9),
}


@pytest.mark.parametrize("head", SCRIPTS, ids=range(len(SCRIPTS)))
def test_the_first_lines_name_the_interpreter(head):
    assert parse_shebang(head) == SCRIPTS[head]


@pytest.mark.parametrize(
    "head", [b"", b"#", b"#!", b"#!\n/bin/sh", b"#! \t\n", b"\xef\xbb\xbf#!/bin/sh\n", b" #!/x"]
)
def test_what_makes_no_script_names_none(head):
    assert parse_shebang(head) is None


@given(st.binary(max_size=400))
def test_any_first_bytes_are_answered(rest):
    for start in (b"#!", b"#!/usr/bin/env ", b"#!/bin/sh\n'''exec' ", b"#!/bin/sh\n'''exec' \""):
        found = parse_shebang(start + rest)
        assert found is None or found.interpreter


paths = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=200)


@given(paths.map("/".__add__))
@example("/with 'both' \"quotes\" and '''three'''")
@example("/back\\slash\\n\\")
@example("/line\nbreak\r\n")
@example("/\udcff \udcfe")
@example("/usr/bin/env")
@example("/bin/sh")
@example('/"quoted"/python')
def test_every_interpreter_that_is_written_is_read_back(path):
    found = parse_shebang(script_head(path) + b"import sys\n")
    assert (found.interpreter, found.arguments) == (path, ())
    assert found.length <= LONGEST_ANYWHERE


@given(st.lists(st.sampled_from('/ab😀é "$')).map("".join).map("/".__add__))
def test_the_span_is_where_an_editor_shows_the_interpreter(path):
    head = script_head(path)
    assert shown(head.decode(), parse_shebang(head).span) == path


def test_a_plain_path_stands_after_the_shebang():
    assert script_head("/a/bin/python") == b"#!/a/bin/python\n"


def run_script(path: Path, head: bytes) -> subprocess.CompletedProcess:
    """Start a script of Python by its name, as the system does it: no shell helps."""
    path.write_bytes(head + b"import sys\nprint(sys.argv[1:])\n")
    path.chmod(0o755)
    return subprocess.run([str(path), "a b", "c"], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    "folder",
    [
        "with space",
        "x" * 150,
        'quo"te $HOME `id` back\\slash',
        "naïve ☃",
        "it's",
        "'''",
        "\\x \\N{ \\u \\'",
        "line\nbreak",
        "tab\t#!",
    ],
)
def test_every_path_gives_a_script_that_runs(tmp_path, folder):
    home = tmp_path / folder
    home.mkdir()
    (home / "python").symlink_to(sys.executable)
    done = run_script(tmp_path / "script", script_head(str(home / "python")))
    assert (done.stdout, done.stderr) == ("['a b', 'c']\n", "")


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="these are the rules of Linux")


@on_linux
@pytest.mark.parametrize("length", [LONGEST_ON_LINUX, LONGEST_ON_LINUX + 1])
def test_linux_takes_so_many_bytes_and_no_more(tmp_path, length):
    if tuple(map(int, platform.release().split(".")[:2])) < (5, 1):
        pytest.skip("this Linux is older than 5.1")
    padding = length - len("#!") - len(os.fsencode(tmp_path)) - len("//python")
    if padding < 1:
        pytest.skip("the temporary folder has too long a name")
    folder = tmp_path / ("x" * padding)
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    head = f"#!{folder}/python\n".encode()
    assert parse_shebang(head).length == length
    try:
        works = run_script(tmp_path / "script", head).returncode == 0
    except OSError as error:
        works = error.errno != errno.ENOEXEC
    assert works == (length <= LONGEST_ON_LINUX)


@on_linux
def test_linux_reads_first_lines_in_the_same_way(tmp_path):
    python, script = sys.executable.encode(), tmp_path / "script"
    for head in (b"#!" + python + b"\r\n", b"\xef\xbb\xbf#!" + python + b"\n", b'#!"' + python + b'"\n'):
        with pytest.raises(OSError, match=r"No such file|Exec format"):
            run_script(script, head)
    assert run_script(script, b"#! \t" + python + b" \t\n").returncode == 0
    assert run_script(script, b"#!" + b"/usr/bin/env " + python + b" -I\n").returncode == 127
    assert run_script(script, b"#!" + b"/usr/bin/env -S " + python + b" -I\n").returncode == 0
    script.write_bytes(b"#!/bin/echo\0/junk\n")
    assert subprocess.run([script], capture_output=True, text=True).stdout == f"{script}\n"


def found_in(script: Path) -> Shebang:
    """What a real script, which must run, says."""
    head = script.read_bytes()
    found = parse_shebang(head)
    assert shown(head.decode(), found.span) == found.interpreter
    assert subprocess.run([script, "--version"], capture_output=True, timeout=60).returncode == 0
    return found


def test_a_script_that_pip_writes_into_a_path_with_spaces_is_read(tmp_path, newest):
    python = make_environment(newest, tmp_path / "with space") / "bin" / "python"
    install = ["install", "--no-index", "--no-deps", "--no-compile", "--disable-pip-version-check", PIP_WHEEL]
    subprocess.run([python, "-I", PIP_WHEEL / "pip", *install], check=True, capture_output=True, timeout=120)
    found = found_in(python.with_name("pip"))
    assert (found.interpreter, found.kind, found.relative_to) == (str(python), "sh-exec", None)


@pytest.mark.parametrize("relocatable", [False, True])
def test_a_script_that_uv_writes_into_a_path_with_spaces_is_read(tmp_path, newest, relocatable):
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        pytest.skip("uv is not installed beside this Python")
    environment = tmp_path / "with space"
    python = environment / "bin" / "python"
    alone = ["--offline", "--no-cache", "--no-config"]
    kind = ["--relocatable"] if relocatable else []
    for command in (
        ["venv", *alone, *kind, "--python", newest.path, environment],
        ["pip", "install", *alone, "--no-deps", "--python", python, PIP_WHEEL],
    ):
        subprocess.run([uv, *command], check=True, capture_output=True, timeout=120)
    found = found_in(python.with_name("pip"))
    assert (found.kind, found.relative_to) == ("sh-exec", "script" if relocatable else None)
    assert (python.parent / found.interpreter).parent == python.parent
    assert Path(found.interpreter).is_absolute() != relocatable


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (b"/somewhere/environment", "/somewhere/environment"),
        (b"/somewhere/environment\n", "/somewhere/environment"),
        (b"..\\environment\r\n", "..\\environment"),
        (b"first\nreserved for later\n", "first"),
        (b"\xef\xbb\xbf/with mark\n", "/with mark"),
        (b"  C:\\with space \r\n", "C:\\with space"),
        (b"/\xff\n", "/\udcff"),
        ("/é😀".encode(), "/é😀"),
        (b"", None),
        (b"\n/second line\n", None),
        (b" \t\n", None),
        (b"/a\0b\n", None),
        ("/utf-16".encode("utf-16"), None),
    ],
)
def test_a_redirect_file_holds_a_path_on_its_first_line(content, path):
    assert parse_redirect(content) == path


def test_a_redirect_file_ends_its_line():
    assert redirect_content("../environments/é") == "../environments/é\n".encode()


@pytest.mark.parametrize("path", ["", " ", "/a ", "\t/a", "/a\nb", "/a\rb", "/a\0b", "/\udcff", "\ufeff/a"])
def test_a_path_that_a_redirect_file_cannot_hold_is_refused(path):
    with pytest.raises(ValueError, match="cannot hold"):
        redirect_content(path)


@given(st.text(max_size=100))
def test_a_redirect_file_that_can_be_written_is_read_back(path):
    try:
        content = redirect_content(path)
    except ValueError:
        return
    assert parse_redirect(content) == path


@given(st.binary(max_size=200))
def test_any_redirect_file_is_answered(content):
    path = parse_redirect(content)
    assert path is None or (path and not set(path) & set("\0\r\n"))


@pytest.mark.parametrize(
    ("content", "target"),
    [
        (b"python3.12", "python3.12"),
        (b"../lib with space", "../lib with space"),
        (b"/\xff", "/\udcff"),
        ("/é".encode(), "/é"),
        (b"x" * 4095, "x" * 4095),
        (b"x" * 4096, None),
        (b"", None),
        (b"python3\n", None),
        (b"python3\r", None),
        (b"a\0b", None),
        (b"#!/bin/sh", None),
    ],
)
def test_a_link_that_was_checked_out_as_text_is_told_by_its_content(content, target):
    assert parse_text_link(content) == target


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
@pytest.mark.parametrize("target", ["python3.12", "/usr/bin/python3", "../naïve ☃/x", os.fsdecode(b"\xff")])
def test_what_git_checks_out_instead_of_a_link_is_read_back(tmp_path, target):
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", tmp_path, *arguments], check=True, capture_output=True, timeout=60)

    link = tmp_path / "link"
    link.symlink_to(target)
    git("init")
    git("add", "link")
    link.unlink()
    git("-c", "core.symlinks=false", "checkout", "link")
    assert stat.S_ISREG(os.lstat(link).st_mode)
    assert parse_text_link(link.read_bytes()) == target


def build_details(**changes) -> bytes:
    """What CPython's own build writes (Tools/build/generate-build-details.py), of the running interpreter."""

    def info(version) -> dict:
        names = ("major", "minor", "micro", "releaselevel", "serial")
        return {name: getattr(version, name) for name in names}

    details = {
        "schema_version": "1.0",
        "base_prefix": sysconfig.get_config_var("installed_base"),
        "base_interpreter": "bin/python3",
        "platform": sysconfig.get_platform(),
        "language": {"version": sysconfig.get_python_version(), "version_info": info(sys.version_info)},
        "implementation": {
            "name": sys.implementation.name,
            "cache_tag": sys.implementation.cache_tag,
            "version": info(sys.implementation.version),
            "hexversion": sys.implementation.hexversion,
        },
        "abi": {"flags": list(sys.abiflags), "extension_suffix": sysconfig.get_config_var("EXT_SUFFIX")},
        "suffixes": {"source": [".py"]},
        **changes,
    }
    return json.dumps(details, indent=2).encode()


def test_what_the_running_interpreter_would_say_of_itself_is_read():
    assert parse_build_details(build_details()) == BuildDetails(
        version=platform.python_version(),
        implementation="cpython",
        platform=sysconfig.get_platform(),
        abi_flags=tuple(sys.abiflags),
        base_prefix=sysconfig.get_config_var("installed_base"),
        base_interpreter="bin/python3",
    )


def version_of(**info) -> str:
    info = {"major": 3, "minor": 14, "micro": 0, "releaselevel": "final", "serial": 0, **info}
    return parse_build_details(build_details(language={"version": "3.14", "version_info": info})).version


def test_versions_are_written_as_python_writes_them():
    assert version_of() == "3.14.0"
    assert version_of(releaselevel="alpha", serial=7) == "3.14.0a7"
    assert version_of(releaselevel="beta", serial=1) == "3.14.0b1"
    assert version_of(releaselevel="candidate", serial=2) == "3.14.0rc2"
    assert version_of(micro=None) == "3.14"
    assert version_of(major=True) == "3.14"
    assert version_of(minor=-1) == "3.14"


def test_flags_tell_free_threads_and_debug_builds():
    both = parse_build_details(build_details(abi={"flags": ["t", "d"]}))
    assert (both.free_threaded, both.debug) == (True, True)
    none = parse_build_details(build_details(abi={"flags": "td"}))
    assert (none.free_threaded, none.debug, none.abi_flags) == (False, False, ())


def test_what_is_not_needed_may_be_missing():
    content = b'{"schema_version": 2, "language": {"version": "3.15"}, "implementation": {"name": "PyPy"}}'
    found = parse_build_details(b"\xef\xbb\xbf" + content)
    assert found == BuildDetails("3.15", "pypy", None, (), None, None)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"language": {"version": 3.14}, "implementation": {"name": "cpython"}}',
        b'{"language": {"version": "3.14"}, "implementation": "cpython"}',
        b'{"language": [], "implementation": {"name": "cpython"}}',
        b'{"language": {"version": ' + b"9" * 10_000 + b"}}",
    ],
    ids=range(11),
)
def test_garbage_is_no_build_details(content):
    assert parse_build_details(content) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["language", "implementation", "abi", "platform"]), json_values))
def test_any_json_is_answered(changes):
    found = parse_build_details(build_details(**changes))
    assert found is None or (found.version and found.implementation)
