"""What the editor holds that is not on the disk yet."""

import re
from pathlib import Path

from pygls.workspace import Workspace

from holdfast.files.reading import Unreadable, read_bounded
from holdfast.lsp.uris import path_of

_LIMIT = 1_000_000


def unsaved_reason(workspace: Workspace, path: Path) -> str | None:
    """Why a file must not be rewritten now: an editor holds another text of it. None where it may be."""
    for uri, document in workspace.text_documents.items():
        opened = path_of(uri)
        if opened is None or not _is_same(opened, path):
            continue
        content = read_bounded(path, _LIMIT)
        if isinstance(content, Unreadable) or _lines(content) != _text_lines(document.source):
            return f"{path} has unsaved changes in the editor. Save or revert it, then repair again."
    return None


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one == other or one.samefile(other)
    except OSError:
        return False


def _lines(content: bytes) -> list[str]:
    return _text_lines(content.decode("utf-8-sig", "replace"))


def _text_lines(text: str) -> list[str]:
    """Lines without their ends, which an editor may show in one style."""
    return re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
