"""What the manager of a shim would start."""

from pathlib import Path

from holdfast.host import Host
from holdfast.links.shims import asdf, mise, pyenv
from holdfast.links.shims.choice import Choice
from holdfast.links.shims.shim import Shim

_CHOOSE = {"pyenv": pyenv.choose, "asdf": asdf.choose, "mise": mise.choose}


def choice_of(shim: Shim, folder: Path, host: Host) -> Choice | None:
    """The program that a shim would start if it were called in a folder; None where nobody asks for one."""
    return _CHOOSE[shim.manager](shim, folder, host)
