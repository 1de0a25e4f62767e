"""Environments without pyvenv.cfg are found by a walk; what only resembles them is left alone."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from holdfast.discovery.walk import walk_environments
from holdfast.health.check import check
from holdfast.host import Host
from holdfast.interpreters.reader import Reader
from makers import MAKERS
from pythons import INSTALLED, copied_prefix, make_environment


def found(folder, host) -> list[Path]:
    return list(walk_environments(folder, host))


@pytest.mark.parametrize("maker", MAKERS)
def test_an_environment_of_every_maker_that_lost_its_config_is_found_and_has_this_one_problem(
    tmp_path, newest, host, maker
):
    environment = tmp_path / "project" / ".venv"
    environment.parent.mkdir()
    maker(newest.path, environment)
    (environment / "pyvenv.cfg").unlink()
    assert found(tmp_path, host) == [environment]
    verdict = check(environment, Reader(host))
    assert verdict.state == "broken"
    assert [one.rule for one in verdict.problems] == ["config-missing"]
    run = subprocess.run(
        [environment / "bin" / "python", "-I", "-c", "import sys; print(sys.prefix)"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.strip() != str(environment)  # it is the base, or does not even start


def test_it_is_found_under_any_name_by_its_activate_script(tmp_path, newest, host):
    environment = make_environment(newest, tmp_path / "app-3.12")
    (environment / "pyvenv.cfg").unlink()
    assert found(tmp_path, host) == [environment]
    assert found(environment, host) == [environment]
    for script in (environment / "bin").glob("*ctivate*"):
        script.unlink()
    assert found(tmp_path, host) == []
    environment.rename(tmp_path / "venv")
    assert found(tmp_path, host) == [tmp_path / "venv"]


def test_its_interpreter_may_be_gone(copied, tmp_path, host):
    environment = make_environment(copied, tmp_path / "project" / ".venv")
    (environment / "pyvenv.cfg").unlink()
    shutil.rmtree(copied.prefix)
    assert found(tmp_path / "project", host) == [environment]


def test_through_a_link_or_a_redirect_file_it_is_found_too(tmp_path, newest, host):
    environment = make_environment(newest, tmp_path / "envs" / "app")
    (environment / "pyvenv.cfg").unlink()
    for name in ("a", "b"):
        (tmp_path / "work" / name).mkdir(parents=True)
    (tmp_path / "work" / "a" / ".venv").symlink_to(environment)
    (tmp_path / "work" / "b" / ".venv").write_text(str(environment))
    paths = found(tmp_path / "work", host)
    assert paths == [tmp_path / "work" / "a" / ".venv", environment]
    assert {one.rule for path in paths for one in check(path, Reader(host)).problems} == {"config-missing"}


def test_a_link_in_the_place_of_the_config_is_an_entry_as_before(tmp_path, newest, host):
    environment = make_environment(newest, tmp_path / ".venv")
    (environment / "pyvenv.cfg").unlink()
    (environment / "pyvenv.cfg").symlink_to("gone")
    assert found(tmp_path, host) == [environment]


# What only resembles an environment


def test_installations_are_none(tmp_path, host):
    roots = {python.prefix for python in INSTALLED} | {Path(sys.base_prefix), Path("/usr/local")}
    for root in roots:
        assert [path for path in found(root, host) if not (path / "pyvenv.cfg").is_file()] == []


def test_an_installation_is_none_under_any_name(tmp_path, newest, host):
    copied_prefix(newest, tmp_path / "env")
    (tmp_path / "env" / "bin" / "activate").touch()  # as conda's has
    if not (tmp_path / "env" / "bin" / "python").exists():
        (tmp_path / "env" / "bin" / "python").symlink_to(newest.tag)
    assert found(tmp_path, host) == []


def test_an_environment_of_conda_is_none(tmp_path, newest, host):
    environment = make_environment(newest, tmp_path / "env")
    (environment / "pyvenv.cfg").unlink()
    (environment / "conda-meta").mkdir()
    assert found(tmp_path, host) == []


def test_what_pip_installs_for_a_person_or_below_a_prefix_is_none(tmp_path, newest, host):
    """`~/.local` has both folders, and uv links a `python` into it."""
    for name in (".local", "prefix", "env"):
        bin_folder, packages = tmp_path / name / "bin", tmp_path / name / "lib" / newest.tag / "site-packages"
        bin_folder.mkdir(parents=True)
        packages.mkdir(parents=True)
        (bin_folder / "pip").touch()
    (tmp_path / ".local" / "bin" / "python").symlink_to(newest.path)
    assert found(tmp_path, host) == []


def test_the_root_of_another_system_is_none(tmp_path, newest, host):
    """As of a container's image or a build: its library may lie elsewhere, or in an archive."""
    for root in ("image/usr", "build/root/usr"):
        (tmp_path / root / "bin").mkdir(parents=True)
        (tmp_path / root / "bin" / "python").symlink_to("python3")
        (tmp_path / root / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    assert found(tmp_path, host) == []


def test_a_project_with_such_folders_is_none(tmp_path, host):
    for name in (
        "bin/python/x.py",
        "lib/python/site-packages.txt",
        "Scripts/python.exe",
        "lib/python3.12/a.py",
    ):
        file = tmp_path / "env" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert found(tmp_path, host) == []


def test_on_windows_it_has_the_folders_of_that(tmp_path, host):
    windows = Host(platform="windows", home=tmp_path)
    for name in ("Scripts/python.exe", "Scripts/activate.bat", "Lib/site-packages/x.py"):
        file = tmp_path / "app" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert found(tmp_path, windows) == [tmp_path / "app"]
    assert found(tmp_path, host) == []


def test_ordinary_folders_cost_next_to_nothing(tmp_path, host):
    for number in range(2000):
        (tmp_path / f"{number // 50}" / f"{number}" / "bin").mkdir(parents=True)
    start = time.perf_counter()
    assert found(tmp_path, host) == []
    assert time.perf_counter() - start < 1
