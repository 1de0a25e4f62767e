"""Rules about pyvenv.cfg."""

from pathlib import Path

from holdfast.files.reading import Unreadable
from holdfast.formats.pyvenv_cfg import PyvenvCfg
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem


def config_malformed(facts: EnvironmentFacts) -> Problem | None:
    """pyvenv.cfg cannot be read, so the interpreter ignores it, stops or hangs at its start."""
    config = facts.environment.config
    if not isinstance(config, Unreadable):
        return _home_malformed(facts, config)
    if facts.environment.kind == "conda":  # it needs no pyvenv.cfg: it is an installation of its own
        return None
    path = facts.environment.config_path
    if config.why == "large":
        return _far_too_large(facts, path)
    text = (
        f"{path.name} cannot be read: {config}. Without it Python does not know this environment. "
        "Create the environment again."
    )
    return problem(facts, "config-malformed", text, fatal=True)


def _far_too_large(facts: EnvironmentFacts, path: Path) -> Problem:
    effect = (
        "This Python does not start with it"
        if facts.refuses_large_config
        else "Python reads all of it at each start, and from version 3.11 on it refuses to start"
    )
    text = f"{path.name} has more than 32 kilobytes. {effect}. Take out what does not belong there."
    return problem(facts, "config-malformed", text, fatal=facts.refuses_large_config)


def _home_malformed(facts: EnvironmentFacts, config: PyvenvCfg) -> Problem | None:
    """A `home` that is not there, or relative; where `bin/python` is gone that is the one cause."""
    if facts.environment.python.state != "ok" or facts.environment.home is not None:
        return None
    path = facts.environment.config_path
    effect = (
        "This Python does not start without it"
        if facts.needs_home
        else "This Python starts all the same, but environments made from this one will not"
    )
    if config.home is not None:
        named = f"`home` names {config.home.value}, which is looked for in whatever folder Python is started"
        return problem(facts, "config-malformed", f"{named}. {effect}.", fatal=facts.needs_home)
    if not facts.needs_home:
        return None
    hidden = config.get("home") is not None
    why = "begins with a byte order mark, which hides its `home`" if hidden else "has no line for `home`"
    return problem(facts, "config-malformed", f"{path.name} {why}. {effect}.", fatal=True)


def home_missing(facts: EnvironmentFacts) -> Problem | None:
    """The folder that `home` names is gone although `bin/python` itself leads somewhere.

    Where the interpreter's path is broken, too, that is one cause and one problem: the interpreter's.
    """
    home, python = facts.environment.home, facts.environment.python
    if home is None or facts.environment.has_home or python.state != "ok":
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
