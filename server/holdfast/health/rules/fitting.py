"""Rules about an interpreter that is there and does not fit: to its libraries, its packages, this machine."""

from itertools import islice

from holdfast.files.reading import list_folder
from holdfast.formats.executable import Header, read_header
from holdfast.formats.linkage import read_linkage
from holdfast.health.facts import EnvironmentFacts
from holdfast.health.problem import Problem
from holdfast.health.rules.rule import problem, python_name, python_that, span_of
from holdfast.interpreters.landmark import series_of

_ALSO_RUNS = {"x86_64": {"i686"}, "aarch64": {"armv7l"}}
"""Processors whose 32-bit programs another one starts, too."""
_MOST_MODULES = 5
_KINDS = {"elf": "Linux", "mach-o": "macOS", "pe": "Windows"}
_NATIVE = {"linux": "elf", "darwin": "mach-o", "windows": "pe"}


def library_missing(facts: EnvironmentFacts) -> Problem | None:
    """The loader does not find the libpython that the executable was linked to, or another build's."""
    start, end = facts.start, facts.environment.python.end
    if start is None or not (start.lacks_runtime or start.strange_runtime):
        return None
    linkage = read_linkage(end)
    name = next((one for one in linkage.needed if "py" in one), "libpython") if linkage else "libpython"
    named = linkage.run_path if linkage else ()
    where = f" in {named[0]}" if named else ""
    what = (
        f"is a copy that needs {name}"
        if facts.environment.holds_own_executable
        else f"leads to {end}, which needs {name}"
    )
    found = f": {start.strange_runtime} of another Python is loaded instead" if start.strange_runtime else ""
    text = (
        f"{python_name(facts)} {what}, and that is not there{where}{found}. "
        "Install that Python again, or create the environment again."
    )
    return problem(facts, "library-missing", text, fatal=True)


def minor_mismatch(facts: EnvironmentFacts) -> Problem | None:
    """Packages were installed for one X.Y, and the interpreter is another."""
    base, tag, installed = facts.linked, facts.tag, facts.installed
    if base is None or not base.usable or tag is None:
        return None
    if facts.reader.host.windows:
        return _on_windows(facts, base.title, series_of(tag))
    others = [name for name in facts.environment.tags if name != tag]
    if not others or not installed.is_empty:
        return None  # what is left of another X.Y beside the right one does no harm
    lost = bool(installed.elsewhere)
    if installed.exists and not lost:
        return None
    made_for = ", ".join(others)
    effect = (
        f"What is installed in lib/{made_for} cannot be imported"
        if lost
        else f"It was made for {made_for}, and nothing is installed in it"
    )
    text = (
        f"{python_name(facts)} is now {base.title}, which looks for packages in lib/{tag}. {effect}. "
        "Create the environment again, with this Python or the former one."
    )
    return problem(facts, "minor-mismatch", text, fatal=lost, span=span_of(facts, "version", "version_info"))


def _on_windows(facts: EnvironmentFacts, title: str, series: str) -> Problem | None:
    """There the folder of packages bears no version, and what is pure Python is still found."""
    recorded = facts.environment.recorded_version
    if recorded is None or recorded.series == series or facts.installed.is_empty:
        return None
    text = (
        f"`home` leads to {title} now, and this environment was made with {recorded}: packages with compiled "
        "modules cannot be imported. Create the environment again."
    )
    return problem(facts, "minor-mismatch", text)


def architecture_mismatch(facts: EnvironmentFacts) -> Problem | None:
    """Executable, compiled modules and machine are not all for one processor."""
    mine = _machines(facts)
    if not mine or facts.environment.python.state != "ok":
        return None
    return _foreign_executable(facts, mine) or _foreign_modules(facts, mine)


def _machines(facts: EnvironmentFacts) -> frozenset[str]:
    """The processors for which the interpreter is."""
    if facts.linked and facts.linked.architecture:
        return frozenset(facts.linked.architecture.split("+"))
    return frozenset(facts.header.machines) if facts.header else frozenset()


def _foreign_executable(facts: EnvironmentFacts, mine: frozenset[str]) -> Problem | None:
    here = facts.reader.machines
    able = here.union(*(_ALSO_RUNS.get(machine, set()) for machine in here))
    if not here or mine & able:
        return None
    runs = _is_translated(facts, mine)
    effect = (
        "It runs only as long as a translator for that is installed."
        if runs
        else "It cannot be started. Create the environment again, with a Python for this machine."
    )
    text = (
        f"{python_that(facts)} is for {'+'.join(sorted(mine))}, and this machine is "
        f"{'+'.join(sorted(here))}. {effect}"
    )
    return problem(
        facts, "architecture-mismatch", text, fatal=not runs, severity="information" if runs else "error"
    )


def _is_translated(facts: EnvironmentFacts, mine: frozenset[str]) -> bool:
    """Whether something runs programs of another processor: Rosetta, or what binfmt_misc of Linux knows."""
    host = facts.reader.host
    if host.platform == "darwin":
        return "x86_64" in mine
    known = list_folder(host.at("/proc/sys/fs/binfmt_misc"))
    return any(name.endswith(machine) for name in known for machine in mine)


def _foreign_modules(facts: EnvironmentFacts, mine: frozenset[str]) -> Problem | None:
    """Compiled modules directly in site-packages, none of which this interpreter can load."""
    kind = _NATIVE[facts.reader.host.platform]
    modules = tuple(islice(facts.installed.files(".so", ".pyd"), _MOST_MODULES))
    headers: list[Header] = []
    for path in modules:
        header = read_header(path)
        if header is None or (header.kind == kind and mine & set(header.machines)):
            return None
        headers.append(header)
    if not headers:
        return None
    what = f"{headers[0].architecture} ({_KINDS[headers[0].kind]})"
    text = (
        f"{modules[0].name} in {modules[0].parent} was compiled for {what}, and {python_name(facts)} is for "
        f"{'+'.join(sorted(mine))} ({_KINDS[kind]}), so such packages cannot be imported. "
        "Create the environment again."
    )
    return problem(facts, "architecture-mismatch", text, fatal=True)
