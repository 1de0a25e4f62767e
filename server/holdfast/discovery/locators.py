"""The locators of this version, in the order in which their answers are preferred."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.locator import Candidate, Locator, executables_in
from holdfast.files.reading import is_regular_file, list_folder
from holdfast.host import Host


def on_path(host: Host) -> Iterator[Candidate]:
    """The folders of PATH, in its order."""
    for folder in host.search_path:
        yield from executables_in(folder, "PATH")


def of_pyenv(host: Host) -> Iterator[Candidate]:
    """Everything that pyenv installed: also what no shim selects."""
    root = host.folder_of("PYENV_ROOT") or host.home / ".pyenv"
    yield from _in_versions(root / "versions", "pyenv")


def of_uv(host: Host) -> Iterator[Candidate]:
    """The interpreters that uv manages (`uv python dir`)."""
    yield from _in_versions(_uv_folder(host), "uv")


def of_system(host: Host) -> Iterator[Candidate]:
    """What the operating system and its administrator installed, whether or not PATH says so."""
    for folder in () if host.windows else ("/usr/bin", "/usr/local/bin"):
        yield from executables_in(host.at(folder), "system")


def in_opt(host: Host) -> Iterator[Candidate]:
    """Self-contained installations: `/opt/NAME/bin` and `/opt/NAME/VERSION/bin`."""
    if host.windows:
        return
    opt = host.at("/opt")
    for name in list_folder(opt):
        yield from executables_in(opt / name / "bin", "opt")
        if name.startswith(("python", "pypy")):
            yield from _in_versions(opt / name, "opt")


LOCATORS: tuple[Locator, ...] = (on_path, of_pyenv, of_uv, of_system, in_opt)


def _in_versions(folder: Path, source: str) -> Iterator[Candidate]:
    for name in list_folder(folder):
        yield from executables_in(folder / name / "bin", source)
        if is_regular_file(folder / name / "python.exe"):
            yield Candidate(folder / name / "python.exe", source)


def _uv_folder(host: Host) -> Path:
    if given := host.folder_of("UV_PYTHON_INSTALL_DIR"):
        return given
    if host.windows:
        return (host.folder_of("APPDATA") or host.home / "AppData/Roaming") / "uv/python"
    data = host.folder_of("XDG_DATA_HOME") or host.home / ".local/share"
    return data / "uv" / "python"
