"""The floors of the helper: nothing imports upward."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "server" / "holdfast"
FLOORS = {
    "errors": 0,
    "cancellation": 0,
    "stopping": 0,
    "host": 0,
    "mounts": 0,
    "registry": 0,
    "typed": 0,
    "values": 0,
    "files": 1,
    "formats": 2,
    "links": 3,
    "interpreters": 4,
    "environments": 5,
    "discovery": 6,
    "workspace": 7,
    "health": 8,
    "creation": 9,
    "repair": 9,
    "lsp": 10,
    "cli": 10,
    "__main__": 11,
    "__init__": 0,
}
FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: str) -> str:
    return (module.split(".") + ["__init__"])[1]


def imports_of(file: Path) -> set[str]:
    modules = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            modules.add(node.module)
    return {module for module in modules if module.split(".")[0] == "holdfast"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_file_imports_from_floors_below_or_its_own_package(file):
    own = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for module in imports_of(file):
        room = room_of(module)
        allowed = FLOORS[room] < FLOORS[own] or room == own or FLOORS[own] == 0
        # `holdfast server` is the one door between the two front doors.
        allowed |= (file.name, module) == ("server.py", "holdfast.lsp.serve")
        assert allowed, f"{own} (floor {FLOORS[own]}) imports {module} (floor {FLOORS[room]})"


def test_every_package_has_a_floor():
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES}
    assert rooms == set(FLOORS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_only_the_host_reads_the_machine(file):
    if file.name in ("host.py", "registry.py", "output.py"):
        return
    attributes = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    assert not attributes & {"os.environ", "os.getenv", "sys.platform", "platform.system"}
