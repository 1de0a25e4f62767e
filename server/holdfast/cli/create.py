"""`holdfast create`."""

import argparse
import os
from pathlib import Path

from holdfast.cli.machine import this_machine
from holdfast.cli.output import paint, print_json, progress, say, warn
from holdfast.cli.paths import straight
from holdfast.creation.base import Base, choose_base
from holdfast.creation.plan import Request
from holdfast.creation.provide import Order, Provided, provide
from holdfast.creation.report import creation_json
from holdfast.errors import HoldfastError, UsageError
from holdfast.host import Host, working_folder
from holdfast.workspace.root import project_root
from holdfast.workspace.settings import ProjectSettings, Settings, project_settings, settings_from


def run(options: argparse.Namespace) -> int:
    """Create an environment and say where it is; 1 where not everything else that was asked for was done."""
    if options.python == "":  # as a script passes a variable that is not set
        raise UsageError(
            "The Python is empty. Write a version such as 3.12 or a path, or leave --python out."
        )
    host, here = Host.current(), working_folder()
    if not os.path.isdir(here):
        raise HoldfastError("The folder in which you are is gone. Go to another one.")
    # A `..` would be written into scripts, and fail with the folder before it.
    named = straight(options.folder) if options.folder is not None else None
    root = project_root(named.parent if named else here, host)
    project = project_settings(root)
    settings = settings_from({}, host.home, project)
    destination = named or here / settings.environment
    reader = this_machine(destination.parent, root, *settings.search_paths)
    base = choose_base(options.python, reader, settings.search_paths, destination.parent)
    reader.memory.save()
    order = Order(
        request=_request(options, settings, destination, base),
        project=here,
        root=root,
        redirect=options.redirect,
        record=settings.interpreter_path == "settings",
    )
    if options.install:
        order = _with_requirements(order, options.install, host)
    try:
        provided = provide(order, host, report=lambda what, _percent: progress(what))
    finally:
        progress("")
    _answer(provided, _misread(root, project), as_json=options.format == "json")
    return 1 if provided.failure else 0


def _misread(root: Path, project: ProjectSettings) -> list[str]:
    """What of the project's settings was not followed, as sentences."""
    if project.malformed:
        return [f"`pyproject.toml` is not followed: {project.malformed}."]
    return [
        f"{root / 'pyproject.toml'}, line {one.span.line + 1}: {one.key} {one.reason}, and was not followed."
        for one in project.misread
    ]


def _request(options: argparse.Namespace, settings: Settings, destination: Path, base: Base) -> Request:
    """What the call says, and where it says nothing, the project's settings."""
    link = options.site_packages_link
    return Request(
        destination=destination,
        base=base,
        pip=settings.seed == "pip" and not options.no_pip,
        setuptools=not options.no_setuptools,
        # As stdlib venv takes it.
        prompt=working_folder().name if options.prompt == "." else options.prompt,
        links=options.links or settings.links,
        alias=settings.alias if options.alias is None else options.alias,
        site_packages_link=settings.site_packages_link if link is None else link,
        system_packages=options.system_site_packages,
        replace=options.replace,
    )


def _with_requirements(order: Order, wanted: list[str], host: Host) -> Order:
    from holdfast.creation.requirements.found import parse_source  # noqa: PLC0415 - not by default

    return order._replace(install=tuple(parse_source(text, order.project, host) for text in wanted))


def _answer(provided: Provided, misread: list[str], *, as_json: bool) -> None:
    answer = creation_json(provided)
    answer["notes"].extend(note for note in misread if note not in answer["notes"])
    if provided.failure:
        for line in f"holdfast create: {provided.failure}".splitlines():
            warn(line)
    if as_json:
        print_json(answer)
        return
    say(f"{paint('Created', 'green')} {answer['environment']}")
    say(f"  Python {answer['version']} from {answer['base']['path']}")
    for package in answer["seeded"]:
        say(f"  with {package['name']} {package['version']}")
    for what in answer["installed"]:
        say(f"  with {what}")
    for note in answer["notes"]:
        say(f"  {note}")
