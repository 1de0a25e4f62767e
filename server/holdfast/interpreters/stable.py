"""The stable path of an interpreter: the spelling that stays right across patch upgrades.

pyenv, uv, mise, asdf and Homebrew keep a link that names only X.Y beside the folders that name X.Y.Z.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from holdfast.files.reading import is_folder, list_folder, same_file, same_folder
from holdfast.host import Host
from holdfast.interpreters.compiled import Compiled, is_relocatable
from holdfast.interpreters.landmark import Prefix, has_landmark, is_root
from holdfast.interpreters.name import parse_name
from holdfast.interpreters.naming import Naming
from holdfast.interpreters.version import Version
from holdfast.links.chain import LinkChain, follow
from holdfast.typed import Literal
from holdfast.values import NamedTuple

Rank = Literal["series", "system", "conda", "executable", "unversioned", "patch"]
"""What a path says of the version, the best first.

`series`: a folder in it names X.Y and no patch. `system`: only the executable's own name says X.Y, in a
folder that upgrades keep. `conda`: it is in an environment of conda and moves with that. `executable`: a link
to the executable alone that names X.Y. `unversioned`: nothing in it names a version. `patch`: a folder names
X.Y.Z.
"""

_RANKS: tuple[Rank, ...] = ("series", "system", "conda", "executable", "unversioned", "patch")
_NEAR = 2
"""How many of the last names of a folder may speak of Python; further up they speak of other things."""


class StablePath(NamedTuple):
    """The best name for an interpreter, and what can be said for it."""

    path: Path
    rank: Rank
    reason: str
    """Why this one, as a sentence for people; without the final dot."""

    @property
    def place(self) -> int:
        """Its place among the ranks, from 0 for the best: of two names for one interpreter the lower wins."""
        return _RANKS.index(self.rank)


class _Installation(NamedTuple):
    """What every name for an interpreter has to lead to."""

    prefix: Prefix
    executable: Path
    """The real file."""
    version: Version | None
    host: Host
    naming: Naming

    @property
    def inside(self) -> Path:
        """Where the executable is in the prefix: `bin`."""
        return self.executable.parent.relative_to(self.prefix.folder)


def stable_path(
    chain: LinkChain, prefix: Prefix, version: Version | None, host: Host, compiled: Compiled
) -> StablePath:
    """The best name for the interpreter at the end of `chain`.

    Only names that prove to lead to this very installation are considered. Never one that could jump to
    another X.Y, such as `/usr/bin/python3` or `versions/latest`: after such a jump the packages of an
    environment silently leave `sys.path`.
    """
    there = _Installation(prefix, chain.end, version, host, Naming(prefix))
    if not chain.end.is_relative_to(prefix.folder):  # a copy, which finds its library elsewhere
        return _described(chain.end, chain.end.parent, there)
    own = prefix.folder / there.inside / _name(there)
    if is_folder(prefix.folder / "conda-meta"):
        return StablePath(own, "conda", "it belongs to a conda environment and moves with it")
    if in_homebrew := _of_homebrew(there, own.name):
        return in_homebrew
    folders = dict.fromkeys((*_spelled(chain, there), prefix.folder, *_siblings(chain, there)))
    found = [_described(f / there.inside / own.name, f, there) for f in folders if _is_name_of(f, own, there)]
    best = min(found, key=lambda stable: stable.place)
    return (_link_to_executable(chain, there, compiled) or best) if best.rank == "patch" else best


def _name(there: _Installation) -> str:
    """`python3.12` rather than `python`, which a later installation may take over."""
    own, tag = there.executable, there.prefix.tag
    return tag if same_file(own.with_name(tag), own) else own.name


def _spelled(chain: LinkChain, there: _Installation) -> Iterator[Path]:
    """The folders that stand for the prefix on the way of the chain."""
    depth = len(there.inside.parts)
    return (path.parents[depth] for path in _names_on(chain) if len(path.parents) > depth)


def _names_on(chain: LinkChain) -> tuple[Path, ...]:
    """How a path reads before each of its links, which is without the `..` of the links before."""
    return tuple(hop.before for hop in chain.hops if os.pardir not in hop.before.parts)


def _siblings(chain: LinkChain, there: _Installation) -> Iterator[Path]:
    """What says X.Y and no patch beside the prefix, the shortest name first."""
    for folder in dict.fromkeys(folder.parent for folder in (there.prefix.folder, *_spelled(chain, there))):
        if not is_root(folder, there.host):
            wanted = (None, "series") if there.naming.is_all_of(folder.name) else ("series",)
            names = (name for name in list_folder(folder) if there.naming.says(name) in wanted)
            yield from (folder / name for name in sorted(names, key=len))


def _is_name_of(folder: Path, own: Path, there: _Installation) -> bool:
    """Whether a folder is a name for the prefix that cannot jump to another X.Y.

    The library must be the same *folder*, and with it `lib-dynload`: an `os.py` alone may be a link, or
    a hard link, into another tree.
    """
    prefix = there.prefix
    if folder == prefix.folder:
        return True
    return (
        not is_root(folder, there.host)
        and there.host.mounts.silent(folder) is None
        and same_folder(folder / prefix.library.relative_to(prefix.folder), prefix.library)
        and same_file(folder / there.inside / own.name, own)
        and not any(there.naming.jumps(hop) for hop in follow(folder, there.host.mounts).hops)
    )


def _described(path: Path, folder: Path, there: _Installation) -> StablePath:
    """A name for the interpreter and what can be said for it; `folder` stands for the prefix in it."""
    series, parts = there.prefix.series, folder.parts
    for part in parts:
        if there.naming.says(part) == "patch":
            reason = f"it names the patch version {there.naming.patch_in(part)}: an upgrade removes it"
            return StablePath(path, "patch", reason)
    saying = [at for at, part in enumerate(parts) if at >= len(parts) - _NEAR and there.naming.says(part)]
    if saying:
        label = os.path.join(*parts[max(1, saying[-1] - 1) : saying[-1] + 1])
        reason = f"`{label}` names {series} without a patch, so it stays right {_upgrade(there)}"
        return StablePath(path, "series", reason)
    name = parse_name(path.name)
    if name and name.series == series:
        reason = f"`{path.name}` names {series} without a patch, and no folder names one"
        return StablePath(path, "system", f"{reason}, so it stays right {_upgrade(there)}")
    return StablePath(path, "unversioned", "nothing in it names a version, so another one may take its place")


def _of_homebrew(there: _Installation, name: str) -> StablePath | None:
    """`opt/python@3.12/bin/python3.12`: what is in `Cellar/python@3.12/3.12.4` goes with the next upgrade.

    Homebrew's own environments name it so, also with a framework of macOS, whose library is deeper down.
    """
    parts = there.executable.parts
    at = parts.index("Cellar") if "Cellar" in parts[:-3] else 0
    if not at or there.naming.says(parts[at + 1]) != "series":
        return None
    formula, keg = Path(*parts[:at], "opt", parts[at + 1]), Path(*parts[: at + 3])
    inside = there.executable.parent.relative_to(keg)
    path = formula / ("bin" if "Frameworks" in inside.parts else inside) / name
    return _described(path, formula, there) if same_file(path, there.executable) else None


def _link_to_executable(chain: LinkChain, there: _Installation, compiled: Compiled) -> StablePath | None:
    """A link to the executable alone that names X.Y, such as `/usr/local/bin/python3.12`.

    An environment whose `home` is its folder starts only if Python meets no landmark on the way up from there
    and then takes the prefix that it was compiled with; CPython up to 3.10 follows the link first.
    """
    if there.prefix.implementation != "cpython" or there.host.windows:
        return None
    for path in _names_on(chain):
        name = parse_name(path.name)
        if not name or name.series != there.prefix.series or not _is_safe_folder(path.parent, there):
            continue
        if is_relocatable(there.prefix, compiled(there.executable, there.prefix.tag)):
            return None
        reason = f"the link `{path.name}` names {name.series} without a patch; it can stay {_upgrade(there)}"
        return StablePath(path, "executable", reason)
    return None


def _is_safe_folder(folder: Path, there: _Installation) -> bool:
    if any(there.naming.says(part) == "patch" for part in folder.parts):
        return False
    if any(there.naming.jumps(hop) for hop in follow(folder, there.host.mounts).hops):
        return False
    tag = f"python{there.prefix.series}"
    libraries = [f"{lib}/{tag}{threads}" for lib in ("lib", "lib64") for threads in ("", "t")]
    above = [place for place in (folder, *folder.parents) if not is_root(place, there.host)]
    return not any(has_landmark(place / library) for place in above for library in libraries)


def _upgrade(there: _Installation) -> str:
    version = there.version
    if version is None or version.micro < 0:
        return "when a new patch version replaces this one"
    newer = version.micro + 1 if version.stage == "~" else version.micro
    return f"when {version.series}.{newer} replaces {version}"
