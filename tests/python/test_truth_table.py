"""A generated table: environments of every maker, broken in every way and in two ways, against what happens.

`--cases N` makes it larger. What is chosen depends on N and on the seed, which is printed, and no more.
"""

import random
import re
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from breakages import (
    BREAKAGES,
    HARMLESS,
    LOSING_PACKAGES,
    NAMING_ANOTHER,
    OF_THE_BASE,
    Scene,
    install_package,
    why_it_fails,
    why_script_fails,
)
from holdfast.files.reading import is_regular_file
from holdfast.health.check import Verdict, check
from holdfast.health.problem import Problem
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from makers import DEAD_IF_RELOCATED, MAKERS, OF_PYPI
from pythons import INSTALLED, SELF_CONTAINED, Python, copied_prefix, relocated_prefix

SEED = 7
USUAL = 200
EVERY_THIRD = 3


@dataclass(frozen=True)
class Case:
    """An environment, and what happened to it."""

    number: int
    python: Python
    maker: Any
    breakages: tuple
    by_link: bool
    """Whether it was made by the name X.Y of its base, which is a link to that of the patch version."""
    relocated: bool
    """Whether its base was moved from where it was built, and finds itself by its own place alone."""

    def __str__(self) -> str:
        what = " + ".join(one.__name__ for one in self.breakages)
        base = f"{'relocated ' * self.relocated}{self.python}"
        return f"{self.number}: {base} {self.maker.__name__}{' by a link' * self.by_link}, {what}"


@dataclass(frozen=True)
class Row:
    """What is said of a case, and what is true."""

    case: Case
    verdict: Verdict
    why: str
    """Why it does not work; empty where it does."""
    why_script: str
    """The same of a script that was installed."""
    opens: bool
    """Whether every problem, and what is related to it, stood on a file that an editor opens."""

    @property
    def agrees(self) -> bool:
        return (self.verdict.state == "broken") == bool(self.why)

    @property
    def tells_of_script(self) -> bool:
        """Whether somebody who reads the problems knows that the script does not run as it should."""
        return self.verdict.state == "broken" or any(map(_tells_of_scripts, self.verdict.problems))

    @property
    def agrees_on_script(self) -> bool:
        # Where the interpreter does not work, a script that needs little of it may run all the same.
        return self.tells_of_script == bool(self.why_script or self.why)

    @property
    def explanation(self) -> str:
        """Why a verdict is right that is not what happens; empty of others."""
        done = set(self.case.breakages)
        if self.verdict.state == "degraded" and done & LOSING_PACKAGES and done & NAMING_ANOTHER:
            return "nothing in the environment says any more that a package was installed"
        return ""

    def __str__(self) -> str:
        rules = ", ".join(f"{one.rule}: {one.severity}" for one in self.verdict.problems) or "no problem"
        truth = f"{self.why or 'it works'}; its script: {self.why_script or 'works'}"
        return f"{self.case}: {self.verdict.state} ({rules}); in truth {truth}"


def _tells_of_scripts(problem: Problem) -> bool:
    """Whether a problem is one of scripts, or counts them among what follows from it."""
    match problem.rule:
        case "script-interpreter-missing":
            return True
        case "script-shebang-unusable" | "alias-broken":
            return problem.severity == "error"
        case "environment-moved":
            return re.search(r", and \d+ scripts? ", problem.message) is not None
    return False


def cases(count: int) -> list[Case]:
    """Every breakage in turn; every third case has a second one."""
    choose = random.Random(SEED)
    chosen = []
    while len(chosen) < count:
        number = len(chosen)
        breakages = [BREAKAGES[number % len(BREAKAGES)]]
        if number % EVERY_THIRD == 0:
            breakages.append(choose.choice(BREAKAGES))
        pythons = SELF_CONTAINED if OF_THE_BASE & set(breakages) else INSTALLED
        python = choose.choice(pythons)
        by_link = python in SELF_CONTAINED and choose.random() < 1 / 3
        relocated = python in SELF_CONTAINED and choose.random() < 1 / 4
        old = tuple(map(int, python.series.split("."))) < (3, 8)
        unfit = (OF_PYPI if old else set()) | (DEAD_IF_RELOCATED if relocated else set())
        maker = choose.choice([maker for maker in MAKERS if maker not in unfit])
        chosen.append(Case(number, python, maker, tuple(dict.fromkeys(breakages)), by_link, relocated))
    return chosen


def test_the_verdicts_are_what_happens(request, tmp_path, capsys, record_testsuite_property):
    count = request.config.getoption("--cases") or USUAL
    with ThreadPoolExecutor(max_workers=2) as pool:
        rows = list(pool.map(lambda case: row_of(case, tmp_path / str(case.number)), cases(count)))
    matrix = Counter((row.verdict.state, not row.why) for row in rows)
    table = [f"{len(rows)} cases, seed {SEED}:    works    does not work"]
    states = ("healthy", "degraded", "broken")
    table += [f"{state:>24} {matrix[state, True]:8} {matrix[state, False]:12}" for state in states]
    scripts = Counter((row.tells_of_script, not (row.why_script or row.why)) for row in rows)
    table += [f"{'scripts:':>24}    runs    does not run"]
    for says, told in (("nothing told", False), ("told", True)):
        table += [f"{says:>24} {scripts[told, True]:8} {scripts[told, False]:12}"]
    with capsys.disabled():
        print("", *table, sep="\n")  # noqa: T201 - the table is what the run is for
    record_testsuite_property("truth table", "\n".join(table))
    disagreeing = [row for row in rows if not (row.agrees and row.agrees_on_script)]
    for row in disagreeing:
        if row.explanation:
            with capsys.disabled():
                print(f"{row}: right, for {row.explanation}")  # noqa: T201
    wrong = "\n".join(str(row) for row in disagreeing if not row.explanation)
    assert not wrong, wrong
    odd = "\n".join(str(row) for row in rows if not is_well_said(row))
    assert not odd, odd


def is_well_said(row: Row) -> bool:
    """Problems can be opened and read, one cause has one of them, and what does no harm has none."""
    problems = row.verdict.problems
    loud = [one for one in problems if one.severity in ("error", "warning")]
    if not row.opens or not all(one.message.endswith(".") for one in problems):
        return False
    if set(row.case.breakages) <= HARMLESS:
        return not loud
    return sum(one.fatal for one in problems) <= len(row.case.breakages)


def row_of(case: Case, place) -> Row:
    """Make it, install something in it, break it, look at it and run it."""
    base = case.python
    if base in SELF_CONTAINED:
        copy = relocated_prefix if case.relocated else copied_prefix
        base = copy(base, place / "versions" / f"{base.series}.0")
    path = base.path
    if case.by_link:
        (base.prefix.parent / base.series).symlink_to(base.prefix.name)
        path = base.prefix.parent / base.series / "bin" / base.path.name
    environment = place / "project" / ".venv"
    environment.parent.mkdir(parents=True)
    (environment.parent / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    case.maker(path, environment)
    install_package(environment, base.tag)
    scene = Scene(
        environment, base, base.prefix / "lib" / base.tag, case.python.prefix / "lib" / base.tag, place
    )
    assert why_it_fails(scene) == why_script_fails(scene) == "", case
    for breakage in case.breakages:
        with suppress(OSError):  # what it would break is broken already
            scene = breakage(scene) or scene
    verdict = check(scene.environment, Reader(Host.current()))
    places = (place for one in verdict.problems for place in (one, *one.related))
    opens = all(is_regular_file(place.file) for place in places)  # type: ignore[attr-defined]
    row = Row(case, verdict, why_it_fails(scene), why_script_fails(scene), opens)
    shutil.rmtree(place)
    return row
