"""What asdf starts: ASDF_PYTHON_VERSION, else `.tool-versions` of the folder, one above it, or the home.

https://asdf-vm.com/manage/configuration.html
"""

from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import is_regular_file
from holdfast.formats.version_lines import Word, read_tool, read_words
from holdfast.host import Host
from holdfast.links.shims.choice import Choice, Wish, first_that_has, on_path, upward
from holdfast.links.shims.shim import Shim


def choose(shim: Shim, folder: Path, host: Host) -> Choice | None:
    """The program that asdf starts for a shim that is called in a folder; None where nothing is asked for."""
    wish = next(_wishes(folder, host), None)
    if wish is None:
        return None
    system = on_path(shim.program, host, without=[shim.root / "shims"])
    installed = [(name, _folder(name, shim.root, host)) for name in wish.versions]
    return first_that_has(shim.program, installed, wish, system)


def _wishes(folder: Path, host: Host) -> Iterator[Wish]:
    if named := host.env.get("ASDF_PYTHON_VERSION"):
        yield Wish(tuple(named.split()), None, "ASDF_PYTHON_VERSION")
    name = host.env.get("ASDF_DEFAULT_TOOL_VERSIONS_FILENAME") or ".tool-versions"
    legacy = _reads_version_files(host)
    for place in (*upward(folder), host.home):
        yield from _wish_of(place / name, read_tool(place / name, "python"))
        if legacy:
            yield from _wish_of(place / ".python-version", tuple(read_words(place / ".python-version")))


def _wish_of(file: Path, words: tuple[Word, ...]) -> Iterator[Wish]:
    if words:
        yield Wish(tuple(word.text for word in words), file, str(file), words[0].line)


def _reads_version_files(host: Host) -> bool:
    """Whether its settings say that `.python-version` counts, too."""
    file = host.folder_of("ASDF_CONFIG_FILE") or host.home / ".asdfrc"
    said = [word.text for word in read_tool(file, "legacy_version_file")] if is_regular_file(file) else []
    return said[-1:] == ["yes"]


def _folder(name: str, root: Path, host: Host) -> Path:
    if name.startswith("path:"):
        text = name.removeprefix("path:")
        return host.home / text[2:] if text.startswith("~/") else host.at(text)
    return root / "installs" / "python" / name.replace("ref:", "ref-")
