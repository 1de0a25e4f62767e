"""What the name of an executable says: `python3.13t`, `python3.7m`, `python_d.exe`, `pypy3.10-c`."""

import re

from holdfast.typed import Literal
from holdfast.values import NamedTuple

Kind = Literal["python", "pypy", "graalpy"]

_NAME = re.compile(
    r"(?P<kind>python|pypy|graalpy)w?"
    r"(?P<version>\d+(?:\.\d+)*)?"
    r"(?P<flags>[tdmu]*)w?"
    r"(?P<more>-c|-dbg|-intel64|-arm64|-32|-64|_d)?"
    r"(?:\.exe)?$",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d)(\d+)$")


class ExecutableName(NamedTuple):
    """The parts of an interpreter's name."""

    kind: Kind
    series: str | None
    """`3.12`; None where the name says none or only `3`."""
    free_threaded: bool
    debug: bool

    @property
    def tag(self) -> str | None:
        """The library folder of such an executable: `python3.12`. GraalPy calls it as CPython does."""
        kind = "pypy" if self.kind == "pypy" else "python"
        return f"{kind}{self.series}{'t' if self.free_threaded else ''}" if self.series else None


ANY = ExecutableName("python", None, free_threaded=False, debug=False)
"""Of an executable whose name says nothing."""


def parse_name(executable: str) -> ExecutableName | None:
    """The parts of a name; None for one that no interpreter has, such as `python3.12-config`.

    Debug builds are `python3.12d` (with other flags up to 3.7: `python3.7dm`), `python2.7-dbg` and, on
    Windows, `python_d.exe`; free-threaded ones `python3.13t`. pyenv-win has `python312.exe` as well.
    """
    match = _NAME.match(executable)
    if match is None:
        return None
    kind: Kind = "python"
    if match["kind"].lower() != "python":
        kind = "pypy" if match["kind"].lower() == "pypy" else "graalpy"
    flags, more = match["flags"].lower(), (match["more"] or "").lower()
    return ExecutableName(
        kind=kind,
        series=_series(match["version"] or ""),
        free_threaded="t" in flags,
        debug="d" in flags or more in ("-dbg", "_d"),
    )


def _series(version: str) -> str | None:
    compact = _COMPACT.match(version)
    parts = compact.groups() if compact else tuple(version.split("."))
    return ".".join(parts[:2]) if len(parts) > 1 else None
