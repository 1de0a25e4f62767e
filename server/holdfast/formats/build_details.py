"""build-details.json: what an installation from Python 3.14 on says of itself (PEP 739)."""

import json
from dataclasses import dataclass

from holdfast.typed import Any

_STAGES = {"alpha": "a", "beta": "b", "candidate": "rc", "final": ""}
_FREE_THREADED, _DEBUG = "t", "d"


@dataclass(frozen=True)
class BuildDetails:
    """The part of a build-details.json that tells interpreters apart."""

    version: str
    """Of the language: `3.14.0rc1`, or only `3.14`. PyPy's own version is another."""
    implementation: str
    """In lower case: `cpython`, `pypy`."""
    platform: str | None
    """As sysconfig.get_platform() gives it: `linux-x86_64`."""
    abi_flags: tuple[str, ...]
    base_prefix: str | None
    """Absolute, or relative to the folder of the file."""
    base_interpreter: str | None
    """Absolute, or relative to `base_prefix`."""

    @property
    def free_threaded(self) -> bool:
        """Whether it is a build without the global interpreter lock."""
        return _FREE_THREADED in self.abi_flags

    @property
    def debug(self) -> bool:
        """Whether it is a debug build."""
        return _DEBUG in self.abi_flags


def parse_build_details(content: bytes) -> BuildDetails | None:
    """What a build-details.json says; None where it does not name a version and an implementation.

    Any `schema_version` is taken: later ones of the same major only add to the first.
    """
    try:
        details = _table(json.loads(content))
    except (ValueError, RecursionError):
        return None
    language, implementation = _table(details.get("language")), _table(details.get("implementation"))
    name = _text(implementation.get("name"))
    version = _version(language.get("version_info")) or _text(language.get("version"))
    if name is None or version is None:
        return None
    flags = _table(details.get("abi")).get("flags")
    return BuildDetails(
        version=version,
        implementation=name.lower(),
        platform=_text(details.get("platform")),
        abi_flags=tuple(flag for flag in flags if isinstance(flag, str)) if isinstance(flags, list) else (),
        base_prefix=_text(details.get("base_prefix")),
        base_interpreter=_text(details.get("base_interpreter")),
    )


def _version(info: Any) -> str | None:
    table = _table(info)
    major, minor, micro, serial = numbers = [table.get(key) for key in ("major", "minor", "micro", "serial")]
    if not all(type(number) is int and number >= 0 for number in numbers):
        return None
    stage = _STAGES.get(str(table.get("releaselevel")), "")
    return f"{major}.{minor}.{micro}" + (f"{stage}{serial}" if stage else "")


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
