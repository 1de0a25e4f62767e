"""The verdict on a path: what it is, what of it will last, and what to do, in a few sentences."""

import os
from pathlib import Path

from holdfast.environments.environment import Environment
from holdfast.environments.explanation import Explanation
from holdfast.environments.layout import CONFIG
from holdfast.files.reading import is_folder, same_folder
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.stable import Rank, StablePath
from holdfast.links.hop import Hop
from holdfast.links.trail import Leg, Trail
from holdfast.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.interpreters.startup import Startup

_LASTING: frozenset[Rank] = frozenset({"series", "system", "executable"})


def verdict(explanation: Explanation) -> str:
    """What a path is, and what to do about it."""
    trail = explanation.trail
    if text := _last(trail, "text"):
        what = "It" if text.link == explanation.path else str(text.link)
        told = "is a link that was checked out as a text file, which no program follows"
        return f"{what} {told}. Replace it by a link to {text.target}."
    if explanation.environment:
        return _of_environment(explanation, explanation.environment)
    if trail.state != "ok":
        return _of_gap(trail)
    interpreter = explanation.interpreter
    if interpreter is None or not interpreter.usable:
        return _of_another(trail, interpreter)
    return _of_interpreter(explanation, interpreter)


def leads_somewhere(explanation: Explanation) -> bool:
    """Whether there is something at the end, which starts if it is an environment's Python."""
    fails = explanation.environment and _why_it_does_not_start(explanation)
    return explanation.trail.state == "ok" and not fails


def lasts(best: StablePath) -> bool:
    """Whether the best path of an interpreter is a stable one: it need not be."""
    return best.rank in _LASTING


def gap_of(trail: Trail) -> str:
    """Why a trail leads nowhere, as half a sentence."""
    chain, last = trail.chain, trail.legs[-1].hop if trail.legs else None
    if trail.state == "foreign" and last:
        return f"{last.target} is a path of another operating system"
    if trail.state == "denied":
        return f"permission is denied at {chain.stopped_at}"
    if trail.state == "loop":
        return f"its links run in a circle at {chain.stopped_at}"
    if trail.state == "silent":
        return f"{chain.stopped_at} is a disk or share that does not answer"
    return f"{chain.stopped_at} does not exist"


def _of_gap(trail: Trail) -> str:
    gap, last = gap_of(trail), trail.legs[-1].hop if trail.legs else None
    if shim := _last(trail, "shim"):
        return f"Called in this folder the shim starts nothing: it chooses {_chosen(shim)}, and {gap}."
    if last and last.kind == "shebang" and last.target.startswith("env "):
        return f"It is a script for {last.target.removeprefix('env ')}, which is not on PATH."
    if _script(trail):
        return f"It is a script that cannot be started: {gap}."
    return f"It leads nowhere: {gap}."


def _of_environment(explanation: Explanation, environment: Environment) -> str:
    where, base = _where(explanation, environment), explanation.interpreter
    if why := _why_it_does_not_start(explanation):
        return f"{where}, which does not start{why}"
    lost = next((leg for leg in explanation.legs if leg.hop.kind == "config" and leg.state != "ok"), None)
    home = f"`home` in {CONFIG} names {lost.hop.target}, which is not there" if lost else ""
    if base is None:
        all_the_same = " It starts all the same." if explanation.startup else ""
        return f"{where}, whose base interpreter cannot be found{f': {home}' if home else ''}.{all_the_same}"
    if _escapes(explanation):
        return (
            f"It is a link to the Python of the environment {environment.path}, and starts {base.title} "
            f"without that: Python looks for {CONFIG} beside the path by which it is called. "
            f"Call {environment.interpreter} itself."
        )
    about = f"{where}, which rests on {base.title}."
    script = _script(explanation.trail)
    if script and not environment.holds(script.link):
        return f"{about}{_varies(script)}"
    return f"{about} But {home}." if home else f"{about} {_outlook(explanation, environment, base)}".rstrip()


def _where(explanation: Explanation, environment: Environment) -> str:
    path = explanation.path
    if path in (environment.path, environment.config_path):
        return "It is an environment"
    if _last(explanation.trail, "shim"):
        return f"Called in this folder the shim leads to the environment {environment.path}"
    script = _script(explanation.trail)
    if script and not environment.holds(script.link):
        return f"It is a script for the Python of the environment {environment.path}"
    verb = "is in" if environment.holds(path) else "leads to"
    return f"It {'is a script in' if script and verb == 'is in' else verb} the environment {environment.path}"


def _why_it_does_not_start(explanation: Explanation) -> str | None:
    """With what to do, as the rest of a sentence; None where it starts."""
    trail, startup = explanation.trail, explanation.startup
    if trail.state == "ok" or (startup and startup.starts):
        return _why_without_library(startup, explanation.interpreter) if startup else None
    if any(leg.state == "foreign" for leg in explanation.legs):
        return " here: it was made on another operating system. It may be right there."
    return f": {gap_of(trail)}. `holdfast check` says what can be done."


def _why_without_library(startup: "Startup", base: Interpreter | None) -> str | None:
    if startup.gives_up:
        return f": {startup.gives_up}."
    instead = f" It should name {base.best.path.parent}." if base and base.best else ""
    if startup.library is None:
        return f": from the folder that `home` in {CONFIG} names Python finds no standard library.{instead}"
    if base and base.prefix and not same_folder(startup.library, base.prefix.library):
        return f" as it should: by `home` in {CONFIG} Python finds {startup.library}.{instead}"
    return None


def _escapes(explanation: Explanation) -> bool:
    """Whether it is a link from outside to the environment's interpreter.

    CPython looks for pyvenv.cfg beside the path that it is called by, and one folder above.
    """
    trail, base = explanation.trail, explanation.interpreter
    if base is None or trail.end != base.real or is_folder(trail.start):
        return False
    written = (_last(trail, kind) for kind in ("shebang", "launcher", "shim", "redirect"))
    called = next((hop.after for hop in written if hop), trail.start)
    around = (called, called.parent, called.parent.parent)
    return not any(os.path.lexists(folder / CONFIG) for folder in around)


def _outlook(explanation: Explanation, environment: Environment, base: Interpreter) -> str:
    """What an environment has to fear from upgrades."""
    trail, best = explanation.trail, base.best
    if best is None or trail.end != base.real:
        return ""
    if environment.holds_own_executable and environment.layout.scripts == "bin":  # Windows has launchers
        return "Its executable is a copy, which upgrades do not reach: after one, make it anew."
    if other := _other_environment(trail, environment):
        return f"It was made from the environment {other} and breaks with that."
    if not lasts(best):
        return _without_stable_path(base, best) if best.rank == "patch" else ""
    return _along(trail, best)


def _along(trail: Trail, best: StablePath) -> str:
    """Whether a way to an interpreter that has a stable path is as stable."""
    jump = next((leg.hop for leg in trail.legs if _jumps(leg)), None)
    if jump:
        return (
            f"But {jump.link} may lead to another X.Y one day, and then what is installed here is not found. "
            f"Made anew from {best.path} it would stay."
        )
    names = {path for leg in trail.legs for path in (leg.hop.before, leg.hop.after)}
    if best.path in names or best.path.parent in {path.parent for path in names}:
        return "Patch upgrades keep it."
    return (
        "But it does not go through the stable path, and the next patch upgrade may break it. "
        f"Made anew from {best.path} it would stay."
    )


def _other_environment(trail: Trail, environment: Environment) -> Path | None:
    """Another environment through which the way to the base leads."""
    links = (leg.hop.link for leg in trail.legs if leg.hop.kind in ("symlink", "junction"))
    outside = (link.parent.parent for link in links if not environment.holds(link))
    return next((folder for folder in outside if os.path.lexists(folder / CONFIG)), None)


def _jumps(leg: Leg) -> bool:
    return leg.hop.kind in ("symlink", "junction") and leg.stability in ("minor", "moving")


def _of_interpreter(explanation: Explanation, interpreter: Interpreter) -> str:
    trail, name, best = explanation.trail, interpreter.title, interpreter.best
    if shim := _last(trail, "shim"):
        return (
            f"Called in this folder the shim leads to {name}: it chooses {_chosen(shim)}. "
            "Called elsewhere it may choose another: do not record it."
        )
    if script := _script(trail):
        return f"It is a script, which {name} runs.{_varies(script)}"
    if best is None:
        return f"It is {name}."
    if best.rank == "patch":
        return f"It is {name}. {_without_stable_path(interpreter, best)}"
    this = "stable path" if lasts(best) else "best path"
    if best.path == explanation.path:
        return f"It is {name}, and this is its {this}."
    return f"It is {name}. To record it, use its {this}."


def _without_stable_path(interpreter: Interpreter, best: StablePath) -> str:
    """That there is none, and the link that would be one: it is looked for beside folders of a version."""
    version, none = str(interpreter.version), "No path to that outlives a patch upgrade"
    folder = next((one for one in best.path.parents if version in one.name), None)
    if folder is None or interpreter.prefix is None:
        return f"{none}."
    link = folder.name.replace(version, interpreter.prefix.series)
    return f"{none}; a link {link} → {folder.name} in {folder.parent} would."


def _of_another(trail: Trail, interpreter: Interpreter | None) -> str:
    if is_folder(trail.end):
        return "It is a folder, neither an environment nor a Python installation."
    if _script(trail):
        return f"It is a script that {trail.end} runs, which is no Python."
    error = interpreter.error if interpreter else None
    return f"It is not a Python that can be used: {error}." if error else "It is a file, not a Python."


def _last(trail: Trail, kind: str) -> Hop | None:
    """The last hop of a kind."""
    return next((leg.hop for leg in reversed(trail.legs) if leg.hop.kind == kind), None)


def _script(trail: Trail) -> Hop | None:
    """The hop of a script, or of the launcher that stands for one."""
    return _last(trail, "shebang") or _last(trail, "launcher")


def _varies(script: Hop) -> str:
    return " Which Python that is depends on PATH." if script.target.startswith("env ") else ""


def _chosen(shim: Hop) -> str:
    """What a version manager chooses, and where it is told so, if in a file."""
    by = "" if shim.link == shim.before else f" by {shim.link}"
    return f"{shim.target}{by}"
