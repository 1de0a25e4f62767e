"""`holdfast create`."""

import argparse
from pathlib import Path

from holdfast.cli.machine import this_machine
from holdfast.cli.output import paint, print_json, progress, say, warn
from holdfast.cli.paths import absolute
from holdfast.creation.base import Base, choose_base
from holdfast.creation.plan import Request
from holdfast.creation.provide import Order, Provided, provide
from holdfast.creation.report import creation_json
from holdfast.host import Host, working_folder
from holdfast.workspace.root import project_root
from holdfast.workspace.settings import Settings, project_settings, settings_from


def run(options: argparse.Namespace) -> int:
    """Create an environment and say where it is; 1 where not everything else that was asked for was done."""
    host = Host.current()
    destination = absolute(options.folder)
    project = destination.parent
    root = project_root(project, host)
    settings = settings_from({}, host.home, project_settings(root))
    reader = this_machine(project, root, *settings.search_paths)
    base = choose_base(options.python or settings.python, reader, settings.search_paths, project)
    reader.memory.save()
    order = Order(
        request=_request(options, settings, destination, base),
        project=project,
        redirect=options.redirect,
        record=settings.interpreter_path == "settings",
    )
    if options.install:
        order = _with_requirements(order, options.install, host)
    try:
        provided = provide(order, host, report=lambda what, _percent: progress(what))
    finally:
        progress("")
    _answer(provided, as_json=options.format == "json")
    return 1 if provided.failure else 0


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


def _answer(provided: Provided, *, as_json: bool) -> None:
    answer = creation_json(provided)
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
