"""Packages and projects that tests install, made on the spot: nothing is fetched."""

import zipfile
from pathlib import Path

BACKEND = """
import os, zipfile

def build_wheel(folder, settings=None, metadata=None):
    lines = open("METADATA").read().split("\\n")
    name, version = (line.split(": ")[1] for line in lines[1:3])
    info = "%s-%s.dist-info" % (name, version)
    files = {
        info + "/METADATA": "\\n".join(lines),
        info + "/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        name + ".pth": os.path.join(os.getcwd(), "src") + "\\n",
    }
    files[info + "/RECORD"] = "".join(path + ",,\\n" for path in [*files, info + "/RECORD"])
    wheel = "%s-%s-py3-none-any.whl" % (name, version)
    with zipfile.ZipFile(os.path.join(folder, wheel), "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return wheel

build_editable = build_wheel
"""
"""A build backend that needs no package: what it builds is a link to the folder `src`."""

BUILD_SYSTEM = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


def metadata(name: str, version: str, *requires: str) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    return "\n".join([*lines, *(f"Requires-Dist: {one}" for one in requires), ""])


def make_wheel(folder: Path, name: str, version: str, *requires: str) -> Path:
    """A package of one module, which knows its version."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": metadata(name, version, *requires),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return wheel


def make_package(folder: Path, pyproject: str, *requires: str) -> Path:
    """A project that can be built: `app`, whose module `app` stands in `src`."""
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "app.py").write_text("ANSWER = 42\n")
    (folder / "backend.py").write_text(BACKEND)
    (folder / "METADATA").write_text(metadata("app", "1.0", *requires))
    (folder / "pyproject.toml").write_text(BUILD_SYSTEM + pyproject)
    return folder
