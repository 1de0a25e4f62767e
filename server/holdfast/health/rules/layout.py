"""Rules about the folders of an environment: its libraries, its packages, and the alias of `bin`."""

import os
from pathlib import Path

from holdfast.environments.layout import POSIX, WINDOWS, Layout
from holdfast.files.reading import is_folder, is_regular_file, link_text, list_folder, same_folder
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.installed import packages_in
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem
from holdfast.links.chain import follow


def lib64_broken(facts: EnvironmentFacts) -> Problem | None:
    """`lib64` leads nowhere or elsewhere, is a second folder, or is missing where the base has one."""
    environment = facts.environment
    if facts.reader.host.windows or environment.kind == "conda":
        return None
    base = facts.base.prefix if facts.base else None
    text = _fault_of_lib64(environment.path, platlib=base.library.parent.name if base else "lib")
    if text is None:
        return None
    return problem(facts, "lib64-broken", text, fatal=_has_packages_in_lib64_only(facts))


def _has_packages_in_lib64_only(facts: EnvironmentFacts) -> bool:
    """Whether what was installed is only in `lib64`, a folder into which this Python does not look."""
    lib = facts.environment.path / "lib" / (facts.tag or "") / "site-packages"
    installed = facts.installed
    works = facts.environment.python.state == "ok" and not facts.no_program
    return works and not installed.is_empty and not packages_in(lib) and bool(installed.scripts)


def _fault_of_lib64(path: Path, *, platlib: str) -> str | None:
    lib, lib64 = path / "lib", path / "lib64"
    said = link_text(lib64)
    if said is None and not os.path.lexists(lib64):
        if platlib != "lib64":
            return None
        return "There is no lib64, where this Python looks for compiled packages. Link lib64 to lib."
    if same_folder(lib, lib64) or platlib == "lib64":
        return None
    if said is not None:
        what = "elsewhere" if os.path.exists(lib64) else "nowhere"
        return f"lib64 leads {what}: it says {said}. `venv --upgrade` fails over that. Link it to lib."
    packages = (lib64 / name / "site-packages" for name in list_folder(lib64))
    if not any(packages_in(folder) for folder in packages):
        return None
    return (
        "lib64 is a second folder with packages, and this Python looks into lib only. Move what is missing "
        "there into lib, and link lib64 to it."
    )


def site_packages_missing(facts: EnvironmentFacts) -> Problem | None:
    """There is no folder of packages where the interpreter looks, or it is empty and scripts are left."""
    installed = facts.installed
    if facts.environment.python.state != "ok" or facts.environment.kind == "conda" or not installed.folders:
        return None
    if installed.elsewhere or not installed.is_empty:
        return None
    exists = any(is_folder(folder) for folder in installed.folders)
    scripts = installed.scripts
    if facts.no_program or (exists and not scripts):
        return None
    what = "is empty" if exists else "does not exist"
    text = f"{installed.folders[0]}, where this Python looks for packages, {what}"
    if scripts:
        more = f" and {len(scripts) - 1} more" if len(scripts) > 1 else ""
        text += f", although {scripts[0]}{more} came with a package. Install the packages again."
    else:
        text += ". It is made when something is installed; if something was, install it again."
    return problem(facts, "site-packages-missing", text, fatal=bool(scripts))


def alias_broken(facts: EnvironmentFacts) -> Problem | None:
    """The other system's name for the folder of programs leads nowhere, elsewhere, or is another folder."""
    alias, own = _alias(facts), facts.environment.path / facts.environment.layout.scripts
    if alias is None or not os.path.lexists(alias) or not is_folder(own) or same_folder(alias, own):
        return None
    said = link_text(alias)
    if said is None and not follow(alias).hops:
        if not any(
            is_regular_file(alias / name) for name in ("python", "python.exe", "activate", "activate.bat")
        ):
            return None
        what = f"is a folder of its own beside {own.name}, with programs of another system"
    else:
        what = "leads elsewhere" if os.path.exists(alias) else "leads nowhere"
        what += f": it says {said}" if said else ""
    through = sum(
        len(one.names) for one in facts.scripts.all if one.interpreter and one.interpreter.parent == alias
    )
    effect = (
        f"{through} script{'s' if through > 1 else ''} in {own.name} cannot be started without it. "
        if through
        else ""
    )
    text = f"{alias.name} should be a link to {own.name} and {what}. {effect}Link it to {own.name}."
    return problem(facts, "alias-broken", text, severity="error" if through else "warning")


def _alias(facts: EnvironmentFacts) -> Path | None:
    layouts: dict[str, Layout] = {POSIX.scripts: WINDOWS, WINDOWS.scripts: POSIX}
    other = layouts.get(facts.environment.layout.scripts)
    if other is None or facts.environment.kind == "conda":
        return None
    return facts.environment.path / other.scripts


def alias_missing(facts: EnvironmentFacts) -> Problem | None:
    """The project asks for the other system's name for the folder of programs, and it is not there."""
    alias = _alias(facts)
    if alias is None or os.path.lexists(alias) or facts.asked_alias is None or not facts.has_python:
        return None
    name = facts.environment.layout.scripts
    text = (
        f"The project asks for an alias of {name}, and {facts.environment.path} has none: a path with "
        f"{alias.name} in it, as the other system writes it, leads nowhere. Link {alias.name} to {name}."
    )
    file, span = facts.asked_alias
    return problem(facts, "alias-missing", text, severity="information", file=file, span=span)
