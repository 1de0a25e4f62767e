"""Where a new environment may be made."""

import os
import re
from pathlib import Path

from holdfast.environments.layout import CONFIG
from holdfast.errors import HoldfastError
from holdfast.files.reading import is_folder, list_folder, same_folder
from holdfast.formats.pyvenv_cfg import can_hold
from holdfast.host import Host


def refuse_unfit(destination: Path, host: Host) -> None:
    """Raise HoldfastError where nothing may be made, or would be lost; `destination` is absolute."""
    if not host.windows and ":" in os.fspath(destination):
        raise HoldfastError(f"{destination} holds a colon, which PATH cannot carry. Choose another name.")
    if re.search(r"[\r\n]", os.fspath(destination)):
        raise HoldfastError("The name holds a line break, which pyvenv.cfg cannot. Choose another name.")
    if not can_hold(destination):
        raise HoldfastError("The path holds bytes that are not UTF-8. Choose another name.")
    if not os.path.lexists(destination):
        return
    if not os.path.exists(destination):
        raise HoldfastError(f"{destination} is a link that leads nowhere. Remove it or choose another name.")
    if not is_folder(destination):
        raise HoldfastError(f"{destination} is a file. Choose another name.")
    if same_folder(destination, Path.cwd()):
        # It would be replaced, and every program that works in it would be left in a folder that is gone.
        raise HoldfastError("An environment cannot be made of the working folder itself. Give it a name.")
    if os.path.lexists(destination / CONFIG):
        raise HoldfastError(
            f"{destination} is an environment already. Choose another name, or delete it first."
        )
    if os.path.islink(destination) or list_folder(destination):
        raise HoldfastError(f"{destination} exists and is not empty. Choose another name.")
