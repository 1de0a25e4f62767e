"""Rules about what the next upgrade will do to an environment that works."""

import os
import re
from pathlib import Path

from holdfast.files.reading import list_folder
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem, python_name, span_of
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.landmark import Prefix
from holdfast.interpreters.naming import Naming
from holdfast.links.hop import Hop
from holdfast.links.stability import stability_of

_MINORS = range(6, 30)


def interpreter_patch_pinned(facts: EnvironmentFacts) -> Problem | None:
    """It goes through the folder of a patch version, beside which there is a path that upgrades keep."""
    base = _resting_on(facts)
    best = base.best if base else None
    if base is None or base.prefix is None or best is None or best.rank != "series":
        return None
    naming = Naming(base.prefix)
    pinned = next((path for path in _written(facts) if _names_patch(path, naming)), None)
    if pinned is None:
        return None
    text = (
        f"This environment goes through {pinned}, which the next patch upgrade may remove. "
        f"{best.path} leads to the same Python and stays: made again from that it would outlive upgrades."
    )
    return problem(facts, "interpreter-patch-pinned", text, severity="information")


def _written(facts: EnvironmentFacts) -> tuple[Path, ...]:
    """The paths to the base as the environment has them: in its link, and in `home`."""
    environment = facts.environment
    outside = (path for path in environment.python.spellings if not environment.holds(path))
    return (
        *(path for path in (next(outside, None),) if path),
        *((environment.home.start,) if environment.home else ()),
    )


def _names_patch(path: Path, naming: Naming) -> bool:
    return any(naming.says(part) == "patch" for part in path.parts)


def interpreter_moving(facts: EnvironmentFacts) -> Problem | None:
    """It goes through a name that may lead to another X.Y after an upgrade."""
    base = _resting_on(facts)
    if base is None or base.prefix is None or facts.linked is None or facts.reader.host.windows:
        return None
    hop = next((hop for hop in facts.environment.python.hops if _jumps(hop, facts)), None)
    if hop is None:
        return None
    others = _other_minors(hop, base.prefix)
    threat = (
        f" ({', '.join(others)} {'is' if len(others) == 1 else 'are'} installed there, too)" if others else ""
    )
    instead = f" Made again from {base.best.path} it would stay." if base.best else ""
    text = (
        f"{python_name(facts)} goes through {hop.link}, which may lead to another version than "
        f"{base.prefix.series} one day{threat}; then what is installed here is not found.{instead}"
    )
    return problem(facts, "interpreter-moving", text, severity="warning" if others else "information")


def _jumps(hop: Hop, facts: EnvironmentFacts) -> bool:
    return not facts.environment.holds(hop.link) and stability_of(hop) in ("minor", "moving")


def _other_minors(hop: Hop, prefix: Prefix) -> tuple[str, ...]:
    """What stands beside a link and is, by its name, another X.Y of the same Python."""
    folder, kind = hop.link.parent, "pypy" if prefix.implementation == "pypy" else "python"
    if hop.link.name.startswith(kind):  # `/usr/bin` holds thousands of names: they are asked for, not listed
        names = tuple(f"{kind}3.{minor}" for minor in _MINORS if f"3.{minor}" != prefix.series)
        return tuple(name for name in names if os.path.exists(folder / name))
    version = re.compile(rf"(?<![\d.])3\.(?!{prefix.series.partition('.')[2]}(?!\d))\d+")
    return tuple(
        name for name in list_folder(folder) if version.search(name) and not os.path.islink(folder / name)
    )


def version_stale(facts: EnvironmentFacts) -> Problem | None:
    """`version` is what the environment was made with, and its base was upgraded since."""
    base, recorded = facts.base, facts.environment.recorded_version
    now = base.version if base else None
    if (
        facts.environment.python.state != "ok"
        or now is None
        or recorded is None
        or now.micro < 0
        or recorded.micro < 0
    ):
        return None
    if (now.series, now.micro) == (recorded.series, recorded.micro):
        return None
    text = (
        f"This environment was made with Python {recorded} and now runs {now}: its base was upgraded. "
        "Nothing reads this line when Python starts."
    )
    return problem(
        facts, "version-stale", text, severity="hint", span=span_of(facts, "version", "version_info")
    )


def base_has_config(facts: EnvironmentFacts) -> Problem | None:
    """A pyvenv.cfg in the base installation, which is no environment."""
    base = _resting_on(facts)
    if base is None or base.prefix is None:
        return None
    folders = (base.prefix.folder, base.real.parent)
    stray = next((f / "pyvenv.cfg" for f in folders if os.path.lexists(f / "pyvenv.cfg")), None)
    if stray is None:
        return None
    text = (
        f"{stray} makes the Python installation there look like an environment: Python and other tools may "
        "look "
        "for its library or its packages in the wrong place. Remove that file."
    )
    return problem(facts, "base-has-config", text)


def home_is_environment(facts: EnvironmentFacts) -> Problem | None:
    """It was made from another environment, and breaks with that."""
    if facts.outer is None or facts.environment.python.state != "ok":
        return None
    base = facts.base
    instead = f" Made again from {base.best.path} it would not depend on that." if base and base.best else ""
    made = f"This environment was made from the environment {facts.outer}"
    text = f"{made} and stops working when that goes.{instead}"
    return problem(facts, "home-is-environment", text)


def _resting_on(facts: EnvironmentFacts) -> Interpreter | None:
    """The base of an environment that works and was not made from another one."""
    if facts.environment.python.state != "ok" or facts.outer or (facts.start and not facts.start.is_right):
        return None
    return facts.base
