"""docs/ci.md says what is true: its workflow, its alerts and its hook, run for real."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from downloads import unavailable
from pythons import make_environment, works

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WORKFLOW, ALERTS, HOOK, ARGUMENTS = CODE.findall((ROOT / "docs" / "ci.md").read_text())


def run(*command, cwd, **more):
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        **more,
    )


@pytest.fixture(scope="module")
def git_settings(tmp_path_factory):
    """No one's own settings of git and pre-commit, and nothing that the surroundings say of a repository."""
    names = {f"GIT_{who}_{what}": "somebody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    own = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))}
    home = tmp_path_factory.mktemp("pre-commit")
    return own | names | {"GIT_CONFIG_GLOBAL": os.devnull, "PRE_COMMIT_HOME": str(home)}


def commit_all(folder, env, *options):
    run("git", "init", "--quiet", cwd=folder, env=env)
    run("git", "add", "--all", cwd=folder, env=env).check_returncode()
    return run("git", "commit", "--quiet", "-m", "all", *options, cwd=folder, env=env)


@pytest.fixture(scope="module")
def repository(tmp_path_factory, git_settings):
    """The address of a repository with what is in this one, and its commit."""
    if not shutil.which("git"):
        unavailable("git is not installed")
    folder = tmp_path_factory.mktemp("repository")
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".pre-commit-hooks.yaml"):
        shutil.copy2(ROOT / name, folder)
    for name in ("docs/rules", "server/holdfast"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    commit_all(folder, git_settings, "--no-verify").check_returncode()
    head = run("git", "rev-parse", "HEAD", cwd=folder, env=git_settings).stdout.strip()
    return folder.as_uri(), head


def filled(text: str, repository) -> str:
    address, commit = repository
    return text.replace("HOLDFAST", address).replace("COMMIT", commit)


@pytest.fixture
def project(copied, tmp_path):
    """A project whose environment an upgrade has killed."""
    environment = make_environment(copied, tmp_path / "project" / ".venv")
    (environment / ".gitignore").write_text("*\n")
    copied.prefix.rename(copied.prefix.with_name(f"{copied.series}.99"))
    return tmp_path / "project"


def test_the_hook_stops_a_commit_until_the_environment_is_mended(project, repository, git_settings):
    (project / ".pre-commit-config.yaml").write_text(filled(HOOK, repository))
    commit_all(project, git_settings).check_returncode()
    pre_commit = (sys.executable, "-I", "-m", "pre_commit")
    installed = run(*pre_commit, "install", "--install-hooks", cwd=project, env=git_settings)
    if installed.returncode:
        unavailable(f"the hook could not be installed: {installed.stdout[-300:]}{installed.stderr[-300:]}")
    (project / "new.py").touch()
    refused = commit_all(project, git_settings)
    assert refused.returncode == 1, refused
    assert ".venv/pyvenv.cfg:1:8: error: bin/python leads to " in refused.stdout + refused.stderr
    assert "= help: Link to Python" in refused.stdout + refused.stderr
    run(
        sys.executable, "-I", ROOT / "server" / "launch.py", "repair", "--yes", cwd=project
    ).check_returncode()
    assert works(project / ".venv")
    commit_all(project, git_settings).check_returncode()

    (hook,) = yaml.safe_load(HOOK)["repos"][0]["hooks"]
    (with_arguments,) = yaml.safe_load(ARGUMENTS)
    assert with_arguments["id"] == hook["id"]
    config = yaml.safe_load(filled(HOOK, repository))
    config["repos"][0]["hooks"] = [with_arguments]
    (project / ".pre-commit-config.yaml").write_text(json.dumps(config))
    passed = run(*pre_commit, "run", "--all-files", "--verbose", cwd=project, env=git_settings)
    assert passed.returncode == 0, passed
    assert "1 environment: 1 healthy." in passed.stdout


def test_the_steps_of_the_workflow_do_what_they_say(newest, tmp_path, repository):
    steps = yaml.safe_load(filled(WORKFLOW, repository))["jobs"]["environments"]["steps"]
    install, create, check = (step["run"] for step in steps if "run" in step)
    sarif, upload = yaml.safe_load(ALERTS)
    project, bin_folder = tmp_path / "project", tmp_path / "runner" / "bin"
    project.mkdir()
    run(newest.path, "-I", "-m", "venv", bin_folder.parent, cwd=tmp_path).check_returncode()
    env = os.environ | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}

    def step(text):
        return run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text, cwd=project, env=env)

    installed = step(install)
    if installed.returncode:
        unavailable(f"Holdfast could not be installed: {installed.stderr[-300:]}")
    assert step(create).returncode == 0
    healthy = step(check)
    assert (healthy.returncode, healthy.stdout) == (0, "")
    (project / ".venv" / "bin" / "python").unlink()
    broken = step(check)
    assert broken.returncode == 1
    assert broken.stdout.startswith("::error file=.venv/pyvenv.cfg,line=")
    assert step(sarif["run"]).returncode == 1
    log = json.loads((project / upload["with"]["sarif_file"]).read_text())
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["interpreter-missing"]
    assert upload["if"] == "always()"
