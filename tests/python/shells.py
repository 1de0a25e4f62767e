"""The shells that activation scripts are for, and how to talk to each."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

REPORT = """\
import json, os, shutil, sys
of_shells = ("_", "SHLVL", "PWD", "OLDPWD", "LAST_EXIT_CODE", "CURRENT_FILE", "FILE_PWD")
state = {name: value for name, value in os.environ.items() if name not in of_shells}
print(json.dumps({**state, "prompt": sys.argv[1], "python": shutil.which("python")}), flush=True)
"""
"""What a shell runs to say what it gives to programs, and what it shows as its prompt."""


PATH = "/usr/bin:/bin"

SHOW = "show"
"""The line, in any shell, that runs the report."""


@dataclass(frozen=True)
class Shell:
    """A shell: how to start it, and its words for what every test says."""

    command: tuple[str, ...]
    """With the options that make it strict and keep the files of the user out, for a script."""
    terminal: tuple[str, ...]
    """The same, for a terminal."""
    script: str
    """The name of its activation script."""
    load: str = "source {}"
    assign: str = "{0}='{1}'; export {0}"
    """Sets a variable for programs."""
    ask_old: str = "PS1='old> '"
    """Sets the prompt that is there before."""
    prompt: str = '"$PS1"'
    """The prompt as it would be shown."""
    gone: str = "command -v deactivate > /dev/null || echo gone"
    """Says `gone` when there is no `deactivate`."""
    call: str = "{}"
    """Runs a program."""


_SH = {"script": "activate", "load": ". {}"}
_CSH = {
    "script": "activate.csh",
    "assign": "setenv {} '{}'",
    "ask_old": "set prompt='old> '",
    "prompt": '"$prompt:q"',
    "gone": "if (\"`alias deactivate`\" == '') echo gone",
}

SHELLS = {
    "bash": Shell(
        ("bash", "-euo", "pipefail"), ("bash", "--norc", "--noprofile"), **_SH, prompt='"${PS1@P}"'
    ),
    "dash": Shell(("dash", "-eu"), ("dash", "-i"), **_SH),
    "ksh": Shell(("ksh93", "-eu"), ("ksh93",), **_SH),
    "busybox": Shell(("busybox", "sh", "-eu"), ("busybox", "sh"), **_SH),
    "zsh": Shell(
        ("zsh", "-feu", "-o", "promptsubst"),
        ("zsh", "-f", "-o", "promptsubst"),
        **_SH,
        prompt='"$(print -rP -- "$PS1")"',
    ),
    "tcsh": Shell(("tcsh", "-fe"), ("tcsh", "-f"), **_CSH),
    "csh": Shell(("bsd-csh", "-fe"), ("bsd-csh", "-f"), **_CSH),
    "fish": Shell(
        ("fish", "--no-config"),
        ("fish", "--no-config"),
        "activate.fish",
        assign="set -gx {} '{}'",
        ask_old="function fish_prompt; printf 'old> '; end",
        prompt="(fish_prompt | string collect)",
        gone="functions -q deactivate; or echo gone",
    ),
    "xonsh": Shell(
        ("xonsh", "--no-rc"),
        ("xonsh", "--no-rc", "--shell-type=readline"),
        "activate.xsh",
        assign="${}='{}'",
        ask_old="$PROMPT = '{env_name}old> '",
        prompt="@($PROMPT_FIELDS.reset() or __xonsh__.shell.prompt_formatter($PROMPT))",
        gone="if 'deactivate' not in aliases: print('gone')",
        call="$[{}]",
    ),
    "nushell": Shell(
        ("nu", "--no-config-file"),
        ("nu", "--no-config-file"),
        "activate.nu",
        load="overlay use {}",
        assign="$env.{} = '{}'",
        ask_old="$env.PROMPT_COMMAND_RIGHT = ''; $env.PROMPT_COMMAND = {|| 'old> '}",
        prompt="(do $env.PROMPT_COMMAND)",
        gone="if (overlay list | where name == activate | where active | is-empty) { print gone }",
        call="^{}",
    ),
}


def under(shell: Shell, path: str) -> Shell:
    """The same shell, whose program stands at a path."""
    return replace(shell, command=(path, *shell.command[1:]), terminal=(path, *shell.terminal[1:]))


def lenient(shell: Shell) -> Shell:
    """The same shell, but a csh that goes on after a command that failed: the scripts of others need that."""
    return replace(shell, command=tuple(word.replace("-fe", "-f") for word in shell.command))


@dataclass(frozen=True)
class Talk:
    """A talk with a shell that stands in a folder, where environments have names that need no quotes."""

    shell: Shell
    folder: Path

    def load(self, environment: str) -> str:
        """The line that loads the activation script of an environment."""
        return self.shell.load.format(f"{environment}/bin/{self.shell.script}")

    def assign(self, name: str, value: str) -> str:
        """The line that sets a variable for programs."""
        return self.shell.assign.format(name, value)

    def call(self, program: str) -> str:
        """The line that runs a program."""
        return self.shell.call.format(program)

    def script(self, lines: list[str], environ: Mapping[str, str] | None = None) -> list:
        """What the shell says that runs these lines: a dict for each SHOW, a line for all the rest.

        It must end well and complain of nothing.
        """
        (self.folder / "report.py").write_text(REPORT)
        report = self.call(f"{sys.executable} -I {self.folder / 'report.py'} {self.shell.prompt}")
        script = self.folder / f"lines{Path(self.shell.script).suffix}"
        script.write_text("\n".join(report if line == SHOW else line for line in lines) + "\n")
        done = subprocess.run(
            [*self.shell.command, script],
            cwd=self.folder,
            env=self._environ(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode, done.stderr) == (0, ""), (self.shell.command, done)
        return [json.loads(line) if line.startswith("{") else line for line in done.stdout.splitlines()]

    def terminal(self, lines: Mapping[str, str]) -> None:
        """Type lines into a terminal, each with the last line that must be on the screen then."""
        with Terminal(self.shell.terminal, self.folder, {**self._environ(), "TERM": "xterm"}) as terminal:
            terminal.wait("")
            for line, prompt in lines.items():
                terminal.type(line)
                terminal.wait(prompt)

    def _environ(self, environ: Mapping[str, str] | None = None) -> dict[str, str]:
        return {"PATH": PATH, "HOME": str(self.folder), "LC_ALL": "C.UTF-8", **(environ or {})}


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, command: tuple[str, ...], cwd: Path, environ: Mapping[str, str]):
        self._process, self._screen = pty.fork()
        if self._process == 0:
            os.chdir(cwd)
            os.execvpe(command[0], command, environ)
        self._seen = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._screen)

    def type(self, line: str) -> None:
        self._seen = ""
        os.write(self._screen, f"{line}\r".encode())

    def wait(self, ending: str) -> None:
        """Read until the last line on the screen is this one and nothing more comes."""
        until = time.monotonic() + 30
        while True:
            ready, _, _ = select.select([self._screen], [], [], 0.1)
            if ready:
                self._read()
            elif self._seen and self._last_line().endswith(ending):
                return
            assert time.monotonic() < until, (ending, self._seen[-1000:])

    def _read(self) -> None:
        new = os.read(self._screen, 65536).decode(errors="replace")
        if "\x1b[6n" in new:
            os.write(self._screen, b"\x1b[1;1R")  # where is the cursor?
        self._seen += new

    def _last_line(self) -> str:
        plain = _SEQUENCES.sub("", self._seen)
        return plain.replace("\r", "\n").rstrip("\n").rpartition("\n")[2]


_SEQUENCES = re.compile(r"\x1b(\][^\x07\x1b]*(\x07|\x1b\\)|\[[\d;?<>=]*[a-zA-Z]|[()][A-Z\d]|[=>78])")
"""What tells a terminal of colours, titles and the place of the cursor."""
