"""What is installed in an environment, by the names in its folders: nothing in them is walked through."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from holdfast.environments.environment import Environment
from holdfast.files.reading import is_folder, list_folder
from holdfast.health.origin import Origin
from holdfast.health.scripts import Alike, Scripts

_OF_MAKERS = re.compile(r"_virtualenv\.(py|pth)|__pycache__|\..*|README.*")
"""What makers put into site-packages, and what is no package."""
_PROGRAMS = re.compile(
    r"(python|pypy|graalpy|libpypy|activate|deactivate|𝜋)|(pydoc\.bat|pydoc)$", re.IGNORECASE
)
"""What makers put into the folder of programs, as names begin."""


@dataclass(frozen=True)
class Installed:
    """The packages of an environment."""

    environment: Environment
    tag: str | None
    """What its interpreter calls its library: `python3.12`."""
    programs: Scripts
    origin: Origin | None

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """The folders in which the interpreter looks for packages, whether they exist or not."""
        path = self.environment.path
        if self.environment.layout.python.endswith(".exe"):
            return (path / "Lib" / "site-packages",)
        if self.tag is None:
            return ()
        old = (path / "site-packages",) if self.tag.startswith("pypy") else ()
        return (*(path / lib / self.tag / "site-packages" for lib in ("lib", "lib64")), *old)

    @cached_property
    def exists(self) -> bool:
        """Whether one of them is there."""
        return any(is_folder(folder) for folder in self.folders)

    @cached_property
    def names(self) -> tuple[tuple[Path, tuple[str, ...]], ...]:
        """Each of them with the names in it; a folder that is there by two names only once."""
        listed = ((folder, list_folder(folder)) for folder in self.folders if not _is_second(folder))
        return tuple((folder, names) for folder, names in listed if names)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in them but what whoever made the environment put there."""
        return not any(_without_makers(names) for _, names in self.names)

    @cached_property
    def elsewhere(self) -> tuple[Path, ...]:
        """The folders with packages of another X.Y, into which this interpreter does not look."""
        others = (path for path in self.environment.site_packages if path.parent.name in self._other_tags)
        return tuple(path for path in others if packages_in(path))

    @property
    def _other_tags(self) -> tuple[str, ...]:
        return tuple(tag for tag in self.environment.tags if self.tag and tag != self.tag)

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The scripts that packages left: what has the environment's Python in its first line."""
        left = (name for one in self.programs.of_python if self._is_own(one) for name in one.names)
        return tuple(sorted(name for name in left if not _PROGRAMS.match(name)))

    def _is_own(self, alike: Alike) -> bool:
        # That of an environment which was moved is gone, or that of which this is a copy; another one
        # installed no package here.
        path, origin = alike.interpreter, self.origin
        if path is None or (origin and origin.holds(path)):
            return True
        return self.programs.reaches[path].state in ("own", "missing", "loop")

    def files(self, *endings: str) -> Iterator[Path]:
        """What stands directly in them and has one of these endings."""
        for folder, names in self.names:
            yield from (folder / name for name in names if name.endswith(endings))


def _is_second(folder: Path) -> bool:
    """Whether a folder is the `lib64` that is a link to `lib`."""
    lib = folder.parent.parent
    return lib.name == "lib64" and lib.is_symlink()


def _without_makers(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if not _OF_MAKERS.fullmatch(name))


def packages_in(folder: Path) -> tuple[str, ...]:
    """The names in a folder of packages, without what whoever made the environment put there."""
    return _without_makers(list_folder(folder))
