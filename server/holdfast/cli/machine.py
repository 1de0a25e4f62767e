"""The machine that a command runs on."""

from pathlib import Path

from holdfast.host import Host, working_folder
from holdfast.interpreters.asking import Asking
from holdfast.interpreters.memory import user_memory
from holdfast.interpreters.reader import Reader
from holdfast.workspace.root import project_root


def this_machine(*untrusted: Path) -> Reader:
    """Reads this machine's interpreters, with what earlier commands have found out.

    What its files do not tell of an interpreter is asked of it, unless it stands below the working folder, in
    its project or in one of the folders `untrusted`: a project that was named, and what its settings name.
    """
    host, here = Host.current(), working_folder()
    workspace = (here, project_root(here, host), *untrusted)
    return Reader(host, user_memory(), Asking(workspace, may_start=True))
