"""The fix of an environment whose base is gone: link it to another interpreter of the same X.Y."""

import os
from collections.abc import Iterable
from pathlib import Path

from holdfast.environments.environment import Environment
from holdfast.files.reading import Unreadable, is_folder
from holdfast.formats.pyvenv_cfg import PyvenvCfg, with_values
from holdfast.interpreters.interpreter import Interpreter
from holdfast.links.chain import follow
from holdfast.repair.fix import Fix
from holdfast.repair.steps import PlaceLink, RewriteFile, Step

_BASE_FOLDERS = ("base-prefix", "base-exec-prefix")
_BASE_EXECUTABLES = ("executable", "base-executable")
_VERSIONS = ("version", "version_info")


def plan_relink(
    environment: Environment, interpreters: Iterable[Interpreter], *, windows: bool = False
) -> Fix | None:
    """A plan that rests the environment on the best of these interpreters; None where none fits.

    Only the same implementation, X.Y and thread build fits: packages are installed for that. The
    interpreters come best first.
    """
    fitting = (i for i in interpreters if i.usable and i.tag == environment.tag)
    best = next(fitting, None)
    if best is None or best.stable is None:
        return None
    links = () if windows else _link_steps(environment, best.stable)
    config = _config_step(environment, best, best.stable)
    steps = (*links, *((config,) if config else ()))
    if not steps or (environment.python.state != "ok" and not links):
        return None
    return Fix(
        id="relink",
        title=f"Link to Python {best.version} ({best.stable})",
        environment=environment.path,
        steps=steps,
    )


def _link_steps(environment: Environment, target: Path) -> tuple[Step, ...]:
    """Renew the names of the interpreter that lead nowhere; a name that leads to a renewed one stays."""
    folder = environment.path / environment.layout.scripts
    if not is_folder(folder):
        return ()
    renewed: dict[str, Step] = {}
    for name in dict.fromkeys((environment.layout.python, "python3", environment.tag or "python3")):
        if name != environment.layout.python and not os.path.lexists(folder / name):
            continue
        if follow(folder / name).state == "ok":
            continue
        last = _last_inner_name(folder, name, frozenset(renewed))
        if last not in renewed:
            renewed[last] = PlaceLink(folder / last, os.fspath(target), _said(folder / last))
    return tuple(renewed.values())


def _last_inner_name(folder: Path, name: str, stop_at: frozenset[str]) -> str:
    """Where the links from `name` leave the folder; `name` itself where they run in a circle in it."""
    current, passed = name, {name}
    while current not in stop_at:
        said = _said(folder / current)
        if said is None or os.path.dirname(said):
            return current
        if said in passed:
            return name
        passed.add(said)
        current = said
    return current


def _said(path: Path) -> str | None:
    return os.readlink(path) if os.path.islink(path) else None


def _config_step(environment: Environment, base: Interpreter, stable: Path) -> Step | None:
    """Rewrite `home`, and what else in pyvenv.cfg names a base that is gone."""
    config = environment.config
    if isinstance(config, Unreadable):
        return None
    values = _new_values(config, base, stable)
    content = with_values(config, values)
    if content == config.content:
        return None
    changes = ", ".join(f"`{key}` to {value}" for key, value in values.items())
    return RewriteFile(environment.config_path, config.content, content, f"change {changes}")


def _new_values(config: PyvenvCfg, base: Interpreter, stable: Path) -> dict[str, str]:
    prefix = base.prefix.folder if base.prefix else stable.parent.parent
    wanted = {"home": os.fspath(stable.parent)}
    wanted.update(dict.fromkeys(_BASE_FOLDERS, os.fspath(prefix)))
    wanted.update(dict.fromkeys(_BASE_EXECUTABLES, os.fspath(stable)))
    values = {
        key: value for key, value in wanted.items() if (old := config.value(key)) and not os.path.exists(old)
    }
    if "home" in values and base.version:
        for key in _VERSIONS:
            if old := config.value(key):  # virtualenv writes 3.12.1.final.0
                values[key] = str(base.version) + (".final.0" if old.endswith(".final.0") else "")
    return {key: value for key, value in values.items() if value != config.value(key)}
