"""The stable path of an interpreter: the spelling that stays right across patch upgrades.

pyenv, uv, mise, asdf and Homebrew keep a link that names only X.Y beside the folders that name X.Y.Z.
"""

import os
import re
from pathlib import Path

from holdfast.files.reading import is_regular_file, list_folder, same_folder
from holdfast.interpreters.landmark import Prefix, series_of
from holdfast.links.chain import LinkChain

_PATCH = re.compile(r"\d+\.\d+\.\d+")
_PINS_SERIES, _SYSTEM, _PINS_PATCH, _MOVES = range(4)


def stable_path(chain: LinkChain, prefix: Prefix) -> Path:
    """The best name for the interpreter at the end of `chain`.

    Only names that prove to lead to this very installation are considered. Never one that could jump to
    another X.Y, such as `/usr/bin/python3` or `versions/latest`: after such a jump the packages of an
    environment silently leave `sys.path`.
    """
    inside = chain.end.relative_to(prefix.folder)
    depth = len(inside.parts) - 1
    spelled = [path.parents[depth] for path in chain.spellings if len(path.parents) > depth]
    beside = [prefix.folder.parent / name for name in _series_links(prefix)]
    folders = [f for f in (*spelled, *beside) if _leads_to(f, prefix)] or [prefix.folder]
    best = min(dict.fromkeys(folders), key=lambda folder: _rank(folder, prefix))
    return best / inside.parent / _name(prefix.folder / inside.parent, prefix.tag, inside.name)


def _series_links(prefix: Prefix) -> list[str]:
    """The names beside the prefix's folder that say X.Y but no patch, and are links."""
    says_series = re.compile(rf"(?<![\d.]){re.escape(series_of(prefix.tag))}(?![\d.])")
    folder = prefix.folder.parent
    return [n for n in list_folder(folder) if says_series.search(n) and (folder / n).is_symlink()]


def _leads_to(folder: Path, prefix: Prefix) -> bool:
    library = folder / prefix.library.relative_to(prefix.folder)
    return folder != Path(folder.anchor) and same_folder(library, prefix.library)


def _rank(folder: Path, prefix: Prefix) -> int:
    text = os.fspath(folder)
    if _PATCH.search(text):
        return _PINS_PATCH
    if re.search(rf"(?<![\d.]){re.escape(series_of(prefix.tag))}(?![\d.])", text):
        return _PINS_SERIES
    return _SYSTEM if folder == prefix.folder else _MOVES


def _name(folder: Path, tag: str, fallback: str) -> str:
    """`python3.12` rather than `python3`, which a later installation may take over."""
    return tag if is_regular_file(folder / tag) else fallback
