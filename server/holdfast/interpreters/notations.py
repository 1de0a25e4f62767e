"""Version requests as people type them and version files hold them.

Those of pyenv, uv, asdf, mise and the py launcher of Windows. What is not understood is told, never guessed.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from holdfast.errors import UsageError
from holdfast.interpreters.ranges import Read, read_poetry, read_specifiers, refusal
from holdfast.interpreters.request import NotUnderstood, VersionRequest

_NO_VERSION = "is no version and no name of an installation"
_IMPLEMENTATIONS: dict[str, str | None] = {
    "": "cpython",
    "any": None,
    "default": "cpython",
    "latest": "cpython",
    "py": "cpython",
    "python": "cpython",
    "cp": "cpython",
    "cpython": "cpython",
    "pp": "pypy",
    "pypy": "pypy",
    "gp": "graalpy",
    "graalpy": "graalpy",
}
_PREFIX = r"(?:(?P<implementation>any|cpython|python|cp|pypy|pp|py|graalpy|gp)[-@\s]*)?"
_PLAIN = re.compile(
    rf"""
    {_PREFIX}v?(?P<numbers>\d{{1,5}}(?:\.\d{{1,4}}){{0,2}})(?P<stage>(?:a|b|rc)\d{{1,3}})?(?P<wild>(?:\.\*)+)?
    (?P<variant>td?|d|(?:\+(?:freethreaded|gil))?(?:\+debug)?)
    (?P<tail>(?:-[\w.]+)*)
    """,
    re.VERBOSE | re.ASCII,
)
_OPERATED = re.compile(
    rf"{_PREFIX}(?P<ranges>[<>=!~^*].*?)(?P<variant>(?<=\d)(?:td?|d|\+[a-z+]+))?", re.ASCII
)
_NAME = re.compile(r"\w[\w.+@-]*")
_DISTRIBUTIONS = re.compile(
    "anaconda|miniconda|miniforge|mambaforge|activepython|stackless|micropython|ironpython|jython|pyston|cinder"
    "|nogil|pypy|graalpy|ref-"
)
"""How the installations of pyenv, asdf and mise are called that are not plain versions."""
_VARIANTS: dict[str, tuple[bool | None, bool | None]] = {
    "": (None, None),
    "t": (True, None),
    "d": (None, True),
    "td": (True, True),
    "+freethreaded": (True, None),
    "+debug": (None, True),
    "+freethreaded+debug": (True, True),
    "+gil": (False, None),
    "+gil+debug": (False, True),
}
"""Whether free-threaded, and whether a debug build, as uv writes it."""
_PLATFORMS = {"linux": "linux", "macos": "darwin", "darwin": "darwin", "windows": "windows"}
_LIBRARIES = frozenset({"gnu", "gnueabi", "gnueabihf", "musl", "musleabihf", "none", "any"})
"""Of C, the last part of uv's keys; not compared."""
_MACHINES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("x86_64", "x64", "amd64", "x86_64_v2", "x86_64_v3", "x86_64_v4"), frozenset({"x86_64"})),
    **dict.fromkeys(("aarch64", "arm64"), frozenset({"aarch64"})),
    **dict.fromkeys(("x86", "i386", "i686", "win32"), frozenset({"x86"})),
    **dict.fromkeys(("arm", "armv6", "armv6l", "armv7", "armv7l"), frozenset({"arm"})),
    **dict.fromkeys(("ppc64", "ppc64le", "powerpc64", "powerpc64le"), frozenset({"ppc64"})),
    **dict.fromkeys(("riscv64", "riscv64gc"), frozenset({"riscv64"})),
    "s390x": frozenset({"s390x"}),
    "32": frozenset({"x86", "arm"}),
    "64": frozenset({"x86_64", "aarch64", "riscv64", "ppc64", "s390x"}),
}
_NEWEST_PYTHON = 3
"""The number before the first dot; a higher one is the own version of PyPy or GraalPy."""


def parse_request(text: str) -> VersionRequest:
    """Read what a person typed; raises UsageError where it is no request."""
    request = read_request(text)
    if isinstance(request, NotUnderstood):
        raise UsageError(f"{request}. Write a version such as 3.12, 3.12.6 or >=3.10.")
    return request


def read_request(text: str, *, names: bool = False) -> Read:
    """What a text asks for.

    `names`: whether any other word is the name of an installation or environment in a version manager.
    """
    if refused := refusal(text):
        return refused
    readers: tuple[Callable[[str], Read | None], ...] = (_word, _scheme, _path, _plain, _operated)
    found = next((read for reader in readers if (read := reader(text.strip()))), None)
    if found is None or (names and isinstance(found, NotUnderstood)):
        found = _name(text.strip(), any_name=names) or found
    return replace(found, text=text) if found else NotUnderstood(text, _NO_VERSION)


def _word(text: str) -> Read | None:
    word = text.lower()
    if word == "system":
        return VersionRequest(text, None, system=True)
    if word not in _IMPLEMENTATIONS:
        return None
    return VersionRequest(text, _IMPLEMENTATIONS[word], newest=word == "latest")


def _scheme(text: str) -> Read | None:
    """`path:`, `ref:`, `prefix:` and their like of asdf and mise."""
    match = re.fullmatch(r"([a-z][\w.-]+):(.+)", text)  # not `C:\`
    if match is None:
        return None
    scheme, rest = match.groups()
    if scheme == "path":
        return VersionRequest(text, None, path=rest)
    if scheme in ("ref", "tag", "branch", "rev"):
        return VersionRequest(text, None, name=f"{scheme}-{rest}")  # the name of the folder
    if scheme in ("prefix", "latest"):
        return _plain(rest)
    return NotUnderstood(text, f"is no version: “{scheme}:” is not known here")


def _path(text: str) -> Read | None:
    if re.search(r"[\\/]", text) or text == "~":
        return VersionRequest(text, None, path=text)
    return None


def _plain(text: str) -> Read | None:
    """Without operators: `3.12`, `pypy3.10-7.3.17`, `cpython-3.12.6-linux-x86_64-gnu`, `3.12-32`."""
    match = _PLAIN.fullmatch(text.lower())
    if match is None or (match["stage"] and "." not in match["numbers"]):  # 3rc1 is a candidate of nothing
        return None
    implementation = _IMPLEMENTATIONS[match["implementation"] or ""]
    free_threaded, debug = _VARIANTS[match["variant"]]
    request = VersionRequest(text, implementation, free_threaded=free_threaded, debug=debug, newest=True)
    numbers = _numbers(match["numbers"])
    if numbers[0] > _NEWEST_PYTHON and implementation in ("pypy", "graalpy"):
        request = replace(request, release=match["numbers"])
    else:
        request = _with_version(request, numbers, match["stage"] or "", wild=bool(match["wild"]))
    return _with_tail(request, match["tail"].split("-")[1:])


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of a version; `312` is 3.12, as in the tags of wheels."""
    if re.fullmatch(r"[23]\d+", text):
        return int(text[0]), int(text[1:])
    return tuple(int(number) for number in text.split("."))


def _with_version(
    request: VersionRequest, numbers: tuple[int, ...], stage: str, *, wild: bool
) -> VersionRequest:
    version = ".".join(map(str, numbers)) + stage
    pins = bool(stage) or (len(numbers) == 3 and not wild)  # noqa: PLR2004 - X.Y.Z
    return replace(request, ranges=(f"=={version}" if pins else f"=={version}.*",), pins=pins)


def _with_tail(request: VersionRequest, parts: list[str]) -> Read:
    """What stands behind dashes: an implementation's own version, a system, a processor."""
    for part in parts:
        if request.implementation in ("pypy", "graalpy") and re.fullmatch(r"v?\d+(?:\.\d+)+(?:rc\d+)?", part):
            request = replace(request, release=part.removeprefix("v"))
        elif part in _PLATFORMS:
            request = replace(request, platform=_PLATFORMS[part])
        elif part in _MACHINES:
            request = replace(request, architectures=_MACHINES[part])
        elif part not in _LIBRARIES and part != "dev":  # 3.14-dev is a 3.14 that may be unfinished
            return NotUnderstood(request.text, f"is no version: “{part}” is no system and no processor")
    return request


def _operated(text: str) -> Read | None:
    """With operators: `>=3.10`, `pypy>=3.9`, `^3.10`, and uv's `>=3.13t`."""
    match = _OPERATED.fullmatch(text.lower())
    if match is None or (match["variant"] or "") not in _VARIANTS:
        return None
    written = match["ranges"]
    poetic = re.match(r"[\^*]|~(?!=)", written) or "|" in written
    read = read_poetry(written) if poetic else read_specifiers(written)
    if isinstance(read, NotUnderstood):
        return read
    free_threaded, debug = _VARIANTS[match["variant"] or ""]
    implementation = _IMPLEMENTATIONS[match["implementation"] or ""]
    return replace(read, implementation=implementation, free_threaded=free_threaded, debug=debug)


def _name(text: str, *, any_name: bool) -> VersionRequest | None:
    if _NAME.fullmatch(text) and (any_name or _DISTRIBUTIONS.match(text.lower())):
        return VersionRequest(text, None, name=text)
    return None
