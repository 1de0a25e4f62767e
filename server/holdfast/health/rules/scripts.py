"""Rules about the scripts of an environment: by which interpreter each is started, and if it can be."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from holdfast.files.reading import same_folder
from holdfast.formats.shebang import LONGEST_ANYWHERE, LONGEST_ON_LINUX, LONGEST_ON_MACOS
from holdfast.formats.span import Span, span_in
from holdfast.health.activation import Named, folder_named_in
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem, Related, Severity
from holdfast.health.rules.layout import alias_broken
from holdfast.health.rules.rule import problem
from holdfast.health.scripts import Reach, Script
from holdfast.host import Host
from holdfast.links.chain import follow
from holdfast.values import NamedTuple

_MOST_NAMED = 3
_MOST_RELATED = 20
_LOST = {
    "missing": "which does not exist",
    "loop": "whose links run in a circle",
    "denied": "which you may not execute",
    "silent": "which is on a disk or share that does not answer",
}
_PATH = re.compile(
    rb"""[#]![ \t]* (?P<quote>"?) (?P<path>/(?:(?![ \t]+-).)*/(?:python|pypy|graalpy)[\w.]*) (?P=quote)
    (?:[ \t]+-.*)? \r?$""",
    re.VERBOSE,
)
"""A first line whose path may hold blanks, which only people and launchers of Windows read as one."""
_BLANK = re.compile(rb"[ \t]")


class _Fault(NamedTuple):
    """Why a script cannot be started as it is written."""

    why: str
    """The rest of a sentence that begins with its name."""
    advice: str
    span: Span
    is_hint: bool = False


class _Wrong(NamedTuple):
    """A script that is not started by the environment's own Python."""

    script: Script
    interpreter: Path
    reach: Reach


def script_interpreter_missing(facts: EnvironmentFacts) -> Problem | None:
    """The interpreter that scripts name is gone, or is that of another environment.

    What is the fault of the environment's own interpreter, of its alias or of a move is told by their rules.
    """
    wrong = tuple(_wrong(facts))
    lost = [one for one in wrong if one.reach.state in _LOST]
    strange = [one for one in wrong if one.reach.state == "environment"]
    chosen = lost or strange
    if not chosen:
        return None
    text = _of_lost(lost, len(strange), facts) if lost else _of_strange(strange, facts)
    places = [_Place(one.script, one.script.span, f"names {one.interpreter}") for one in chosen]
    severity: Severity = "error" if lost else "warning"
    return _on_scripts(facts, "script-interpreter-missing", text, severity, places)


def _wrong(facts: EnvironmentFacts) -> Iterator[_Wrong]:
    faults, scripts = _faults(facts), facts.scripts
    for script in scripts.of_python:
        fault, path = faults.get(script.file), script.interpreter
        if path is None or scripts.reaches[path].state in ("own", "other") or (fault and not fault.is_hint):
            continue
        if not _is_told(path, facts):
            yield _Wrong(script, path, scripts.reaches[path])


def _of_lost(lost: Sequence[_Wrong], strange: int, facts: EnvironmentFacts) -> str:
    script, interpreter, reach = lost[0]
    why = _LOST[reach.state]
    if reach.state == "missing" and reach.at != interpreter:
        why = f"and {reach.at} does not exist"
    more = f" Of the others {strange} lead to the Python of another environment." if strange else ""
    others = _others([one.script for one in lost])
    return (
        f"{_shown(script, facts)} names {interpreter}, {why}, so it cannot be started{others}. "
        f"Install its package again.{more}"
    )


def _of_strange(strange: Sequence[_Wrong], facts: EnvironmentFacts) -> str:
    script, _, reach = strange[0]
    others = _others([one.script for one in strange])
    return (
        f"{_shown(script, facts)} is started by the Python of another environment, {reach.at}, and finds "
        f"what is installed there, not here{others}. Install its package again."
    )


def _is_told(interpreter: Path, facts: EnvironmentFacts) -> bool:
    """Whether another rule tells why the interpreter of a script is not there, and so of its scripts."""
    environment = facts.environment
    if facts.origin and facts.origin.holds(interpreter):
        return True
    if not environment.holds(interpreter):
        return False
    if environment.python.state != "ok" or facts.no_program or facts.may_not_execute:
        return True
    return interpreter.parent != facts.scripts.folder and alias_broken(facts) is not None


def script_shebang_unusable(facts: EnvironmentFacts) -> Problem | None:
    """The system does not understand the first line of scripts, or a launcher is damaged."""
    faults = _faults(facts)
    if not faults:
        return None
    is_hint = all(fault.is_hint for fault in faults.values())
    chosen = [one for one in facts.scripts.all if one.file in faults and faults[one.file].is_hint == is_hint]
    fault = faults[chosen[0].file]
    does = "is started here" if is_hint else "cannot be started"
    text = f"{_shown(chosen[0], facts)} {does}: {fault.why}{_others(chosen)}. {fault.advice}"
    places = [_Place(one, faults[one.file].span, faults[one.file].why) for one in chosen]
    return _on_scripts(facts, "script-shebang-unusable", text, "hint" if is_hint else "error", places)


def _faults(facts: EnvironmentFacts) -> dict[Path, _Fault]:
    """The faults of scripts, by file. Most have the same line, and each line is judged once."""
    host = facts.reader.host
    if host.windows:
        damaged = ((one, getattr(one.launcher, "reason", "")) for one in facts.scripts.all)
        again = "Install its package again."
        return {one.file: _Fault(reason, again, one.span) for one, reason in damaged if reason}
    known: dict[bytes, _Fault | None] = {}
    for script in facts.scripts.all:
        if script.line not in known:
            known[script.line] = _fault_of(script, host)
    return {one.file: fault for one in facts.scripts.all if (fault := known[one.line])}


def _fault_of(script: Script, host: Host) -> _Fault | None:
    """Why POSIX systems do not start a script; None where they do, or where it is none of a Python."""
    shebang = script.shebang
    if shebang is None:
        return None
    if shebang.kind == "direct" and (fault := _blank_or_quote(script, host)):
        return fault
    if not script.names_python:
        return None
    if shebang.ends_in_return and not (shebang.kind == "env" and b" -S" in script.line):
        why = "its first line ends in CR LF as on Windows, and the CR is taken for a part of the last word"
        return _Fault(why, "Save it with LF as line ends.", shebang.span)
    return _too_long(script, host.platform) if shebang.kind == "direct" else None


def _blank_or_quote(script: Script, host: Host) -> _Fault | None:
    match = _PATH.match(script.line)
    if match is None or not (match["quote"] or _BLANK.search(match["path"])):
        return None
    if script.interpreter and follow(script.interpreter, host.mounts).state != "missing":
        # A program that is given a Python: `#!/usr/bin/time /usr/bin/python`.
        return None
    text = script.line.decode("utf-8", "surrogateescape")
    path = os.fsdecode(match["path"])
    start = text.index(path)
    what = "quotes, which the system takes for a part of the path" if match["quote"] else "a blank"
    ends = "" if match["quote"] else ", at which the system ends the path"
    why = f"its first line names {path} with {what}{ends}"
    return _Fault(why, "Install its package again.", span_in(text, 0, start, start + len(path)))


def _too_long(script: Script, platform: str) -> _Fault | None:
    """Only the path has to fit: what is cut off behind it are arguments."""
    if script.shebang is None or len(script.line) <= LONGEST_ANYWHERE:
        return None
    path = os.fsencode(script.shebang.interpreter)
    end = script.line.index(path) + len(path)
    longest = LONGEST_ON_MACOS if platform == "darwin" else LONGEST_ON_LINUX
    said = f"the path in its first line ends behind {end} bytes, and"
    if end > longest:
        why = f"{said} the system reads no more than {longest}"
        return _Fault(why, "Create the environment again in a folder with a shorter path.", script.span)
    if platform == "linux" and end > LONGEST_ANYWHERE:
        why = f"{said} Linux before 5.1 reads no more than {LONGEST_ANYWHERE}"
        return _Fault(why, "A shorter path to the environment works everywhere.", script.span, is_hint=True)
    return None


def activate_stale(facts: EnvironmentFacts) -> Problem | None:
    """Activation scripts name another environment than the one in which they stand."""
    if facts.origin and facts.origin.is_named:
        return None
    stale = [
        (file, named)
        for file, head in facts.scripts.activations
        if (named := folder_named_in(head)) and _is_elsewhere(named, facts)
    ]
    if not stale:
        return None
    file, named = stale[0]
    gone = "" if os.path.lexists(facts.reader.host.at(named.folder)) else ", which does not exist"
    others = [file.name for file, _ in stale[1:]]
    more = f" (and {', '.join(others)})" if others else ""
    text = (
        f"{file.name}{more} names {named.folder}{gone}: after activating with it, `python` is not that of "
        f"{facts.environment.path}. Create the environment again, or name this folder there."
    )
    related = tuple(Related(file, named.span, f"names {named.folder}") for file, named in stale[1:])
    return problem(facts, "activate-stale", text, file=file, span=named.span, related=related)


def _is_elsewhere(named: Named, facts: EnvironmentFacts) -> bool:
    environment, host = facts.environment, facts.reader.host
    if named.folder == os.fspath(environment.path) or not host.is_absolute(named.folder):
        return False
    folder = host.at(named.folder)
    if folder in (environment.path, environment.real) or host.mounts.silent(folder):
        return False
    return not same_folder(folder, environment.path)


class _Place(NamedTuple):
    """Where a problem of scripts stands, or one more of them."""

    script: Script
    span: Span
    says: str


def _on_scripts(
    facts: EnvironmentFacts, rule: str, text: str, severity: Severity, places: Iterable[_Place]
) -> Problem:
    """One problem for all: it stands on the first that an editor shows, with the others as related places."""
    texts = [one for one in places if one.script.is_text]
    if not texts:
        return problem(facts, rule, text, severity=severity)
    first, *others = texts
    related = tuple(Related(one.script.file, one.span, one.says) for one in others[:_MOST_RELATED])
    return problem(
        facts, rule, text, severity=severity, file=first.script.file, span=first.span, related=related
    )


def _shown(script: Script, facts: EnvironmentFacts) -> str:
    separator = "\\" if facts.reader.host.windows else "/"
    return f"{facts.environment.layout.scripts}{separator}{script.name}"


def _others(scripts: Sequence[Script]) -> str:
    names = [script.name for script in scripts[1:]]
    if not names:
        return ""
    more = ", …" if len(names) > _MOST_NAMED else ""
    return f" (and {len(names)} more: {', '.join(names[:_MOST_NAMED])}{more})"
