"""Version requests: `3.12`, `3.12.6`, `>=3.10`, `pypy3.10`."""

import re
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from holdfast.errors import UsageError
from holdfast.interpreters.interpreter import Interpreter


@dataclass(frozen=True)
class VersionRequest:
    """What a person asked for."""

    text: str
    implementation: str
    specifiers: SpecifierSet
    pins: bool
    """Whether it names a patch version, which an upgrade must then not replace."""

    def fits(self, interpreter: Interpreter) -> bool:
        """Whether an interpreter is what was asked for and can be used."""
        return (
            interpreter.usable
            and interpreter.implementation == self.implementation
            and interpreter.version is not None
            and self.specifiers.contains(str(interpreter.version), prereleases=True)
        )


def parse_request(text: str) -> VersionRequest:
    """Read a version request; raises UsageError where it is none."""
    match = re.fullmatch(r"(python|cpython|pypy)?\s*(.*)", text.strip(), re.IGNORECASE)
    name, version = match.groups() if match else (None, text)
    pins = bool(re.fullmatch(r"(==)?\d+\.\d+\.\d+((a|b|rc)\d+)?", version))
    if re.fullmatch(r"\d+(\.\d+)?", version):
        version = f"=={version}.*"
    elif pins:
        version = "==" + version.removeprefix("==")
    try:
        specifiers = SpecifierSet(version)
    except InvalidSpecifier:
        raise UsageError(f"“{text}” is no version such as 3.12, 3.12.6 or >=3.10.") from None
    implementation = "pypy" if (name or "").lower() == "pypy" else "cpython"
    return VersionRequest(text, implementation, specifiers, pins)
