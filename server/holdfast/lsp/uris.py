"""File URIs and paths."""

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit


def path_of(uri: str) -> Path | None:
    """The absolute path behind a file URI; None for another scheme and for what makes no sense.

    Escaped bytes that are not UTF-8 survive.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file":
        return None
    text = os.fsdecode(unquote_to_bytes(parts.path))
    if os.name == "nt":
        text = f"//{parts.netloc}{text}" if parts.netloc else text.lstrip("/")
    return Path(text) if os.path.isabs(text) and "\0" not in text else None


def uri_of(path: Path) -> str:
    """The file URI of an absolute path."""
    return path.as_uri()
