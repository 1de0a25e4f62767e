"""What each rule says of environments, right ones and others: on which value, and how loudly."""

import os
import shutil
import subprocess

import pytest

from breakages import (
    Scene,
    base_upgraded_behind_its_link,
    folder_copied,
    folder_moved,
    minor_jumped,
    project_renamed,
    python_a_shim,
    why_it_fails,
)
from downloads import unavailable
from holdfast.formats.shebang import script_head
from holdfast.health.check import check
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from holdfast.repair.machine import Machine
from holdfast.repair.repairing import carry_out, plan_repair
from machines import PosixMachine, elf, link, write
from makers import MAKERS, OF_PYPI, by_holdfast, by_stdlib, by_stdlib_copies
from pythons import INSTALLED, ask, copied_prefix, make_environment, relocated_prefix, works


def problems(environment, host=None):
    return check(environment, Reader(host or Host.current())).problems


def rules(environment, host=None):
    return [(one.rule, one.severity) for one in problems(environment, host)]


def the_only_problem(environment, host=None):
    (problem,) = problems(environment, host)
    return problem


def text_at(problem) -> str:
    """What a problem underlines."""
    line = problem.file.read_text().splitlines()[problem.span.line]
    return line[problem.span.start : problem.span.end]


def scene_of(base, environment) -> Scene:
    return Scene(environment, base, base.prefix / "lib" / base.tag, base.prefix, environment.parent)


@pytest.fixture
def made(copied, tmp_path):
    """An environment by stdlib venv of a base that a test may break, in a project."""
    (tmp_path / "project").mkdir()
    return make_environment(copied, tmp_path / "project" / ".venv")


# What is right


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("python", INSTALLED, ids=str)
def test_a_new_environment_has_no_problem(maker, python, tmp_path):
    if maker in OF_PYPI and tuple(map(int, python.series.split("."))) < (3, 8):
        pytest.skip("too old for this maker")
    maker(python.path, tmp_path / ".venv")
    assert rules(tmp_path / ".venv") == []


@pytest.mark.parametrize("maker", [by_stdlib, by_holdfast])
def test_a_new_environment_of_pypy_has_no_problem(maker, tmp_path):
    pypy = shutil.which("pypy3.9") or shutil.which("pypy3")
    if pypy is None:
        unavailable("there is no pypy3 here")
    maker(os.path.realpath(pypy), tmp_path / ".venv")
    assert rules(tmp_path / ".venv") == []


def test_an_environment_of_conda_and_one_made_from_it_have_no_problem(newest, tmp_path):
    base = copied_prefix(newest, tmp_path / "miniconda3")
    write(base.prefix / "conda-meta" / "history")
    assert rules(base.prefix) == []
    by_stdlib(base.path, tmp_path / "env")
    assert rules(tmp_path / "env") == []


# The interpreter


def test_a_link_as_a_text_file_is_told_as_one(copied, made):
    for mode in (0o644, 0o755):
        scene_of(copied, made).put(os.fsencode(copied.path), mode)
        problem = the_only_problem(made)
        assert (problem.rule, problem.fatal, text_at(problem)) == (
            "interpreter-text-file",
            True,
            str(copied.path.parent),
        )
        assert str(copied.path) in problem.message


def test_a_shim_starts_another_python(copied, made):
    python_a_shim(scene_of(copied, made))
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity, works(made)) == ("interpreter-is-shim", "error", False)
    assert "pyenv's shim" in problem.message


def test_a_script_that_nobody_knows_is_not_judged(copied, made):
    scene_of(copied, made).put(f'#!/bin/sh\nexec "{copied.path}" "$@"\n'.encode())
    assert rules(made) == []


def test_a_name_without_a_version_may_jump(copied, made):
    names = copied.prefix.parent / "bin"
    link(names / "python3", os.fspath(copied.path))
    (made / "bin" / "python").unlink()
    link(made / "bin" / "python", str(names / "python3"))
    assert rules(made) == [("interpreter-moving", "information")]
    link(names / "python3.29", os.fspath(copied.path))
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity) == ("interpreter-moving", "warning")
    assert "python3.29 is installed there, too" in problem.message


def test_a_patch_version_is_told_where_a_stable_path_is_beside_it(copied, made):
    assert rules(made) == []
    link(copied.prefix.parent / copied.series, copied.prefix.name)
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity) == ("interpreter-patch-pinned", "information")
    assert str(copied.prefix.parent / copied.series / "bin" / copied.tag) in problem.message
    stable = copied.prefix.parent / copied.series / "bin" / copied.path.name
    by_stdlib(stable, made.parent / "other")
    assert rules(made.parent / "other") == []


def test_a_jump_to_another_minor_loses_what_was_installed(made, copied):
    write(made / "lib" / copied.tag / "site-packages" / "shop.py")
    minor_jumped(scene_of(copied, made))
    problem = next(one for one in problems(made) if one.rule == "minor-mismatch")
    assert (problem.severity, problem.fatal, text_at(problem)) == ("error", True, copied.version)
    assert "site-packages-missing" not in dict(rules(made))


def test_a_jump_to_another_minor_where_nothing_was_installed_is_a_smaller_matter(made, copied):
    minor_jumped(scene_of(copied, made))
    assert ("minor-mismatch", "error") not in rules(made)
    assert check(made, Reader(Host.current())).state == "degraded"


def test_what_is_left_of_another_minor_does_no_harm(made, copied):
    write(made / "lib" / copied.tag / "site-packages" / "shop.py")
    write(made / "lib" / "python3.4" / "site-packages" / "shop.py")
    assert rules(made) == []


def test_compiled_modules_of_another_processor_cannot_be_imported(made, copied):
    packages = made / "lib" / copied.tag / "site-packages"
    write(packages / "first.abi3.so", elf("aarch64"))
    write(packages / "second.abi3.so", elf("aarch64"))
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity, problem.fatal) == ("architecture-mismatch", "error", True)
    assert "aarch64 (Linux)" in problem.message
    write(packages / "second.abi3.so", elf("x86_64"))  # of a package for several machines
    assert rules(made) == []


def test_an_executable_of_another_processor_may_be_translated(tmp_path):
    machine = PosixMachine(tmp_path)
    base = machine.standalone("/opt/python", "3.12.4", "aarch64")
    write(machine.at("/bin/sh"), elf("x86_64"))
    environment = machine.at("/srv/env")
    link(environment / "bin" / "python", str(base))
    write(environment / "pyvenv.cfg", f"home = {machine.text(base.parent)}\nversion = 3.12.4\n")
    (environment / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    assert rules(environment, machine.host()) == [("architecture-mismatch", "error")]
    write(machine.at("/proc/sys/fs/binfmt_misc/qemu-aarch64"))
    assert rules(environment, machine.host()) == [("architecture-mismatch", "information")]


def test_a_copy_whose_libpython_is_gone(tmp_path):
    relocatable = next((p for p in INSTALLED if list((p.prefix / "lib").glob(f"lib{p.tag}*.so.*"))), None)
    if relocatable is None:
        pytest.skip("no Python here has a libpython of its own")
    base = relocated_prefix(relocatable, tmp_path / "versions" / relocatable.series)
    environment = tmp_path / "env"
    by_stdlib(base.path, environment)
    for name in (environment / "bin").iterdir():
        if name.name.startswith("python"):
            name.unlink()
    shutil.copy2(base.path, environment / "bin" / "python")
    assert not works(environment)
    problem = the_only_problem(environment)
    assert (problem.rule, problem.fatal) == ("library-missing", True)
    assert f"lib{base.tag}" in problem.message


# pyvenv.cfg


@pytest.mark.parametrize("leads_nowhere", [False, True])
def test_a_folder_without_a_config(made, leads_nowhere):
    (made / "pyvenv.cfg").unlink()
    if leads_nowhere:
        (made / "pyvenv.cfg").symlink_to("gone")
    (made.parent / "pyproject.toml").touch()
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity, problem.fatal) == ("config-missing", "error", True)
    assert problem.file.is_file()


def test_a_mark_before_the_choice_of_system_packages_hides_it(made):
    config = made / "pyvenv.cfg"
    lines = config.read_bytes().splitlines(keepends=True)
    lines.sort(key=lambda line: not line.startswith(b"include"))
    config.write_bytes(b"\xef\xbb\xbf" + b"".join(lines))
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity) == ("config-malformed", "warning")
    assert (problem.span.line, problem.span.start) == (0, len("include-system-site-packages = "))
    code = "import site; print(site.ENABLE_USER_SITE)"
    done = subprocess.run([made / "bin" / "python", "-s", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0
    config.write_bytes(b"\xef\xbb\xbf" + b"".join(lines).replace(b"false", b"true"))
    assert rules(made) == []


def test_a_key_with_two_values_is_underlined_where_it_is_ignored(made):
    config = made / "pyvenv.cfg"
    before = config.read_text()
    config.write_text(before + "home = /gone\n")
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity, text_at(problem)) == ("config-malformed", "warning", "/gone")
    config.write_text("include-system-site-packages = true\n" + before)
    assert text_at(the_only_problem(made)) == "true"
    config.write_text(before + "include-system-site-packages = FALSE\n")
    assert rules(made) == []


def test_a_byte_that_is_not_utf8_is_underlined(made):
    config = made / "pyvenv.cfg"
    config.write_bytes(config.read_bytes() + b"prompt = caf\xe9 here\n")
    problem = the_only_problem(made)
    last = len(config.read_bytes().splitlines()) - 1
    assert (problem.rule, problem.fatal) == ("config-malformed", True)
    assert problem.span == (last, len("prompt = caf"), len("prompt = caf? here"))


def test_an_empty_config_turns_system_packages_on(made):
    (made / "pyvenv.cfg").write_bytes(b"")
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity) == ("config-malformed", "warning")
    assert "packages of the system" in problem.message


# home


def test_home_that_leads_to_no_library_is_rehomed(relocated, tmp_path):
    environment = tmp_path / "env"
    by_stdlib(relocated.path, environment)
    (tmp_path / "empty").mkdir()
    config = environment / "pyvenv.cfg"
    config.write_text(
        config.read_text().replace(f"home = {relocated.path.parent}", f"home = {tmp_path}/empty")
    )
    if works(environment):
        pytest.skip("this version follows the link and not `home`")
    problem = the_only_problem(environment)
    assert (problem.rule, text_at(problem)) == ("home-without-stdlib", f"{tmp_path}/empty")
    machine = Machine(Host.current())
    carry_out(plan_repair(environment, machine), machine)
    assert works(environment)
    assert rules(environment) == []


def test_home_that_leads_to_another_library_is_rehomed(copied, made):
    other = copied_prefix(copied, made.parent / "other" / copied.series)
    config = made / "pyvenv.cfg"
    config.write_text(
        config.read_text().replace(f"home = {copied.path.parent}", f"home = {other.path.parent}")
    )
    problem = the_only_problem(made)
    assert (problem.rule, problem.fatal, text_at(problem)) == ("home-collision", True, str(other.path.parent))
    assert why_it_fails(scene_of(copied, made)) != ""
    machine = Machine(Host.current())
    carry_out(plan_repair(made, machine), machine)
    assert rules(made) == []


def test_an_environment_of_an_environment_depends_on_it(copied, tmp_path):
    by_stdlib_copies(copied.path, tmp_path / "outer")
    inner = tmp_path / "inner"
    by_stdlib(copied.path, inner)
    (inner / "bin" / "python").unlink()
    link(inner / "bin" / "python", str(tmp_path / "outer" / "bin" / "python"))
    config = inner / "pyvenv.cfg"
    config.write_text(
        config.read_text().replace(f"home = {copied.path.parent}", f"home = {tmp_path}/outer/bin")
    )
    problem = next(one for one in problems(inner) if one.rule == "home-is-environment")
    assert (problem.severity, problem.fatal) == ("warning", False)
    assert str(tmp_path / "outer") in problem.message
    shutil.rmtree(tmp_path / "outer")
    assert [one.rule for one in problems(inner)] == ["interpreter-dangling"]


def test_a_version_is_stale_after_an_upgrade_behind_a_stable_path(copied, tmp_path):
    link(copied.prefix.parent / copied.series, copied.prefix.name)
    environment = tmp_path / "env"
    by_stdlib(copied.prefix.parent / copied.series / "bin" / copied.path.name, environment)
    base_upgraded_behind_its_link(scene_of(copied, environment))
    assert works(environment)
    config = environment / "pyvenv.cfg"
    config.write_text(
        config.read_text().replace(f"version = {copied.version}", f"version = {copied.series}.77")
    )
    problem = the_only_problem(environment)
    assert (problem.rule, problem.severity, text_at(problem)) == (
        "version-stale",
        "hint",
        f"{copied.series}.77",
    )
    assert check(environment, Reader(Host.current())).state == "healthy"


def test_a_config_in_the_base_is_told(copied, made):
    write(copied.prefix / "pyvenv.cfg", "# stray\n")
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity, problem.file) == (
        "base-has-config",
        "warning",
        made / "pyvenv.cfg",
    )
    assert str(copied.prefix / "pyvenv.cfg") in problem.message


# Moves


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("move", [folder_moved, folder_copied, project_renamed])
def test_a_moved_environment_is_one_warning_that_counts_its_scripts(maker, move, newest, tmp_path):
    environment = tmp_path / "my project" / ".venv"
    environment.parent.mkdir()
    maker(newest.path, environment)
    write(environment / "lib" / newest.tag / "site-packages" / "shop.py")
    for name in ("shop", "stall"):
        write(environment / "bin" / name, script_head(f"{environment}/bin/python"), 0o755)
    write(environment / "bin" / "other", "#!/usr/bin/python3\n", 0o755)
    moved = move(scene_of(newest, environment)).environment
    problem = the_only_problem(moved)
    assert (problem.rule, problem.severity, works(moved)) == ("environment-moved", "warning", True)
    assert "2 scripts and its activation scripts" in problem.message
    assert str(environment) in problem.message


def test_a_moved_environment_whose_old_name_leads_to_it_is_well(made):
    made.rename(made.with_name("elsewhere"))
    made.symlink_to("elsewhere")
    assert rules(made) == rules(made.with_name("elsewhere")) == []


def test_an_environment_of_a_container_is_left_alone(copied, made):
    config = made / "pyvenv.cfg"
    command = "/usr/local/bin/python -m venv /workspaces/shop/.venv"
    config.write_text(f"home = /usr/local/bin\nversion = 3.12.1\ncommand = {command}\n")
    (made / "bin" / "activate").write_text("VIRTUAL_ENV=/workspaces/shop/.venv\n")
    (made / "bin" / "python").unlink()
    link(made / "bin" / "python", "/usr/local/bin/python3.77")
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity, problem.fatal) == ("foreign-platform", "warning", True)
    assert "/workspaces/shop/.venv" in problem.message
    assert plan_repair(made, Machine(Host.current())).planned == ()


# The folders


def test_lib64_that_leads_nowhere_fails_the_next_upgrade(copied, made):
    assert (made / "lib64").is_symlink()
    (made / "lib64").unlink()
    assert rules(made) == []
    (made / "lib64").symlink_to("gone")
    assert rules(made) == [("lib64-broken", "warning")]
    upgrade = [copied.path, "-I", "-m", "venv", "--without-pip", "--upgrade", made]
    assert subprocess.run(upgrade, capture_output=True).returncode != 0


def test_lib64_that_is_a_second_folder_with_packages(copied, made):
    (made / "lib64").unlink()
    shutil.copytree(made / "lib", made / "lib64")
    assert rules(made) == []
    write(made / "lib64" / copied.tag / "site-packages" / "shop.py")
    assert rules(made) == [("lib64-broken", "warning")]
    # A package that is there only, as its script tells, cannot be imported.
    write(made / "bin" / "shop").write_text(f"#!{made}/bin/python\nimport shop\n")
    assert ask(made / "bin" / "python", "import shop").returncode != 0
    assert rules(made) == [("lib64-broken", "error")]
    assert check(made, Reader(Host.current())).state == "broken"
    write(made / "lib" / copied.tag / "site-packages" / "shop.py")
    assert ask(made / "bin" / "python", "import shop").returncode == 0
    assert rules(made) == [("lib64-broken", "warning")]


def test_lib64_that_is_missing_where_the_base_has_its_library_in_it(tmp_path):
    machine = PosixMachine(tmp_path)
    write(machine.at("/usr/bin/python3.12"), elf("x86_64"), 0o755)
    write(machine.at("/usr/lib64/python3.12/os.py"))
    (machine.at("/usr/lib64/python3.12/lib-dynload")).mkdir()
    environment = machine.at("/srv/env")
    link(environment / "bin" / "python", str(machine.at("/usr/bin/python3.12")))
    (environment / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    write(environment / "pyvenv.cfg", "home = /usr/bin\nversion = 3.12\n")
    assert rules(environment, machine.host()) == [("lib64-broken", "warning")]
    (environment / "lib64").symlink_to("lib")
    assert rules(environment, machine.host()) == []


def test_packages_that_are_gone_are_an_error_only_if_something_was_installed(copied, made):
    packages = made / "lib" / copied.tag / "site-packages"
    shutil.rmtree(packages)
    assert rules(made) == [("site-packages-missing", "warning")]
    write(made / "bin" / "mine", "#!/usr/bin/python3\n", 0o755)
    assert rules(made) == [("site-packages-missing", "warning")]
    write(made / "bin" / "shop", f"#!{made}/bin/python\n", 0o755)
    assert rules(made) == [("site-packages-missing", "error")]
    packages.mkdir()
    assert rules(made) == [("site-packages-missing", "error")]
    write(packages / "shop.py")
    assert rules(made) == []


def test_an_alias_that_is_broken(copied, made):
    write(made / "lib" / copied.tag / "site-packages" / "shop.py")
    alias = made / "Scripts"
    alias.symlink_to("bin")
    assert rules(made) == []
    alias.unlink()
    alias.symlink_to("gone")
    assert rules(made) == [("alias-broken", "warning")]
    write(made / "bin" / "shop", f"#!{alias}/python.exe\n", 0o755)
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity, problem.fatal) == ("alias-broken", "error", False)
    alias.unlink()
    write(alias / "notes.txt")
    assert rules(made) == [("script-interpreter-missing", "error")]  # no alias of anything
    write(alias / "python.exe", b"MZ")
    assert dict(rules(made)) == {"alias-broken": "error"}


def test_an_alias_that_the_project_asks_for(made):
    project = made.parent / "pyproject.toml"
    project.write_text("[tool.holdfast]\nalias = true\n")
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity, problem.file) == ("alias-missing", "information", project)
    assert text_at(problem) == "true"
    (made / "Scripts").symlink_to("bin")
    assert rules(made) == []
    (made / "Scripts").unlink()
    project.write_text('[tool.holdfast]\nalias = true\nenvironment = "another"\n')
    assert rules(made) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("__editable__.shop-1.0.pth", "# sources\n{gone}\n"),
        ("easy-install.pth", "{here}\n{gone}\n"),
        ("shop.egg-link", "{gone}\n../"),
        ("__editable___shop_1_0_finder.py", "import sys\nMAPPING: dict[str, str] = {{'shop': '{gone}'}}\n"),
    ],
)
def test_sources_that_are_gone_are_underlined(copied, made, name, content):
    gone = made.parent / "gone" / "src"
    file = made / "lib" / copied.tag / "site-packages" / name
    write(file, content.format(gone=gone, here=made.parent))
    problem = the_only_problem(made)
    assert (problem.rule, problem.severity, problem.file, text_at(problem)) == (
        "editable-target-missing",
        "warning",
        file,
        str(gone),
    )
    gone.mkdir(parents=True)
    assert rules(made) == []


def test_sources_that_only_a_direct_url_names(copied, made):
    packages = made / "lib" / copied.tag / "site-packages"
    write(packages / "_shop_editable_loader.py")
    told = '{"url": "file:///gone/my%20shop", "dir_info": {"editable": true}}'
    file = write(packages / "shop-1.0.dist-info" / "direct_url.json", told)
    problem = the_only_problem(made)
    assert (problem.rule, problem.file) == ("editable-target-missing", file)
    assert "/gone/my shop" in problem.message
    file.write_text('{"url": "file:///gone/shop", "dir_info": {}}')
    assert rules(made) == []


def test_sources_that_were_moved_with_the_environment_are_a_part_of_that(copied, made):
    write(made / "lib" / copied.tag / "site-packages" / "shop.pth", f"{made.parent}/src\n")
    (made.parent / "src").mkdir()
    assert rules(made) == []
    made.parent.rename(made.parent.with_name("renamed"))
    moved = made.parent.with_name("renamed") / ".venv"
    assert rules(moved) == [("environment-moved", "warning")]


def test_lines_of_pth_files_are_never_executed(copied, made, tmp_path):
    write(made / "lib" / copied.tag / "site-packages" / "x.pth", f"import os; os.mkdir('{tmp_path}/ran')\n")
    assert rules(made) == []
    assert not (tmp_path / "ran").exists()
