"""Those who make environments, each as a function from an interpreter and a path."""

import os
import subprocess
import sys

from holdfast.creation.base import choose_base
from holdfast.creation.create import create
from holdfast.creation.plan import Request
from holdfast.host import Host
from holdfast.interpreters.reader import Reader


def by_stdlib(python, path):
    run(python, "-I", "-m", "venv", "--without-pip", path)


def by_stdlib_copies(python, path):
    run(python, "-I", "-m", "venv", "--without-pip", "--copies", path)


def by_virtualenv(python, path):
    run(sys.executable, "-m", "virtualenv", "--no-download", "--no-seed", "-p", python, path)


def by_virtualenv_copies(python, path):
    run(sys.executable, "-m", "virtualenv", "--no-download", "--no-seed", "--copies", "-p", python, path)


def by_uv(python, path):
    uv = os.path.join(os.path.dirname(sys.executable), "uv")
    run(uv, "venv", "--offline", "--no-config", "--python", python, path)


def by_holdfast(python, path):
    host = Host.current()
    create(Request(path, choose_base(str(python), Reader(host)), pip=False), host)


def by_holdfast_copies(python, path):
    host = Host.current()
    create(Request(path, choose_base(str(python), Reader(host)), pip=False, links="copy"), host)


def run(*command):
    subprocess.run([str(part) for part in command], check=True, capture_output=True, timeout=120)


MAKERS = [
    by_stdlib,
    by_stdlib_copies,
    by_virtualenv,
    by_virtualenv_copies,
    by_uv,
    by_holdfast,
    by_holdfast_copies,
]
OF_PYPI = {by_virtualenv, by_virtualenv_copies, by_uv}
"""Those that refuse Pythons that are too old for them."""
DEAD_IF_RELOCATED = {by_uv, by_stdlib_copies, by_virtualenv_copies}
"""Those whose environments of a relocated build never start.

uv records the wrong `home` of one that it does not know, and a copied executable finds no libpython by its
`$ORIGIN/../lib`.
"""
