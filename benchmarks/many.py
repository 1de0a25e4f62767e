"""Many environments as people have them: each with pip and thirty scripts, all its paths its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from creating import BIN

SCRIPTS = 30
"""In each; `pip install` of a handful of tools leaves as many."""

_LARGE = {"pip", "__pycache__"}
"""What is in site-packages of the first one only: nobody looks into it."""


def make_many(base: str, holdfast: tuple[str, ...], folder: Path, count: int) -> list[Path]:
    """One environment, made by Holdfast, and copies of it that are as if each had been made in its place."""
    first = folder / "project-0" / ".venv"
    first.parent.mkdir(parents=True)
    subprocess.run(
        [*holdfast, "create", str(first), "--python", base, "--no-alias"], capture_output=True, check=True
    )
    _add_scripts(first)
    others = [folder / f"project-{number}" / ".venv" for number in range(1, count)]
    for other in others:
        _copy(first, other)
    return [first, *others]


def _add_scripts(environment: Path) -> None:
    scripts = environment / BIN
    there = sum(path.read_bytes()[:2] == b"#!" for path in scripts.iterdir() if not path.is_symlink())
    for number in range(there, SCRIPTS):
        script = scripts / f"tool-{number}"
        text = f"#!{scripts / 'python'}\nimport sys\nfrom tool import main\n\nsys.exit(main())\n"
        script.write_text(text, encoding="utf-8")
        script.chmod(0o755)


def _copy(first: Path, other: Path) -> None:
    here, there = os.fsencode(first), os.fsencode(other)

    def copy(source: str, target: str) -> None:
        if f"{os.sep}site-packages{os.sep}" in source:
            os.link(source, target)
            return
        Path(target).write_bytes(Path(source).read_bytes().replace(here, there))
        shutil.copymode(source, target)

    def left_out(folder: str, names: list[str]) -> set[str]:
        return _LARGE.intersection(names) if folder.endswith("site-packages") else set()

    shutil.copytree(first, other, symlinks=True, copy_function=copy, ignore=left_out)
