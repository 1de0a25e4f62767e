"""The JSON of `explain`, and its verdict in words."""

from typing import TypedDict

from holdfast.environments.explanation import Explanation
from holdfast.files.reading import is_folder
from holdfast.interpreters.interpreter import Interpreter
from holdfast.links.hop import Kind, State
from holdfast.links.stability import Stability
from holdfast.links.trail import Leg, Trail

HopJson = TypedDict(
    "HopJson",
    {
        "from": str,
        "to": str,
        "kind": Kind,
        "via": str,
        "line": int | None,
        "says": str,
        "state": State,
        "stability": Stability,
    },
)
"""`via` is the link or the file that says it, on `line` (from 0) for a file; `says` is its text."""


class ExplainJson(TypedDict):
    """Where a path leads, and what of it will last."""

    path: str
    hops: list[HopJson]
    real: str
    """What the path leads to; or, where it leads nowhere, the path that could not be reached."""
    stable: str | None
    """Of the base interpreter that it leads to."""
    reason: str | None
    """Why that path is the stable one."""
    environment: str | None
    version: str | None
    verdict: str


def explain_json(explanation: Explanation) -> ExplainJson:
    """One explanation."""
    base = explanation.interpreter
    best = base.best if base else None
    return {
        "path": str(explanation.path),
        "hops": [_hop_json(leg) for leg in explanation.legs],
        "real": str(explanation.trail.end),
        "stable": str(best.path) if best else None,
        "reason": best.reason if best else None,
        "environment": str(explanation.environment.path) if explanation.environment else None,
        "version": str(base.version) if base and base.version else None,
        "verdict": verdict(explanation),
    }


def _hop_json(leg: Leg) -> HopJson:
    hop = leg.hop
    return {
        "from": str(hop.before),
        "to": str(hop.after),
        "kind": hop.kind,
        "via": str(hop.link),
        "line": hop.line,
        "says": hop.target,
        "state": leg.state,
        "stability": leg.stability,
    }


def verdict(explanation: Explanation) -> str:
    """What a path is, in a sentence or two."""
    trail = explanation.trail
    if trail.state != "ok":
        return _broken(trail)
    if explanation.environment:
        return _of_environment(explanation)
    interpreter = explanation.interpreter
    if interpreter is None or not interpreter.usable:
        return _of_another(trail, interpreter)
    shim = next((leg.hop for leg in trail.legs if leg.hop.kind == "shim"), None)
    if shim:
        return (
            f"Called in this folder the shim starts {interpreter.title}, as {shim.link} asks for "
            f"{shim.target}. Called elsewhere it may start another: do not record it."
        )
    return _of_interpreter(explanation, interpreter)


def _broken(trail: Trail) -> str:
    chain, last = trail.chain, trail.legs[-1].hop if trail.legs else None
    if trail.state == "foreign" and last:
        return f"It leads to {last.target}, a path of another operating system."
    if trail.state == "denied":
        return f"It cannot be followed: permission is denied at {chain.stopped_at}."
    if trail.state == "loop":
        return f"It leads nowhere: its links run in a circle at {chain.stopped_at}."
    return f"It leads nowhere: {chain.stopped_at} does not exist."


def _of_environment(explanation: Explanation) -> str:
    environment, base = explanation.environment, explanation.interpreter
    lost = next((leg for leg in explanation.aside if leg.state != "ok"), None)
    where = f"It is in the environment {environment.path}" if environment else ""
    if base is None:
        return f"{where}, whose base interpreter cannot be found."
    about = f"{where}, which rests on {base.title}."
    if lost:
        return f"{about} But `home` in pyvenv.cfg leads to {lost.hop.after}, which is not there."
    return about


def _of_interpreter(explanation: Explanation, interpreter: Interpreter) -> str:
    name = interpreter.title
    best = interpreter.best
    if best is None or best.path == explanation.path:
        return f"It is {name}, and this is its stable path."
    return f"It is {name}. To record it, use its stable path."


def _of_another(trail: Trail, interpreter: Interpreter | None) -> str:
    if any(leg.hop.kind == "text" for leg in trail.legs):
        return "It is a link that was checked out as a text file, which no program follows."
    if is_folder(trail.end):
        return "It is a folder, neither an environment nor a Python installation."
    error = interpreter.error if interpreter else None
    return f"It is not a Python that can be used: {error}." if error else "It is a file, not a Python."
