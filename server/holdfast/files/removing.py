"""Removing what was made, without following a link out of it."""

import errno
import os
import stat
import time
from pathlib import Path

_TRIES = 20
_PAUSE = 0.05
"""Seconds. NFS and FUSE keep a program that still runs under another name in its folder, until it ends."""


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder; what is not there is no error.

    No link is followed. Folders without write permission are given it: some packages install such. Raises
    OSError where something stays.
    """
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(status.st_mode):
        os.unlink(path)
    elif getattr(status, "st_reparse_tag", 0):
        os.rmdir(path)  # a junction is a folder to lstat; what it leads to stays
    else:
        _remove_folder(path)


def _remove_folder(folder: Path) -> None:
    for _ in range(_TRIES):
        try:
            _remove_at_once(folder)
        except OSError as error:  # noqa: PERF203 - it waits anyway
            if error.errno != errno.ENOTEMPTY:
                raise
            time.sleep(_PAUSE)
        else:
            return
    _remove_at_once(folder)


def _remove_at_once(folder: Path) -> None:
    import shutil  # noqa: PLC0415 - most runs remove nothing

    try:
        shutil.rmtree(folder)
    except PermissionError:
        os.chmod(folder, stat.S_IRWXU)
        for parent, names, _ in os.walk(folder):  # follows no link, and looks into a folder after this
            for name in names:
                inner = os.path.join(parent, name)
                if not os.path.islink(inner):
                    os.chmod(inner, stat.S_IRWXU)
        shutil.rmtree(folder)
