"""What starts an interpreter without being one: shims, scripts, stubs and aliases.

Which interpreter that is depends on the folder, on settings or on a shop: nothing is ever based on them.
"""

import os
from pathlib import Path

from holdfast.files.reading import is_regular_file, read_start
from holdfast.host import Host
from holdfast.links.shims.recognise import shim_at


def wrapper_of(path: Path, real: Path, host: Host) -> str | None:
    """What kind of wrapper an executable is, in words; None for a real program.

    `path` is the name it was found by, `real` the file that it leads to.
    """
    if shim := shim_at(path, real):
        return f"a {shim.manager} shim"
    if "shims" in (path.parent.name, real.parent.name):
        return "a version manager shim"
    if host.windows:
        return _of_windows(path, real)
    if host.platform == "darwin" and real.parent == host.at("/usr/bin") and real.name.startswith("python3"):
        return "Apple's stub, which starts the Python of the developer tools or offers to install them"
    return "a script, not an interpreter" if read_start(real, 2) == b"#!" else None


def _of_windows(path: Path, real: Path) -> str | None:
    if _is_store_stub(path):
        return "a stub of the Microsoft Store, which starts its Python or opens the Store"
    if real.name.lower() in ("py.exe", "pyw.exe"):
        return "the py launcher, which chooses a Python each time"
    if [part.lower() for part in real.parts[-3:-1]] == ["chocolatey", "bin"]:
        return "a Chocolatey wrapper"
    # The aliases of the Python install manager name their target in a file (pymanager, manage/aliasutils.py).
    if is_regular_file(real.with_name(f"{real.name}.__target__")):
        return "an alias of the Python install manager"
    return "a script, not an interpreter" if real.suffix.lower() in (".bat", ".cmd") else None


def _is_store_stub(path: Path) -> bool:
    """An empty file, really a reparse point, in `Microsoft/WindowsApps` or the folder of a package there."""
    parts = [part.lower() for part in path.parts[:-1]]
    inside = ["microsoft", "windowsapps"] in (parts[-2:], parts[-3:-1])
    try:
        return inside and os.lstat(path).st_size == 0
    except OSError:
        return False
