"""Settings, and which environment is a project's own."""

from pathlib import Path

import pytest

from holdfast.workspace.project import own_environment, setting_value
from holdfast.workspace.settings import Settings, settings_from

HOME = Path("/home/me")


def test_settings_are_taken_over():
    raw = {"environment": "env", "searchPaths": ["/a", "~/b"], "exclude": ["old"]}
    assert settings_from(raw, HOME) == Settings("env", (Path("/a"), HOME / "b"), frozenset({"old"}))


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"environment": "", "searchPaths": "x", "exclude": 3},
        {"environment": 5, "searchPaths": [1, "rel"]},
    ],
)
def test_what_makes_no_sense_counts_as_not_given(raw):
    assert settings_from(raw, HOME) == Settings()


def test_the_agreed_name_goes_before_all_others():
    folder = Path("/p")
    found = [folder / "a", folder / ".venv", folder / "sub" / ".venv"]
    assert own_environment(folder, found, ".venv") == folder / ".venv"


def test_the_only_one_in_the_folder_is_its_own_whatever_its_name():
    folder = Path("/p")
    assert own_environment(folder, [folder / "env", folder / "x" / ".venv"], ".venv") == folder / "env"


@pytest.mark.parametrize("found", [[], ["/p/a", "/p/b"], ["/p/x/.venv"]])
def test_where_it_is_not_clear_there_is_none(found):
    assert own_environment(Path("/p"), [Path(path) for path in found], ".venv") is None


def test_the_setting_is_relative_inside_the_folder_and_absolute_outside():
    folder = Path("/p")
    inside = setting_value(folder, folder / "sub" / ".venv", windows=False)
    assert inside == "${workspaceFolder}/sub/.venv/bin/python"
    assert setting_value(folder, folder / ".venv", windows=True) == (
        "${workspaceFolder}\\.venv\\Scripts\\python.exe"
    )
    assert setting_value(folder, Path("/q/env"), windows=False) == "/q/env/bin/python"
