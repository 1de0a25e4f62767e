"""conda, mamba and micromamba, and pixi: each of their environments is an installation of its own."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import (
    folder_from,
    local_app_data,
    named,
    named_in_list,
    of_prefix,
    program_data,
)
from holdfast.host import Host

_ROOTS = (
    "miniconda3",
    "anaconda3",
    "miniforge3",
    "mambaforge",
    "micromamba",
    "miniconda",
    "anaconda",
    "conda",
)

_LIST_LIMIT = 1_000_000
_MOST_LINES = 5_000
"""Of environments.txt: people have dozens, and nobody cleans it."""


def _interpreters(folders: Folders) -> Iterator[Path]:
    for prefix in _prefixes(folders):
        yield from of_prefix(folders, prefix)


def _prefixes(folders: Folders) -> Iterator[Path]:
    """The roots, their environments, and the environments elsewhere."""
    roots = tuple(root for root in dict.fromkeys(_roots(folders.host)) if folders.is_folder(root))
    for root in roots:
        yield root
        yield from folders.inside(root / "envs")
    for shelf in _shelves(folders, roots):
        yield from folders.inside(shelf)
    yield from _listed(folders)


def _roots(host: Host) -> Iterator[Path]:
    yield from named(host, "CONDA_PREFIX", "MAMBA_ROOT_PREFIX", "CONDA_ROOT")
    for executable in named(host, "CONDA_EXE", "MAMBA_EXE"):  # ROOT/bin/conda, ROOT\Scripts\conda.exe
        yield executable.parent.parent
    parents = [host.home, host.home / "opt"]
    if host.windows:
        tools = (host.at(text) for text in ("C:\\", "C:\\tools"))  # Chocolatey's packages use the second
        parents += [local_app_data(host), program_data(host), *tools]
    else:
        parents += [host.at(text) for text in ("/opt", "/usr/local", "/")]
        yield host.home / ".local" / "share" / "mamba"
    yield from (parent / name for parent in parents for name in _ROOTS)
    if host.platform == "darwin":  # Homebrew's casks
        casks = (host.at(text) for text in ("/opt/homebrew/Caskroom", "/usr/local/Caskroom"))
        yield from (
            cask / name / "base" for cask in casks for name in ("miniforge", "miniconda", "mambaforge")
        )


def _shelves(folders: Folders, roots: tuple[Path, ...]) -> Iterator[Path]:
    """Folders that hold environments side by side."""
    host = folders.host
    yield host.home / ".conda" / "envs"
    if host.windows:
        yield local_app_data(host) / "conda" / "conda" / "envs"
    yield from named_in_list(host, "CONDA_ENVS_PATH")
    yield from named_in_list(host, "CONDA_ENVS_DIRS")
    settings = (host.home, host.home / ".conda", host.home / ".config" / "conda", *roots)
    for file in (*named(host, "CONDARC"), *(folder / ".condarc" for folder in settings)):
        yield from _envs_dirs(folders.text(file, _LIST_LIMIT), host)


def _envs_dirs(condarc: str, host: Host) -> Iterator[Path]:
    """The list `envs_dirs` as people and `conda config` write it: one item a line."""
    inside = False
    for line in condarc.splitlines():
        item = line.strip()
        if item.startswith("-"):
            text = item[1:].strip().strip("\"'")
            if inside and (folder := folder_from(host, text)):
                yield folder
        elif item and not item.startswith("#"):
            inside = item in ("envs_dirs:", "envs_path:")


def _listed(folders: Folders) -> Iterator[Path]:
    """The environments that conda and micromamba wrote down when they made them."""
    host = folders.host
    file = host.home / ".conda" / "environments.txt"
    lines = dict.fromkeys(line.strip() for line in folders.text(file, _LIST_LIMIT).split("\n"))
    prefixes = [line for line in lines if host.is_absolute(line)]
    if len(prefixes) > _MOST_LINES:
        folders.pass_over(file, f"only its first {_MOST_LINES:,} environments were looked at")
    yield from (host.at(line) for line in prefixes[:_MOST_LINES])


def _of_pixi(folders: Folders) -> Iterator[Path]:
    """What `pixi global` installed; the environments of projects stand in the projects."""
    for home in (*named(folders.host, "PIXI_HOME"), folders.host.home / ".pixi"):
        yield from folders.inside(home / "envs")


def _pixi_interpreters(folders: Folders) -> Iterator[Path]:
    for prefix in _of_pixi(folders):
        yield from of_prefix(folders, prefix)


CONDA = Locator("conda", _interpreters, _prefixes)
PIXI = Locator("pixi", _pixi_interpreters, _of_pixi)
