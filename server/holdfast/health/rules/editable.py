"""The rule about packages that are installed as links to a folder of sources."""

import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import Unreadable, read_bounded
from holdfast.formats.span import START, Span, span_in
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem
from holdfast.links.chain import follow
from holdfast.values import NamedTuple

_LARGEST = 1 << 18
_MAPPING = re.compile(r"^MAPPING\b[^=]*=\s*\{.*$")
_QUOTED = re.compile(r"""(["'])((?:/|[A-Za-z]:).*?)\1""")


class _Target(NamedTuple):
    """A folder of sources, and where it is named."""

    text: str
    file: Path
    span: Span


def editable_target_missing(facts: EnvironmentFacts) -> Problem | None:
    """What a `.pth`, an `.egg-link`, a finder or a `direct_url.json` names is gone."""
    gone = [target for target in _targets(facts) if _is_gone(target.text, facts)]
    if not gone:
        return None
    first, others = gone[0], len({target.text for target in gone}) - 1
    more = f" (and {others} more)" if others else ""
    text = (
        f"{first.file.name} names {first.text}{more}, which does not exist: what was installed from there "
        "cannot be "
        "imported. Install it again from where it is now, or uninstall it."
    )
    return problem(facts, "editable-target-missing", text, file=first.file, span=first.span)


def _is_gone(text: str, facts: EnvironmentFacts) -> bool:
    host = facts.reader.host
    if not host.is_absolute(text):
        return False
    path = host.at(text)
    # What was moved together with the environment is a part of that problem.
    if facts.origin and path.is_relative_to(facts.origin.folder.parent):
        return False
    return follow(path, host.mounts).state == "missing"


def _targets(facts: EnvironmentFacts) -> Iterator[_Target]:
    """The paths in `.pth` files and others. Lines that begin with `import` are run by Python, never by us."""
    for file in facts.installed.files(".pth", ".egg-link"):
        for number, line in enumerate(_lines(file)):
            path = line.strip()
            if path and not path.startswith(("#", "import ", "import\t")):
                start = len(line) - len(line.lstrip())
                yield _Target(path, file, span_in(line, number, start, start + len(path)))
            if file.suffix == ".egg-link":
                break
    finders = [file for file in facts.installed.files(".py") if "editable" in file.name]
    for file in finders:
        for number, line in enumerate(_lines(file)):
            quoted = _QUOTED.finditer(line) if _MAPPING.match(line) else ()
            yield from (_Target(one[2], file, span_in(line, number, *one.span(2))) for one in quoted)
    if finders:
        yield from _recorded(facts)


def _recorded(facts: EnvironmentFacts) -> Iterator[_Target]:
    """What `direct_url.json` says of packages whose own finder may say it in any way (PEP 610)."""
    for folder in facts.installed.files(".dist-info"):
        content = read_bounded(folder / "direct_url.json", _LARGEST)
        path = _editable_path(content) if isinstance(content, bytes) else None
        if path:
            yield _Target(path, folder / "direct_url.json", START)


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
