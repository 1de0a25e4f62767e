"""Recording an environment's interpreter in the settings of a folder."""

import json
import os
from pathlib import Path

import pytest

from holdfast.errors import HoldfastError
from holdfast.files import placing
from holdfast.host import Host
from holdfast.workspace.recording import KEY, Recorded, record_interpreter

VALUE = "${workspaceFolder}/.venv/bin/python"
LINE = f'"{KEY}": "{VALUE}"'


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "project"
    (place / ".venv").mkdir(parents=True)
    return place


def settings_of(folder: Path, content: str | bytes | None = None) -> Path:
    """The settings file of a folder, with a content where one is given."""
    file = folder / ".vscode" / "settings.json"
    if content is not None:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def record(folder: Path, host: Host | None = None, *, alias: bool = True) -> Recorded:
    return record_interpreter(folder, folder / ".venv", host or Host.current(), alias=alias)


def everything_in(folder: Path) -> dict[str, object]:
    """What is in a folder and how: links as they are written, files with their content, mode and inode."""
    found: dict[str, object] = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            status = path.lstat()
            content = os.readlink(path) if path.is_symlink() else None
            if content is None and path.is_file() and status.st_size < 1_000_000:
                content = path.read_bytes()
            found[str(path)] = (status.st_mode, status.st_ino, status.st_size, content)
    return found


def refusal(folder: Path, root: Path, environment: Path | None = None) -> str:
    """The message of a refusal, after which everything is as it was."""
    before = everything_in(root)
    with pytest.raises(HoldfastError) as raised:
        record_interpreter(folder, environment or folder / ".venv", Host.current(), alias=True)
    assert everything_in(root) == before
    return str(raised.value)


# What is written


def test_a_file_and_its_folder_are_made_where_there_are_none(folder):
    recorded = record(folder)
    assert recorded == Recorded(settings_of(folder), VALUE, changed=True)
    assert settings_of(folder).read_bytes() == f"{{\n    {LINE}\n}}\n".encode()
    assert os.listdir(folder / ".vscode") == ["settings.json"]
    assert settings_of(folder).stat().st_mode & 0o777 == 0o644


def test_a_file_keeps_everything_else_and_its_mode(folder):
    file = settings_of(folder, '\ufeff{\r\n\t// mine\r\n\t"a": [1,], // one\r\n}\r\n')
    file.chmod(0o640)
    assert record(folder).changed
    text = f'\ufeff{{\r\n\t// mine\r\n\t"a": [1,], // one\r\n\t{LINE},\r\n}}\r\n'
    assert file.read_bytes() == text.encode()
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("content", [b"", b"{}", b"{}\n", b"// nothing yet\n"])
def test_a_file_that_says_nothing_yet_is_filled(folder, content):
    file = settings_of(folder, content)
    assert record(folder).changed
    assert LINE in file.read_text()


def test_another_interpreter_is_replaced_in_its_place(folder):
    file = settings_of(folder, f'{{\n  "{KEY}": "/usr/bin/python3", // mine\n  "b": 2\n}}')
    assert record(folder).changed
    assert file.read_text() == f'{{\n  {LINE}, // mine\n  "b": 2\n}}'


def test_a_file_that_says_so_already_is_not_written_again(folder):
    content = f'{{ "{KEY}": "\\u0024{{workspaceFolder}}/.venv/bin/python", }} // by hand'
    file = settings_of(folder, content)
    before = everything_in(folder)
    assert record(folder) == Recorded(file, VALUE, changed=False, why_not="it says so already")
    assert everything_in(folder) == before


def test_recording_twice_changes_nothing_the_second_time(folder):
    assert record(folder).changed
    before = everything_in(folder)
    assert not record(folder).changed
    assert everything_in(folder) == before


def test_a_link_out_of_the_folder_is_not_followed(folder, tmp_path):
    """A repository can bring a link to its user's own settings."""
    (tmp_path / "settings.json").write_text("{}")
    (folder / ".vscode").mkdir()
    settings_of(folder).symlink_to("../../settings.json")
    with pytest.raises(HoldfastError, match="a link that leads out of the folder"):
        record(folder)
    assert (tmp_path / "settings.json").read_text() == "{}"


def test_a_linked_file_stays_a_link_and_what_it_leads_to_is_written(folder, tmp_path):
    shared = folder / "shared.json"
    shared.write_text('{ "a": 1 }')
    (folder / ".vscode").mkdir()
    settings_of(folder).symlink_to("../shared.json")
    assert record(folder).changed
    assert os.readlink(settings_of(folder)) == "../shared.json"
    assert shared.read_text() == f'{{ "a": 1, {LINE} }}'
    assert os.listdir(folder / ".vscode") == ["settings.json"]


def test_a_linked_folder_within_the_project_is_followed(folder):
    (folder / "editor").mkdir()
    (folder / ".vscode").symlink_to("editor")
    assert record(folder).changed
    assert (folder / ".vscode").is_symlink()
    assert LINE in (folder / "editor" / "settings.json").read_text()


def test_a_file_of_nearly_ten_megabytes_is_written(folder):
    words = ",".join(f'"{number:0100}"' for number in range(90_000))
    file = settings_of(folder, f'{{"cSpell.words": [{words}]}}')
    assert record(folder).changed
    values = json.loads(file.read_bytes())
    assert len(values["cSpell.words"]) == 90_000
    assert values[KEY] == VALUE


# The value


@pytest.mark.parametrize(
    ("platform", "alias", "value"),
    [
        ("linux", False, "${workspaceFolder}/.venv/bin/python"),
        ("linux", True, "${workspaceFolder}/.venv/bin/python"),
        ("darwin", True, "${workspaceFolder}/.venv/bin/python"),
        ("windows", True, "${workspaceFolder}/.venv/bin/python"),
        ("windows", False, "${workspaceFolder}\\.venv\\Scripts\\python.exe"),
    ],
)
def test_with_the_alias_every_system_records_the_same(folder, platform, alias, value):
    host = Host(platform=platform, home=folder)
    assert record(folder, host, alias=alias).value == value
    assert json.loads(settings_of(folder).read_text()) == {KEY: value}


@pytest.mark.parametrize(
    ("environment", "value"),
    [
        ("project/deep/er/env", "${workspaceFolder}/deep/er/env/bin/python"),
        ("project/ünï 'code'", "${workspaceFolder}/ünï 'code'/bin/python"),
        ("project/sub/../.venv", "${workspaceFolder}/.venv/bin/python"),
        ("other/../project/.venv", "${workspaceFolder}/.venv/bin/python"),
        ("linked/.venv", "${workspaceFolder}/.venv/bin/python"),
        ("project/to-shared", "${workspaceFolder}/to-shared/bin/python"),
        ("linked/to-shared", "${workspaceFolder}/to-shared/bin/python"),
        ("other/env", "{root}/other/env/bin/python"),
        ("project/../other/env", "{root}/other/env/bin/python"),
        ("projects/.venv", "{root}/projects/.venv/bin/python"),
    ],
)
def test_an_environment_inside_is_named_from_the_folder_whatever_way_leads_to_it(
    folder, tmp_path, environment, value
):
    for name in ("project/sub", "other/env", "projects/.venv"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "linked").symlink_to("project")
    (folder / "to-shared").symlink_to("../other/env")
    recorded = record_interpreter(folder, tmp_path / environment, Host.current(), alias=True)
    assert recorded.value == value.replace("{root}", str(tmp_path))
    assert json.loads(settings_of(folder).read_bytes())[KEY] == recorded.value


def test_a_folder_that_is_named_through_a_link_takes_its_environment_by_the_real_name(folder, tmp_path):
    (tmp_path / "linked").symlink_to("project")
    recorded = record_interpreter(tmp_path / "linked", folder / ".venv", Host.current(), alias=True)
    assert recorded == Recorded(settings_of(tmp_path / "linked"), VALUE, changed=True)


# What is refused


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('{ "a": 1 "b": 2 } // mine', "a comma or closing bracket is expected (line 1)"),
        ('{\n  "a": 1,\n', "a key in double quotes is expected (line 3)"),
        ('{ "a": "b\n" }', "a text is not closed"),
        ("/* mine", "a comment is not closed"),
        ("<<<<<<< HEAD\n{}\n=======\n", "a value is expected (line 1)"),
        ("[1]", "it is not a JSON object"),
        ("null", "it is not a JSON object"),
        (b'{ "a": "\xe9" }', "it is not UTF-8 text"),
        ('{ "a": 1 }'.encode("utf-16"), "it is not UTF-8 text"),
        (b"{" + b" " * 10_000_000 + b"}", "it is far too large"),
        (b"[" * 1_000_000, "nested too deep"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else None,
)
def test_a_file_that_is_not_understood_is_left_as_it_is_with_what_to_add_by_hand(
    folder, tmp_path, content, why
):
    file = settings_of(folder, content)
    message = refusal(folder, tmp_path)
    assert message.startswith(f"{file} was left as it is: ")
    assert why in message
    assert message.endswith(f"Add to your settings: {LINE}")


def make_folder(file: Path) -> None:
    file.mkdir(parents=True)


def make_fifo(file: Path) -> None:
    file.parent.mkdir()
    os.mkfifo(file)


def make_link(file: Path, target: str) -> None:
    file.parent.mkdir()
    file.symlink_to(target)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (make_folder, "it is a folder"),
        (make_fifo, "it is a pipe, socket or device, not a file"),
        (lambda file: make_link(file, "/dev/null"), "it is a pipe, socket or device, not a file"),
        (lambda file: make_link(file, "nowhere.json"), "it is a link that leads nowhere"),
        (lambda file: make_link(file, "settings.json"), "its links lead in a circle"),
        (lambda file: file.parent.write_text("mine"), ".vscode is a file, not a folder"),
        (lambda file: os.mkfifo(file.parent), ".vscode is a file, not a folder"),
        (lambda file: file.parent.symlink_to("nowhere"), ".vscode is a link that leads to no folder"),
        (lambda file: file.parent.symlink_to(".vscode"), ".vscode is a link that leads to no folder"),
        (lambda file: file.parent.symlink_to("../outside"), ".vscode is a link that leads out of the folder"),
    ],
)
def test_what_no_editor_would_have_made_is_left_as_it_is(folder, tmp_path, make, why):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "settings.json").write_text("{}")
    make(settings_of(folder))
    message = refusal(folder, tmp_path)
    assert message == f"{settings_of(folder)} was left as it is: {why}. Add to your settings: {LINE}"


def test_a_linked_folder_outside_is_refused_though_its_name_begins_alike(folder, tmp_path):
    (tmp_path / "project-settings").mkdir()
    (folder / ".vscode").symlink_to("../project-settings")
    assert "leads out of the folder" in refusal(folder, tmp_path)


@pytest.mark.parametrize(
    ("path", "mode"), [(".vscode/settings.json", 0o000), (".vscode", 0o000), (".vscode", 0o555)]
)
def test_what_may_not_be_read_or_written_is_left_as_it_is(as_plain_user, path, mode):
    folder = as_plain_user / "project"
    folder.mkdir()
    file = settings_of(folder, '{ "a": 1 }')
    (folder / path).chmod(mode)
    with pytest.raises(HoldfastError, match="as it is: permission is denied") as raised:
        record(folder)
    (folder / path).chmod(0o755)
    assert str(raised.value).endswith(f"Add to your settings: {LINE}")
    assert file.read_text() == '{ "a": 1 }'
    assert os.listdir(folder / ".vscode") == ["settings.json"]


def test_a_folder_that_was_made_in_vain_is_taken_away(as_plain_user, monkeypatch):
    folder = as_plain_user / "project"
    folder.mkdir()
    monkeypatch.setattr(placing.os, "replace", full_disk)
    with pytest.raises(HoldfastError, match="No space left on device"):
        record(folder)
    assert os.listdir(folder) == []


def full_disk(*_):
    raise OSError(28, os.strerror(28))


def test_a_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(HoldfastError, match="No such file or directory"):
        record(tmp_path / "gone")
    assert os.listdir(tmp_path) == []


def test_a_name_that_is_not_utf_8_is_not_written(folder, tmp_path):
    environment = Path(os.fsdecode(os.fsencode(folder) + b"/\xff"))
    message = refusal(folder, tmp_path, environment)
    assert message == "The path holds bytes that are not UTF-8, so no settings can name it."


@pytest.mark.parametrize("which", ["folder", "environment"])
def test_a_share_that_does_not_answer_is_not_waited_for(dead_mount, folder, which):
    project, environment = (
        (dead_mount, folder / ".venv") if which == "folder" else (folder, dead_mount / "env")
    )
    with pytest.raises(HoldfastError, match=f"{dead_mount} does not answer"):
        record_interpreter(project, environment, Host.current(), alias=True)
    assert not settings_of(folder).exists()
