"""Giving two names each other's files in one step, where the system and the file system can."""

import os
from pathlib import Path

from holdfast.host import Host

_CALLS = {"linux": ("renameat2", -100), "darwin": ("renameatx_np", -2)}
"""The call of each system, and its AT_FDCWD."""
_EXCHANGE = 2  # RENAME_EXCHANGE of linux/fs.h, and RENAME_SWAP of macOS' sys/stdio.h


def exchange(one: Path, other: Path, host: Host) -> bool:
    """Exchange two names at once; False where that cannot be done, and then nothing has changed.

    renameat2(2) of Linux, renameatx_np(2) of macOS. ext4, xfs, btrfs, tmpfs and APFS can do it; exFAT and
    most shares cannot.
    """
    if host.platform not in _CALLS:
        return False
    try:
        import ctypes  # noqa: PLC0415 - few calls replace anything
    except ImportError:  # a Python that was built without libffi
        return False

    name, here = _CALLS[host.platform]
    call = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if call is None:  # a C library without it
        return False
    return bool(call(here, os.fsencode(one), here, os.fsencode(other), ctypes.c_uint(_EXCHANGE)) == 0)
