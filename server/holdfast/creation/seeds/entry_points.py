"""The console scripts that a package asks for in its entry_points.txt."""

from holdfast.errors import HoldfastError
from holdfast.values import NamedTuple


class ConsoleScript(NamedTuple):
    """A command, and the function that it calls."""

    name: str
    module: str
    function: str
    """As it is reached from the module: it may be an attribute of an attribute."""


def console_scripts(content: bytes) -> tuple[ConsoleScript, ...]:
    """What entry_points.txt asks for. Raises HoldfastError for what cannot be made, or UnicodeDecodeError."""
    scripts = []
    section = ""
    for line in map(str.strip, content.decode("utf-8").splitlines()):
        if line.startswith("["):
            section = line.strip("[] \t")
        elif line and line[0] not in "#;" and section in ("console_scripts", "gui_scripts"):
            script = _parsed(line)
            if script is None or section == "gui_scripts":
                raise HoldfastError(f"A wheel asks for a command that Holdfast cannot make: {line}.")
            scripts.append(script)
    return tuple(scripts)


def scripts_for(series: str, scripts: tuple[ConsoleScript, ...]) -> tuple[ConsoleScript, ...]:
    """The scripts as pip makes them for a Python X.Y: `pip`, `pip3`, `pip3.12`.

    A wheel may say `pip3.11` because a 3.11 has built it; such names are left out (pip's
    `get_console_script_specs`).
    """
    names = {script.name for script in scripts}
    made: dict[str, ConsoleScript] = {}
    for script in scripts:
        if _is_of_some_version(script.name, names):
            continue
        for name in (script.name, *_names_for(script.name, series)):
            made[name] = script._replace(name=name)
    return tuple(made.values())


def _parsed(line: str) -> ConsoleScript | None:
    name, _, reference = (part.strip() for part in line.partition("="))
    module, _, function = (part.strip() for part in reference.partition("[")[0].partition(":"))
    if not all(part.isidentifier() for part in (*module.split("."), *function.split("."))):
        return None
    is_name = all(letter.isalnum() or letter in "-._" for letter in name) and name.strip(".")
    return ConsoleScript(name, module, function) if is_name else None


def _is_of_some_version(name: str, names: set[str]) -> bool:
    for base in ("pip", "easy_install-"):
        number = name.removeprefix(base) if name.startswith(base) else ""
        if base.rstrip("-") in names and number and set(number) <= set("0123456789."):
            return True
    return False


def _names_for(name: str, series: str) -> tuple[str, ...]:
    if name == "pip":
        return f"pip{series.partition('.')[0]}", f"pip{series}"
    return (f"easy_install-{series}",) if name == "easy_install" else ()
