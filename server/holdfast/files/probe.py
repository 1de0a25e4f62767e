"""What a folder's file system can hold: each kind of link is tried in the folder itself, and removed again.

The name of a file system says little (two CIFS mounts may differ), and success proves nothing: some layers
report a link and make none, or a copy.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from holdfast.files.placing import temporary_sibling
from holdfast.files.reading import is_folder, link_text
from holdfast.typed import Literal
from holdfast.values import NamedTuple

_PRETENDED = "its file system reports success, but makes none"
_DENIED = "permission is denied"
_UNSUPPORTED = "its file system cannot hold them"
_NO_FILES = "its file system takes no files"
_WORDS: dict[int | None, str] = {
    errno.ENOENT: "it does not exist",
    errno.ENOTDIR: "it is not a folder",
    errno.EACCES: _DENIED,
    errno.EROFS: "its file system is read-only",
    errno.ENOSPC: "its file system is full",
    errno.EDQUOT: "the quota of its file system is used up",
    errno.ELOOP: "its links lead in a circle",
    # link(2) and symlink(2) say EPERM; SMB, FUSE and WebDAV the others.
    errno.EPERM: _UNSUPPORTED,
    errno.ENOSYS: _UNSUPPORTED,
    errno.EOPNOTSUPP: _UNSUPPORTED,
    errno.ENODATA: _UNSUPPORTED,
}
_WORDS_BY_WINDOWS: dict[int | None, str] = {
    1: _UNSUPPORTED,
    50: _UNSUPPORTED,
    1314: "Windows allows it in developer mode or to administrators only",
}

Ability = Literal[
    "symlinks", "folder_symlinks", "hardlinks", "junctions", "executable_bits", "case_sensitive"
]
_ABILITIES: tuple[Ability, ...] = (
    "symlinks",
    "folder_symlinks",
    "hardlinks",
    "junctions",
    "executable_bits",
    "case_sensitive",
)


class LinkSupport(NamedTuple):
    """What can be made in a folder."""

    symlinks: bool = False
    """Symbolic links to files."""
    folder_symlinks: bool = False
    """Symbolic links to folders, for which Windows asks separately; the same elsewhere."""
    hardlinks: bool = False
    junctions: bool = False
    """Links of Windows to folders, for which it asks nothing."""
    executable_bits: bool = False
    """Whether a file can be made executable, and the opposite."""
    case_sensitive: bool = False
    """Whether names that differ in case only are two names."""
    noexec: bool = False
    """Whether it is mounted so that no program in it can be started."""
    refusals: Mapping[Ability, str] = MappingProxyType({})
    """Why it lacks an ability, as half a sentence; a name for each field that is False."""
    unusable: str | None = None
    """Why nothing at all can be made in the folder, as half a sentence."""


def probe_links(folder: Path) -> LinkSupport:
    """Find out what can be made in a folder; it is left as it was, whatever happens.

    Raises nothing: a folder that is missing, denied, full or read-only gives the reason.
    """
    bench = _Bench(folder)
    try:
        try:
            return _tried(bench)
        finally:
            bench.clear()
    finally:
        bench.clear()  # again: Ctrl+C may have come in the middle of the first


class _Bench:
    """The entries that are made in a folder to try it, under names that nothing else has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: list[Path] = []

    def make(self, create: Callable[[Path], object]) -> Path:
        path = temporary_sibling(self.folder / "probe")
        self._made.append(path)  # first: Ctrl+C may come right after it is made
        try:
            create(path)
        except FileExistsError:
            self._made.remove(path)  # it is somebody else's
            raise
        return path

    def clear(self) -> None:
        for path in reversed(self._made):
            with contextlib.suppress(OSError, ValueError):
                # A junction is a folder to lstat, and rmdir takes away the junction alone.
                remove = os.rmdir if stat.S_ISDIR(os.lstat(path).st_mode) else os.unlink
                remove(path)


def _tried(bench: _Bench) -> LinkSupport:
    noexec = _is_noexec(bench.folder)
    try:
        file, folder = _ground(bench)
    except (OSError, ValueError) as error:
        reason = _why_unusable(bench.folder, error)
        return LinkSupport(noexec=noexec, refusals=dict.fromkeys(_ABILITIES, reason), unusable=reason)
    trials: dict[Ability, Callable[[], None]] = {
        "symlinks": lambda: _try_symlink(bench, file),
        "folder_symlinks": lambda: _try_symlink(bench, folder),
        "hardlinks": lambda: _try_hardlink(bench, file),
        "junctions": lambda: _try_junction(bench, folder),
        "executable_bits": lambda: _try_executable_bit(file),
        "case_sensitive": lambda: _try_case(file),
    }
    refusals = {ability: why for ability, trial in trials.items() if (why := _refusal_of(trial))}
    return LinkSupport(
        symlinks="symlinks" not in refusals,
        folder_symlinks="folder_symlinks" not in refusals,
        hardlinks="hardlinks" not in refusals,
        junctions="junctions" not in refusals,
        executable_bits="executable_bits" not in refusals,
        case_sensitive="case_sensitive" not in refusals,
        noexec=noexec,
        refusals=refusals,
    )


def _ground(bench: _Bench) -> tuple[Path, Path]:
    """A file and a folder to try things on."""
    first = bench.make(_make_file)
    bench.clear()
    if os.path.lexists(first):  # the folder is append-only, or has such an access list
        raise OSError(f"what is made in it cannot be removed again, and {first.name} was left there")
    return bench.make(_make_file), bench.make(os.mkdir)


def _refusal_of(trial: Callable[[], None]) -> str | None:
    try:
        trial()
    except (OSError, NotImplementedError) as error:
        return _in_words(error)
    return None


def _make_file(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _try_symlink(bench: _Bench, target: Path) -> None:
    folder = target.is_dir()
    link = bench.make(lambda path: os.symlink(target.name, path, target_is_directory=folder))
    if link_text(link) != target.name or not _is_same(link, target):
        raise OSError(_PRETENDED)


def _try_hardlink(bench: _Bench, target: Path) -> None:
    link = bench.make(lambda path: os.link(target, path))
    if not _is_same(link, target) or os.stat(target).st_nlink != 2:  # noqa: PLR2004 - it has two names now
        raise OSError(_PRETENDED)


def _try_junction(bench: _Bench, target: Path) -> None:
    try:
        from _winapi import CreateJunction  # type: ignore[attr-defined]  # noqa: PLC0415 - Windows alone has it
    except ImportError:
        raise OSError("only Windows has them") from None
    link = bench.make(lambda path: CreateJunction(os.fspath(target), os.fspath(path)))
    if link_text(link) is None or not _is_same(link, target):
        raise OSError(_PRETENDED)


def _try_executable_bit(file: Path) -> None:
    for mode, meant in ((0o700, True), (0o600, False)):
        os.chmod(file, mode)
        if bool(os.stat(file).st_mode & stat.S_IXUSR) != meant:
            raise OSError("its files keep no permission bits")


def _try_case(file: Path) -> None:
    if os.path.lexists(file.with_name(file.name.swapcase())):
        raise OSError("names that differ in case only are one name there")


def _is_same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _is_noexec(folder: Path) -> bool:
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_NOEXEC)
    except (AttributeError, OSError, ValueError):  # Windows has neither, macOS not the flag
        return False


def _why_unusable(folder: Path, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EPERM:
        return _DENIED  # never that there are no such things, as it is for links
    if isinstance(error, OSError) and error.errno == errno.ENOENT and os.path.exists(folder):
        # /proc; and what Windows says of a file for a folder
        return _NO_FILES if is_folder(folder) else _WORDS[errno.ENOTDIR]
    words = _in_words(error)
    return _NO_FILES if words == _UNSUPPORTED else words


def _in_words(error: Exception) -> str:
    """Why something was refused, as half a sentence."""
    if not isinstance(error, OSError):
        return "no folder can have its name" if isinstance(error, ValueError) else _UNSUPPORTED
    if words := _WORDS_BY_WINDOWS.get(getattr(error, "winerror", None)) or _WORDS.get(error.errno):
        return words
    return error.strerror or str(error)
