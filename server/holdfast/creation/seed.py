"""Seeding pip from the wheel that the base interpreter itself carries; nothing is fetched."""

import base64
import hashlib
import io
import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from holdfast.errors import HoldfastError
from holdfast.files.reading import is_folder, list_folder
from holdfast.formats.shebang import script_head
from holdfast.interpreters.interpreter import Interpreter

_DEBIAN_WHEELS = Path("/usr/share/python-wheels")
"""Where Debian's ensurepip keeps its wheels (WHEEL_PKG_DIR)."""

_SCRIPT = """import sys
from {module} import {function}

if __name__ == "__main__":
    sys.exit({function}())
"""


@dataclass(frozen=True)
class PipWheel:
    """The pip that an interpreter comes with."""

    path: Path
    version: str


def bundled_pip(base: Interpreter) -> PipWheel:
    """The wheel of pip in the base's ensurepip; raises HoldfastError where it has none."""
    if base.prefix:
        ensurepip = base.prefix.library / "ensurepip"
        folders = (ensurepip / "_bundled", *((_DEBIAN_WHEELS,) if is_folder(ensurepip) else ()))
        for folder in folders:
            names = [name for name in list_folder(folder) if re.match(r"pip-[\d.]+-py.*\.whl$", name)]
            if names:
                newest = max(names, key=_version_key)
                return PipWheel(folder / newest, newest.split("-")[1])
    raise HoldfastError(
        f"Python {base.version} at {base.stable} comes without pip (on Debian and Ubuntu, the package "
        "python3-venv brings it). Create the environment without pip, or choose another Python."
    )


def _version_key(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in name.split("-")[1].split(".") if part.isdigit())


@dataclass(frozen=True)
class PipTarget:
    """Where pip goes."""

    site_packages: Path
    scripts: Path
    interpreter: Path
    """What the scripts will name; it may not exist yet."""
    series: str
    """X.Y, for the name `pipX.Y`."""


def install_pip(wheel: PipWheel, target: PipTarget, step: Callable[[], None]) -> None:
    """Install pip as pip itself would: its files, RECORD, INSTALLER and scripts.

    `step` is called between files and may raise to stop.
    """
    site_packages, scripts = target.site_packages, target.scripts
    record: list[str] = []
    info = f"pip-{wheel.version}.dist-info"
    with zipfile.ZipFile(wheel.path) as archive:
        for name in archive.namelist():
            step()
            if not name.endswith(("/", ".dist-info/RECORD")):
                record.append(_write(site_packages, name, archive.read(name)))
        launcher = _windows_launcher(archive) if scripts.name == "Scripts" else None
        program = _program(archive, f"{info}/entry_points.txt")
    record.append(_write(site_packages, f"{info}/INSTALLER", b"pip\n"))
    record.append(_write(site_packages, f"{info}/REQUESTED", b""))
    for name in ("pip", "pip3", f"pip{target.series}"):
        script = scripts / (f"{name}.exe" if launcher else name)
        content = _script(target.interpreter, program, launcher)
        script.write_bytes(content)
        script.chmod(0o755)
        record.append(_record_line(os.path.relpath(script, site_packages), content))
    lines = "".join(f"{line}\n" for line in (*record, f"{info}/RECORD,,"))
    (site_packages / info / "RECORD").write_text(lines, encoding="utf-8")


def _program(archive: zipfile.ZipFile, name: str) -> bytes:
    """What the scripts run: the function that this pip names (pip 18 has it elsewhere than pip 23)."""
    match = re.search(r"^pip\s*=\s*([\w.]+):(\w+)", archive.read(name).decode("utf-8"), re.MULTILINE)
    if not match:
        raise HoldfastError("The wheel of pip names no console script.")
    return _SCRIPT.format(module=match.group(1), function=match.group(2)).encode("ascii")


def _script(interpreter: Path, program: bytes, launcher: bytes | None) -> bytes:
    head = script_head(os.fspath(interpreter))
    if launcher is None:
        return head + program
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("__main__.py", program)
    return launcher + b"#!" + os.fsencode(interpreter) + b"\n" + packed.getvalue()


def _windows_launcher(archive: zipfile.ZipFile) -> bytes:
    return archive.read("pip/_vendor/distlib/t64.exe")


def _write(folder: Path, name: str, content: bytes) -> str:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts:
        raise HoldfastError(f"The wheel of pip names a file outside its folder: {name}.")
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return _record_line(name, content)


def _record_line(name: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    path = name.replace(os.sep, "/")
    quoted = '"' + path.replace('"', '""') + '"' if "," in path else path
    return f"{quoted},sha256={digest},{len(content)}"
