"""File systems for tests: mounted while they are needed, and gone however the tests end."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from downloads import unavailable

_NO_MOUNT = 77
_MEMORY = Path("/dev/shm")
_ROOM = 4 << 30
"""A run takes half of that at most."""
_SYSTEM_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def roomy_memory(room: int = _ROOM) -> Path | None:
    """The folder of a file system in memory, where there is one with so many bytes free and to spare."""
    with contextlib.suppress(OSError):
        status = os.statvfs(_MEMORY)
        free = int(re.search(r"MemAvailable: *(\d+)", Path("/proc/meminfo").read_text())[1]) << 10
        if min(status.f_bavail * status.f_frsize, free // 2) >= room and not status.f_flag & os.ST_NOEXEC:
            return _MEMORY
    return None


def disk_folder() -> Path:
    """A folder on a real disk, where people have their projects."""
    return Path("/var/tmp")


@contextlib.contextmanager
def exfat_disk(folder: Path, size: int = 1 << 30) -> Iterator[Path]:
    """A mounted exFAT file system: no links of any kind, no permission bits, and names without case.

    `size`: of the whole disk, in bytes.

    The program that serves it unmounts it when it is told to end, which the kernel does when this process
    dies; the device goes with its last user. It lies in memory if it may: ending waits until all is written.
    """
    if os.getuid() != 0:
        pytest.skip("only root may mount an exFAT disk")
    make, serve = _tool("mkfs.exfat", "exfatprogs"), _tool("mount.exfat-fuse", "exfat-fuse")
    mounted = folder / "disk"
    mounted.mkdir()
    with tempfile.NamedTemporaryFile(dir=roomy_memory() or folder) as image:
        image.truncate(size)
        device = _run("losetup", "--find", "--show", image.name)  # which keeps it for as long as it lives
    try:
        _run(make, device)
        server = _start("setpriv", "--pdeathsig", "TERM", serve, "-d", device, str(mounted))
    except BaseException:
        _run("losetup", "--detach", device)
        raise
    try:
        try:
            _wait_for(mounted, server)
        finally:
            _run("losetup", "--detach", device)  # when its last user ends
        yield mounted
    finally:
        _end(server, mounted)


def _end(server: subprocess.Popen, mounted: Path) -> None:
    """Let a disk go. libfuse sleeps on where a signal comes just before it waits for its next request."""
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(30)
        _run("umount", "--lazy", str(mounted))
    if os.path.ismount(mounted):
        _run("umount", "--lazy", str(mounted))


def server_of(mounted: Path) -> int:
    """The process that serves a mounted disk, by its number."""
    (pid,) = (
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and os.fsencode(mounted) in _command_of(entry).split(b"\0")
    )
    return pid


def _command_of(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def in_own_mounts(mount: str, folder: Path, program: str) -> str:
    """The output of a Python program that alone sees what is mounted, until it ends.

    `mount`: lines of sh, in which `$1` is the folder; the program finds the folder in sys.argv[1].
    """
    if not shutil.which("unshare"):
        pytest.skip("unshare is not installed")
    enter = ["unshare", "--mount", *(["--user", "--map-root-user"] if os.getuid() else [])]
    if subprocess.run([*enter, "true"], capture_output=True).returncode:
        pytest.skip("this user may not make mounts of their own")
    script = f'(set -e\n{mount}\n) || exit {_NO_MOUNT}\nexec "$2" -I -c "$3" "$1"'
    done = subprocess.run(
        [*enter, "sh", "-c", script, "sh", str(folder), sys.executable, program],
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode == _NO_MOUNT:
        pytest.skip(f"this machine allows no such mount: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout


def _tool(name: str, package: str) -> str:
    path = shutil.which(name, path=_SYSTEM_PATH)
    return path or unavailable(f"{name} is not installed (Debian: {package})")


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode:
        pytest.skip(f"this machine allows no {command[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def _start(*command: str) -> subprocess.Popen:
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere)


def _wait_for(mounted: Path, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 10
    while not os.path.ismount(mounted):
        if server.poll() is not None or time.monotonic() > deadline:
            pytest.skip("this machine allows no FUSE mounts")
        time.sleep(0.01)
