"""Ranges of versions as PEP 440, Poetry and conda write them."""

import re
from collections.abc import Iterable

from holdfast.interpreters.request import NotUnderstood, VersionRequest

Read = VersionRequest | NotUnderstood

_LONGEST = 200
_EXACT = re.compile(r"===?\s*\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")
_POETRY = re.compile(r"(?P<operator>\^|~=|~|==|=|!=|<>|<=|>=|<|>)?\s*v?(?P<version>[0-9*xX][\w.*+]*)")
_CONDA = re.compile(r"(?P<fuzzy>=(?!=))?\s*(?P<version>\d+(?:\.\d+)*)(?:\.\*)?(?:[=\s]\s*[\w*]+)?", re.ASCII)


def refusal(text: str) -> NotUnderstood | None:
    """Why a text cannot be any request; None where it may be one."""
    wanted = text.strip()
    if not wanted:
        return NotUnderstood(text, "names no version")
    if len(wanted) > _LONGEST:
        return NotUnderstood(f"{wanted[:20]}…", "is no version: it is far too long")
    if not wanted.isprintable():
        return NotUnderstood(text, "is no version: it holds characters that none has")
    return None


def read_specifiers(text: str) -> Read:
    """What `requires-python` holds: PEP 440 specifiers, for any implementation; an empty text allows all."""
    wanted = text.strip()
    if wanted and (refused := refusal(wanted)):
        return refused
    if wanted.startswith("^") or re.match(r"~(?!=)", wanted):
        return NotUnderstood(text, f"is Poetry's notation; here it is {_poetry_range(wanted) or '>=3.10'}")
    return _of_ranges(text, (wanted,))


def read_poetry(text: str) -> Read:
    """What `python` in `[tool.poetry.dependencies]` holds: `^3.10`, `~3.10`, `>=3.8 <3.12`, `~2.7 || ^3.5`.

    https://python-poetry.org/docs/dependency-specification/. To Poetry a bare `3.12` is 3.12.0 and no
    other (poetry.core.constraints.version.parser).
    """
    if refused := refusal(text):
        return refused
    ranges = [_poetry_range(part) for part in re.split(r"\|\|?", text.strip())]
    if None in ranges:
        return NotUnderstood(text, "is no version constraint of Poetry, such as ^3.10")
    return _of_ranges(text, (one or "" for one in ranges))


def read_conda(text: str) -> Read:
    """What conda takes behind `python`: `=3.12`, `>=3.10,<3.13`, `3.12.*`, `=3.12.1=h1_0`.

    One `=` takes any 3.12, two take exactly that version; the build behind another `=` is not compared.
    """
    if refused := refusal(text):
        return refused
    wanted = text.strip()
    if single := _CONDA.fullmatch(wanted):
        version = single["version"]
        any_patch = (single["fuzzy"] or ".*" in wanted) and version.count(".") < 2  # noqa: PLR2004 - 3.12.1 is whole
        return _of_ranges(text, (f"=={version}{'.*' if any_patch else ''}",))
    # An alternative that names a version without an operator means that version.
    return _of_ranges(text, (re.sub(r"(^|,)\s*(?=\d)", r"\1==", part) for part in wanted.split("|")))


def _of_ranges(text: str, ranges: Iterable[str]) -> Read:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - 12 ms, and seldom needed

    taken = tuple(ranges)
    try:
        for one in taken:
            SpecifierSet(one)
    except InvalidSpecifier:
        return NotUnderstood(text, "is no version specifier, such as >=3.10")
    pins = len(taken) == 1 and _EXACT.fullmatch(taken[0]) is not None
    return VersionRequest(text, None, taken, pins)


def _poetry_range(text: str) -> str | None:
    """One alternative as PEP 440 specifiers; None where it is not understood."""
    if not text.strip() or _POETRY.sub("", text).strip(" ,"):
        return None
    found = [_poetry_specifier(match["operator"] or "", match["version"]) for match in _POETRY.finditer(text)]
    return None if None in found else ",".join(one for one in found if one)


def _poetry_specifier(operator: str, version: str) -> str | None:
    if re.fullmatch(r"[*xX](?:\.[*xX])*", version):
        return "" if operator in ("", "=", "==") else None
    if operator not in ("^", "~"):
        return {"": "==", "=": "==", "<>": "!="}.get(operator, operator) + version
    match = re.fullmatch(r"(\d{1,5})(?:\.(\d{1,5}))?(?:\.\d{1,5})?", version)
    if match is None:
        return None
    major, minor = match.groups()
    too_high = f"{int(major) + 1}" if operator == "^" or minor is None else f"{major}.{int(minor) + 1}"
    return f">={version},<{too_high}"
