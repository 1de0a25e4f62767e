"""Where a new environment may be made, and what stands there."""

import os
import re
import sys
from pathlib import Path

from holdfast.creation.moving import OF_FILE_SYSTEMS
from holdfast.environments.layout import CONFIG
from holdfast.environments.proof import why_no_environment
from holdfast.errors import HoldfastError
from holdfast.files.placing import is_temporary
from holdfast.files.reading import is_folder, same_folder, why_of
from holdfast.formats.pyvenv_cfg import can_hold
from holdfast.host import Host
from holdfast.interpreters.interpreter import Interpreter
from holdfast.typed import Literal

Occupant = Literal["nothing", "folder", "environment"]
"""What stands at a destination: `folder` is an empty one."""

_LONGEST = {"linux": 4096, "darwin": 1024}
"""PATH_MAX of each system."""
_INSIDE = 256
"""Bytes for the names in an environment: those of pip take 114.

It is built under a name that may be shorter: there all would fit, and then nothing could be started.
"""


def refuse_name(destination: Path, host: Host) -> None:
    """Raise HoldfastError for a name that an environment cannot have; `destination` is absolute."""
    text = os.fspath(destination)
    if not host.windows and ":" in text:
        raise HoldfastError(f"{destination} holds a colon, which PATH cannot carry. Choose another name.")
    if re.search(r"[\r\n]", text):
        raise HoldfastError("The name holds a line break, which pyvenv.cfg cannot. Choose another name.")
    if not can_hold(destination):
        raise HoldfastError("The path holds bytes that are not UTF-8. Choose another name.")
    if len(os.fsencode(text)) > _LONGEST.get(host.platform, sys.maxsize) - _INSIDE:
        raise HoldfastError(
            "The path is so long that no program could be started by it. Choose a shorter one."
        )
    for folder in reversed(destination.parents):
        if os.path.islink(folder) and not os.path.exists(folder):
            raise HoldfastError(
                f"{folder}, on the way to the environment, is a link that leads nowhere. "
                "Mend or remove it, or choose another place."
            )
    if mount := host.mounts.silent(destination):
        raise HoldfastError(f"{mount} is a disk or share that does not answer. Choose another place.")


def refuse_prompt(prompt: str) -> None:
    """Raise HoldfastError for a prompt that pyvenv.cfg cannot hold: a line break would begin another key."""
    if not can_hold(prompt):
        raise HoldfastError("The prompt holds a line break, or bytes that are not UTF-8. Choose another one.")


def refuse_base(destination: Path, base: Interpreter) -> None:
    """Raise HoldfastError where the base lies in what is to be replaced: the new one would die with it."""
    places = (*base.chain.spellings, base.real, *((base.prefix.folder,) if base.prefix else ()))
    inside = os.path.realpath(destination)
    if any(Path(os.path.realpath(place)).is_relative_to(inside) for place in places):
        raise HoldfastError(
            f"{base.path} lies in {destination} itself. Choose another Python, or another place."
        )


def occupant(destination: Path, host: Host, *, replace: bool) -> Occupant:
    """What stands at a destination; raises HoldfastError where it would be lost, or is not to be replaced."""
    if not os.path.lexists(destination):
        return "nothing"
    if not os.path.exists(destination):
        raise HoldfastError(f"{destination} is a link that leads nowhere. Remove it or choose another name.")
    if not is_folder(destination):
        raise HoldfastError(f"{destination} is a file. Choose another name.")
    if same_folder(destination, _working_folder()):
        # It would be replaced, and every program that works in it would be left in a folder that is gone.
        raise HoldfastError("An environment cannot be made of the working folder itself. Give it a name.")
    is_empty = not any(
        name not in OF_FILE_SYSTEMS and not is_temporary(name) for name in _listed(destination)
    )
    if os.path.islink(destination):
        raise HoldfastError(
            f"{destination} is a link to {os.path.realpath(destination)}. Name that folder, or another one."
        )
    if is_empty:
        return "folder"
    if replace:
        if reason := why_no_environment(destination, host):
            raise HoldfastError(f"{destination} is not replaced: {reason}. Choose another name.")
        return "environment"
    if os.path.lexists(destination / CONFIG):
        raise HoldfastError(
            f"{destination} is an environment already. Choose another name, or replace it (--replace)."
        )
    raise HoldfastError(f"{destination} exists and is not empty. Choose another name.")


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError as error:
        raise HoldfastError(
            f"{folder} cannot be looked into: {why_of(error)}. Choose another name."
        ) from error


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:  # it was deleted, so it is no destination
        return Path(os.devnull)
