"""Version requests: which Python a person or a file asks for, and whether an interpreter is one."""

import re
from dataclasses import dataclass

from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.version import FINAL, Version

_UNFINISHED = re.compile(r"\d\.?(?:a|b|c|rc|alpha|beta|pre|preview|dev)\.?\d*", re.IGNORECASE)
_NO_LONGER_EXPERIMENTAL = (3, 14)
"""From here on free-threaded builds are supported (PEP 779), and fit who asks for none, as in uv."""


@dataclass(frozen=True)
class VersionRequest:
    """What is asked for. Every part that is given must be met."""

    text: str
    """As it was written."""
    implementation: str | None = "cpython"
    """`cpython`, `pypy`, `graalpy`; None where any will do."""
    ranges: tuple[str, ...] = ("",)
    """PEP 440 specifiers, of which one must hold; an empty one always does."""
    pins: bool = False
    """Whether it names a patch version, which an upgrade must then not replace."""
    free_threaded: bool | None = None
    """None where it does not say: then only builds with the GIL fit, and from 3.14 on both."""
    debug: bool | None = None
    architectures: frozenset[str] = frozenset()
    """The processors that will do; empty where any will."""
    platform: str | None = None
    """`linux`, `darwin` or `windows`, where a key of uv names one. An interpreter does not tell its own, so
    whoever chooses for a machine compares it."""
    release: str = ""
    """The version of the implementation itself, such as PyPy's 7.3.17."""
    name: str = ""
    """The folder of an installation or environment in a version manager: `miniconda3-24.1`."""
    path: str = ""
    """A path of an interpreter or environment."""
    newest: bool = False
    """Whether it means the newest that fits, as `3.12` and `latest` do. Of those that fit a range, the usual
    one of the machine is as good as any."""
    system: bool = False
    """Whether it asks for what stands behind the version managers on PATH. Every interpreter fits: which one
    that is, is known only to whoever knows PATH."""

    def fits(self, interpreter: Interpreter) -> bool:
        """Whether an interpreter is what was asked for and can be used.

        A prerelease fits `3.14` and `>=3.14`, as for pip and uv; whoever chooses takes it last.
        """
        return (
            interpreter.usable
            and interpreter.version is not None
            and self.implementation in (None, interpreter.implementation)
            and self.allows(interpreter.version)
            and self._fits_build(interpreter, interpreter.version)
            and self._fits_name(interpreter)
        )

    def allows(self, version: Version) -> bool:
        """Whether a version is within what was asked for.

        Prereleases are told apart only by requests that name one, as pip and uv do: `>=3.14` takes 3.14.0rc2,
        which PEP 440 puts before 3.14. `3.14.0` asks for the final release.
        """
        if self.pins and version.micro < 0:
            return False
        return any(self._allows(version, specifiers) for specifiers in self.ranges)

    def _allows(self, version: Version, specifiers: str) -> bool:
        from packaging.specifiers import SpecifierSet  # noqa: PLC0415 - 12 ms, and most calls ask for nothing

        release = f"{version.series}.{max(version.micro, 0)}"
        if _UNFINISHED.search(specifiers):
            return SpecifierSet(specifiers).contains(str(version), prereleases=True)
        if self.pins and version.stage != FINAL:
            return False
        return SpecifierSet(specifiers).contains(release, prereleases=True)

    def _fits_build(self, interpreter: Interpreter, version: Version) -> bool:
        if self.free_threaded is None:
            experimental = (version.major, version.minor) < _NO_LONGER_EXPERIMENTAL
            threads = not (interpreter.free_threaded and experimental)
        else:
            threads = interpreter.free_threaded == self.free_threaded
        debug = self.debug is None or interpreter.debug == self.debug
        built_for = frozenset((interpreter.architecture or "").split("+"))
        return threads and debug and (not self.architectures or bool(self.architectures & built_for))

    def _fits_name(self, interpreter: Interpreter) -> bool:
        if self.path:
            return self.path in map(str, interpreter.chain.spellings)
        own = interpreter.own_version or ""
        if self.release and own != self.release and not own.startswith(f"{self.release}."):
            return False
        # pyenv takes `miniconda3` for any miniconda3-24.1 (libexec/pyenv-latest).
        begins = (f"{self.name}-", f"{self.name}.")
        return not self.name or any(n == self.name or n.startswith(begins) for n in folder_names(interpreter))


@dataclass(frozen=True)
class NotUnderstood:
    """A text that asks for no Python that we know of."""

    text: str
    reason: str
    """Half a sentence whose subject is the text: `is no version`."""

    def __str__(self) -> str:
        """The text and the reason as half a sentence."""
        return f"“{self.text}” {self.reason}"


def folder_names(interpreter: Interpreter) -> frozenset[str]:
    """The names that the folder of an installation goes by: `3.12.1`, and `3.12` for a link to it."""
    if interpreter.prefix is None:
        return frozenset()
    end, prefix = interpreter.real, interpreter.prefix.folder
    if not end.is_relative_to(prefix):
        return frozenset({prefix.name})
    depth = len(end.parts) - len(prefix.parts) - 1
    spellings = (*interpreter.chain.spellings, end, interpreter.stable or end)
    return frozenset(path.parents[depth].name for path in spellings if depth < len(path.parents))
