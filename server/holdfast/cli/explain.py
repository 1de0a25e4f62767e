"""`holdfast explain`."""

import argparse
from pathlib import Path

from holdfast.cli.output import paint, print_json, say
from holdfast.cli.paths import absolute
from holdfast.environments.explanation import Explanation, explain
from holdfast.environments.report import explain_json, verdict
from holdfast.host import Host
from holdfast.interpreters.memory import user_memory
from holdfast.interpreters.reader import Reader
from holdfast.links.hop import Hop
from holdfast.links.stability import Stability
from holdfast.links.trail import Leg
from holdfast.links.written import Surroundings

_MAY_MOVE: dict[Stability, str] = {
    "pinned": "",
    "patch": "moves with each patch upgrade",
    "minor": "may jump to another X.Y",
    "moving": "may lead elsewhere at any time",
}
_STATES = {
    "missing": "does not exist",
    "loop": "runs in a circle",
    "denied": "may not be read",
    "foreign": "is a path of another operating system",
}


def run(options: argparse.Namespace) -> int:
    """Say where a path leads, hop by hop; 1 where it leads nowhere."""
    reader = Reader(Host.current(), user_memory())
    explanation = explain(absolute(options.path), Surroundings(reader.host, Path.cwd()), reader)
    if options.format == "json":
        print_json(explain_json(explanation))
    else:
        _print(explanation)
    return 0 if explanation.trail.state == "ok" else 1


def _print(explanation: Explanation) -> None:
    trail, base = explanation.trail, explanation.interpreter
    say(paint(str(explanation.path), "bold"))
    _print_legs(trail.legs)
    if trail.state == "ok":
        usable = base is not None and base.usable
        architecture = f", {base.architecture}" if base and base.architecture else ""
        say(f"└─ {paint(base.title + architecture, 'green')}" if base and usable else f"└─ {trail.end}")
    if explanation.aside:
        say()
        say(paint("home in pyvenv.cfg", "bold"))
        _print_legs(explanation.aside)
        if explanation.aside[-1].state == "ok":
            say(f"└─ {explanation.aside[-1].hop.after}")
    say()
    say(verdict(explanation))
    if base and base.best:
        say(f"Stable path: {paint(str(base.best.path), 'bold')}")
        say(paint(f"  {base.best.reason}", "dim"))


def _print_legs(legs: tuple[Leg, ...]) -> None:
    for leg in legs:
        ends = leg.state != "ok"
        moves = _MAY_MOVE[leg.stability]
        told = paint(f"  ({moves})", "yellow") if moves else ""
        say(f"{'└─' if ends else '├─'} {_said(leg.hop)}{told}")
        rest = paint(str(leg.hop.after), "dim")
        say(f"   {rest} {paint(_STATES[leg.state], 'red')}" if ends else f"│  {rest}")


def _said(hop: Hop) -> str:
    """A hop in a few words: what it is and what it says."""
    name = hop.link.name
    arrow = f"{name} → {hop.target}"
    if hop.kind in ("symlink", "junction"):
        kind = "link" if hop.kind == "symlink" else "junction"
        return f"{'folder ' if hop.in_the_middle else ''}{kind} {arrow}"
    line = "" if hop.line is None else f", line {hop.line + 1}"
    words = {
        "text": f"text in place of a link: {arrow}",
        "config": f"home in {name}{line}: {hop.target}",
        "shebang": f"script for {hop.target}",
        "shim": f"shim: {hop.link}{line} asks for {hop.target}",
        "redirect": f"redirect file {arrow}",
    }
    return words[hop.kind]
