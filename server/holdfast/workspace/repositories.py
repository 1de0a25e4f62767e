"""The git repositories around what a look meets, and which files they track. Git itself is never started."""

import os
from pathlib import Path

from holdfast.files.reading import is_folder, read_bounded
from holdfast.formats.git_index import LARGEST, GitIndex, parse_git_file, parse_index
from holdfast.host import Host
from holdfast.values import NamedTuple

_LONGEST_GIT_FILE = 8192
_NOTHING = GitIndex(())


class Repository(NamedTuple):
    """A working tree and its index."""

    top: Path
    """The folder in which `.git` is, without links on the way."""
    index_file: Path
    """The file in which these stand; it may be missing."""
    files: GitIndex

    def name_of(self, path: Path) -> bytes:
        """What git calls a path below its top, which has no links on the way."""
        return os.fsencode("" if path == self.top else path.relative_to(self.top).as_posix())


class Repositories:
    """Finds the repository of a folder, and reads its index once; one serves a single look.

    What git does not track here, in the end: all that lies in no repository, in one on a disk that does not
    answer, or in one whose index cannot be read: it is too large, is split (`core.splitIndex`) or is damaged.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self._around: dict[str, Repository | None] = {}
        self._real_of: dict[Path, Path | None] = {}

    def tracked(self, file: Path) -> bool:
        """Whether git tracks a file or link, such as `PROJECT/.vscode/settings.json`, at an absolute path.

        That is: whether it is committed, or is going to be with the next commit (`git ls-files` lists it).
        The file itself may be gone. Links in the path's folders are followed, the last name is not.
        """
        real = self._real(file.parent)
        repository = self._of(real) if real else None
        return bool(real and repository and repository.files.holds(repository.name_of(real / file.name)))

    def tracked_below(self, folder: Path) -> tuple[str, ...]:
        """The files in a folder and below it that git tracks: their paths from that folder on, with `/`.

        A submodule in it counts as one file.
        """
        real = self._real(folder)
        repository = self._of(real) if real else None
        if real is None or repository is None:
            return ()
        name = repository.name_of(real)
        start = len(name) + 1 if name else 0
        return tuple(os.fsdecode(one[start:]) for one in repository.files.below(name))

    def around(self, folder: Path) -> Path | None:
        """The top of the repository in which a folder lies, without links on the way; None outside of any."""
        real = self._real(folder)
        repository = self._of(real) if real else None
        return repository.top if repository else None

    def index_around(self, folder: Path) -> Path | None:
        """The index of the repository in which a folder lies: on that rests what is told of it."""
        real = self._real(folder)
        repository = self._of(real) if real else None
        return repository.index_file if repository else None

    def _real(self, folder: Path) -> Path | None:
        if folder not in self._real_of:
            is_silent = self.host.mounts.silent(folder) is not None
            self._real_of[folder] = None if is_silent else Path(os.path.realpath(folder))
        return self._real_of[folder]

    def _of(self, folder: Path) -> Repository | None:
        """The repository of a folder without links on the way: each folder is looked into once."""
        here = os.fspath(folder)
        passed = []
        while here not in self._around:
            passed.append(here)
            above = os.path.dirname(here)
            own = self._at(here)
            if own or above == here:
                self._around[here] = own
            else:
                here = above
        found = self._around[here]
        self._around.update(dict.fromkeys(passed, found))
        return found

    def _at(self, folder: str) -> Repository | None:
        """The repository whose top a folder is."""
        git = self._git_folder(os.path.join(folder, ".git"))
        if git is None or not os.path.lexists(os.path.join(git, "HEAD")):  # git passes others over, too
            return None
        content = read_bounded(Path(git, "index"), LARGEST)
        index = parse_index(content) if isinstance(content, bytes) else None
        return Repository(Path(folder), Path(git, "index"), index or _NOTHING)

    def _git_folder(self, path: str) -> str | None:
        """Where a repository's own files are: `.git`, or what a file of that name leads to."""
        if not os.path.lexists(path) or self.host.mounts.silent(Path(path)):
            return None
        if is_folder(Path(path)):
            return path
        content = read_bounded(Path(path), _LONGEST_GIT_FILE)
        named = parse_git_file(content) if isinstance(content, bytes) else None
        if named is None:
            return None
        git = os.path.join(os.path.dirname(path), os.fsdecode(named))
        return None if self.host.mounts.silent(Path(git)) else git
