"""The locators, a file per source or family of sources, in the order in which their answers are preferred."""

from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.asdf import ASDF, MISE
from holdfast.discovery.locators.conda import CONDA, PIXI
from holdfast.discovery.locators.hatch import HATCH
from holdfast.discovery.locators.homebrew import HOMEBREW
from holdfast.discovery.locators.path import PATH
from holdfast.discovery.locators.pdm import PDM
from holdfast.discovery.locators.pipx import PIPX
from holdfast.discovery.locators.poetry import POETRY
from holdfast.discovery.locators.pyenv import PYENV
from holdfast.discovery.locators.rye import RYE
from holdfast.discovery.locators.system import NIX, OPT, SYSTEM
from holdfast.discovery.locators.uv import UV
from holdfast.discovery.locators.virtualenvs import PIPENV, VIRTUALENVWRAPPER
from holdfast.host import Host

_EVERYWHERE = (
    PATH, PYENV, UV, ASDF, MISE, RYE, HATCH, PDM, POETRY, PIPENV, VIRTUALENVWRAPPER, PIPX, CONDA, PIXI,
)  # fmt: skip


def locators_for(host: Host) -> tuple[Locator, ...]:
    """All that can find something on such a machine."""
    if host.windows:
        return (*_EVERYWHERE, *_of_windows())
    if host.platform == "darwin":
        return (*_EVERYWHERE, HOMEBREW, *_of_macos(), SYSTEM, OPT, NIX)
    return (*_EVERYWHERE, HOMEBREW, SYSTEM, OPT, NIX)


def _of_windows() -> tuple[Locator, ...]:
    # Imported here: other machines start faster without.
    from holdfast.discovery.locators.windows import (  # noqa: PLC0415
        INSTALL_MANAGER,
        LAUNCHER,
        PYTHON_ORG,
        STORE,
    )
    from holdfast.discovery.locators.windows_packages import CHOCOLATEY, SCOOP, WINPYTHON  # noqa: PLC0415
    from holdfast.discovery.locators.windows_registry import REGISTRY  # noqa: PLC0415

    return (INSTALL_MANAGER, SCOOP, CHOCOLATEY, WINPYTHON, PYTHON_ORG, STORE, REGISTRY, LAUNCHER)


def _of_macos() -> tuple[Locator, ...]:
    from holdfast.discovery.locators.macos import OF_MACOS  # noqa: PLC0415

    return OF_MACOS
