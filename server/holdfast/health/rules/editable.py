"""The rule about packages that are installed as links to a folder of sources."""

from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem
from holdfast.links.chain import follow


def editable_target_missing(facts: EnvironmentFacts) -> Problem | None:
    """What a `.pth`, an `.egg-link`, a finder or a `direct_url.json` names is gone."""
    gone = [one for one in facts.editables if _is_gone(one.text, facts)]
    if not gone:
        return None
    first, others = gone[0], len({one.text for one in gone}) - 1
    more = f" (and {others} more)" if others else ""
    text = (
        f"{first.file.name} names {first.text}{more}, which does not exist: what was installed from there "
        "cannot be imported. Install it again from where it is now, or uninstall it."
    )
    return problem(facts, "editable-target-missing", text, file=first.file, span=first.span)


def _is_gone(text: str, facts: EnvironmentFacts) -> bool:
    host = facts.reader.host
    if not host.is_absolute(text):
        return False
    path = host.at(text)
    # What was moved together with the environment is a part of that problem.
    if facts.origin and path.is_relative_to(facts.origin.folder.parent):
        return False
    return follow(path, host.mounts).state == "missing"
