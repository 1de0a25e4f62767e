"""Rules about the way from an environment's `python` to a real executable."""

from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem, python_name, python_that
from holdfast.links.shims.recognise import shim_at


def interpreter_missing(facts: EnvironmentFacts) -> Problem | None:
    """There is nothing by the interpreter's name, `bin/python`, or nothing that could be a program."""
    chain = facts.environment.python
    name = python_name(facts)
    if facts.no_program:
        if facts.text_link:
            return None
        text = f"{python_that(facts)} is {facts.no_program}, so this environment has no interpreter."
        return problem(facts, "interpreter-missing", text, fatal=True)
    if chain.state != "missing" or facts.has_python:
        return None
    if facts.environment.kind == "conda":  # `conda create` without a Python makes a place for other programs
        return None
    text = f"There is no {name}, so this environment has no interpreter."
    return problem(facts, "interpreter-missing", text, fatal=True)


def interpreter_text_file(facts: EnvironmentFacts) -> Problem | None:
    """A link that was checked out, unpacked or copied as a text file, which nothing follows."""
    if facts.text_link is None:
        return None
    text = (
        f"{facts.environment.python.end} is a text file that says {facts.text_link}: a link that was "
        "written as "
        "a file, as Git does where `core.symlinks` is off, so it starts nothing. Create the environment "
        "again; "
        "it does not belong into version control."
    )
    return problem(facts, "interpreter-text-file", text, fatal=True)


def interpreter_is_shim(facts: EnvironmentFacts) -> Problem | None:
    """It leads to the shim of a version manager, which starts another Python, outside of the environment."""
    if facts.shim is None:
        return None
    shim = shim_at(facts.shim, facts.environment.python.end)
    of = f"{shim.manager}'s shim" if shim else "the shim of a version manager"
    text = (
        f"{python_name(facts)} leads to {of} {facts.shim}, which starts a Python outside of this "
        "environment: "
        "what is installed here is not found. Create the environment again with a real interpreter, not "
        "the shim."
    )
    return problem(facts, "interpreter-is-shim", text, fatal=True)


def interpreter_dangling(facts: EnvironmentFacts) -> Problem | None:
    """`bin/python` is a link, and what it leads to is gone."""
    chain = facts.environment.python
    if chain.state != "missing" or not facts.has_python:
        return None
    # The first part that is missing instead of the whole path: the Problems panel cuts long lines off.
    text = f"{python_name(facts)} leads to {chain.stopped_at}, which no longer exists{_instead(facts)}."
    return problem(facts, "interpreter-dangling", text, fatal=True)


def interpreter_loop(facts: EnvironmentFacts) -> Problem | None:
    """The links from `bin/python` run in a circle."""
    chain = facts.environment.python
    if chain.state != "loop":
        return None
    text = f"{python_name(facts)} leads nowhere: its links run in a circle at {chain.stopped_at}."
    return problem(facts, "interpreter-loop", text, fatal=True)


def interpreter_denied(facts: EnvironmentFacts) -> Problem | None:
    """The interpreter is there and may not be executed, or it stands where nothing answers."""
    chain = facts.environment.python
    if facts.silent:
        gone = f"{chain.stopped_at}, a disk or share that does not answer"
        text = f"{python_name(facts)} leads to {gone}. Connect it again."
        return problem(facts, "interpreter-denied", text, fatal=True)
    if not facts.may_not_execute or facts.shim:
        return None
    text = (
        f"{python_that(facts)} may not be executed by you (permission is denied at {chain.stopped_at}). "
        "Give it the permission to be read and executed."
    )
    return problem(facts, "interpreter-denied", text, fatal=True)


def _instead(facts: EnvironmentFacts) -> str:
    if not facts.beside_gap:
        return ""
    names = ", ".join(facts.beside_gap)
    return f" ({names} {'is' if len(facts.beside_gap) == 1 else 'are'} there now)"
