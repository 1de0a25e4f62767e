"""One interpreter, described without running it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from holdfast.files.reading import is_regular_file
from holdfast.formats.executable import read_architecture
from holdfast.host import Host
from holdfast.interpreters.landmark import Prefix, find_prefix
from holdfast.interpreters.shims import shim_of
from holdfast.interpreters.stable import stable_path
from holdfast.interpreters.version import Version, read_version
from holdfast.links.chain import LinkChain, follow

_NAME = re.compile(r"python|pypy", re.IGNORECASE)

OLDEST = (3, 6)
"""The oldest version whose environments are tested."""

State = Literal["ok", "shim", "environment", "broken", "denied"]


@dataclass(frozen=True)
class Interpreter:
    """What is known of an executable that is, or was meant to be, an interpreter."""

    path: Path
    chain: LinkChain
    state: State
    error: str | None = None
    """Why the state is not `ok`, in words."""
    prefix: Prefix | None = None
    version: Version | None = None
    implementation: str = "unknown"
    architecture: str | None = None
    stable: Path | None = None

    @property
    def real(self) -> Path:
        """The file that the path leads to."""
        return self.chain.end

    @property
    def tag(self) -> str:
        """The name of its library folder: `python3.12`; empty where it has none."""
        return self.prefix.tag if self.prefix else ""

    @property
    def carries_environments(self) -> bool:
        """Whether Holdfast makes environments of it: CPython from the oldest version that is tested on."""
        version = self.version
        return (
            self.usable
            and self.implementation == "cpython"
            and version is not None
            and (version.major, version.minor) >= OLDEST
        )

    @property
    def usable(self) -> bool:
        """Whether an environment can be based on it."""
        return self.state == "ok"


def describe(path: Path, host: Host) -> Interpreter:
    """What an executable is. `path` is absolute; nothing is executed."""
    chain = follow(path)
    if refused := _not_reached(chain) or _not_a_base(path, chain):
        state, error = refused
        return Interpreter(path, chain, state, error)
    prefix = find_prefix(chain.end, windows=host.windows)
    if prefix is None:
        return Interpreter(path, chain, "broken", "no standard library is near it")
    return Interpreter(
        path=path,
        chain=chain,
        state="ok",
        prefix=prefix,
        version=read_version(prefix.folder, prefix.tag, chain.end),
        implementation="pypy" if prefix.tag.startswith("pypy") else "cpython",
        architecture=read_architecture(chain.end),
        stable=stable_path(chain, prefix),
    )


def _not_reached(chain: LinkChain) -> tuple[State, str] | None:
    if chain.state == "denied":
        return "denied", f"permission is denied at {chain.stopped_at}"
    if chain.state == "loop":
        return "broken", f"its links run in a circle at {chain.stopped_at}"
    if chain.state == "missing":
        return "broken", f"{chain.stopped_at} does not exist"
    return None


def _not_a_base(path: Path, chain: LinkChain) -> tuple[State, str] | None:
    if not is_regular_file(chain.end):
        return "broken", "it is not a file"
    if shim := shim_of(path, chain.end):
        return "shim", f"it is {shim}"
    if not _NAME.match(chain.end.name):
        return "broken", "it is not a Python interpreter"
    if not os.access(chain.end, os.X_OK):
        return "denied", "it may not be executed"
    if owner := owning_environment(chain):
        return "environment", f"it belongs to the environment {owner}"
    return None


def owning_environment(chain: LinkChain) -> Path | None:
    """The environment that an executable is started in; None for a base interpreter.

    CPython looks for pyvenv.cfg beside the executable and one folder above, for the path as it was
    called. A stray pyvenv.cfg in a real installation, whose landmark is there too, makes no environment.
    """
    for spelling in chain.spellings:
        for folder in (spelling.parent, spelling.parent.parent):
            if is_regular_file(folder / "pyvenv.cfg") and not _is_installation(folder, chain):
                return folder
    return None


def _is_installation(folder: Path, chain: LinkChain) -> bool:
    prefix = find_prefix(chain.end)
    return prefix is not None and os.path.realpath(prefix.folder) == os.path.realpath(folder)
