"""The environments that `holdfast find` lists: those below the working folder, and those that tools keep."""

from collections.abc import Iterable, Sequence

from holdfast.cli.output import paint, say
from holdfast.cli.paths import elsewhere, environments_below, short
from holdfast.discovery.finder import LocatedEnvironment
from holdfast.health.check import Verdict, check
from holdfast.health.problem import State
from holdfast.interpreters.reader import Reader
from holdfast.interpreters.request import VersionRequest
from holdfast.typed import TypedDict
from holdfast.values import NamedTuple
from holdfast.workspace.projects import Projects

_COLOURS = {"healthy": "green", "degraded": "yellow", "broken": "red"}


class FoundEnvironment(NamedTuple):
    """An environment, and who knows it."""

    verdict: Verdict
    source: str


class FoundEnvironmentJson(TypedDict):
    """An environment of this machine."""

    path: str
    interpreter: str
    version: str | None
    base: str | None
    kind: str
    source: str
    """Who knows it; `here` for those below the working folder."""
    state: State
    error: str | None
    """Why it is broken."""


def found_environments(
    located: Iterable[LocatedEnvironment], reader: Reader, wanted: VersionRequest | None
) -> tuple[FoundEnvironment, ...]:
    """Those below the working folder, then the located ones; of a request, those whose base fits it."""
    sources = dict.fromkeys(environments_below(["."]), "here")
    sources |= {one.path: one.source for one in elsewhere(located, sources)}
    severities = Projects(reader.host).severities
    found = (
        FoundEnvironment(check(path, reader, severities=severities(path.parent)), source)
        for path, source in sources.items()
    )
    return tuple(one for one in found if wanted is None or _fits(one.verdict, wanted))


def environment_json(found: FoundEnvironment) -> FoundEnvironmentJson:
    """One environment."""
    verdict = found.verdict
    return {
        "path": str(verdict.environment.path),
        "interpreter": str(verdict.environment.interpreter),
        "version": str(verdict.version) if verdict.version else None,
        "base": str(verdict.base.stable or verdict.base.path) if verdict.base else None,
        "kind": verdict.environment.kind,
        "source": found.source,
        "state": verdict.state,
        "error": verdict.reason,
    }


def print_environments(environments: Sequence[FoundEnvironment]) -> None:
    """A line for each, and below one that is not healthy the reason."""
    say(paint("Environments", "bold"))
    states = max(len(verdict.state) for verdict, _ in environments)
    titles = max(len(_title(verdict)) for verdict, _ in environments)
    for found in environments:
        verdict = found.verdict
        state = paint(f"{verdict.state:<{states}}", _COLOURS[verdict.state])
        origin = paint(_origin(found), "dim")
        say(f"  {state}  {_title(verdict):<{titles}}  {short(verdict.environment.path)}{origin}")
        if verdict.state != "healthy":
            say(paint(f"  {'':<{states}}  {verdict.reason or verdict.problems[0].message}", "dim"))


def _title(verdict: Verdict) -> str:
    return verdict.base.title if verdict.base else f"Python {verdict.version or 'of unknown version'}"


def _origin(found: FoundEnvironment) -> str:
    """Who made it, and who knows it, where that is not plain to see."""
    kind, source = found.verdict.environment.kind, found.source
    made_by = {"stdlib": "venv", "unknown": ""}.get(kind, kind)
    words = dict.fromkeys(word for word in (made_by, source) if word not in ("", "here"))
    return f"  ({', '.join(words)})" if words else ""


def _fits(verdict: Verdict, wanted: VersionRequest) -> bool:
    return verdict.base is not None and wanted.fits(verdict.base)
