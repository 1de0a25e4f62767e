"""Launchers of Windows: the real programs, made into launchers as those who use them do."""

import hashlib
import io
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

from downloads import PIP_WHEEL, download_wheel, install_pinned
from pe_files import is_windowed, programs_in, with_resources

SCRIPT = b"import sys\nprint(sys.executable, sys.argv)\n"

UV = {
    "0.1.6": "b7a2c1863ec176fe0dc907f166c2fd351ce59591735ccf12f1bf782e09afd115",
    "0.1.8": "6366dd6404f490e79334d338286a04dfa3fecccb31fb4b92a96ee8a167967b2e",
    "0.4.30": "44c5aeb5b374f9fd1083959934daa9020db3610f0405198c5e3d8ec1f23d961d",
    "0.13.8": "cfbc13020a64cdf2f116d2936824c38edbf41e5c07f1ea291baf02e31ebf3ed0",
}
"""A version of uv, with the hash of its wheel, for each form that its launchers have had."""
SETUPTOOLS = {
    "65.5.0": "f62ea9da9ed6289bfe868cd6845968a2c854d1427f8548d52cae02a42b4f0356",
    "84.2.1": "ca140b45d5325a9478f880e351484f62fef15f336462e449ca0c03c873d589c2",
}
"""One whose launchers look beside the link that they are started by, and one whose follow it."""

with zipfile.ZipFile(PIP_WHEEL) as _wheel:
    DISTLIB = {Path(name).stem: _wheel.read(name) for name in _wheel.namelist() if name.endswith(".exe")}
"""The launchers of distlib that pip carries: `t64` has a console, `w64` none."""

# distlib writes launchers on Windows only. Its paths are put together by os.path, which stays that of POSIX.
_DISTLIB_ON_WINDOWS = """
import json, os, sys
wheel, target, wanted = sys.argv[1:]
sys.path.insert(0, wheel)
import pip._vendor.distlib.util
os.name = "nt"
from pip._vendor.distlib.scripts import ScriptMaker, enquote_executable
for name, executable in json.loads(wanted).items():
    maker = ScriptMaker(None, target)
    maker.variants = {""}
    maker.executable = enquote_executable(executable)
    maker.make(f"{name} = demo:main", {"gui": name.endswith("w")})
"""
_SETUPTOOLS_ON_WINDOWS = """
import os, sys
folder, target, name, executable = sys.argv[1:]
sys.path.insert(0, folder)
import setuptools
from setuptools._scripts import WindowsExecutableLauncherWriter as Writer
header = Writer.get_header("", [executable])
kind = "gui" if name.endswith("w") else "console"
for file, content, *_ in Writer._get_script_args(kind, name, header, "pass"):
    with open(os.path.join(target, file), "wb") as out:
        out.write(content if isinstance(content, bytes) else content.encode())
"""


def store_uv(version: str, folder: Path) -> None:
    """Fetch a uv; leave the launchers `console` and `windowed` that its executable carries.

    As yet they have neither a script nor a path.
    """
    folder.mkdir()
    wheel = download_wheel(f"uv=={version}", "win_amd64", "3.12", folder)
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() == UV[version]
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/uv.exe"))
        carried = programs_in(archive.read(name))
    wheel.unlink()
    console, windowed = (one for one in carried if b"uv.Trampoline" in one)
    assert (is_windowed(console), is_windowed(windowed)) == (False, True)
    (folder / "console").write_bytes(console)
    (folder / "windowed").write_bytes(windowed)


def fetch_setuptools(version: str, folder: Path) -> Path:
    """The folder into which a version of setuptools is installed."""
    return install_pinned(f"setuptools=={version}", SETUPTOOLS[version], folder)


def written_by_distlib(folder: Path, wanted: dict[str, str]) -> None:
    """Launchers for interpreters, by name, as pip's distlib writes them; for pythonw if it ends in w."""
    _run(_DISTLIB_ON_WINDOWS, PIP_WHEEL, folder, json.dumps(wanted))


def written_by_setuptools(setuptools: Path, folder: Path, name: str, executable: str) -> None:
    """A launcher and its script, as setuptools writes them; for pythonw.exe if the name ends in w."""
    _run(_SETUPTOOLS_ON_WINDOWS, setuptools, folder, name, executable)


def _run(program: str, *arguments: Path | str) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, *arguments], capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()


def archive(first: bytes = b"", script: bytes = SCRIPT, comment: bytes = b"") -> bytes:
    """An archive of one script. With `first` it is written behind that, and counts its offsets from there."""
    stream = io.BytesIO()
    stream.write(first)
    with zipfile.ZipFile(stream, "a") as opened:
        opened.writestr("__main__.py", script)
        opened.comment = comment
    return stream.getvalue()


def uv_with_trailer(program: bytes, magic: bytes, path: str) -> bytes:
    """As uv 0.1.8 to 0.9.8 writes it."""
    written = path.encode()
    script = b"" if magic == b"UVPY" else archive()
    return program + script + written + struct.pack("<I", len(written)) + magic


def uv_with_resources(program: bytes, kind: int, path: str, *, in_place: bool = False) -> bytes:
    """As uv 0.9.9 and later writes it, of kind 1 (script) or 2 (python)."""
    data = {"UV_TRAMPOLINE_KIND": bytes([kind]), "UV_PYTHON_PATH": path.encode()}
    if kind == 1:
        data["UV_SCRIPT_DATA"] = archive()
    return with_resources(program, 10, data, in_place=in_place)
