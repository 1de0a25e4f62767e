"""The machine that a command runs on."""

from pathlib import Path

from holdfast.host import Host
from holdfast.interpreters.asking import Asking
from holdfast.interpreters.memory import user_memory
from holdfast.interpreters.reader import Reader


def this_machine() -> Reader:
    """Reads this machine's interpreters, with what earlier commands have found out.

    What its files do not tell of an interpreter is asked of it, unless it stands below the working folder.
    """
    return Reader(Host.current(), user_memory(), Asking((Path.cwd(),), may_start=True))
