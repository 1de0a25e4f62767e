"""What a pyproject.toml offers to install: the project, its extras (PEP 621), its groups (PEP 735)."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from holdfast.creation.requirements.source import RequirementSource
from holdfast.formats.document import Malformed
from holdfast.formats.toml import Toml, read_toml
from holdfast.typed import Any

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
"""Of an extra or group, by the packaging specifications; nothing else becomes part of a command."""
_DEEPEST = 50


def pyproject_sources(file: Path) -> Iterator[RequirementSource]:
    """What a pyproject.toml offers; where it cannot be read, the project with the reason."""
    document = read_toml(file)
    if isinstance(document, Toml):
        yield from _of_project(document, file)
        yield from _of_groups(document.table("dependency-groups"), file)
    elif isinstance(document, Malformed) or document.why != "missing" or os.path.islink(file):
        yield RequirementSource(file.name, "project", file, "The project", trouble=str(document))


def normal_name(name: str) -> str:
    """The name of an extra or a group as it is compared (PEP 685, PEP 735)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _of_project(document: Toml, file: Path) -> Iterator[RequirementSource]:
    project = document.table("project")
    named = project.get("name")
    name = named if isinstance(named, str) else file.parent.name
    if _is_package(document, file.parent):
        whole = RequirementSource(
            file.name, "project", file, f"{name} itself, editable, and what it depends on"
        )
    elif project:
        whole = _with_lists(
            RequirementSource(file.name, "dependencies", file, f"What {name} depends on"),
            name,
            project.get("dependencies", []),
        )
    else:
        return  # it configures tools, or has groups alone
    yield whole
    for extra, listed in document.table("project", "optional-dependencies").items():
        label = f"{whole.label}, with its extra “{extra}”"
        source = replace(whole, id=f"{file.name}[{extra}]", label=label, name=extra)
        if whole.kind == "dependencies":
            source = _with_lists(source, name, project.get("dependencies", []), listed)
        yield _well_named(source)


def _is_package(document: Toml, folder: Path) -> bool:
    """Whether the project can be built and installed, or has only dependencies.

    pip would build any project, by setuptools; that refuses those which were never meant for it, such as an
    application with several folders. uv decides by `[build-system]`, too.
    """
    if (
        document.get("tool", "uv", "package") is False
        or document.get("tool", "poetry", "package-mode") is False
    ):
        return False
    return (
        bool(document.table("build-system"))
        or document.get("tool", "uv", "package") is True
        or bool(document.table("tool", "setuptools"))
        or bool(document.get("project", "dynamic"))  # only a build tells them
        or os.path.lexists(folder / "setup.py")
    )


def _with_lists(source: RequirementSource, project: str, *lists: Any) -> RequirementSource:
    """The source with the requirements of these lists: of dependencies and of an extra."""
    if not all(isinstance(each, list) and all(isinstance(one, str) for one in each) for each in lists):
        return replace(source, trouble="its requirements are not a list of texts")
    requirements = tuple(dict.fromkeys(one for each in lists for one in each))
    if any(_names(one, project) for one in requirements):
        # `all = ["app[docs]"]`: pip would look for an `app` on its index, and install what it finds there.
        return replace(source, requirements=None)
    return replace(source, requirements=requirements)


def _names(requirement: str, project: str) -> bool:
    name = re.match(r"\s*([A-Za-z0-9._-]+)", requirement)
    return name is not None and normal_name(name[1]) == normal_name(project)


def _of_groups(groups: Mapping[str, Any], file: Path) -> Iterator[RequirementSource]:
    by_name = {normal_name(name): members for name, members in groups.items()}
    for name in groups:
        source = RequirementSource(
            f"{file.name}:{name}", "group", file, f"The dependency group “{name}”", name=name
        )
        found: dict[str, None] = {}
        try:
            _collect(by_name, normal_name(name), (), found, set())
        except _GroupError as error:
            yield _well_named(replace(source, trouble=str(error)))
        else:
            yield _well_named(replace(source, requirements=tuple(found)))


class _GroupError(Exception):
    """Half a sentence."""


def _collect(
    groups: Mapping[str, Any],
    name: str,
    within: tuple[str, ...],
    found: dict[str, None],
    done: set[str],
) -> None:
    """Add the requirements of a group, and those of the groups that it includes, to the found ones."""
    if name in within or len(within) > _DEEPEST:
        raise _GroupError("its groups include one another without end")
    members = groups.get(name)
    if members is None:
        raise _GroupError(f"there is no group “{name}”, which it includes")
    if not isinstance(members, list):
        raise _GroupError(f"the group “{name}” is not a list")
    if name in done:
        return
    done.add(name)
    for member in members:
        if isinstance(member, str):
            found[member] = None
        elif isinstance(member, dict) and isinstance(member.get("include-group"), str):
            _collect(groups, normal_name(member["include-group"]), (*within, name), found, done)
        else:
            raise _GroupError(f"the group “{name}” has a member that is neither a requirement nor a group")


def _well_named(source: RequirementSource) -> RequirementSource:
    if source.name and _NAME.fullmatch(source.name):
        return source
    return replace(source, trouble="its name is not one that tools accept")
