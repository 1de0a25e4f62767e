"""Rules about the scripts of an environment: by which interpreter each is started, and if it can be."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from holdfast.files.reading import same_folder
from holdfast.formats.shebang import LONGEST_ANYWHERE, LONGEST_ON_LINUX, LONGEST_ON_MACOS, Shebang
from holdfast.formats.span import Span, span_in
from holdfast.health.activation import Named, folder_named_in
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem, Related, Severity
from holdfast.health.rules.layout import alias_broken
from holdfast.health.rules.rule import problem
from holdfast.health.scripts import Alike, Reach
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
_INSTALL_AGAIN = "Install its package again."
_BLANK = re.compile(rb"[ \t]")


class _Fault(NamedTuple):
    """Why a script cannot be started as it is written."""

    why: str
    """The rest of a sentence that begins with its name."""
    advice: str
    span: Span
    is_hint: bool = False


class _Wrong(NamedTuple):
    """Scripts that are not started by the environment's own Python."""

    scripts: Alike
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
    places = [_Place(one.scripts, one.scripts.span, f"names {one.interpreter}") for one in chosen]
    told = _of_lost(lost[0], facts) if lost else _of_strange(strange[0], facts)
    text = f"{told}{_others(places)}. Install its package again."
    if lost and strange:
        number = sum(len(one.scripts.names) for one in strange)
        more = "One more leads" if number == 1 else f"{number} more lead"
        text += f" {more} to the Python of another environment, {strange[0].reach.at}."
    return _on_scripts(facts, "script-interpreter-missing", text, "error" if lost else "warning", places)


def _wrong(facts: EnvironmentFacts) -> Iterator[_Wrong]:
    found = facts.scripts
    for one in found.of_python:
        path = one.interpreter
        if path is None or found.reaches[path].state in ("own", "other"):
            continue
        wrong, fault = _Wrong(one, path, found.reaches[path]), _fault_of(one, facts.reader.host)
        if (fault is None or fault.is_hint) and not _is_told(wrong, facts):
            yield wrong


def _of_lost(lost: _Wrong, facts: EnvironmentFacts) -> str:
    scripts, interpreter, reach = lost
    why = _LOST[reach.state]
    if reach.state == "missing" and reach.at != interpreter:
        why = f"and {reach.at} does not exist"
    return f"{_shown(scripts, facts)} names {interpreter}, {why}, so it cannot be started"


def _of_strange(strange: _Wrong, facts: EnvironmentFacts) -> str:
    return (
        f"{_shown(strange.scripts, facts)} is started by the Python of another environment, "
        f"{strange.reach.at}, and finds what is installed there, not here"
    )


def _is_told(wrong: _Wrong, facts: EnvironmentFacts) -> bool:
    """Whether another rule tells why the interpreter of scripts is not there, and so of them."""
    environment, interpreter = facts.environment, wrong.interpreter
    if facts.origin and facts.origin.holds(interpreter):
        return True
    beside = wrong.reach.state != "silent" and same_folder(interpreter.parent, facts.scripts.folder)
    if not (beside or environment.holds(interpreter)):
        return False
    if environment.python.state != "ok" or facts.no_program or facts.may_not_execute:
        return True
    return not beside and alias_broken(facts) is not None


def script_shebang_unusable(facts: EnvironmentFacts) -> Problem | None:
    """The system does not understand the first line of scripts, or a launcher is damaged."""
    host = facts.reader.host
    found = [(one, fault) for one in facts.scripts.all if (fault := _fault_of(one, host))]
    if not found:
        return None
    is_hint = all(fault.is_hint for _, fault in found)
    chosen = [(one, fault) for one, fault in found if fault.is_hint == is_hint]
    places = [_Place(one, fault.span, fault.why) for one, fault in chosen]
    scripts, fault = chosen[0]
    does = "is started here" if is_hint else "cannot be started"
    text = f"{_shown(scripts, facts)} {does}: {fault.why}{_others(places)}. {fault.advice}"
    return _on_scripts(facts, "script-shebang-unusable", text, "hint" if is_hint else "error", places)


def _fault_of(scripts: Alike, host: Host) -> _Fault | None:
    """Why the system does not start scripts; None where it does, or where they are none of a Python."""
    shebang = scripts.shebang
    if shebang is None:
        reason: str = getattr(scripts.launcher, "reason", "")
        return _Fault(reason, _INSTALL_AGAIN, scripts.span) if reason else None
    if shebang.kind == "direct" and (fault := _blank_or_quote(scripts, host)):
        return fault
    if not scripts.names_python:
        return None
    if shebang.ends_in_return and not (shebang.kind == "env" and b" -S" in scripts.line):
        why = "its first line ends in CR LF as on Windows, and the CR is taken for a part of the last word"
        return _Fault(why, "Save it with LF as line ends.", shebang.span)
    return _too_long(scripts, shebang, host) if shebang.kind == "direct" else None


def _blank_or_quote(scripts: Alike, host: Host) -> _Fault | None:
    match = _PATH.match(scripts.line)
    if match is None or not (match["quote"] or _BLANK.search(match["path"])):
        return None
    is_program = scripts.interpreter and follow(scripts.interpreter, host.mounts).state != "missing"
    if is_program and not match["quote"]:  # it is given a Python: `#!/usr/bin/time /usr/bin/python`
        return None
    text, path = _text(scripts.line), _text(match["path"])
    start = text.index(path)
    what = "quotes, which the system takes for a part of the path" if match["quote"] else "a blank"
    ends = "" if match["quote"] else ", at which the system ends the path"
    why = f"its first line names {path} with {what}{ends}"
    return _Fault(why, _INSTALL_AGAIN, span_in(text, 0, start, start + len(path)))


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def _too_long(scripts: Alike, shebang: Shebang, host: Host) -> _Fault | None:
    """Only the path has to fit: what is cut off behind it are arguments."""
    if len(scripts.line) <= LONGEST_ANYWHERE:
        return None
    path = shebang.interpreter.encode("utf-8", "surrogateescape")
    end = scripts.line.index(path) + len(path)
    longest = LONGEST_ON_MACOS if host.platform == "darwin" else LONGEST_ON_LINUX
    said = f"the path in its first line ends behind {end} bytes, and"
    if end > longest:
        why = f"{said} the system reads no more than {longest}"
        return _Fault(why, "Create the environment again in a folder with a shorter path.", scripts.span)
    if host.platform == "linux" and end > LONGEST_ANYWHERE:
        why = f"{said} Linux before 5.1 reads no more than {LONGEST_ANYWHERE}"
        return _Fault(why, "A shorter path to the environment works everywhere.", scripts.span, is_hint=True)
    return None


def activate_stale(facts: EnvironmentFacts) -> Problem | None:
    """Activation scripts name another environment than the one in which they stand."""
    if facts.origin and facts.origin.is_named:
        return None
    own = os.fsencode(facts.environment.path)
    stale = [
        (name, named)
        for name, head in facts.scripts.activations
        if not _says(own, head)  # which is found sooner than where it stands
        and (named := folder_named_in(head))
        and _is_elsewhere(named, facts)
    ]
    if not stale:
        return None
    (first, named), *others = stale
    folder, gone = facts.scripts.folder, facts.reader.host.at(named.folder)
    what = named.folder if os.path.lexists(gone) else f"{named.folder}, which does not exist"
    more = f" (and {', '.join(name for name, _ in others)})" if others else ""
    text = (
        f"{first}{more} names {what}: after activating with it, `python` is not that of "
        f"{facts.environment.path}. Create the environment again, or name this folder there."
    )
    related = tuple(Related(folder / name, one.span, f"names {one.folder}") for name, one in others)
    return problem(facts, "activate-stale", text, file=folder / first, span=named.span, related=related)


def _says(path: bytes, text: bytes) -> bool:
    at = text.find(path)
    return at >= 0 and text[at + len(path) : at + len(path) + 1] in (b'"', b"'", b"\n", b"\r")


def _is_elsewhere(named: Named, facts: EnvironmentFacts) -> bool:
    environment, host = facts.environment, facts.reader.host
    if named.folder == os.fspath(environment.path) or not host.is_absolute(named.folder):
        return False
    folder = host.at(named.folder)
    if folder in (environment.path, environment.real) or host.mounts.silent(folder):
        return False
    return not same_folder(folder, environment.path)


class _Place(NamedTuple):
    """Where scripts say what is wrong with them."""

    scripts: Alike
    span: Span
    says: str


def _on_scripts(
    facts: EnvironmentFacts, rule: str, text: str, severity: Severity, places: Iterable[_Place]
) -> Problem:
    """One problem for all: it stands on the first that an editor shows, with the others as related places."""
    folder = facts.scripts.folder
    files = [Related(folder / name, one.span, one.says) for one in places for name in one.scripts.texts]
    if not files:
        return problem(facts, rule, text, severity=severity)
    first, *others = files
    related = tuple(others[:_MOST_RELATED])
    return problem(facts, rule, text, severity=severity, file=first.file, span=first.span, related=related)


def _shown(scripts: Alike, facts: EnvironmentFacts) -> str:
    separator = "\\" if facts.reader.host.windows else "/"
    return f"{facts.environment.layout.scripts}{separator}{scripts.names[0]}"


def _others(places: Iterable[_Place]) -> str:
    """All scripts but the first, in brackets."""
    _, *names = [name for place in places for name in place.scripts.names]
    if not names:
        return ""
    more = ", …" if len(names) > _MOST_NAMED else ""
    return f" (and {len(names)} more: {', '.join(names[:_MOST_NAMED])}{more})"
