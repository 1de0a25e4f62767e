"""Trails: the whole way from a path to a real program, over links of every kind.

The links of the file system are followed as far as they lead; then what stands there is asked whether it
leads on by what it says: a shim, a redirect file, the `home` of a copied interpreter, a shebang, a launcher.
"""

from pathlib import Path

from holdfast.host import Host
from holdfast.links.chain import MOST_HOPS, LinkChain, follow
from holdfast.links.hop import Hop, State
from holdfast.links.stability import Stability, stability_of
from holdfast.links.written import Surroundings, written_hop
from holdfast.values import NamedTuple


class Leg(NamedTuple):
    """One hop of a trail: where it leads now, and how far it may move."""

    hop: Hop
    state: State
    stability: Stability


class Trail(NamedTuple):
    """Where a path leads by links of every kind."""

    start: Path
    legs: tuple[Leg, ...]
    chain: LinkChain
    """The last stretch: by links of the file system alone."""
    state: State

    @property
    def end(self) -> Path:
        """What the path leads to; or, where it leads nowhere, the path that could not be reached."""
        return self.chain.end


def trace_from(hop: Hop, around: Surroundings) -> tuple[Leg, ...]:
    """The legs from a written hop on, itself included."""
    if around.host.is_foreign(hop.target):
        return (_leg(hop, "foreign"),)
    chain = follow(hop.after, around.host.mounts)
    return (_leg(hop, chain.state), *_legs_of(chain, around.host))


def trace(path: Path, around: Surroundings) -> Trail:
    """Follow a path to its end, over links of every kind. Always ends; nothing is executed."""
    legs: list[Leg] = []
    here = path
    passed: set[Path] = set()
    while here not in passed and len(passed) < MOST_HOPS:
        passed.add(here)
        chain = follow(here, around.host.mounts)
        legs.extend(_legs_of(chain, around.host))
        hop = written_hop(chain, around) if chain.state == "ok" else None
        if hop is None:
            return Trail(path, tuple(legs), chain, legs[-1].state if legs else chain.state)
        if around.host.is_foreign(hop.target):
            legs.append(_leg(hop, "foreign"))
            return Trail(path, tuple(legs), chain, "foreign")
        if not hop.after.is_absolute():  # a name that stands in no folder of PATH, and nowhere else
            legs.append(_leg(hop, "missing"))
            return Trail(
                path, tuple(legs), LinkChain(hop.after, (), hop.after, "missing", hop.after), "missing"
            )
        legs.append(_leg(hop, follow(hop.after, around.host.mounts).state))
        here = hop.after
    return Trail(path, tuple(legs), chain, "loop")


def _legs_of(chain: LinkChain, host: Host) -> list[Leg]:
    """The hops of a chain: all lead on but, perhaps, the last."""
    states: list[State] = ["ok"] * (len(chain.hops) - 1)
    if chain.hops:
        states.append(_last_state(chain, host))
    return [_leg(hop, state) for hop, state in zip(chain.hops, states, strict=True)]


def _last_state(chain: LinkChain, host: Host) -> State:
    is_foreign = chain.state == "missing" and host.is_foreign(chain.hops[-1].target)
    return "foreign" if is_foreign else chain.state


def _leg(hop: Hop, state: State) -> Leg:
    return Leg(hop, state, stability_of(hop))
