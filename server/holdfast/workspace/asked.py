"""What the files of a project ask for, and what in them counts for nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from holdfast.formats.span import START, Span
from holdfast.formats.version_files import Written
from holdfast.interpreters.request import NotUnderstood, VersionRequest
from holdfast.typed import Literal

Strength = Literal["requirement", "preference"]
"""A requirement, such as `requires-python`, rules interpreters out; a preference, such as `.python-version`,
chooses among the others."""


@dataclass(frozen=True)
class Asked:
    """One version request in a file."""

    text: str
    """As it stands there."""
    file: Path
    span: Span
    reader: str
    """Which tools act on it: `pyenv and uv`."""
    strength: Strength
    request: VersionRequest


@dataclass(frozen=True)
class Ignored:
    """A file, or a value in one, that counts for nothing, and why."""

    file: Path
    reason: str
    """Half a sentence: `it is a folder`, `“banana” is no version`."""
    span: Span = START


Answer = Asked | Ignored


def ask(
    written: Written,
    file: Path,
    reader: str,
    strength: Strength,
    read: Callable[[str], VersionRequest | NotUnderstood],
) -> Answer:
    """What a text in a file asks for, in the notation of its reader."""
    request = read(written.text)
    if isinstance(request, NotUnderstood):
        return Ignored(file, str(request), written.span)
    return Asked(written.text, file, written.span, reader, strength, request)
