"""What the settings of VS Code name: in `.vscode/settings.json` and in `*.code-workspace` files."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from holdfast.formats.span import START, Span
from holdfast.workspace.configured.files import Files
from holdfast.workspace.configured.opened import SECTIONS, SETTINGS, Opened, Part
from holdfast.workspace.configured.variables import Scope, locate, path_in_launch, path_in_settings
from holdfast.workspace.configured.written import FORMER, Winner, WrittenPath

INTERPRETER = "python.defaultInterpreterPath"
_EXTRA = "python.analysis.extraPaths"
_MANAGER = "python-envs.defaultEnvManager"
_PROJECTS = "python-envs.pythonProjects"
_ENV_FILE = "python.envFile"
_TERMINAL = "terminal.integrated.env"
_MOST = 20
"""Paths in a list that are looked at."""


def written_paths(opened: Opened, files: Files) -> Iterator[WrittenPath]:
    """The paths that its settings name, for each of its folders that does not say otherwise itself."""
    settings = _Settings(opened.settings, files)
    yield from settings.paths(opened.scopes, _of_folders(opened, files))


def env_files(opened: Opened, files: Files) -> Iterator[tuple[Path, Scope]]:
    """The files of variables that its settings name, each with the folder that it is for.

    Be they there or not. Where a relative path begins, only the Python extensions can tell.
    """
    text = _Settings(opened.settings, files).get(_ENV_FILE)
    if not isinstance(text, str):
        return
    deaf = [one.file for one in _of_folders(opened, files) if isinstance(one.get(_ENV_FILE), str)]
    for scope in opened.scopes:
        place = None if scope.folder / SETTINGS in deaf else path_in_launch(text, scope)
        if place:
            yield place, scope


def terminal_variables(
    opened: Opened, names: AbstractSet[str], files: Files
) -> Iterator[tuple[str, str, Span]]:
    """Those of these variables that its terminals are given on this system, with their values."""
    settings, key = _Settings(opened.settings, files), f"{_TERMINAL}.{SECTIONS[files.host.platform]}"
    values = settings.get(key)
    for name, value in values.items() if isinstance(values, dict) else ():
        if name in names and isinstance(value, str):
            yield name, value, settings.span(key, name)


def _of_folders(opened: Opened, files: Files) -> "tuple[_Settings, ...]":
    """The settings of its folders, which win over these; none where they are these."""
    parts = (Part(scope.folder / SETTINGS) for scope in opened.scopes)
    return tuple(_Settings(part, files) for part in parts if part != opened.settings)


class _Settings:
    """The settings in a file, or in a part of one."""

    def __init__(self, part: Part, files: Files) -> None:
        self.file, self._at = part
        self._document = files.jsonc(part.file)
        self._host = files.host

    def get(self, *path: str | int) -> object:
        """The value of a setting, or what is in it; None where there is none."""
        return self._document.get(*self._at, *path) if self._document else None

    def span(self, *path: str | int) -> Span:
        """Where it stands."""
        return self._document.span(*self._at, *path) if self._document else START

    def paths(self, scopes: tuple[Scope, ...], rivals: "tuple[_Settings, ...]") -> Iterator[WrittenPath]:
        """The paths in them, as they are meant for folders whose own settings, the rivals, win over these."""
        for key in (INTERPRETER, FORMER):
            if isinstance(self.get(key), str) and _is_path(self.get(key)):
                yield self._written((key,), scopes, rivals)
        extra = self.get(_EXTRA)
        for index, text in enumerate(extra[:_MOST] if isinstance(extra, list) else ()):
            if isinstance(text, str) and text:
                yield self._written((_EXTRA, index), scopes, rivals)._replace(role="inside")

    def _written(
        self, path: tuple[str | int, ...], scopes: tuple[Scope, ...], rivals: "tuple[_Settings, ...]"
    ) -> WrittenPath:
        key, text = str(path[0]), str(self.get(*path))
        deaf = [rival for rival in rivals if _is_path(rival.get(key)) and rival.get(key) != self.get(key)]
        heard = [scope for scope in scopes if all(scope.folder / SETTINGS != one.file for one in deaf)]
        is_foreign = self._host.is_foreign(text)
        is_command = not is_foreign and not any(mark in text for mark in "/\\$~")
        places = () if is_foreign or is_command else (path_in_settings(text, scope) for scope in heard)
        return WrittenPath(
            file=self.file,
            span=self.span(*path),
            key=key,
            text=text,
            tool="settings",
            role="command" if is_command else "interpreter",
            places=tuple(dict.fromkeys(place for place in places if place)),
            is_foreign=is_foreign,
            winner=_said_by(key, deaf, always=not heard) if deaf else self._winner(key, scopes),
        )

    def _winner(self, key: str, scopes: tuple[Scope, ...]) -> Winner | None:
        """What in the same file wins over a setting."""
        if key == FORMER:
            if not _is_path(self.get(INTERPRETER)) or self.get(INTERPRETER) == self.get(FORMER):
                return None
            why = f"`{INTERPRETER}` is set, too, and the Python extension reads `{FORMER}` no longer"
            return Winner(self.file, self.span(INTERPRETER), why, always=True)
        return self._manager(scopes) if key == INTERPRETER else None

    def _manager(self, scopes: tuple[Scope, ...]) -> Winner | None:
        """What the Environments extension asks before the path of an interpreter.

        See resolvePriorityChainCore in interpreterSelection.ts of vscode-python-environments.
        """
        projects = self.get(_PROJECTS)
        for number in range(min(len(projects), _MOST) if isinstance(projects, list) else 0):
            path, manager = self.get(_PROJECTS, number, "path"), self.get(_PROJECTS, number, "envManager")
            if isinstance(path, str) and manager and any(_is_whole(path, scope) for scope in scopes):
                return self._chosen_by((_PROJECTS, number), f"the entry of `{_PROJECTS}` for this folder")
        return self._chosen_by((_MANAGER,), f"`{_MANAGER}`") if self.get(_MANAGER) else None

    def _chosen_by(self, path: tuple[str | int, ...], what: str) -> Winner:
        why = f"{what} wins over it where the Python Environments extension selects the interpreter"
        return Winner(self.file, self.span(*path), why, always=False)


def _said_by(key: str, deaf: list[_Settings], *, always: bool) -> Winner:
    names = ", ".join(one.file.parent.parent.name for one in deaf)
    why = f"the settings of {names} say otherwise, and those of a folder win over those of its workspace"
    return Winner(deaf[0].file, deaf[0].span(key), why, always=always)


def _is_path(value: object) -> bool:
    """Whether a setting names something: `python` is the default, and chooses nothing."""
    return isinstance(value, str | list) and value not in ("", "python", [])


def _is_whole(path: str, scope: Scope) -> bool:
    """Whether the path of a Python project is the whole folder."""
    return locate(scope.folder, path, scope.host) == scope.folder
