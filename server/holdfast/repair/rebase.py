"""Writing down in pyvenv.cfg what an environment rests on, and where a fix may write at all."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from holdfast.environments.environment import Environment
from holdfast.files.reading import Unreadable
from holdfast.formats.pyvenv_cfg import PyvenvCfg, can_hold, with_values
from holdfast.interpreters.interpreter import Interpreter
from holdfast.repair.steps import RewriteFile

_BASE_FOLDERS = ("base-prefix", "base-exec-prefix")
_BASE_EXECUTABLES = ("executable", "base-executable")
_VERSIONS = ("version", "version_info")


def fitting(environment: Environment, interpreters: Iterable[Interpreter]) -> Iterator[Interpreter]:
    """Those that its packages were installed for: of the same implementation, X.Y and thread build."""
    return (one for one in interpreters if one.usable and one.tag == environment.tag)


def record_base(environment: Environment, base: Interpreter, stable: Path) -> tuple[RewriteFile, ...] | None:
    """The step that makes pyvenv.cfg name this base, in every key that it has; no step where it does.

    None where it cannot be written down: a pyvenv.cfg that is unreadable, a link or without `home`, or a
    path that is not UTF-8.
    """
    config = environment.config
    if isinstance(config, Unreadable) or config.home is None or not can_hold(stable):
        return None
    values = _values(config, base, stable)
    content = with_values(config, values)
    if content == config.content:
        return ()
    changes = ", ".join(f"`{key}` to {value}" for key, value in values.items())
    return (RewriteFile(environment.config_path, config.content, content, f"change {changes}"),)


def stays_inside(environment: Environment, path: Path) -> bool:
    """Whether writing a path changes nothing outside of the environment, whatever links lead there.

    A name is replaced, not what it leads to, so only its folder matters; pyvenv.cfg, whose content is
    replaced, must not be a link.
    """
    folder = Path(os.path.realpath(path.parent))
    return folder.is_relative_to(environment.real) and not (
        path == environment.config_path and path.is_symlink()
    )


def _values(config: PyvenvCfg, base: Interpreter, stable: Path) -> dict[str, str]:
    prefix = base.prefix.folder if base.prefix else stable.parent.parent
    values = {"home": os.fspath(stable.parent)}
    values.update(dict.fromkeys(_BASE_FOLDERS, os.fspath(prefix)))
    values.update(dict.fromkeys(_BASE_EXECUTABLES, os.fspath(stable)))
    for key in _VERSIONS:  # virtualenv writes 3.12.1.final.0
        tail = ".final.0" if (config.value(key) or "").endswith(".final.0") else ""
        values[key] = f"{base.version}{tail}"
    return {key: value for key, value in values.items() if config.value(key) not in (None, value)}
