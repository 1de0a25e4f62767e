"""`holdfast create`."""

import argparse

from holdfast.cli.machine import this_machine
from holdfast.cli.output import paint, print_json, say
from holdfast.cli.paths import absolute
from holdfast.creation.base import choose_base
from holdfast.creation.create import create
from holdfast.creation.plan import Request
from holdfast.creation.report import creation_json
from holdfast.host import Host
from holdfast.workspace.root import project_root
from holdfast.workspace.settings import project_settings, settings_from


def run(options: argparse.Namespace) -> int:
    """Create an environment and say where it is."""
    host = Host.current()
    destination = absolute(options.folder)
    project = destination.parent
    root = project_root(project, host)
    settings = settings_from({}, host.home, project_settings(root))
    reader = this_machine(project, root, *settings.search_paths)
    request = Request(
        destination=destination,
        base=choose_base(options.python, reader, settings.search_paths, project),
        pip=not options.no_pip,
        prompt=options.prompt,
    )
    reader.memory.save()
    answer = creation_json(create(request, host))
    if options.format == "json":
        print_json(answer)
        return 0
    say(f"{paint('Created', 'green')} {answer['environment']}")
    say(f"  Python {answer['version']} from {answer['base']['path']}")
    for note in answer["notes"]:
        say(f"  {note}")
    for package in answer["seeded"]:
        say(f"  with {package['name']} {package['version']}")
    return 0
