"""Interpreters with a layout of their own, such as PyPy: their own venv makes it, in our staging folder."""

from pathlib import Path

from holdfast.cancellation import Cancellation
from holdfast.creation.base import Base
from holdfast.creation.child import Child
from holdfast.creation.plan import Links, Plan
from holdfast.errors import HoldfastError

_PATIENCE = 300.0


def run_own_venv(plan: Plan, base: Base, environment: Path, cancellation: Cancellation) -> Links:
    """Let the base make the folders and its interpreter; what embeds the path, we write afterwards.

    Raises HoldfastError with its last words where it fails.
    """
    links: Links = "symlink" if plan.links[0] == "symlink" else "copy"
    way = "--symlinks" if links == "symlink" else "--copies"
    command: list[str | Path] = [base.path, "-I", "-m", "venv", "--without-pip", way, environment]
    with Child(command) as child:
        ended = child.wait(cancellation, _PATIENCE)
    if ended is None:
        raise HoldfastError(f"{base.interpreter.title} did not make its environment within five minutes.")
    if ended.code != 0:
        raise HoldfastError(f"{base.interpreter.title} could not make its environment: {ended.last_words}")
    return links
