"""What the settings of VS Code name: in `.vscode/settings.json` and in `*.code-workspace` files."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from holdfast.files.reading import plain
from holdfast.formats.span import START, Span
from holdfast.values import NamedTuple
from holdfast.workspace.configured.files import Files
from holdfast.workspace.configured.variables import LONGEST, Scope, locate, path_in_settings
from holdfast.workspace.configured.written import FORMER, Winner, WrittenPath

SETTINGS = ".vscode/settings.json"
INTERPRETER = "python.defaultInterpreterPath"
_EXTRA = "python.analysis.extraPaths"
_MANAGER = "python-envs.defaultEnvManager"
_PROJECTS = "python-envs.pythonProjects"
_MOST = 20
"""Folders of a workspace, or paths in a list, that are looked at."""


class Workspace(NamedTuple):
    """A workspace of VS Code, as a `.code-workspace` file describes it."""

    file: Path
    folders: Mapping[str, Path]
    """By their names."""


def read_workspace(file: Path, files: Files) -> Workspace | None:
    """The workspace that a file describes; None where it describes none.

    A folder without a name is called as it is on the disk. Those on other machines, by `uri`, are left out.
    """
    document = files.jsonc(file)
    listed = document.get("folders") if document else None
    if not isinstance(listed, list):
        return None
    folders: dict[str, Path] = {}
    for one in listed[:_MOST]:
        path = one.get("path") if isinstance(one, dict) else None
        if isinstance(path, str) and len(path) <= LONGEST and not files.host.is_foreign(path):
            place = plain(locate(file.parent, path, files.host))
            name = one.get("name")
            folders[name if isinstance(name, str) else place.name] = place
    return Workspace(file, folders)


def in_folder(scope: Scope, files: Files) -> Iterator[WrittenPath]:
    """What the settings of a folder name."""
    yield from _Settings(scope.folder / SETTINGS, (), files).paths((scope,), ())


def in_workspace(workspace: Workspace, files: Files) -> Iterator[WrittenPath]:
    """What the settings of a workspace name, for each of its folders that does not say otherwise itself."""
    folders = workspace.folders.values()
    scopes = tuple(Scope(files.host, folder, workspace.folders) for folder in folders)
    rivals = tuple(_Settings(folder / SETTINGS, (), files) for folder in folders)
    yield from _Settings(workspace.file, ("settings",), files).paths(scopes, rivals)


class _Settings:
    """The settings in a file."""

    def __init__(self, file: Path, at: tuple[str, ...], files: Files) -> None:
        self.file = file
        self._at = at
        self._document = files.jsonc(file)
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
            winner=_of_folders(key, deaf, always=not heard) if deaf else self._winner(key, scopes),
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


def _of_folders(key: str, deaf: list[_Settings], *, always: bool) -> Winner:
    names = ", ".join(one.file.parent.parent.name for one in deaf)
    why = f"the settings of {names} say otherwise, and those of a folder win over those of its workspace"
    return Winner(deaf[0].file, deaf[0].span(key), why, always=always)


def _is_path(value: object) -> bool:
    """Whether a setting names something: `python` is the default, and chooses nothing."""
    return isinstance(value, str | list) and value not in ("", "python", [])


def _is_whole(path: str, scope: Scope) -> bool:
    """Whether the path of a Python project is the whole folder."""
    return locate(scope.folder, path, scope.host) == scope.folder
