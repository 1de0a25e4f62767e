"""An environment on a disk that can hold links, named by a file where it was wanted: a redirect file.

Drafts of PEP 832 had them (see formats/redirect.py). `uv run`, `uv sync` and stdlib venv fail on such a file,
and some tools take the system's Python instead; who is given one is told so.
"""

import binascii
import os
from pathlib import Path

from holdfast.creation.destination import refuse_name
from holdfast.creation.plan import Request
from holdfast.environments.layout import REDIRECT
from holdfast.errors import HoldfastError
from holdfast.files.placing import temporary_sibling, write_atomically
from holdfast.files.reading import is_regular_file, read_bounded
from holdfast.formats.redirect import parse_redirect, redirect_content
from holdfast.host import Host

WARNING = (
    "Redirect files are new: Holdfast follows them; many tools do not yet, and fail or take another Python."
)
_LONGEST = 8192


def redirected(request: Request, folder: Path | None, host: Host) -> Request:
    """The same environment at a place of its own below `folder`, for a request whose destination names it.

    Raises HoldfastError where the destination has not the name of such files, where it is taken by anything
    but a redirect file to that place, or where there is no such folder: a user without a home.
    """
    wanted = request.destination
    refuse_name(wanted, host)
    if wanted.name != REDIRECT:
        raise HoldfastError(
            f"A file is followed to an environment only where its name is {REDIRECT}, not {wanted.name}. "
            "Choose that name, or leave --redirect out."
        )
    if folder is None:
        raise HoldfastError("You have no home folder in which the environment could be kept.")
    number = binascii.crc32(os.fsencode(wanted))
    place = folder / "environments" / f"{wanted.parent.name or 'root'}-{number:08x}"
    if os.path.lexists(wanted) and _named_in(wanted) != os.fspath(place):
        raise HoldfastError(f"{wanted} is there already and does not name {place}. Move it away first.")
    _refuse_unwritable(wanted.parent)
    return request._replace(destination=place, prompt=request.prompt or wanted.name)


def _refuse_unwritable(folder: Path) -> None:
    """Raise HoldfastError where no file can be made: before an environment is made for it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial = temporary_sibling(folder / "redirect")
        trial.touch(exist_ok=False)
        trial.unlink()
    except OSError as error:
        raise HoldfastError(f"Nothing can be written in {folder}: {error.strerror or error}.") from error


def write_redirect(wanted: Path, environment: Path) -> None:
    """Let a file name the environment; raises OSError where it cannot be written."""
    if _named_in(wanted) != os.fspath(environment):
        write_atomically(wanted, redirect_content(os.fspath(environment)))


def _named_in(file: Path) -> str | None:
    content = read_bounded(file, _LONGEST) if is_regular_file(file) else None
    return parse_redirect(content) if isinstance(content, bytes) else None
