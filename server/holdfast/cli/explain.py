"""`holdfast explain`."""

import argparse
import os
from pathlib import Path

from holdfast.cli.output import paint, print_json, say
from holdfast.cli.paths import absolute
from holdfast.environments.explanation import Explanation, explain
from holdfast.environments.report import explain_json
from holdfast.environments.verdict import lasts, leads_somewhere, verdict
from holdfast.files.reading import plain
from holdfast.host import Host, working_folder
from holdfast.interpreters.memory import user_memory
from holdfast.interpreters.reader import Reader
from holdfast.links.hop import Hop, State
from holdfast.links.stability import Stability
from holdfast.links.trail import Leg
from holdfast.links.written import Surroundings

_MAY_MOVE: dict[Stability, str] = {
    "pinned": "",
    "patch": "moves with each patch upgrade",
    "minor": "may lead to another X.Y one day",
    "moving": "may lead elsewhere at any time",
}
_STATES = {
    "missing": "does not exist",
    "loop": "the links run in a circle",
    "denied": "may not be read",
    "foreign": "is a path of another operating system",
    "silent": "does not answer",
}


def run(options: argparse.Namespace) -> int:
    """Say where a path leads, hop by hop; 1 where it leads nowhere."""
    reader = Reader(Host.current(), user_memory())
    place = _place(options.path, reader.host)
    explanation = explain(place, Surroundings(reader.host, working_folder()), reader)
    if options.format == "json":
        print_json(explain_json(explanation))
    else:
        _print(explanation)
    return 0 if leads_somewhere(explanation) else 1


def _place(text: str, host: Host) -> Path:
    """A path, or, of a bare name that is not here, what a shell would start by it."""
    path = absolute(text)
    if os.path.basename(text) != text or host.mounts.silent(path) or os.path.lexists(path):
        return path
    from holdfast.links.shims.choice import on_path  # noqa: PLC0415 - few ask by name

    return on_path(text, host, without=()) or path


def _print(explanation: Explanation) -> None:
    _print_tree(explanation)
    _print_home(explanation)
    say()
    say(verdict(explanation))
    best = explanation.interpreter.best if explanation.interpreter else None
    if best:
        say(f"{'Stable' if lasts(best) else 'Best'} path: {paint(str(best.path), 'bold')}")
        say(paint(f"  {best.reason}", "dim"))


def _print_tree(explanation: Explanation) -> None:
    trail, base = explanation.trail, explanation.interpreter
    say(paint(str(explanation.path), "bold"))
    goes_on = trail.state == "ok" and base is not None and base.usable and base.real == trail.end
    here = _print_legs(trail.legs, explanation.path, goes_on=goes_on)
    if base and goes_on:
        if not trail.chain.hops:
            _print_stand_in(trail.chain.start, here)
        architecture = f", {base.architecture}" if base.architecture else ""
        say(f"└─ {paint(base.title + architecture, 'green')}")


def _print_home(explanation: Explanation) -> None:
    """What `home` says beside the links; one line where it says the same."""
    aside, base = explanation.aside, explanation.interpreter
    if not aside:
        return
    (home, state, _), *rest = aside
    said = f"{home.link.name}, line {(home.line or 0) + 1}: home = {home.target}"
    if base and aside[-1].state == "ok" and aside[-1].hop.after == base.real.parent:
        if base.real == explanation.trail.end:
            say()
            say(f"{said}, leads there, too")
        return
    say()
    say(f"{paint(said, 'bold')}{'' if rest else _wrong(state)}")
    _print_legs(tuple(rest), home.after, goes_on=False)


def _print_legs(legs: tuple[Leg, ...], here: Path, *, goes_on: bool) -> Path:
    """A row for each hop, and below it the path as it then reads, unless the hop says that itself.

    `goes_on`: whether the tree has more rows behind them. Returns the path behind the last hop.
    """
    for at, (hop, state, _) in enumerate(legs):
        if hop.kind != "config":  # which stands beside a copied interpreter
            _print_stand_in(hop.before, here)
        here = plain(hop.after)
        ends = at == len(legs) - 1 and not goes_on
        wrong = _wrong(state) if ends else ""
        row = f"{'└─' if ends else '├─'} {_said(hop)}{_moves(legs[at])}"
        if state == "foreign" or hop.target == str(here):
            say(f"{row}{wrong}")
        else:
            say(row)
            say(f"{'   ' if ends else '│  '}{paint(str(here), 'dim')}{wrong}")
    return here


def _print_stand_in(start: Path, here: Path) -> None:
    """A row where the way goes on from a folder, which stands for its interpreter."""
    if plain(start) != plain(here):
        say(f"├─ its interpreter {plain(start)}")


def _wrong(state: State) -> str:
    return "" if state == "ok" else paint(f"  ({_STATES[state]})", "red")


def _moves(leg: Leg) -> str:
    if leg.hop.kind == "shim":
        told = "anew in each folder"
    elif leg.hop.kind == "shebang" and leg.stability == "moving":
        told = "whatever is first on PATH"
    else:
        told = _MAY_MOVE[leg.stability]
    colour = "dim" if leg.stability == "patch" else "yellow"
    return paint(f"  ({told})", colour) if told else ""


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
        "config": f"copied interpreter; {name}{line}: home = {hop.target}",
        "shebang": f"script, first line: {hop.target}",
        "launcher": f"launcher {name}{line} → {hop.target}",
        "shim": f"shim, chooses {hop.target}" + ("" if hop.link == hop.before else f" by {hop.link}{line}"),
        "redirect": f"redirect file {arrow}",
    }
    return words[hop.kind]
