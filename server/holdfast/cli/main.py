"""The `holdfast` command: its arguments, and which function of a lower floor each command calls."""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Callable, Sequence

from holdfast import __version__
from holdfast.cli.output import warn, width
from holdfast.errors import HoldfastError, UsageError
from holdfast.stopping import stop_on_signals
from holdfast.typed import NoReturn

DONE, PROBLEMS, USAGE = 0, 1, 2
"""Exit codes: all well · problems at error or warning level, or work not done · the call was wrong."""


def program() -> NoReturn:
    """Run the command that this process was started for, and end the process."""
    # Looking for cycles, of which importing makes none, costs a short command 4 ms.
    gc.set_threshold(50_000)
    try:
        code = main()
    except KeyboardInterrupt:  # before or after what answers it
        code = PROBLEMS
    _end_output()
    if code != DONE:  # what was broken off may have left something to exit handlers, as temporary folders are
        sys.exit(code)
    os._exit(code)  # taking the interpreter apart costs 7 ms, and nothing is left to be done


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        options = _options(arguments)
    except SystemExit:  # help was asked for, or the call was wrong
        _end_output()
        raise
    stop_on_signals()
    try:
        return _run(options)
    except UsageError as error:
        warn(f"holdfast {options.command}: {error}")
        return USAGE
    except HoldfastError as error:
        warn(f"holdfast {options.command}: {error}")
        return PROBLEMS
    except KeyboardInterrupt:
        warn("Stopped.")
        return PROBLEMS
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            place = f"{error.filename}: " if error.filename else ""
            warn(f"holdfast {options.command}: {place}{error.strerror or error}.")
        _end_output()
        return PROBLEMS


def _run(options: argparse.Namespace) -> int:
    # Each command is imported when it is called: none pays for another's libraries.
    code = int(importlib.import_module(f"holdfast.cli.{options.command}").run(options))
    if sys.stdout is not None:  # the caller may have closed it
        sys.stdout.flush()
    return code


def _end_output() -> None:
    """Write what is left, or let it go where nobody takes it: Python would complain of it when it ends."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Help(argparse.HelpFormatter):
    """As wide as the terminal. argparse itself asks by shutil, for each argument, which costs 3 ms."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=width())


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    """What is asked for. Where it is clear of which command, the parsers of the others are not made."""
    name = arguments[0] if arguments else ""
    if name not in _COMMANDS:
        return _parser().parse_args(arguments)
    command = argparse.ArgumentParser(
        prog=f"holdfast {name}", description=_description(name), formatter_class=_Help
    )
    _COMMANDS[name][1](command)
    return command.parse_args(arguments[1:], argparse.Namespace(command=name))


def _parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="holdfast",
        formatter_class=_Help,
        description="Python environments whose links hold.",
        epilog="Exit codes: 0 all well, 1 problems or work that could not be done, 2 the call was wrong. "
        "holdfast COMMAND --help tells more of a command.",
    )
    parser.add_argument("--version", action="version", version=f"holdfast {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (text, add_arguments) in _COMMANDS.items():
        command = commands.add_parser(name, help=text, description=_description(name), formatter_class=_Help)
        add_arguments(command)
    return parser


def _description(name: str) -> str:
    return f"{_COMMANDS[name][0].capitalize()}."


def _add_create(parser: argparse.ArgumentParser) -> None:
    parser.description = "Create an environment, whole or not at all."
    parser.add_argument(
        "folder", nargs="?", metavar="DIR", help="default: .venv, or what [tool.holdfast] environment names"
    )
    parser.add_argument(
        "--python",
        metavar="VERSION|PATH",
        help="3.12, 3.12.6, >=3.10, or an interpreter's path; default: what the project's files ask for, "
        "else what PATH starts",
    )
    parser.add_argument("--no-pip", action="store_true", help="leave pip out")
    parser.add_argument(
        "--no-setuptools",
        action="store_true",
        help="leave setuptools out, which comes with pip for a Python below 3.12, as in stdlib venv",
    )
    parser.add_argument(
        "--prompt", help="what the shell's prompt shows, instead of DIR; a dot stands for this folder's name"
    )
    parser.add_argument(
        "--replace", action="store_true", help="replace the environment that stands there; nothing else"
    )
    parser.add_argument(
        "--alias",
        action=argparse.BooleanOptionalAction,
        help="let bin and Scripts both lead to its programs, so that one path is right on every system",
    )
    parser.add_argument(
        "--site-packages-link",
        action=argparse.BooleanOptionalAction,
        help="let DIR/site-packages lead to its packages, under one name for every Python",
    )
    parser.add_argument(
        "--links",
        choices=("auto", "symlink", "copy"),
        help="how its interpreter is placed; auto: a symbolic link, else a hard link, else a copy",
    )
    parser.add_argument(
        "--system-site-packages", action="store_true", help="let it see the packages of its base, too"
    )
    parser.add_argument(
        "--redirect",
        action="store_true",
        help="keep it on the disk of your home folder, and make .venv a file that names it: for disks that "
        "hold no links. Many tools do not know such files yet",
    )
    parser.add_argument(
        "--install",
        action="append",
        default=[],
        metavar="WHAT",
        help="then install requirements.txt, pyproject.toml, pyproject.toml[EXTRA], pyproject.toml:GROUP or "
        "uv.lock, by uv where it is installed, else by pip; may be repeated",
    )
    _add_format(parser, "text", "json")


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Find the problems of every environment at and below each PATH, and of the projects there. "
        "[tool.holdfast.rules] in a project's pyproject.toml says how serious they are. "
        "Exit code 1 where one is an error or a warning."
    )
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH", help="a folder or an environment; default: here"
    )
    parser.add_argument(
        "--select", action="append", default=[], metavar="RULE", help="only this rule; may be repeated"
    )
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="RULE", help="not this rule; may be repeated"
    )
    parser.add_argument(
        "--all", action="store_true", help="also every other environment that is known on this machine"
    )
    _add_format(parser, "text", "json", "github", "sarif")


def _add_repair(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Show the steps that mend each ENV, ask, and carry them out. Exit code 1 where a problem remains."
    )
    parser.add_argument("environments", nargs="*", metavar="ENV", help="default: .venv")
    parser.add_argument("--dry-run", action="store_true", help="show the plan and change nothing")
    parser.add_argument("--all", action="store_true", help="every environment below this folder")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    _add_format(parser, "text", "json")


def _add_find(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "List the interpreters of this machine, the environments below this folder and those that tools "
        "keep. Exit code 1 where nothing fits VERSION."
    )
    parser.add_argument(
        "request",
        nargs="?",
        metavar="VERSION",
        help='only what fits 3.12, 3.12.6, ">=3.10", 3.13t, pypy3.10; of an environment, its base counts',
    )
    parser.add_argument("--interpreters", action="store_true", help="only interpreters")
    parser.add_argument("--environments", action="store_true", help="only environments")
    _add_format(parser, "text", "json")


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Say where PATH leads, hop by hop, how far each hop may move, what it is in the end, and which path "
        "of that Python outlives an upgrade. Exit code 1 where it leads nowhere, or to what does not start."
    )
    parser.add_argument(
        "path",
        metavar="PATH",
        help="an interpreter, a script, an environment, a link, a shim, a folder; "
        "a bare name that is not here is looked for on PATH",
    )
    _add_format(parser, "text", "json")


def _add_path(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Print the interpreter that a script should run, and nothing else: that of the project's own "
        "environment, or else the installed one that fits what the project's files ask for. "
        "Exit code 1, with nothing printed, where there is none that works."
    )
    parser.add_argument(
        "folder",
        nargs="?",
        default=".",
        metavar="DIR",
        help="a project, an environment or an interpreter; default: here",
    )
    parser.add_argument(
        "--base", action="store_true", help="of an environment, the interpreter that it was made from"
    )
    _add_format(parser, "text", "json")


def _add_format(parser: argparse.ArgumentParser, *formats: str) -> None:
    parser.add_argument(
        "--format",
        choices=formats,
        default="text",
        help="; ".join(f"{name}: {_FORMATS[name]}" for name in formats if name in _FORMATS),
    )


_FORMATS = {
    "json": "one document on standard output",
    "github": "annotations in a workflow",
    "sarif": "SARIF 2.1.0, for code scanning",
}
_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "create": ("create an environment", _add_create),
    "check": ("find problems of environments", _add_check),
    "repair": ("mend environments", _add_repair),
    "find": ("list interpreters and environments", _add_find),
    "explain": ("say where a path leads, hop by hop", _add_explain),
    "path": ("print the interpreter that a script should run", _add_path),
    "server": ("run the language server on standard input and output", lambda _: None),
}
