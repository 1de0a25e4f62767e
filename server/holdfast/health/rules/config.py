"""Rules about pyvenv.cfg as a file, and about `home` in it where that cannot be read."""

import os
from pathlib import Path

from holdfast.files.reading import Unreadable, read_bounded
from holdfast.formats.pyvenv_cfg import BOM, Entry, PyvenvCfg, Span
from holdfast.formats.span import span_in
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem

_SYSTEM = "include-system-site-packages"
_READ_AT_START = ("home", _SYSTEM)
_LARGEST = 1 << 16
_NEEDS_HOME_ALWAYS = 14
"""The minor version from which on an environment without `home` is none: `sys.prefix` is the base's."""


def config_missing(facts: EnvironmentFacts) -> Problem | None:
    """Folders as an environment has them, and no pyvenv.cfg: it was made halfway, or the file was deleted."""
    environment = facts.environment
    config = environment.config
    if environment.kind == "conda" or not isinstance(config, Unreadable) or config.why != "missing":
        return None
    path = environment.config_path
    what = "is a link that leads nowhere" if os.path.islink(path) else "is not there"
    text = (
        f"{path} {what}, so Python does not know this folder as an environment and finds no packages in it. "
        "Create the environment again."
    )
    return problem(facts, "config-missing", text, fatal=True)


def config_malformed(facts: EnvironmentFacts) -> Problem | None:
    """pyvenv.cfg cannot be read, or not in the way in which it is meant."""
    config = facts.environment.config
    if not isinstance(config, Unreadable):
        # Where the way to the interpreter is broken, that is the one cause, which a repair mends together.
        is_broken = facts.environment.python.state != "ok" or facts.no_program
        return None if is_broken else _misread(facts, config)
    if facts.environment.kind == "conda":  # it needs no pyvenv.cfg: it is an installation of its own
        return None
    path = facts.environment.config_path
    if config.why == "large":
        return _far_too_large(facts, path)
    if config.why == "missing":
        return None
    text = (
        f"{path.name} cannot be read: {config}. Without it Python does not know this environment. "
        "Create the environment again."
    )
    span = _bad_byte(path) if config.why == "encoding" else None
    return problem(facts, "config-malformed", text, fatal=True, span=span)


def _far_too_large(facts: EnvironmentFacts, path: Path) -> Problem:
    effect = (
        "This Python does not start with it"
        if facts.refuses_large_config
        else "Python reads all of it at each start, and from version 3.11 on it refuses to start"
    )
    text = f"{path.name} has more than 32 kilobytes. {effect}. Take out what does not belong there."
    return problem(facts, "config-malformed", text, fatal=facts.refuses_large_config)


def _bad_byte(path: Path) -> Span | None:
    """The line on which the first byte stands that is not UTF-8, from there on."""
    content = read_bounded(path, _LARGEST)
    if isinstance(content, Unreadable):
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        before, _, rest = content[: error.start].rpartition(b"\n")
        line = content[len(content[: error.start]) - len(rest) :].partition(b"\n")[0].rstrip(b"\r")
        text, start = line.decode("utf-8", "replace"), len(rest.decode("utf-8", "replace"))
        return span_in(text, before.count(b"\n") + bool(_), start, len(text))
    return None


def _misread(facts: EnvironmentFacts, config: PyvenvCfg) -> Problem | None:
    """Text that Python does not take as it is meant, by what that does to this interpreter."""
    if facts.environment.home is None:
        return _without_home(facts, config)
    return _home_in_wrong_form(facts, config) or _hidden_choice(facts, config) or _said_twice(facts, config)


def _without_home(facts: EnvironmentFacts, config: PyvenvCfg) -> Problem:
    """A `home` that is not there, hidden or relative."""
    name = facts.environment.config_path.name
    fatal = facts.needs_home or (config.home is None and (facts.minor or 0) >= _NEEDS_HOME_ALWAYS)
    effect = (
        "This Python does not start without it"
        if fatal
        else "This Python starts all the same, but environments made from this one will not"
    )
    if config.home is not None:
        named = f"`home` names {config.home.value}, which is looked for in whatever folder Python is started"
        what_to_do = "Write the whole path of the folder of its Python"
        return problem(facts, "config-malformed", f"{named}. {effect}. {what_to_do}.", fatal=fatal)
    if not config.entries:
        more = "" if fatal else ", and it sees the packages of the system"
        text = f"{name} is empty. {effect}{more}. Create the environment again."
    elif config.get("home"):
        text = f"{name} begins with a byte order mark, which hides its `home`. {effect}. Save it without one."
    else:
        text = f"{name} has no line for `home`. {effect}. Add one with the folder of its Python."
    return problem(facts, "config-malformed", text, fatal=fatal)


def _home_in_wrong_form(facts: EnvironmentFacts, config: PyvenvCfg) -> Problem | None:
    """Before 3.11 only `home = …` counts, in lower case and with blanks; `HOME=…` is as good as none."""
    start = facts.start
    if start is None or start.is_right or facts.minor is None or start.lacks_runtime:
        return None
    if config.home is None or config.home_as_read_by(facts.minor) == config.home.value:
        return None
    text = (
        f"This Python does not start: its version wants `home = {config.home.value}`, in lower case, with "
        "a blank "
        "on both sides of `=` and on a line that ends. Write it so."
    )
    return problem(facts, "config-malformed", text, fatal=True)


def _hidden_choice(facts: EnvironmentFacts, config: PyvenvCfg) -> Problem | None:
    """A byte order mark becomes part of the first key; without this key the system's packages are seen."""
    entry = config.get(_SYSTEM)
    if entry is None or entry.span.line > 0 or not config.content.startswith(BOM):
        return None
    if entry.value.lower() == "true":
        return None
    text = (
        f"A byte order mark at the start of the file hides `{_SYSTEM}`, so this environment sees the "
        "packages of "
        "the system. Save the file without one."
    )
    return problem(facts, "config-malformed", text, span=entry.span)


def _said_twice(facts: EnvironmentFacts, config: PyvenvCfg) -> Problem | None:
    """A key with two values that Python reads: of `home` the first counts, of the other the last."""
    for key in _READ_AT_START:
        entries = [entry for entry in config.entries if entry.key == key]
        if len({_meaning(entry) for entry in entries}) > 1:
            ignored = entries[1] if key == "home" else entries[0]
            counts = "first" if key == "home" else "last"
            text = (
                f"`{key}` stands here {len(entries)} times, and the {counts} one counts. Remove the others."
            )
            return problem(facts, "config-malformed", text, span=ignored.span)
    return None


def _meaning(entry: Entry) -> str:
    return entry.value if entry.key == "home" else entry.value.lower()
