"""RECORD: the list of an installed package's files, by which installers check and remove it."""

import binascii
from collections.abc import Iterable

# hashlib loads OpenSSL, which takes 2 ms; `random` of the standard library goes the same way round it.
try:
    from _sha2 import sha256  # type: ignore[import-not-found]  # since 3.12
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found]
    except ImportError:
        from hashlib import sha256

_URL_SAFE = str.maketrans("+/", "-_")


def digest_of(content: bytes) -> str:
    """The SHA-256 of a content, as RECORD writes it: URL-safe base64 without padding."""
    text = binascii.b2a_base64(sha256(content).digest(), newline=False).decode()
    return text.translate(_URL_SAFE).rstrip("=")


def record_line(path: str, digest: str = "", size: int | str = "") -> str:
    """The line of a file by its path from site-packages; bytecode and RECORD itself have no digest."""
    path = path.replace("\\", "/")
    if "," in path or '"' in path:
        path = '"' + path.replace('"', '""') + '"'
    return f"{path},{f'sha256={digest}' if digest else ''},{size}"


def record_of(lines: Iterable[str]) -> bytes:
    """The file, sorted as pip sorts it."""
    return "".join(f"{line}\n" for line in sorted(lines)).encode("utf-8", "surrogateescape")
