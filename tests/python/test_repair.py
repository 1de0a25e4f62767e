"""Repairs that make an environment work again, and plans that change nothing they did not see."""

import os
import shutil
import subprocess

import pytest

from holdfast.errors import ChangedError, HoldfastError
from holdfast.health.check import check
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.repair.apply import apply_fix
from holdfast.repair.machine import Machine
from holdfast.repair.repairing import carry_out, plan_repair
from holdfast.repair.survey import survey
from pythons import (
    INSTALLED,
    SELF_CONTAINED,
    ask,
    copied_prefix,
    facts_of,
    make_environment,
    relocated_prefix,
    works,
)


def check_now(environment):
    return check(environment, Reader(Host.current()))


def repair(environment, machine, **options):
    """Plan on the machine as it is now, and do it."""
    machine = machine.anew()
    return carry_out(plan_repair(environment, machine), machine, **options)


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
    assert [fix.id.partition(":")[0] for fix in done.applied] == ["relink"]
    assert done.remaining == ()
    assert works(upgraded)
    assert ask(upgraded / "bin" / "python", "import something; assert something.answer == 42").returncode == 0
    assert check_now(upgraded).state == "healthy"


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
    before = check_now(environment)
    done = repair(environment, machine)
    assert bool(done.applied) == bool(before.problems)
    assert check_now(environment).problems == ()
    assert works(environment)
    said = facts_of(environment / "bin" / "python")
    if options != ("--copies",):
        assert os.path.samefile(said["base"], tmp_path / "versions" / f"{base.series}.99")


def test_a_newer_one_beside_goes_before_an_older_one_and_before_the_rest(tmp_path, newest, host):
    base = copied_prefix(newest, tmp_path / "versions" / f"{newest.series}.0")
    environment = make_environment(base, tmp_path / "env")
    base.prefix.rename(tmp_path / "versions" / f"{newest.series}.99")
    (fix,) = plan_repair(environment, Machine(host)).planned
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
    assert done.remaining[0].message.endswith("Create the environment again.")


def test_a_dry_run_changes_nothing(upgraded, machine):
    before = snapshot(upgraded)
    plan = plan_repair(upgraded, machine)
    assert plan.planned
    assert plan.applied == ()
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
        plan_repair(upgraded, machine, "banana")


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


def test_where_no_python_of_the_series_is_installed_it_says_which_is_missing(copied, tmp_path, machine):
    environment = make_environment(copied, tmp_path / "env")
    shutil.rmtree(copied.prefix)
    (finding,) = plan_repair(environment, machine).remaining
    assert f"No Python {copied.series} is installed here. Install one and repair" in finding.message


def test_home_of_a_linked_python_becomes_what_its_links_say(python, tmp_path, host):
    """Not another installation of the same X.Y: its compiled modules would not fit this executable."""
    environment = make_environment(python, tmp_path / "env")
    config = environment / "pyvenv.cfg"
    config.write_text(config.read_text().replace(f"home = {python.path.parent}", "home = /gone/bin"))
    repair(environment, Machine(host))
    assert f"home = {python.path.parent}\n" in config.read_text()
    assert works(environment)
    assert check_now(environment).problems == ()


def test_home_of_a_copy_becomes_a_python_of_the_same_build_or_none(copied, newest, tmp_path, machine):
    environment = make_environment(copied, tmp_path / "env", "--copies")
    copied.prefix.rename(copied.prefix.with_name(f"{copied.series}.99"))
    if not check_now(environment).problems:
        pytest.skip("this build knows where it was built")
    other = copied.prefix.with_name(f"{copied.series}.99") / "bin" / copied.path.name
    content = other.read_bytes()
    other.unlink()
    other.write_bytes(content + b"another build")
    other.chmod(0o755)
    (finding,) = plan_repair(environment, machine).remaining
    assert finding.fixes == ()
    other.write_bytes(content)
    repair(environment, machine)
    assert works(environment)


def test_a_new_link_gets_a_new_home_also_where_the_old_one_still_exists(copied, tmp_path, bare_host):
    """The old folder may lead to the library of another installation."""
    environment = make_environment(copied, tmp_path / "env")
    copied.path.rename(copied.path.with_name("moved-away"))
    other = copied_prefix(copied_from(copied), tmp_path / "versions" / f"{copied.series}.99")
    done = repair(environment, Machine(bare_host, [other.prefix]))
    assert done.applied
    assert f"home = {other.path.parent}\n" in (environment / "pyvenv.cfg").read_text()
    assert works(environment)


def copied_from(python):
    return next(one for one in INSTALLED if one.version == python.version)


def test_an_environment_that_contradicts_itself_is_left_alone(copied, tmp_path, machine):
    """Its library says one X.Y, its configuration and its links another: nobody knows what it needs."""
    environment = make_environment(copied, tmp_path / "env")
    packages = environment / "lib" / "python3.1" / "site-packages" / "old"
    packages.mkdir(parents=True)
    copied.prefix.rename(copied.prefix.with_name(f"{copied.series}.99"))
    assert plan_repair(environment, machine).planned == ()


@pytest.mark.parametrize("outside", ["bin", "pyvenv.cfg"])
def test_nothing_outside_of_the_environment_is_written(upgraded, tmp_path, machine, outside):
    elsewhere = tmp_path / "elsewhere"
    (upgraded / outside).rename(elsewhere)
    (upgraded / outside).symlink_to(elsewhere)
    before = snapshot(tmp_path)
    assert plan_repair(upgraded, machine).planned == ()
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("options", [(), ("--copies",)])
def test_home_is_mended_through_a_link_to_the_environment(python, tmp_path, host, options):
    environment = make_environment(python, tmp_path / "env", *options)
    (tmp_path / "link").symlink_to(environment)
    config = environment / "pyvenv.cfg"
    config.write_text(config.read_text().replace(f"home = {python.path.parent}", "home = /gone/bin"))
    (fix,) = plan_repair(tmp_path / "link", Machine(host)).planned
    assert fix.id == f"rehome:{python.path}"
    repair(tmp_path / "link", Machine(host))
    assert works(environment)
    assert check_now(environment).problems == ()


def test_an_environment_reached_through_a_link_is_mended(upgraded, tmp_path, machine):
    (tmp_path / "link").symlink_to(upgraded)
    assert repair(tmp_path / "link", machine).remaining == ()
    assert works(upgraded)


def test_an_environment_of_the_other_system_is_never_edited(copied, tmp_path, machine):
    environment = tmp_path / "env"
    (environment / "Scripts").mkdir(parents=True)
    (environment / "Scripts" / "python.exe").write_bytes(b"MZ")
    (environment / "bin").symlink_to("Scripts")
    (environment / "lib" / copied.tag / "site-packages" / "x").mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text(f"home = C:\\Python\nversion = {copied.version}\n")
    plan = plan_repair(environment, machine)
    assert plan.planned == ()
    assert "another operating system" in plan.remaining[0].message


def test_a_folder_that_is_no_environment_is_refused(copied, tmp_path, machine):
    (tmp_path / "bin").mkdir()
    with pytest.raises(HoldfastError, match="not an environment"):
        plan_repair(tmp_path, machine)


def test_what_was_shown_is_what_is_done(upgraded, copied, machine):
    """A newer Python that appears between the question and the answer is not taken."""
    plan = plan_repair(upgraded, machine)
    shown = copied.prefix.with_name(f"{copied.series}.99")
    shutil.copytree(shown, copied.prefix.with_name(f"{copied.series}.100"), symlinks=True)
    carry_out(plan, machine)
    assert str(shown) in os.readlink(plan.planned[0].steps[0].path)


def test_an_interruption_takes_everything_back(upgraded, machine, monkeypatch):
    before = snapshot(upgraded)
    replace = os.replace

    def interrupted(source, target):
        if os.path.basename(target) == "pyvenv.cfg":
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        repair(upgraded, machine)
    assert snapshot(upgraded) == before


def test_a_python_below_a_folder_that_is_not_utf_8_is_not_written_down(upgraded, copied, bare_host):
    shown = copied.prefix.with_name(f"{copied.series}.99")
    strange = shown.with_name(os.fsdecode(b"caf\xe9"))
    shown.rename(strange)
    plan = plan_repair(upgraded, Machine(bare_host, [strange]))
    assert plan.planned == ()
    assert plan.remaining


def test_the_base_that_is_still_named_goes_before_all_others(tmp_path, newest, host):
    """A missing name is put back as the others are: a second installation of the same version may not fit."""
    base = copied_prefix(newest, tmp_path / "one" / newest.version)
    environment = make_environment(base, tmp_path / "env")
    (environment / "bin" / "python").unlink()
    for name in ("python3", newest.path.name):
        (environment / "bin" / name).unlink(missing_ok=True)
        (environment / "bin" / name).symlink_to(base.path)
    before = (environment / "pyvenv.cfg").read_text()
    repair(environment, Machine(host))
    assert os.path.realpath(environment / "bin" / "python") == str(base.path)
    assert f"home = {base.path.parent}\n" in before
    assert f"home = {base.path.parent}\n" in (environment / "pyvenv.cfg").read_text()


def test_home_alone_says_what_the_base_is(tmp_path, newest, host):
    base = copied_prefix(newest, tmp_path / "one" / newest.version)
    environment = make_environment(base, tmp_path / "env")
    for name in ("python", "python3", newest.path.name):
        (environment / "bin" / name).unlink(missing_ok=True)
    repair(environment, Machine(host))
    assert os.path.realpath(environment / "bin" / "python") == str(base.path)


def test_all_names_lead_to_one_base(tmp_path, newest, bare_host):
    """A name that still works and leads elsewhere is renewed with the broken one."""
    base = copied_prefix(newest, tmp_path / "one" / newest.version)
    environment = make_environment(base, tmp_path / "env")
    other = copied_prefix(newest, tmp_path / "other" / newest.version)
    for name in ("python", "python3", newest.path.name):
        (environment / "bin" / name).unlink(missing_ok=True)
        (environment / "bin" / name).symlink_to(base.path)
    (environment / "bin" / "python3").unlink()
    (environment / "bin" / "python3").symlink_to(other.path)
    (environment / "bin" / "python").unlink()
    repair(environment, Machine(bare_host))
    names = ("python", "python3", newest.path.name)
    assert len({os.path.realpath(environment / "bin" / name) for name in names}) == 1
    assert works(environment)
