"""A look at what a change may have made different sees what a look at everything sees."""

import gc
import json
import os
import random
import shutil
import tracemalloc
from pathlib import Path

import pytest

from holdfast.cancellation import Cancellation
from holdfast.creation.base import choose_base
from holdfast.creation.create import create
from holdfast.creation.plan import Request
from holdfast.host import Host
from holdfast.interpreters.memory import Memory
from holdfast.interpreters.reader import Reader
from holdfast.lsp.looking import Ground, look, look_again
from holdfast.lsp.marks import changed_since, marks_of
from holdfast.workspace.settings import project_settings, settings_from

STEPS = 40


def picture(seen):
    """All that a look tells, and nothing of how it came about."""
    return {
        "folders": [(one.folder, one.own, [each.path for each in one.surveyed]) for one in seen.folders],
        "environments": {
            one.path: (one.verdict.state, one.verdict.reason, one.verdict.version, one.findings)
            for one in seen.environments
        },
        "projects": {one.verdict.project.folder: (one.verdict, one.findings) for one in seen.projects},
    }


class World:
    """A workspace of several folders, with bases outside of it, in which things happen.

    Each happening is a method; it returns the paths of which an editor tells, as VS Code does: what came or
    went with all that was in it is one event.
    """

    def __init__(self, folder: Path, base, host: Host, seed: int) -> None:
        self.random = random.Random(seed)
        self.top = folder / "workspace"
        self.outside = folder / "outside"
        self.versions = base.prefix.parent
        self.base = base
        self.host = host
        self.number = 0
        for path in (self.top / "nested", self.outside):
            path.mkdir(parents=True)
        folders = (self.top, self.top / "nested", folder / "second")
        (folder / "second").mkdir()
        person = {"searchPaths": [str(self.versions)]}
        self.ground = Ground(
            host,
            folders,
            lambda one: settings_from(person, host.home, project_settings(one)),
            {},
            Memory(),
        )
        for place in (self.top, self.top / "nested", self.top / "one", self.top / "two", folder / "second"):
            self.make(place / ".venv")

    def make(self, path, base=None):
        request = Request(path, choose_base(str(base or self.base.path), Reader(self.host)), pip=False)
        create(request, self.host)
        (path / "bin" / "tool").write_text(f"#!{path}/bin/python\n")
        (path / "lib" / self.base.tag / "site-packages" / "tool.py").touch()
        return path

    def fresh(self, suffix=""):
        self.number += 1
        return f"new{self.number}{suffix}"

    @property
    def environments(self):
        found = [Path(folder) for folder, _, names in os.walk(self.top) if "pyvenv.cfg" in names]
        return sorted(found)

    @property
    def some(self):
        return self.random.choice(self.environments)

    @property
    def some_folder(self):
        kept = {self.top, self.top / "nested"}
        return self.random.choice(sorted({*kept, *(one.parent for one in self.environments)}))

    # What happens

    def an_environment_is_made(self):
        if not self.base.path.exists():
            return []
        folder = self.some_folder
        above = folder / self.fresh() if self.random.random() < 0.5 else folder
        made = self.make(above / self.fresh("-env"))
        return [above if above != folder else made]

    def an_environment_is_made_from_another(self):
        source = self.some
        if not (source / "bin").is_dir():
            return []
        path = self.some_folder / self.fresh("-inner")
        shutil.copytree(source, path, symlinks=True)
        (path / "bin" / "python").unlink(missing_ok=True)
        (path / "bin" / "python").symlink_to(source / "bin" / "python")
        (path / "pyvenv.cfg").write_text(f"home = {source / 'bin'}\nversion = {self.base.version}\n")
        return [path]

    def an_environment_is_removed(self):
        if len(self.environments) < 4:
            return []
        gone = self.some
        shutil.rmtree(gone)
        return [gone]

    def an_environment_is_moved(self):
        old = self.some
        new = self.some_folder / self.fresh("-moved")
        old.rename(new)
        return [old, new]

    def a_project_is_moved(self):
        kept = (self.top, self.top / "nested")
        places = [one.parent for one in self.environments if one.parent not in kept]
        if not places:
            return []
        old = self.random.choice(places)
        new = old.with_name(self.fresh())
        old.rename(new)
        return [old, new]

    def two_environments_change_places(self):
        one, other = self.some, self.some
        if one == other or one in other.parents or other in one.parents:
            return []
        aside = self.outside / self.fresh()
        one.rename(aside)
        other.rename(one)
        aside.rename(other)
        return [one, other]

    def the_base_goes_or_comes_back(self):
        away = self.versions.with_name("away")
        if away.exists():
            away.rename(self.base.prefix)
        else:
            self.base.prefix.rename(away)
        return [self.base.prefix]

    def another_version_is_installed_or_removed(self):
        other = self.versions / f"{self.base.series}.98"
        if other.exists():
            shutil.rmtree(other)
        elif self.base.prefix.exists():
            shutil.copytree(self.base.prefix, other, symlinks=True, copy_function=os.link)
        return [other]

    def an_interpreter_is_broken(self):
        link = self.some / "bin" / "python"
        if not link.parent.is_dir():
            return []
        link.unlink(missing_ok=True)
        if self.random.random() < 0.7:
            link.symlink_to(self.random.choice([str(self.outside / "nothing"), "python", str(self.versions)]))
        return [link]

    def an_interpreter_is_mended(self):
        link = self.some / "bin" / "python"
        if not link.parent.is_dir():
            return []
        link.unlink(missing_ok=True)
        link.symlink_to(self.base.path)
        return [link]

    def a_configuration_is_edited(self):
        config = self.some / "pyvenv.cfg"
        text = config.read_text() if config.is_file() else ""
        edits = [
            "",
            text + "\n",
            f"home = {self.outside}\n",
            f"home = {self.base.prefix / 'bin'}\nversion = {self.base.version}\n",
            "home = x\nhome = y\n",
        ]
        config.write_text(self.random.choice(edits))
        return [config]

    def a_configuration_goes(self):
        if len(self.environments) < 4:
            return []
        config = self.some / "pyvenv.cfg"
        config.unlink()
        return [config]

    def a_folder_becomes_an_environment(self):
        config = self.some_folder / self.fresh() / "pyvenv.cfg"
        folder = config.parent
        folder.mkdir()
        config.write_text(f"home = {self.base.prefix / 'bin'}\n")
        return [folder, config]

    def settings_are_written(self):
        file = self.some_folder / "pyproject.toml"
        texts = [
            "",
            "[tool.holdfast]\nrules.interpreter-dangling = 'hint'\n",
            "[tool.holdfast]\nrules.no-such-rule = 'hint'\n",
            "[tool.holdfast]\nexclude = ['one', 'two']\nalias = true\n",
            "[project]\nname = 'x'\nrequires-python = '<3'\n",
        ]
        file.write_text(self.random.choice(texts))
        return [file]

    def settings_go(self):
        file = self.some_folder / "pyproject.toml"
        file.unlink(missing_ok=True)
        return [file]

    def editor_settings_are_written(self):
        file = self.some_folder / ".vscode" / "settings.json"
        is_new = not file.parent.exists()
        file.parent.mkdir(exist_ok=True)
        value = self.random.choice(["/usr/bin/python", "${workspaceFolder}/.venv/bin/python", "gone/python"])
        file.write_text(f'{{"python.defaultInterpreterPath": "{value}"}}')
        return [file.parent] if is_new else [file]

    def terminals_are_given_variables(self):
        file = self.some_folder / ".vscode" / "settings.json"
        is_new = not file.parent.exists()
        file.parent.mkdir(exist_ok=True)
        home = self.random.choice([str(self.outside), str(self.base.prefix)])
        environment = self.random.choice(["${workspaceFolder}/.venv", str(self.outside / "nothing")])
        values = {"PYTHONHOME": home, "VIRTUAL_ENV": environment}
        file.write_text(json.dumps({f"terminal.integrated.env.{name}": values for name in ("linux", "osx")}))
        return [file.parent] if is_new else [file]

    def a_file_of_variables_is_named(self):
        folder = self.some_folder / ".vscode"
        is_new = not folder.exists()
        folder.mkdir(exist_ok=True)
        text = self.random.choice(["${workspaceFolder}/dev.env", "${workspaceFolder}/../dev.env"])
        if self.random.random() < 0.5:
            file, said = folder / "settings.json", json.dumps({"python.envFile": text})
        else:
            named = {"configurations": [{"type": "debugpy", "envFile": text}]}
            file, said = folder / "launch.json", json.dumps(named)
        file.write_text(said)
        return [folder] if is_new else [file]

    def a_file_of_variables_is_written(self):
        file = self.some_folder / self.random.choice([".env", "dev.env", "dev.env"])
        file.write_text(self.random.choice(["", "PYTHONHOME=/gone\n", "VIRTUAL_ENV=/gone\n", "A=1\n"]))
        return [file]

    def files_of_variables_go(self):
        found = [*self.top.rglob("dev.env"), *self.top.rglob(".env")]
        for file in found:
            file.unlink()
        return found

    def a_workspace_is_described(self):
        file = self.some_folder / "all.code-workspace"
        said = {
            "folders": [{"path": self.random.choice([".", "one", "nested"])}],
            "settings": {"python.envFile": "${workspaceFolder}/dev.env"},
            "launch": {"configurations": [{"type": "debugpy", "env": {"PYTHONHOME": "/gone"}}]},
        }
        file.write_text(json.dumps(said if self.random.random() < 0.7 else {"folders": []}))
        return [file]

    def a_workspace_goes(self):
        file = self.some_folder / "all.code-workspace"
        file.unlink(missing_ok=True)
        return [file]

    def a_version_is_asked_for(self):
        file = self.some_folder / ".python-version"
        file.write_text(self.random.choice(["3.99", self.base.series, self.base.version]))
        return [file]

    def a_redirect_file_is_written(self):
        file = self.top / "redirected" / ".venv"
        file.parent.mkdir(exist_ok=True)
        file.write_text(str(self.random.choice([self.some, self.outside / "nothing"])))
        return [file]

    def a_link_to_an_environment_is_made(self):
        link = self.some_folder / self.fresh("-link")
        target = self.some
        if self.random.random() < 0.5 and self.base.path.exists():
            target = self.make(self.outside / self.fresh())
        link.symlink_to(target)
        return [link, target]

    def a_link_to_an_environment_goes(self):
        links = [one for one in self.top.rglob("*-link") if one.is_symlink()]
        for link in links[:1]:
            link.unlink()
        return links[:1]

    def an_environment_outside_is_removed(self):
        found = sorted(self.outside.glob("*/pyvenv.cfg"))
        for config in found[:1]:
            shutil.rmtree(config.parent)
        return [config.parent for config in found[:1]]

    def sources_are_installed_as_a_link(self):
        environment = self.some
        folders = list(environment.glob("lib/python*/site-packages"))
        sources = self.top / self.fresh("-sources")
        sources.mkdir()
        for folder in folders[:1]:
            (folder / f"{sources.name}.pth").write_text(f"{sources}\n")
        return [sources, *(folder / f"{sources.name}.pth" for folder in folders[:1])]

    def sources_go(self):
        found = sorted(self.top.glob("*-sources"))
        for sources in found[:1]:
            shutil.rmtree(sources)
        return found[:1]

    def a_script_is_installed(self):
        folder = self.some / "bin"
        if not folder.is_dir():
            return []
        script = folder / self.fresh("-script")
        script.write_text(f"#!{self.random.choice([folder, self.outside])}/python\n")
        script.chmod(0o755)
        return [script]

    def libraries_change(self):
        environment = self.some
        lib64 = environment / "lib64"
        if lib64.is_symlink():
            lib64.unlink()
        elif not lib64.exists():
            lib64.symlink_to("nowhere")
        return [lib64]

    def an_alias_changes(self):
        alias = self.some / "Scripts"
        if alias.is_symlink():
            alias.unlink()
        elif not alias.exists():
            alias.symlink_to(self.random.choice(["bin", "nowhere"]))
        return [alias]

    def a_person_works(self):
        folder = self.some_folder
        file, new = folder / self.fresh(".py"), folder / self.fresh()
        file.write_text("print()\n")
        new.mkdir()
        return [file, new]

    def a_person_tidies_up(self):
        found = [*self.top.glob("*.py"), *(one for one in self.top.glob("new*") if one.is_dir())]
        found = [one for one in found if not one.is_dir() or not any(one.iterdir())]
        for path in found:
            path.rmdir() if path.is_dir() else path.unlink()
        return found


HAPPENINGS = [
    name for name, value in vars(World).items() if callable(value) and name[0] != "_" and "_" in name
]
UNSEEN_WITHOUT_EVENTS = {
    "an_environment_is_made",
    "an_environment_is_made_from_another",
    "an_environment_is_moved",
    "a_project_is_moved",
    "a_folder_becomes_an_environment",
    "a_redirect_file_is_written",
    "a_link_to_an_environment_is_made",
    "a_workspace_is_described",
}
"""Nobody can know of what came, with a name of its own, unless somebody tells of it or all is looked at."""


def names_of(marks):
    return marks.names.keys(), marks.folders.keys()


@pytest.mark.parametrize("told", [True, False], ids=["told by events", "found by asking"])
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_both_looks_see_the_same(tmp_path, copied, bare_host, seed, told):
    world = World(tmp_path, copied, bare_host, seed)
    seen = look(world.ground, Cancellation())
    history = []
    in_part = 0
    for _ in range(STEPS):
        name = world.random.choice(HAPPENINGS)
        events = frozenset(map(str, getattr(world, name)()))
        history.append((name, sorted(events)))
        changed = events if told or name in UNSEEN_WITHOUT_EVENTS else changed_since(seen.marks)
        before = {id(one) for one in seen.environments}
        seen = look_again(world.ground, Cancellation(), seen, changed)
        afresh = look(world.ground, Cancellation())
        assert picture(seen) == picture(afresh), history
        assert names_of(seen.marks) == names_of(marks_of(seen.footings)), history
        left = changed_since(seen.marks)
        if not told and name not in UNSEEN_WITHOUT_EVENTS:
            assert not left, history
        in_part += any(id(one) in before for one in seen.environments)
    assert in_part > STEPS // 4


@pytest.fixture
def several(tmp_path, copied, bare_host):
    """A workspace in which nothing is wrong."""
    return World(tmp_path, copied, bare_host, 0)


def checked_again(world, seen, *changed):
    """The environments that are checked again after changes at these paths."""
    again = look_again(world.ground, Cancellation(), seen, frozenset(map(str, changed)))
    kept = {id(one) for one in seen.environments}
    return {one.path for one in again.environments if id(one) not in kept}


def test_only_what_a_change_may_have_made_different_is_checked_again(several):
    seen = look(several.ground, Cancellation())
    one, other = several.top / "one" / ".venv", several.top / "two" / ".venv"
    for change in ("pyvenv.cfg", "bin/python", "bin/tool", "lib", "Scripts"):
        assert checked_again(several, seen, one / change) == {one}
    assert checked_again(several, seen, one / "bin/python", other / "pyvenv.cfg") == {one, other}
    assert checked_again(several, seen, several.top / "two" / "pyproject.toml") == {other}


def test_what_has_nothing_to_do_with_any_environment_gives_no_new_look(several):
    (several.top / "sources").mkdir()
    (several.top / "sources" / "module.py").touch()
    seen = look(several.ground, Cancellation())
    changed = {str(several.top / "sources" / name) for name in ("module.py", "gone.py")}
    assert look_again(several.ground, Cancellation(), seen, frozenset(changed)) is seen


def test_a_workspace_is_seen_also_where_no_environment_stands(several):
    shutil.rmtree(several.top / ".venv")
    seen = look(several.ground, Cancellation())
    said = {"folders": [{"path": "."}], "settings": {"python.defaultInterpreterPath": "/gone/bin/python"}}
    file = several.top / "all.code-workspace"
    file.write_text(json.dumps(said))
    again = look_again(several.ground, Cancellation(), seen, frozenset({str(file)}))
    assert [one.problem.file for one in again.findings] == [file]
    assert not checked_again(several, again, file)


def test_what_changes_outside_of_the_workspace_may_count_for_everything(several):
    seen = look(several.ground, Cancellation())
    everything = {one.path for one in seen.environments}
    assert len(everything) == 5
    for path in (several.base.path, several.outside, several.versions / "3.99"):
        assert checked_again(several, seen, path) == everything


def test_a_change_while_a_look_is_under_way_is_found_by_asking(several):
    """What is read is marked before it is read, so nothing is lost between both."""
    seen = look(several.ground, Cancellation())
    link = several.top / "one" / ".venv" / "bin" / "python"

    class Meddling(Memory):
        """Somebody changes a link when the look has read it already: while it reads the base."""

        def recall(self, question, files):
            if link.exists():
                link.unlink()
                link.symlink_to("nowhere")
            return super().recall(question, files)

    ground = several.ground._replace(memory=Meddling())
    again = look_again(ground, Cancellation(), seen, frozenset({str(link)}))
    assert not link.exists()
    (one,) = (one for one in again.environments if one.path == link.parent.parent)
    assert one.verdict.state == "healthy"
    assert str(link) in changed_since(again.marks)
    again = look_again(ground, Cancellation(), again, changed_since(again.marks))
    (one,) = (one for one in again.environments if one.path == link.parent.parent)
    assert one.verdict.state == "broken"
    assert not changed_since(again.marks)


def test_a_thousand_looks_take_no_more_memory_than_a_hundred(several):
    seen = look(several.ground, Cancellation())
    link = several.top / "one" / ".venv" / "bin" / "python"
    targets = [os.readlink(link), "nowhere"]
    states = set()

    def looks(count, seen):
        for number in range(count):
            link.unlink()
            link.symlink_to(targets[number % 2])
            seen = look_again(several.ground, Cancellation(), seen, frozenset({str(link)}))
            states.update(one.verdict.state for one in seen.environments if one.path == link.parent.parent)
        gc.collect()
        ours = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, "*/holdfast/*")])
        return seen, sum(one.size for one in ours.statistics("filename"))

    tracemalloc.start()
    try:
        seen, early = looks(100, seen)
        seen, late = looks(900, seen)
    finally:
        tracemalloc.stop()
    assert states == {"healthy", "broken"}
    assert late - early < 100_000
