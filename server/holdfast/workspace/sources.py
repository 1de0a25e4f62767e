"""The files in which projects say which Python they want: which tools read them, and how.

Not among them, though they sound like it: `python-preference` and `python-downloads` of uv (where it takes
interpreters from), `[tool.uv.pip] python` (where packages go), `.envrc` (a shell script), and what a person's
own configuration or environment variables ask for outside of any project.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from holdfast.files.reading import Unreadable, read_bounded
from holdfast.formats.document import Malformed
from holdfast.formats.toml import LARGEST as LARGEST_TOML
from holdfast.formats.toml import KeyPath, Toml, parse_toml
from holdfast.formats.version_files import Written, conda_python, ini_value, lines, tool_versions
from holdfast.interpreters.notations import read_request
from holdfast.interpreters.ranges import read_conda, read_poetry, read_specifiers
from holdfast.interpreters.request import NotUnderstood, VersionRequest
from holdfast.links.shims.mise import FILES as MISE_FILES
from holdfast.workspace.asked import Answer, Ignored, Strength, ask

_LARGEST = 100_000
"""Bytes of a file that is not TOML."""
_MOST = 50
"""Versions of one file: more are no list that a person wrote."""

Read = Callable[[str], VersionRequest | NotUnderstood]
Reader = Callable[[Path, bytes], Iterator[Answer]]
"""What a file with this content asks for; raises UnicodeDecodeError where it is no text."""

_any_name: Read = partial(read_request, names=True)


@dataclass(frozen=True)
class Source:
    """One kind of file."""

    names: tuple[str, ...]
    """Below a project's folder; the first that is there, or says something, decides."""
    read: Reader
    above: bool = False
    """Whether its tools look for it above the project, too, up to the root of the file system."""
    merges: bool = False
    """Whether a file that names no Python leaves that to the next one; else the first file decides."""


def read_file(file: Path, read: Reader) -> tuple[Answer, ...]:
    """What a file asks for; where it cannot be read, only the reason. Never blocks."""
    content = read_bounded(file, LARGEST_TOML if file.suffix == ".toml" else _LARGEST)
    if isinstance(content, Unreadable):
        return (Ignored(file, "its link leads nowhere" if content.why == "missing" else str(content)),)
    try:
        return tuple(islice(read(file, content), _MOST))
    except UnicodeDecodeError:
        utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # what `>` of Windows PowerShell writes
        return (Ignored(file, "it is UTF-16; save it as UTF-8" if utf16 else "it is not UTF-8 text"),)


def _python_version(file: Path, content: bytes) -> Iterator[Answer]:
    reader = "uv" if file.name.endswith("s") else "pyenv and uv"
    for written in lines(_text(content)):
        yield ask(written, file, reader, "preference", _any_name)


def _tool_versions(file: Path, content: bytes) -> Iterator[Answer]:
    for written in tool_versions(_text(content), "python"):
        yield ask(written, file, "asdf and mise", "preference", _any_name)


def _setup_cfg(file: Path, content: bytes) -> Iterator[Answer]:
    if written := ini_value(_text(content), "options", "python_requires"):
        yield ask(written, file, "pip", "requirement", read_specifiers)


def _runtime(file: Path, content: bytes) -> Iterator[Answer]:
    for written in islice(lines(_text(content)), 1):
        yield ask(written, file, "Heroku", "preference", read_request)


def _pdm_python(file: Path, content: bytes) -> Iterator[Answer]:
    """The path of the interpreter that `pdm use` chose."""
    for written in islice(lines(_text(content)), 1):
        yield ask(written, file, "pdm", "preference", _as_path)


def _conda(file: Path, content: bytes) -> Iterator[Answer]:
    if written := conda_python(_text(content)):
        yield ask(written, file, "conda", "preference", read_conda)


def _as_path(text: str) -> VersionRequest:
    return VersionRequest(text, None, path=text)


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig")


@dataclass(frozen=True)
class _Key:
    """A value of a TOML file that asks for a version."""

    path: tuple[str, ...]
    reader: str
    strength: Strength
    read: Read
    listed: bool = False
    """Whether it may be a list, and what is asked for a table with its `version`, as mise has both."""
    last: bool = False
    """Whether the last text of a list counts, and no table.

    See `_add_package_poetry_group_dependencies` in factory.py of poetry-core.
    """

    def answers(self, document: Toml, file: Path) -> Iterator[Answer]:
        """What it asks for in a document."""
        value = document.get(*self.path)
        if self.listed and isinstance(value, list):
            for index in range(len(value)):
                yield from self._answer(document, (*self.path, index), file)
        elif self.last and isinstance(value, list):
            texts = [index for index, one in enumerate(value) if isinstance(one, str)]
            yield from self._answer(document, (*self.path, *texts[-1:]), file)
        elif value is not None:
            yield from self._answer(document, self.path, file)

    def _answer(self, document: Toml, path: KeyPath, file: Path) -> Iterator[Answer]:
        value = document.get(*path)
        if self.listed and isinstance(value, dict) and "version" in value:
            path = (*path, "version")
            value = document.get(*path)
        span = document.span(*path)
        if isinstance(value, str) and not value.strip():
            return  # an empty `requires-python` allows all
        if isinstance(value, str):
            yield ask(Written(value, span), file, self.reader, self.strength, self.read)
        elif isinstance(value, int | float):
            yield Ignored(file, f"{value} is a number, and as such 3.10 is 3.1: write it in quotes", span)
        else:
            yield Ignored(file, f"`{self.path[-1]}` is not a text", span)


def _toml(*keys: _Key) -> Reader:
    """The reader of a TOML file with these keys."""

    def read(file: Path, content: bytes) -> Iterator[Answer]:
        document = parse_toml(content)
        if isinstance(document, Malformed):
            yield Ignored(file, str(document), document.span)
            return
        for key in keys:
            yield from key.answers(document, file)

    return read


SOURCES = (
    Source((".python-version", ".python-versions"), _python_version, above=True),
    Source(
        MISE_FILES,
        _toml(
            _Key(("tools", "python"), "mise", "preference", _any_name, listed=True),
            _Key(("tools", "core:python"), "mise", "preference", _any_name, listed=True),
        ),
        above=True,
        merges=True,
    ),
    Source((".tool-versions",), _tool_versions, above=True, merges=True),
    Source(
        ("pyproject.toml",),
        _toml(
            _Key(("tool", "holdfast", "python"), "holdfast", "preference", _any_name),
            _Key(("project", "requires-python"), "pip and uv", "requirement", read_specifiers),
            _Key(
                ("tool", "poetry", "dependencies", "python"), "poetry", "requirement", read_poetry, last=True
            ),
            _Key(("tool", "hatch", "envs", "default", "python"), "hatch", "preference", read_request),
        ),
    ),
    Source(("setup.cfg",), _setup_cfg),
    Source(
        ("Pipfile",),
        _toml(
            _Key(("requires", "python_full_version"), "pipenv", "requirement", read_request),
            _Key(("requires", "python_version"), "pipenv", "requirement", read_request),
        ),
    ),
    Source((".pdm-python",), _pdm_python),
    Source(("hatch.toml",), _toml(_Key(("envs", "default", "python"), "hatch", "preference", read_request))),
    Source(("runtime.txt",), _runtime),
    Source(("environment.yml", "environment.yaml"), _conda),
)
"""In the order in which their preferences count."""
