"""The scripts of an environment, and which interpreter each is started by: read in bulk.

Hundreds of environments with dozens of scripts are checked in one look: of each file a few kB are read, and
each of the lines, which are mostly the same, is understood once.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from holdfast.environments.environment import Environment
from holdfast.environments.layout import CONFIG
from holdfast.files.reading import same_folder
from holdfast.formats.shebang import Shebang, parse_shebang
from holdfast.formats.span import START, Span
from holdfast.host import Host
from holdfast.interpreters.name import parse_name
from holdfast.links.chain import follow
from holdfast.typed import TYPE_CHECKING, Literal
from holdfast.values import NamedTuple

if TYPE_CHECKING:
    from holdfast.formats.launcher import Damaged, Launcher

_HEAD = 8192
"""Bytes: more than any system reads of a first line, and all that activation scripts have to say."""
_MOST = 5000
"""Scripts; where there are more, as in no environment that was ever seen, the rest is not looked at."""
_ACTIVATES = re.compile(r"activate", re.IGNORECASE).match
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Alike(NamedTuple):
    """The scripts of an environment that begin with the same line; or, on Windows, one launcher."""

    names: tuple[str, ...]
    """Of the files, sorted."""
    interpreter: Path | None
    """Where the interpreter is seen from here; None where PATH or the current folder decides it."""
    names_python: bool
    """Whether what it names is a Python, by its name."""
    line: bytes = b""
    """The first line, without its line feed."""
    shebang: Shebang | None = None
    launcher: "Launcher | Damaged | None" = None
    texts: tuple[str, ...] = ()
    """Those of the files that an editor shows."""

    @property
    def span(self) -> Span:
        """Where a text names its interpreter."""
        return self.shebang.span if self.shebang else START


State = Literal["own", "other", "environment", "missing", "loop", "denied", "silent"]


class Reach(NamedTuple):
    """Where the interpreter of a script leads.

    `own` to the environment's, `environment` to that of another environment, `other` to whatever else works;
    the rest says why it leads nowhere.
    """

    state: State
    at: Path
    """The first path on the way where it ends; the other environment; else what is started."""


@dataclass(frozen=True)
class Scripts:
    """What stands in an environment's folder of programs. Links in it are none of its own."""

    environment: Environment
    host: Host

    @property
    def folder(self) -> Path:
        """Where they stand."""
        return self.environment.path / self.environment.layout.scripts

    @cached_property
    def all(self) -> tuple[Alike, ...]:
        """Those that name an interpreter, whichever it is."""
        return tuple(self._launchers() if self.host.windows else self._texts())

    @cached_property
    def of_python(self) -> tuple[Alike, ...]:
        """Those that name a Python."""
        return tuple(alike for alike in self.all if alike.names_python)

    @cached_property
    def activations(self) -> tuple[tuple[str, bytes], ...]:
        """The names of the activation scripts for all shells, with their beginnings."""
        return tuple((name, head) for name, head in self._heads if _ACTIVATES(name))

    @cached_property
    def reaches(self) -> dict[Path, Reach]:
        """Where the interpreters lead that scripts name as a Python, each followed once."""
        named = dict.fromkeys(alike.interpreter for alike in self.of_python if alike.interpreter)
        return {path: self._reach(path) for path in named}

    @cached_property
    def _heads(self) -> tuple[tuple[str, bytes], ...]:
        if self.host.mounts.silent(self.folder):
            return ()
        folder = os.path.join(self.folder, "")
        return tuple((name, _head_of(folder + name)) for name in _files_in(folder))

    def _texts(self) -> Iterator[Alike]:
        found: dict[bytes, list[tuple[str, bool]]] = {}
        for name, head in self._heads:
            if head.startswith(b"#!"):
                found.setdefault(_saying_lines(head), []).append((name, b"\0" not in head))
        for said, files in found.items():
            shebang = parse_shebang(said)
            if shebang:
                yield Alike(
                    names=tuple(name for name, _ in files),
                    interpreter=self._named_by(shebang),
                    names_python=_is_python(shebang.interpreter),
                    line=said.partition(b"\n")[0],
                    shebang=shebang,
                    texts=tuple(name for name, is_text in files if is_text),
                )

    def _named_by(self, shebang: Shebang) -> Path | None:
        if shebang.kind == "env":
            return None
        if shebang.relative_to:
            return self.folder / shebang.interpreter
        return self.host.at(shebang.interpreter) if self.host.is_absolute(shebang.interpreter) else None

    def _launchers(self) -> Iterator[Alike]:
        from holdfast.formats.launcher import Damaged, Launcher, read_launcher  # noqa: PLC0415 - of Windows

        for name, head in self._heads:
            if not head.startswith(b"MZ") or parse_name(name):
                continue
            found = read_launcher(self.folder / name)
            if isinstance(found, Launcher) and found.kind != "none":
                path = self._started_by(found)
                yield Alike((name,), path, path is None or _is_python(path.name), launcher=found)
            elif isinstance(found, Damaged):
                yield Alike((name,), None, names_python=True, launcher=found)

    def _started_by(self, launcher: "Launcher") -> Path | None:
        """What a launcher starts that is called by its own path."""
        if launcher.interpreter is None or launcher.relative_to in ("current", "search"):
            return None
        if self.host.is_absolute(launcher.interpreter):
            return self.host.at(launcher.interpreter)
        folder = self.folder.parent if launcher.relative_to == "parent" else self.folder
        return folder / launcher.interpreter.replace("\\", "/")

    def _reach(self, path: Path) -> Reach:
        environment = self.environment
        if path == environment.interpreter and environment.python.state == "ok":
            return Reach("own", path)
        chain = follow(path, self.host.mounts)
        if chain.state != "ok":
            return Reach(chain.state, chain.stopped_at)
        if not self.host.windows and not os.access(chain.end, os.X_OK):
            return Reach("denied", chain.end)
        # As CPython looks for it: beside the path by which it is called, and one folder above.
        owners = (folder for folder in (path.parent, path.parent.parent) if os.path.lexists(folder / CONFIG))
        owner = next(owners, None)
        if environment.holds(path) or (owner and same_folder(owner, environment.path)):
            return Reach("own", path)
        return Reach("environment", owner) if owner else Reach("other", path)


def _files_in(folder: str) -> list[str]:
    """The names of the regular files in a folder, sorted; none where it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            files = (entry.name for entry in entries if entry.is_file(follow_symlinks=False))
            return sorted(islice(files, _MOST))
    except OSError:
        return []


def _head_of(path: str) -> bytes:
    """The beginning of a file; nothing where it cannot be read. Never blocks.

    `files.reading.read_start` asks twice what kind of file it is, which was answered with the name.
    """
    try:
        file = os.open(path, _READ)
    except OSError:
        return b""
    try:
        return os.read(file, _HEAD)
    except OSError:
        return b""
    finally:
        os.close(file)


def _saying_lines(head: bytes) -> bytes:
    """The first line; with the second one, if /bin/sh starts the interpreter by that."""
    end = head.find(b"\n") + 1
    if not end:
        return head
    if head.find(b"/sh", 0, end) > 0:
        end = head.find(b"\n", end) + 1 or len(head)
    return head[:end]


def _is_python(interpreter: str) -> bool:
    """Whether a path or name is that of a Python, as far as a name tells."""
    return parse_name(interpreter.rpartition("/")[2]) is not None
