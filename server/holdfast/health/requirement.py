"""Which Python the pyproject.toml beside an environment requires, and whether that environment has it."""

import re
from collections.abc import Iterator
from pathlib import Path

from holdfast.environments.environment import Environment
from holdfast.host import Host
from holdfast.interpreters.request import NotUnderstood, VersionRequest
from holdfast.interpreters.version import Version
from holdfast.workspace.asked import Asked
from holdfast.workspace.project import find_own_environment
from holdfast.workspace.settings import PROJECT_FILE, project_settings, settings_from

_WRITTEN = re.compile(rb"""\b(requires-python|python)["']?[ \t]*=[ \t]*["']([^"'\n]*)["']""")
"""What may be the requirement: of pip and uv, or of Poetry, which takes no table. Nobody writes it a list."""


def unmet_requirement(environment: Environment, content: bytes, version: Version, host: Host) -> Asked | None:
    """What the pyproject.toml beside an environment requires and its version does not meet.

    `content`: that file's. None where the environment is not the project's own. Reading TOML takes a while,
    so that is done only where some line looks as if it were not met.
    """
    if version.micro < 0 or all(_allows(request, version) for request in _requests_in(content)):
        return None
    from holdfast.workspace.sources import SOURCES  # noqa: PLC0415 - few requirements are not met

    source = next(one for one in SOURCES if one.names == (PROJECT_FILE,))
    folder = environment.path.parent
    answers = source.read(folder / PROJECT_FILE, content)
    asked = (one for one in answers if isinstance(one, Asked) and one.strength == "requirement")
    unmet = next((one for one in asked if not one.request.allows(version)), None)
    return unmet if unmet and _is_own(environment, folder, host) else None


def _is_own(environment: Environment, folder: Path, host: Host) -> bool:
    settings = settings_from({}, host.home, project_settings(folder))
    return find_own_environment(folder, settings.environment, host) == environment.path


def _requests_in(content: bytes) -> Iterator[VersionRequest | NotUnderstood]:
    from holdfast.interpreters.ranges import read_poetry, read_specifiers  # noqa: PLC0415

    for match in _WRITTEN.finditer(content):
        read = read_specifiers if match[1] == b"requires-python" else read_poetry
        yield read(match[2].decode("utf-8", "replace"))


def _allows(request: VersionRequest | NotUnderstood, version: Version) -> bool:
    return isinstance(request, VersionRequest) and request.allows(version)
