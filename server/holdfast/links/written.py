"""Hops that are written down: a shebang, a launcher, `home`, a redirect file, a shim, a link as a file."""

from collections.abc import Callable
from pathlib import Path

from holdfast.files.reading import is_regular_file, plain, read_bounded, read_start
from holdfast.formats.pyvenv_cfg import PyvenvCfg, parse
from holdfast.formats.redirect import parse_redirect
from holdfast.formats.text_link import parse_text_link
from holdfast.host import Host
from holdfast.links.chain import LinkChain, follow
from holdfast.links.hop import Hop
from holdfast.links.shims.recognise import shim_at
from holdfast.typed import TYPE_CHECKING
from holdfast.values import NamedTuple

if TYPE_CHECKING:
    from holdfast.formats.launcher import Launcher
    from holdfast.formats.shebang import Shebang

_HEAD = 8192
"""Bytes: more than any system reads of a script's first line."""
_PROGRAM = b"MZ"
"""How a program of Windows begins."""
_LONGEST_PATH = 4096
_LARGEST_CONFIG = 1_000_000


class Surroundings(NamedTuple):
    """What the meaning of a text may depend on."""

    host: Host
    folder: Path
    """The working folder: shims and relative texts are read from there."""

    def locate(self, text: str, relative_to: Path) -> Path:
        """Where a path that is written somewhere leads."""
        return self.host.at(text) if self.host.is_absolute(text) else plain(relative_to / text)


def written_hop(chain: LinkChain, around: Surroundings) -> Hop | None:
    """The hop that what stands at the end of a chain holds as text; None where it leads no further."""
    if not is_regular_file(chain.end):
        return None
    ways: tuple[Callable[[LinkChain, Surroundings], Hop | None], ...] = (
        _shim_hop,
        _copy_hop,
        _shebang_hop,
        _launcher_hop,
        _redirect_hop,
        _text_link_hop,
    )
    return next((hop for way in ways if (hop := way(chain, around))), None)


def home_hop(config: Path, names: tuple[str, ...], around: Surroundings) -> Hop | None:
    """The hop from a pyvenv.cfg to the base's executable; None where it names none.

    `names`: what the executable may be called, the best first; without any the hop leads to the folder. A
    relative `home` is looked for in the working folder, as Python does.
    """
    parsed = _config_at(config)
    entry = parsed.home if parsed else None
    if entry is None or not entry.value:
        return None
    home = around.locate(entry.value, around.folder)
    answers = around.host.mounts.silent(home) is None
    name = next((n for n in names if answers and is_regular_file(home / n)), "".join(names[:1]))
    return Hop(config, config, entry.value, home / name, "config", entry.span.line)


def _shim_hop(chain: LinkChain, around: Surroundings) -> Hop | None:
    shim = shim_at(chain.start, chain.end)
    if shim is None:
        return None
    from holdfast.links.shims.choosing import choice_of  # noqa: PLC0415 - few paths are shims

    choice = choice_of(shim, around.folder, around.host)
    if choice is None:
        return None
    wish = choice.wish
    return Hop(chain.end, wish.said_in or chain.end, choice.version, choice.executable, "shim", wish.line)


def _copy_hop(chain: LinkChain, around: Surroundings) -> Hop | None:
    """From an executable that was copied into an environment to the one that it was copied from."""
    if not _is_python(chain.end.name):
        return None
    for folder in (chain.end.parent, chain.end.parent.parent):
        if parsed := _config_at(folder / "pyvenv.cfg"):
            recorded = parsed.value("version") or parsed.value("version_info") or ""
            series = ".".join(recorded.split(".")[:2])
            names = (chain.end.name, f"python{series}", "python3", "python", "python.exe")
            return home_hop(folder / "pyvenv.cfg", names, around)
    return None


def _shebang_hop(chain: LinkChain, around: Surroundings) -> Hop | None:
    head = read_start(chain.end, _HEAD)
    if not head.startswith(b"#!"):
        return None
    from holdfast.formats.shebang import parse_shebang  # noqa: PLC0415 - most paths are no scripts

    found = parse_shebang(head)
    if found is None:
        return None
    name = found.interpreter
    if found.ends_in_return and not found.arguments and not around.host.windows:
        name += "\r"  # of a line end of Windows, which POSIX takes for a part of the name
    after = _program_of(name, found, chain, around)
    text = f"env {name}" if found.kind == "env" else name
    return Hop(chain.end, chain.end, text, after, "shebang", found.span.line)


def _program_of(name: str, found: "Shebang", script: LinkChain, around: Surroundings) -> Path:
    """What a script is started with; the bare name of what `env` does not find."""
    from holdfast.links.shims.choice import on_path  # noqa: PLC0415 - only behind `env`

    if found.kind != "env":
        folders = {"script": script.end.parent, "called": script.start.parent}
        return around.locate(name, folders.get(found.relative_to or "", around.folder))
    return on_path(name, around.host, without=()) or Path(name)


def _launcher_hop(chain: LinkChain, around: Surroundings) -> Hop | None:
    if read_start(chain.end, len(_PROGRAM)) != _PROGRAM:
        return None
    from holdfast.formats.launcher import Launcher, read_launcher, script_beside  # noqa: PLC0415 - few are

    found = read_launcher(chain.start)
    if not isinstance(found, Launcher) or found.kind in ("none", "venv"):
        return None
    own = chain.start if found.needs_own_folder else chain.end
    name = found.interpreter or ("pythonw.exe" if found.windowed else "python.exe")
    after = _started_by(name, found, own, around)
    said_in = script_beside(chain.start, found) or chain.end
    return Hop(chain.end, said_in, name, after, "launcher", None if said_in == chain.end else 0)


def _started_by(name: str, found: "Launcher", own: Path, around: Surroundings) -> Path:
    """What a launcher starts that takes itself to stand at `own`; the bare name of what is not found."""
    folders = {"current": around.folder, "parent": own.parent.parent}
    inside = name if around.host.is_absolute(name) else name.replace("\\", "/")
    beside = around.locate(inside, folders.get(found.relative_to or "", own.parent))
    if found.relative_to != "search" or is_regular_file(beside):
        return beside
    from holdfast.links.shims.choice import on_path  # noqa: PLC0415 - few launchers look there

    return on_path(name, around.host, without=()) or Path(name)


def _redirect_hop(chain: LinkChain, around: Surroundings) -> Hop | None:
    if chain.end.name != ".venv":
        return None
    content = read_bounded(chain.end, _LONGEST_PATH)
    target = parse_redirect(content) if isinstance(content, bytes) else None
    if target is None:
        return None
    return Hop(chain.end, chain.end, target, around.locate(target, chain.end.parent), "redirect", 0)


def _text_link_hop(chain: LinkChain, around: Surroundings) -> Hop | None:
    """A link as Git writes it where links are switched off.

    A file of one word may be anything: only if it leads somewhere or has an interpreter's name.
    """
    content = read_bounded(chain.end, _LONGEST_PATH)
    target = parse_text_link(content) if isinstance(content, bytes) else None
    if target is None:
        return None
    after = around.locate(target, chain.end.parent)
    if after == chain.end or not (
        _is_python(chain.end.name) or follow(after, around.host.mounts).state == "ok"
    ):
        return None
    return Hop(chain.end, chain.end, target, after, "text", 0)


def _is_python(name: str) -> bool:
    """Whether a file is named as interpreters are, or as what comes with them."""
    return name.lower().startswith(("python", "pypy", "graalpy"))


def _config_at(path: Path) -> PyvenvCfg | None:
    content = read_bounded(path, _LARGEST_CONFIG)
    try:
        return parse(content) if isinstance(content, bytes) else None
    except UnicodeDecodeError:
        return None
