"""Rules about the folder that `home` names."""

from holdfast.files.reading import Unreadable
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem
from holdfast.health.starting import Start


def home_missing(facts: EnvironmentFacts) -> Problem | None:
    """The folder that `home` names is gone although `bin/python` itself leads somewhere.

    Where the interpreter's path is broken, too, or its libpython is gone with it, that is one cause and one
    problem: the interpreter's.
    """
    home, python, start = facts.environment.home, facts.environment.python, facts.start
    if home is None or facts.environment.has_home or python.state != "ok" or not _is_program(facts):
        return None
    if start and (start.lacks_runtime or start.strange_runtime):
        return None
    gone = {"denied": "may not be read", "ok": "is not a folder", "silent": "does not answer"}.get(
        home.state, "does not exist"
    )
    text = f"`home` names {home.start}, which {gone}. " + (
        "Python looks for its standard library from there, and does not work without the right one."
        if facts.needs_home
        else "This Python starts all the same, but environments made from this one will not."
    )
    return problem(facts, "home-missing", text, fatal=facts.needs_home)


def home_without_stdlib(facts: EnvironmentFacts) -> Problem | None:
    """`home` is a folder from which Python finds no standard library, and it knows no other way to one."""
    start = _failed_start(facts)
    home = facts.environment.home
    if start is None or home is None or (start.library and not start.gives_up):
        return None
    why = f" ({start.gives_up})" if start.gives_up else ""
    text = (
        f"`home` names {home.start}. From there Python finds no standard library, and it does not start{why}."
        f"{_instead(facts)}"
    )
    return problem(facts, "home-without-stdlib", text, fatal=True)


def home_collision(facts: EnvironmentFacts) -> Problem | None:
    """From `home` on Python meets the standard library of another installation first."""
    start = _failed_start(facts)
    home = facts.environment.home
    if start is None or home is None or start.library is None or start.gives_up:
        return None
    own = f" instead of its own, {start.own}" if start.own else ""
    text = (
        f"`home` names {home.start}. From there Python finds {start.library}{own}: its compiled modules do "
        "not "
        f"fit.{_instead(facts)}"
    )
    return problem(facts, "home-collision", text, fatal=True)


def _failed_start(facts: EnvironmentFacts) -> Start | None:
    """A start that fails although `home` is a folder that Python reads, and its libpython is there."""
    start = facts.start
    if start is None or start.is_right or start.lacks_runtime or start.strange_runtime:
        return None
    return start if facts.environment.has_home and _reads_home(facts) else None


def _reads_home(facts: EnvironmentFacts) -> bool:
    """Whether Python takes the value of `home` as it is meant; another rule is about where it does not."""
    config = facts.environment.config
    if isinstance(config, Unreadable) or config.home is None:
        return False
    return facts.minor is None or config.home_as_read_by(facts.minor) == config.home.value


def _is_program(facts: EnvironmentFacts) -> bool:
    return not facts.no_program and not facts.shim


def _instead(facts: EnvironmentFacts) -> str:
    base = facts.base
    return (
        f" It should name {base.best.path.parent}."
        if base and base.best
        else " Create the environment again."
    )
