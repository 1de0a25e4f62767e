"""The JSON of `explain`."""

from holdfast.environments.explanation import Explanation
from holdfast.environments.verdict import verdict
from holdfast.interpreters.stable import Rank
from holdfast.links.hop import Kind, State
from holdfast.links.stability import Stability
from holdfast.links.trail import Leg, Trail
from holdfast.typed import TypedDict

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
    """The best path of the base interpreter that it leads to; `reason` says for how long it holds."""
    rank: Rank | None
    reason: str | None
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
        "real": _real(explanation.trail),
        "stable": str(best.path) if best else None,
        "rank": best.rank if best else None,
        "reason": best.reason if best else None,
        "environment": str(explanation.environment.path) if explanation.environment else None,
        "version": str(base.version) if base and base.version else None,
        "verdict": verdict(explanation),
    }


def _real(trail: Trail) -> str:
    return trail.legs[-1].hop.target if trail.state == "foreign" else str(trail.end)


def _hop_json(leg: Leg) -> HopJson:
    hop = leg.hop
    return {
        "from": str(hop.before),
        "to": hop.target if leg.state == "foreign" else str(hop.after),
        "kind": hop.kind,
        "via": str(hop.link),
        "line": hop.line,
        "says": hop.target,
        "state": leg.state,
        "stability": leg.stability,
    }
