"""What several locators share: where programs keep their data, and how installations lie in a folder."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.host import Host
from holdfast.typed import Literal

_XDG = {
    "data": ("XDG_DATA_HOME", ".local/share", "Library/Application Support"),
    "config": ("XDG_CONFIG_HOME", ".config", "Library/Application Support"),
    "cache": ("XDG_CACHE_HOME", ".cache", "Library/Caches"),
}


def folder_from(host: Host, text: str) -> Path | None:
    """The folder that a setting's text means; None where it is not absolute. `~` is the home folder."""
    if text.startswith(("~/", "~\\")):
        return host.home / text[2:]
    return host.at(text) if host.is_absolute(text) else None


def named(host: Host, *variables: str) -> Iterator[Path]:
    """The folders that environment variables name, of those that name one."""
    texts = (host.env.get(variable, "") for variable in variables)
    yield from filter(None, (folder_from(host, text) for text in texts))


def named_in_list(host: Host, variable: str) -> Iterator[Path]:
    """The absolute folders in an environment variable that holds several, as PATH does."""
    texts = host.env.get(variable, "").split(";" if host.windows else ":")
    return (host.at(text) for text in texts if host.is_absolute(text))


def user_folders(host: Host, kind: Literal["data", "config", "cache"], program: str) -> Iterator[Path]:
    """Where a program may keep a user's files, by the rules of the library platformdirs.

    Windows: local or roaming, with the program's name once or twice, as its authors chose. Elsewhere by
    the XDG variables and by the system's own rule: a program may have run without the variable.
    """
    if host.windows:
        for folder in (local_app_data(host), roaming_app_data(host)):
            for path in (folder / program, folder / program / program):
                yield path / "Cache" if kind == "cache" else path
        return
    variable, linux, mac = _XDG[kind]
    for folder in named(host, variable):
        yield folder / program
    yield host.home / (mac if host.platform == "darwin" else linux) / program


def local_app_data(host: Host) -> Path:
    """`%LocalAppData%`."""
    return host.folder_of("LOCALAPPDATA") or host.home / "AppData" / "Local"


def roaming_app_data(host: Host) -> Path:
    """`%AppData%`."""
    return host.folder_of("APPDATA") or host.home / "AppData" / "Roaming"


def program_data(host: Host) -> Path:
    """`%ProgramData%`."""
    return host.folder_of("PROGRAMDATA") or host.at("C:\\ProgramData")


def of_prefix(folders: Folders, prefix: Path) -> Iterator[Path]:
    """The executables of one installation: in its `bin`, on Windows in the folder itself.

    GraalPy has a `bin` on Windows, too.
    """
    if folders.host.windows:
        yield from folders.executables(prefix)
    yield from folders.executables(prefix / "bin")


def of_prefixes(folders: Folders, folder: Path) -> Iterator[Path]:
    """Those of every installation in a folder.

    Older archives of python-build-standalone keep theirs one folder deeper, in `install`.
    """
    for prefix in folders.inside(folder):
        yield from of_prefix(folders, prefix)
        yield from of_prefix(folders, prefix / "install")


def setting(folders: Folders, file: Path, *keys: str) -> Path | None:
    """The absolute folder that a tool's TOML settings name; None where they name none, or are not TOML."""
    if not folders.holds(file.parent, file.name):
        return None
    from holdfast.formats.toml import Toml, read_toml  # noqa: PLC0415 - few machines have such settings

    content = read_toml(file)
    value = content.get(*keys) if isinstance(content, Toml) else None
    return folder_from(folders.host, value) if isinstance(value, str) else None
