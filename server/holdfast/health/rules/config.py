"""Rules about pyvenv.cfg."""

from holdfast.files.reading import Unreadable
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem


def config_malformed(facts: EnvironmentFacts) -> Problem | None:
    """pyvenv.cfg cannot be read, so the interpreter ignores it, stops or hangs at its start.

    One that is only far too large still works: CPython reads all of it at each start.
    """
    config = facts.environment.config
    if not isinstance(config, Unreadable):
        return None
    works = config.why == "large"
    text = f"{facts.environment.config_path} cannot be read: {config}. " + (
        "Every start of this environment's Python reads all of it. Take out what does not belong there."
        if works
        else "Without it Python does not know this environment. Create the environment again."
    )
    return problem(facts, "config-malformed", text, fatal=not works)


def home_missing(facts: EnvironmentFacts) -> Problem | None:
    """The folder that `home` names is gone although `bin/python` itself leads somewhere.

    Where the interpreter's path is broken, too, that is one cause and one problem: the interpreter's.
    """
    home, python = facts.environment.home, facts.environment.python
    if home is None or home.state == "ok" or python.state != "ok":
        return None
    gone = "may not be read" if home.state == "denied" else "does not exist"
    text = f"`home` names {home.start}, which {gone}. " + (
        "Python looks for its standard library from there and does not start without it."
        if facts.needs_home
        else "This Python starts all the same, but environments made from this one will not."
    )
    return problem(facts, "home-missing", text, fatal=facts.needs_home)
