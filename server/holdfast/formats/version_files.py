"""Small files that say which Python a project wants, apart from TOML: their words, and where those stand.

All of them take any text, and time in proportion to its length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from holdfast.formats.span import Span, span_in


@dataclass(frozen=True)
class Written:
    """A text in a file."""

    text: str
    span: Span


def lines(text: str) -> Iterator[Written]:
    """The lines of `.python-version`, `.python-versions`, `runtime.txt` and `.pdm-python`.

    Without blanks around them, empty lines and comments. A comment may also stand behind a version, as pyenv
    allows, which reads the first word of a line only; uv takes the whole line.
    """
    for number, line in enumerate(text.split("\n")):
        comment = re.search(r"(?:^|\s)#", line)
        if written := _written(line, number, 0, comment.start() if comment else len(line)):
            yield written


def tool_versions(text: str, tool: str) -> Iterator[Written]:
    """The words behind a tool's name in `.tool-versions`, on the first line that begins with it and has more.

    So does asdf; mise takes the last such line, and a colon behind the name for nothing.
    """
    for number, line in enumerate(text.split("\n")):
        words = list(re.finditer(r"\S+", line.partition("#")[0]))
        if len(words) > 1 and words[0].group().removesuffix(":") == tool:
            for word in words[1:]:
                yield Written(word.group(), span_in(line, number, *word.span()))
            return


def ini_value(text: str, section: str, key: str) -> Written | None:
    """The value of a key in a section of an INI file; the lines that continue it are joined by commas.

    As configparser reads setup.cfg: keys in any case, `=` or `:` behind them, comments on lines of their own.
    None where there is none. The span is that of the value's first line.
    """
    here = ""
    parts: list[Written | None] = []
    for number, line in enumerate(text.split("\n")):
        if line.strip()[:1] in ("", "#", ";"):
            continue
        if line[0].isspace():
            parts += [_written(line, number)] if parts else []
            continue
        if parts:
            break
        if line.startswith("["):
            here = line[1:].partition("]")[0].strip()
        name = re.split("[=:]", line, maxsplit=1)[0]
        if here == section and name != line and name.strip().lower().replace("-", "_") == key:
            parts = [_written(line, number, len(name) + 1)]
    written = [part for part in parts if part]
    return Written(",".join(part.text for part in written), written[0].span) if written else None


def conda_python(text: str) -> Written | None:
    """What stands behind `python` in an environment.yml's list of packages: `=3.12`. None where nothing does.

    Read line by line, without the rest of YAML: everybody writes that list in one way.
    """
    for number, line in enumerate(text.split("\n")):
        item = re.match(r"\s*-\s+[\"']?(?:[\w./-]{1,100}::)?python(?![\w.-])", line)
        if item is None:
            continue
        end = re.search(r"[\"']|\s#|$", line[item.end() :])
        if wanted := _written(line, number, item.end(), item.end() + (end.start() if end else 0)):
            return wanted
    return None


def _written(line: str, number: int, start: int = 0, end: int | None = None) -> Written | None:
    """A part of a line, without the blanks around it; None where nothing is left."""
    part = line[start:end]
    text = part.strip()
    start += len(part) - len(part.lstrip())
    return Written(text, span_in(line, number, start, start + len(text))) if text else None
