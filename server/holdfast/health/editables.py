"""What is installed as a link to a folder of sources, and where that folder is named."""

import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import Unreadable, read_bounded
from holdfast.formats.span import START, Span, span_in
from holdfast.health.installed import Installed
from holdfast.values import NamedTuple

_LARGEST = 1 << 18
_MAPPING = re.compile(r"^MAPPING\b[^=]*=\s*\{.*$")
_QUOTED = re.compile(r"""(["'])((?:/|[A-Za-z]:).*?)\1""")


class Editable(NamedTuple):
    """A folder of sources, or a file, as it is named."""

    text: str
    file: Path
    """In which it is named."""
    span: Span


def editables_in(installed: Installed) -> Iterator[Editable]:
    """The paths in `.pth` files and others. Lines that begin with `import` are run by Python, never by us."""
    for file in installed.files(".pth", ".egg-link"):
        for number, line in enumerate(_lines(file)):
            path = line.strip()
            if path and not path.startswith(("#", "import ", "import\t")):
                start = len(line) - len(line.lstrip())
                yield Editable(path, file, span_in(line, number, start, start + len(path)))
            if file.suffix == ".egg-link":
                break
    finders = [file for file in installed.files(".py") if "editable" in file.name]
    for file in finders:
        for number, line in enumerate(_lines(file)):
            quoted = _QUOTED.finditer(line) if _MAPPING.match(line) else ()
            yield from (Editable(one[2], file, span_in(line, number, *one.span(2))) for one in quoted)
    if finders:
        yield from _recorded(installed)


def _recorded(installed: Installed) -> Iterator[Editable]:
    """What `direct_url.json` says of packages whose own finder may say it in any way (PEP 610)."""
    for folder in installed.files(".dist-info"):
        content = read_bounded(folder / "direct_url.json", _LARGEST)
        path = _editable_path(content) if isinstance(content, bytes) else None
        if path:
            yield Editable(path, folder / "direct_url.json", START)


def _editable_path(content: bytes) -> str | None:
    import json  # noqa: PLC0415 - few environments have such a file
    from urllib.parse import unquote, urlsplit  # noqa: PLC0415

    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    info = found.get("dir_info") if isinstance(found, dict) else None
    url = found.get("url") if isinstance(info, dict) and info.get("editable") is True else None
    if not isinstance(url, str) or not url.startswith("file:///"):
        return None
    path = unquote(urlsplit(url).path)
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path


def _lines(file: Path) -> list[str]:
    content = read_bounded(file, _LARGEST)
    return [] if isinstance(content, Unreadable) else content.decode("utf-8", "replace").splitlines()
