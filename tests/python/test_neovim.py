"""Neovim as a client: it knows nothing of Holdfast, sends no settings and watches no files for a server."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from downloads import unavailable
from pythons import make_environment, works

LAUNCH = Path(__file__).parents[2] / "server" / "launch.py"
SCRIPT = """
local given = vim.fn.json_decode(vim.env.HOLDFAST_TEST)
local seen = {}

local function finish(failure)
  seen.failure = failure
  vim.fn.writefile({vim.fn.json_encode(seen)}, given.answer)
  vim.cmd('qa!')
end

local function problems()
  local codes = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(codes, one.user_data and one.user_data.lsp.code or one.message)
  end
  return codes
end

local function await(what, condition)
  if not vim.wait(30000, condition, 50) then
    finish('waited in vain until ' .. what)
    error(what)
  end
end

vim.o.autoread = true
vim.cmd('edit ' .. given.config)
local client = vim.lsp.start_client({
  name = 'holdfast',
  cmd = given.command,
  root_dir = given.project,
  workspace_folders = {{uri = vim.uri_from_fname(given.project), name = 'project'}},
})
vim.lsp.buf_attach_client(0, client)

await('the problem is shown', function() return #problems() > 0 end)
seen.first = problems()
local where = vim.diagnostic.get(0)[1]
seen.line = vim.fn.getline(where.lnum + 1)
vim.api.nvim_win_set_cursor(0, {where.lnum + 1, where.col})

vim.ui.select = function(items, options, choose)
  seen.offered = vim.tbl_map(options.format_item, items)
  choose(items[1], 1)
end
vim.lsp.buf.code_action()
await('the repair is done', function() return #problems() == 0 end)
vim.cmd('checktime')
seen.repaired = vim.fn.getline(1, '$')

os.rename(given.base, given.base .. '-away')
await('the base is missed', function() return #problems() > 0 end)
seen.missed = problems()
os.rename(given.base .. '-away', given.base)
await('the base is there again', function() return #problems() == 0 end)
finish()
"""


@pytest.fixture
def neovim():
    return shutil.which("nvim") or unavailable("Neovim is not installed")


def test_a_dead_environment_is_told_mended_and_watched(neovim, copied, tmp_path):
    project = tmp_path / "project"
    environment = make_environment(copied, project / ".venv")
    upgraded = copied.prefix.with_name(f"{copied.series}.99")
    copied.prefix.rename(upgraded)
    assert not works(environment)
    script, answer = tmp_path / "script.lua", tmp_path / "answer.json"
    script.write_text(SCRIPT)
    given = {
        "command": [sys.executable, "-I", "-S", str(LAUNCH), "server"],
        "project": str(project),
        "config": str(environment / "pyvenv.cfg"),
        "base": str(upgraded),
        "answer": str(answer),
    }
    done = subprocess.run(
        [neovim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", f"luafile {script}"],
        env={**_environ(tmp_path), "HOLDFAST_TEST": json.dumps(given)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert answer.exists(), done.stderr
    seen = json.loads(answer.read_text())
    assert "failure" not in seen, (seen, done.stderr)
    assert seen["first"] == ["interpreter-dangling"]
    assert seen["line"].startswith("home = ")
    (offered,) = seen["offered"]
    assert offered.startswith("Link to Python")
    assert seen["repaired"] == (environment / "pyvenv.cfg").read_text().splitlines()
    assert str(upgraded) in seen["repaired"][0]
    assert seen["missed"] == ["interpreter-dangling"]
    assert works(environment)


def _environ(folder):
    """That of a person with an empty home."""
    return {"HOME": str(folder), "PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(folder / "cache")}
