"""Repairs that make an environment work again, and plans that change nothing they did not see."""

import os
import shutil
import subprocess

import pytest

from holdfast.errors import ChangedError, HoldfastError
from holdfast.health.check import check
from holdfast.repair.apply import apply_fix
from holdfast.repair.repairing import repair
from holdfast.repair.survey import Machine, survey
from pythons import SELF_CONTAINED, ask, copied_prefix, facts_of, make_environment, relocated_prefix, works


@pytest.fixture
def machine(bare_host):
    """No interpreter but those that stand beside a gap."""
    return Machine(bare_host)


@pytest.fixture
def upgraded(copied, tmp_path):
    """An environment with a package whose base an upgrade replaced."""
    environment = make_environment(copied, tmp_path / "project" / ".venv")
    packages = environment / "lib" / copied.tag / "site-packages"
    (packages / "something.py").write_text("answer = 42\n")
    copied.prefix.rename(copied.prefix.with_name(f"{copied.series}.99"))
    assert not works(environment)
    return environment


def snapshot(folder):
    return {
        path: os.readlink(path) if path.is_symlink() else path.is_file() and path.read_bytes()
        for path in folder.rglob("*")
    }


def test_an_upgrade_is_mended_and_the_packages_are_there(upgraded, machine):
    done = repair(upgraded, machine)
    assert [fix.id for fix in done.applied] == ["relink"]
    assert done.remaining == ()
    assert works(upgraded)
    assert ask(upgraded / "bin" / "python", "import something; assert something.answer == 42").returncode == 0
    assert check(upgraded).state == "healthy"


@pytest.mark.parametrize("python", SELF_CONTAINED, ids=str)
@pytest.mark.parametrize("options", [(), ("--copies",), ("--prompt", "a b")])
@pytest.mark.parametrize("make_base", [copied_prefix, relocated_prefix])
def test_every_python_is_mended(tmp_path, python, options, make_base, machine):
    base = make_base(python, tmp_path / "versions" / f"{python.series}.0")
    environment = make_environment(base, tmp_path / "env", *options)
    if not works(environment):
        assert (make_base, options) == (relocated_prefix, ("--copies",))
        return
    base.prefix.rename(base.prefix.with_name(f"{base.series}.99"))
    before = check(environment)
    done = repair(environment, machine)
    assert bool(done.applied) == bool(before.problems)
    assert check(environment).problems == ()
    assert works(environment)
    said = facts_of(environment / "bin" / "python")
    if options != ("--copies",):
        assert os.path.samefile(said["base"], tmp_path / "versions" / f"{base.series}.99")


def test_a_newer_one_beside_goes_before_an_older_one_and_before_the_rest(tmp_path, newest, host):
    base = copied_prefix(newest, tmp_path / "versions" / f"{newest.series}.0")
    environment = make_environment(base, tmp_path / "env")
    base.prefix.rename(tmp_path / "versions" / f"{newest.series}.99")
    (fix,) = repair(environment, Machine(host), dry_run=True).planned
    assert str(tmp_path / "versions") in fix.title


def test_an_installed_python_of_the_series_serves_where_none_stands_beside(tmp_path, newest, host):
    base = copied_prefix(newest, tmp_path / "versions" / "gone")
    environment = make_environment(base, tmp_path / "env")
    shutil.rmtree(tmp_path / "versions")
    repair(environment, Machine(host))
    assert works(environment)


def test_another_series_is_never_used(tmp_path, newest, machine):
    base = copied_prefix(newest, tmp_path / "versions" / f"{newest.series}.0")
    environment = make_environment(base, tmp_path / "env")
    packages = environment / "lib" / base.tag
    packages.rename(packages.with_name("python3.99"))
    (packages.with_name("python3.99") / "site-packages" / "x.py").touch()
    base.prefix.rename(base.prefix.with_name(f"{base.series}.99"))
    done = repair(environment, machine)
    assert done.planned == ()
    assert "No Python 3.99 is installed" in done.remaining[0].message


def test_a_dry_run_changes_nothing(upgraded, machine):
    before = snapshot(upgraded)
    done = repair(upgraded, machine, dry_run=True)
    assert done.planned
    assert done.applied == ()
    assert snapshot(upgraded) == before


def test_only_what_the_plan_names_changes(upgraded, machine):
    before = snapshot(upgraded)
    done = repair(upgraded, machine)
    after = snapshot(upgraded)
    changed = {path for path in before if before[path] != after[path]}
    assert before.keys() == after.keys()
    assert {step.touches for fix in done.applied for step in fix.steps} == {
        path for path in changed if path.parent == upgraded or path.name in os.listdir(upgraded / "bin")
    }
    for path in changed:
        assert any(str(path) in str(step) for fix in done.applied for step in fix.steps)


def test_comments_and_unknown_keys_of_the_config_stay(upgraded, machine):
    config = upgraded / "pyvenv.cfg"
    config.write_bytes(b"# mine\r\nmine = \xe2\x98\x83\r\n" + config.read_bytes())
    repair(upgraded, machine)
    assert config.read_bytes().startswith(b"# mine\r\nmine = \xe2\x98\x83\r\n")
    assert works(upgraded)


def test_a_plan_that_has_grown_old_is_refused(upgraded, machine):
    (surveyed,) = survey([upgraded], machine)
    (fix,) = surveyed.findings[0].fixes
    (upgraded / "pyvenv.cfg").write_text("home = /changed\n")
    before = snapshot(upgraded)
    with pytest.raises(ChangedError, match="changed meanwhile"):
        apply_fix(fix)
    assert snapshot(upgraded) == before


def test_a_file_in_place_of_the_link_is_never_overwritten(upgraded, machine):
    (surveyed,) = survey([upgraded], machine)
    (fix,) = surveyed.findings[0].fixes
    link = next(step.path for step in fix.steps if step.path.name != "pyvenv.cfg")
    link.unlink()
    link.write_text("precious")
    with pytest.raises(ChangedError, match="no longer a link"):
        apply_fix(fix)
    assert link.read_text() == "precious"


def test_a_step_that_fails_takes_the_others_back(upgraded, machine, monkeypatch):
    (surveyed,) = survey([upgraded], machine)
    (fix,) = surveyed.findings[0].fixes
    before = snapshot(upgraded)
    replace = os.replace

    def fails_for_the_config(source, target):
        if os.path.basename(target) == "pyvenv.cfg":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fails_for_the_config)
    with pytest.raises(HoldfastError, match=r"No space left on device\. Nothing was changed"):
        apply_fix(fix)
    assert snapshot(upgraded) == before


def test_what_the_editor_holds_unsaved_is_refused(upgraded, machine):
    before = snapshot(upgraded)
    with pytest.raises(ChangedError, match="unsaved"):
        repair(upgraded, machine, refuse=lambda path: f"{path.name} has unsaved changes.")
    assert snapshot(upgraded) == before


def test_a_fix_that_is_not_offered_is_an_error(upgraded, machine):
    with pytest.raises(HoldfastError, match="no longer needed or possible"):
        repair(upgraded, machine, fix_id="banana")


def test_a_missing_python_is_put_back(newest, tmp_path, host):
    environment = make_environment(newest, tmp_path / "env")
    (environment / "bin" / "python").unlink()
    done = repair(environment, Machine(host))
    assert done.remaining == ()
    assert works(environment)


def test_a_circle_is_opened(newest, tmp_path, host):
    environment = make_environment(newest, tmp_path / "env")
    for name, target in (("python", "python3"), ("python3", "python")):
        (environment / "bin" / name).unlink()
        (environment / "bin" / name).symlink_to(target)
    repair(environment, Machine(host))
    assert works(environment)
    assert subprocess.run([environment / "bin" / "python3", "-c", ""]).returncode == 0


def test_nothing_is_offered_for_an_environment_without_bin(newest, tmp_path, host):
    environment = make_environment(newest, tmp_path / "env")
    shutil.rmtree(environment / "bin")
    done = repair(environment, Machine(host))
    assert done.planned == ()
    assert done.remaining[0].message.endswith("Create the environment again.")


def test_every_name_of_the_interpreter_works_again(upgraded, machine, newest):
    repair(upgraded, machine)
    for name in ("python", "python3", newest.tag):
        assert subprocess.run([upgraded / "bin" / name, "-c", ""]).returncode == 0
