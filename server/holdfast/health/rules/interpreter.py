"""Rules about the way from an environment's `python` to a real executable."""

from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem


def interpreter_missing(facts: EnvironmentFacts) -> Problem | None:
    """There is nothing by the interpreter's name, `bin/python`, or nothing that could be a program."""
    chain = facts.environment.python
    name = _name(facts)
    if facts.no_program:
        what = facts.no_program
        text = f"{name} leads to {chain.end}, which is {what}, so this environment has no interpreter."
        return problem(facts, "interpreter-missing", text, fatal=True)
    if chain.state != "missing" or facts.has_python:
        return None
    if facts.environment.kind == "conda":  # `conda create` without a Python makes a place for other programs
        return None
    if facts.environment.is_foreign:
        text = (
            f"There is no {name}: this environment was made on another operating system. "
            "Create a second one for this system under another name."
        )
    else:
        text = f"There is no {name}, so this environment has no interpreter."
    return problem(facts, "interpreter-missing", text, fatal=True)


def interpreter_dangling(facts: EnvironmentFacts) -> Problem | None:
    """`bin/python` is a link, and what it leads to is gone."""
    chain = facts.environment.python
    if chain.state != "missing" or not facts.has_python:
        return None
    # The first part that is missing instead of the whole path: the Problems panel cuts long lines off.
    text = f"{_name(facts)} leads to {chain.stopped_at}, which no longer exists{_instead(facts)}."
    return problem(facts, "interpreter-dangling", text, fatal=True)


def interpreter_loop(facts: EnvironmentFacts) -> Problem | None:
    """The links from `bin/python` run in a circle."""
    chain = facts.environment.python
    if chain.state != "loop":
        return None
    text = f"{_name(facts)} leads nowhere: its links run in a circle at {chain.stopped_at}."
    return problem(facts, "interpreter-loop", text, fatal=True)


def interpreter_denied(facts: EnvironmentFacts) -> Problem | None:
    """The interpreter is there and may not be executed, or it stands where nothing answers."""
    chain = facts.environment.python
    if facts.silent:
        gone = f"{chain.stopped_at}, a disk or share that does not answer"
        text = f"{_name(facts)} leads to {gone}. Connect it again."
        return problem(facts, "interpreter-denied", text, fatal=True)
    if not facts.may_not_execute:
        return None
    text = (
        f"{_name(facts)} leads to {chain.end}, which you may not execute "
        f"(permission is denied at {chain.stopped_at}). Give it the permission to be read and executed."
    )
    return problem(facts, "interpreter-denied", text, fatal=True)


def _name(facts: EnvironmentFacts) -> str:
    layout = facts.environment.layout
    separator = "\\" if layout.python.endswith(".exe") else "/"
    return f"{layout.scripts}{separator}{layout.python}"


def _instead(facts: EnvironmentFacts) -> str:
    if not facts.beside_gap:
        return ""
    names = ", ".join(facts.beside_gap)
    return f" ({names} {'is' if len(facts.beside_gap) == 1 else 'are'} there now)"
