"""Seeds for tests: prepared in a cache of their own, and put into real environments."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from holdfast.cancellation import Cancellation
from holdfast.creation.seeds.seed import PreparedSeed, SeedTarget, install_seed, prepare_seeds
from holdfast.creation.seeds.wheel import SeedWheel, bundled_wheels
from holdfast.host import Host
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.reader import Reader
from pythons import ask

# A module counts as compiled only if the interpreter itself takes its bytecode as it stands.
_UNCOMPILED = """
import os, sys
from importlib.machinery import SourceFileLoader

class Loader(SourceFileLoader):
    def source_to_code(self, *arguments, **options):
        raise LookupError

sys.dont_write_bytecode = True
for parent, _, names in os.walk(sys.argv[1]):
    for name in names:
        path = os.path.join(parent, name)
        if name.endswith(".py"):
            try:
                code = Loader(name[:-3], path).get_code(name[:-3])
            except LookupError:
                print(path)
            else:
                assert code.co_filename == path, code.co_filename
"""


def read_interpreter(path: Path) -> Interpreter:
    return Reader(Host.current()).ask(path)


def wheels_of(base: Interpreter, *, setuptools: bool = False) -> tuple[SeedWheel, ...]:
    return bundled_wheels(base, Host.current(), setuptools=setuptools)


def prepared(
    base: Interpreter,
    cache: Path | None,
    *,
    setuptools: bool = False,
    cancellation: Cancellation | None = None,
) -> tuple[PreparedSeed, ...]:
    return prepare_seeds(
        wheels_of(base, setuptools=setuptools),
        base,
        cache=cache,
        cancellation=cancellation or Cancellation(),
        report=lambda _what, _percent: None,
    )


def target_in(environment: Path, base: Interpreter, *, windows: bool = False) -> SeedTarget:
    (packages,) = environment.glob("lib/*/site-packages")
    scripts = environment / ("Scripts" if windows else "bin")
    scripts.mkdir(exist_ok=True)
    return SeedTarget(packages, scripts, environment / "bin" / "python", base.version.series, windows=windows)


def bare_folders(environment: Path, base: Interpreter) -> SeedTarget:
    """Where a seed can go without an interpreter being there."""
    (environment / "lib" / base.tag / "site-packages").mkdir(parents=True)
    return target_in(environment, base)


def installed(seeds: Iterable[PreparedSeed], target: SeedTarget) -> set[str]:
    """Install seeds; the ways in which their files were cloned."""
    return {install_seed(seed, target, lambda: None) for seed in seeds}


def uncompiled(python: Path, folder: Path) -> list[str]:
    """The modules below a folder that this interpreter would compile before it runs them."""
    done = ask(python, f"import sys; sys.argv[1:] = [{str(folder)!r}]\n{_UNCOMPILED}")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def recorded(packages: Path) -> list[list[str]]:
    """The lines of every RECORD: a path, its digest and its size."""
    rows = []
    for record in sorted(packages.glob("*.dist-info/RECORD")):
        with open(record, newline="", encoding="utf-8") as file:
            rows += csv.reader(file)
    return rows


def modes_below(folder: Path) -> dict[str, int]:
    """The mode, kind included, of everything below a folder, by its path from there."""
    return {
        os.path.relpath(os.path.join(parent, name), folder): os.lstat(os.path.join(parent, name)).st_mode
        for parent, folders, names in os.walk(folder)
        for name in (*folders, *names)
    }
