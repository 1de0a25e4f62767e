"""A project folder and its environments."""

import os
from collections.abc import Iterable
from pathlib import Path

from holdfast.environments.layout import CONFIG, native_layout
from holdfast.files.reading import Unreadable, is_folder, list_folder, plain, read_bounded
from holdfast.formats.redirect import parse_redirect
from holdfast.host import Host
from holdfast.interpreters.interpreter import owning_environment
from holdfast.links.chain import follow
from holdfast.workspace.asked import Asked

_LONGEST_REDIRECT = 32_768


def own_environment(folder: Path, environments: Iterable[Path], name: str) -> Path | None:
    """Which of the environments below a folder is the folder's own.

    The one with the agreed name; where there is none, the only one that stands directly in the folder.
    """
    direct = [path for path in environments if path.parent == folder]
    if folder / name in direct:
        return folder / name
    return direct[0] if len(direct) == 1 else None


def find_own_environment(folder: Path, name: str, host: Host) -> Path | None:
    """The own environment of a folder, by what stands in it now; it may be broken.

    The agreed name may also be a redirect file, or a link that leads nowhere: a gap where the environment was
    does not make another one the project's own.
    """
    agreed = folder / name
    if host.mounts.silent(agreed) or os.path.lexists(agreed / CONFIG):
        return agreed
    if redirected := _redirected(agreed, host):
        return redirected
    if os.path.islink(agreed) and not os.path.exists(agreed):
        return agreed
    inside = (folder / entry for entry in list_folder(folder))
    found = (path for path in inside if not host.mounts.silent(path) and os.path.lexists(path / CONFIG))
    return own_environment(folder, found, name)


def asked_environment(one: Asked, host: Host) -> Path | None:
    """The environment that a file names, by a path or, as pyenv-virtualenv does, by its name; else None."""
    if one.request.name:
        root = host.folder_of("PYENV_ROOT") or host.home / ".pyenv"
        named = root / "versions" / one.request.name
        return named if os.path.lexists(named / CONFIG) else None
    path = path_asked_for(one, host)
    return owning_environment(follow(path, host.mounts), host) if path else None


def path_asked_for(one: Asked, host: Host) -> Path | None:
    """The executable that a file names by its path, or by that of its environment or installation.

    None where it names none, or one of another operating system. A relative path starts at the file's folder.
    """
    text = one.request.path
    if not text or host.is_foreign(text):
        return None
    if text == "~" or text.startswith(("~/", "~\\")):
        path = host.home / text[2:]
    else:
        path = host.at(text) if host.is_absolute(text) else one.file.parent / text
    if host.mounts.silent(path) or not is_folder(path):
        return path
    layout = native_layout(windows=host.windows)
    inside = (path / layout.scripts / layout.python, path / layout.scripts / "python3", path / "python.exe")
    return next((name for name in inside if os.path.lexists(name)), inside[0])


def _redirected(file: Path, host: Host) -> Path | None:
    """The environment that a redirect file names, relative to its own folder; None where it is none."""
    content = read_bounded(file, _LONGEST_REDIRECT)
    text = None if isinstance(content, Unreadable) else parse_redirect(content)
    if not text:
        return None
    return host.at(text) if host.is_absolute(text) else plain(file.parent / text)


def setting_value(folder: Path, environment: Path, *, windows: bool) -> str:
    """What an editor's settings say for an environment: relative to the folder where it is inside."""
    layout = native_layout(windows=windows)
    separator = "\\" if windows else "/"
    try:
        inside = environment.relative_to(folder)
    except ValueError:
        return os.fspath(environment / layout.scripts / layout.python)
    return separator.join(("${workspaceFolder}", *inside.parts, layout.scripts, layout.python))
