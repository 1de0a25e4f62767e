"""A person's machine and projects, for the tests of what a project asks for and what it gets."""

import os
from pathlib import Path

from holdfast.discovery.finder import find_interpreters
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.workspace.choice import choose_installed
from holdfast.workspace.requests import project_requests
from machines import PosixMachine

VERSIONS = "/home/ada/.pyenv/versions"


def adas_machine(root: Path) -> PosixMachine:
    """A system Python, many of pyenv's that PATH does not name, and an empty project."""
    machine = PosixMachine(root)
    machine.standalone("/usr", "3.11.2")
    for version in ("2.7.18", "3.9.18", "3.10.13", "3.12.1", "3.12.4", "3.13.0", "3.14.0rc2"):
        machine.standalone(f"{VERSIONS}/{version}", version)
    machine.at(f"{VERSIONS}/3.12").symlink_to("3.12.4")
    machine.at("/home/ada/work/app").mkdir(parents=True)
    return machine


def asked_in(folder: Path, host: Host):
    """What is asked for, as (text, file's name, line, reader)."""
    found = project_requests(folder, host)
    return [(one.text, one.file.name, one.span.line, one.reader) for one in found.asked]


def chosen(folder: Path, machine: PosixMachine):
    host = machine.host()
    reader = Reader(host)
    return choose_installed(project_requests(folder, host), find_interpreters(reader), reader)


def version_of(folder: Path, machine: PosixMachine) -> str:
    return str(chosen(folder, machine).interpreter.version)


def clean(environ=None):
    """The environment without what would choose a Python by itself."""
    names = ("VIRTUAL_ENV", "PYENV_VERSION", "UV_PYTHON", "CONDA_PREFIX", "PYENV_DIR")
    return {key: value for key, value in os.environ.items() if key not in names} | (environ or {})
