"""What tests fetch from npm: programs that nothing else brings."""

import hashlib
import shutil
import subprocess
import tarfile
from base64 import b64encode
from pathlib import Path

from downloads import unavailable


def unpack_pinned(package: str, integrity: str, to: Path) -> Path:
    """The files of one package, such as `web-tree-sitter@0.27.2`, known by its hash; none of it is run."""
    npm = shutil.which("npm") or unavailable("npm is not installed")
    to.mkdir(parents=True)
    done = subprocess.run(
        [npm, "pack", "--silent", "--ignore-scripts", "--fetch-retries=1", package],
        cwd=to,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )
    archives = list(to.glob("*.tgz"))
    if done.returncode or not archives:
        unavailable(f"{package} could not be fetched: {done.stderr.strip()[-200:]}")
    content = archives[0].read_bytes()
    assert f"sha512-{b64encode(hashlib.sha512(content).digest()).decode()}" == integrity
    with tarfile.open(archives[0]) as archive:
        archive.extractall(to)
    archives[0].unlink()
    return to / "package"
