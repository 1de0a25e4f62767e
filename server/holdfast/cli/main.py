"""The `holdfast` command: its arguments, and which function of a lower floor each command calls."""

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence

from holdfast import __version__
from holdfast.cli.output import warn
from holdfast.errors import HoldfastError, UsageError
from holdfast.stopping import stop_on_signals

DONE, PROBLEMS, USAGE = 0, 1, 2
"""Exit codes: all well · problems at error or warning level, or work not done · the call was wrong."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(arguments).parse_args(arguments)
    stop_on_signals()
    try:
        # Each command is imported when it is called: none pays for another's libraries.
        return int(importlib.import_module(f"holdfast.cli.{options.command}").run(options))
    except UsageError as error:
        warn(f"holdfast {options.command}: {error}")
        return USAGE
    except HoldfastError as error:
        warn(f"holdfast {options.command}: {error}")
        return PROBLEMS
    except KeyboardInterrupt:
        warn("Stopped.")
        return PROBLEMS
    except BrokenPipeError:
        return PROBLEMS
    except OSError as error:
        warn(f"holdfast {options.command}: {error.filename or 'The work'}: {error.strerror or error}.")
        return PROBLEMS


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="holdfast", description="Python environments whose links hold.")
    parser.add_argument("--version", action="version", version=f"holdfast {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (text, add_arguments) in _COMMANDS.items():
        command = commands.add_parser(name, help=text)
        if name in arguments:  # the others' arguments would only cost time
            add_arguments(command)
    return parser


def _add_create(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", default=".venv", metavar="DIR", help="default: .venv")
    parser.add_argument(
        "--python",
        metavar="VERSION|PATH",
        help="3.12, 3.12.6, >=3.10, or an interpreter's path; default: the first on PATH",
    )
    parser.add_argument("--no-pip", action="store_true", help="leave pip out")
    parser.add_argument("--prompt", help="what the shell's prompt shows, instead of DIR")
    _add_format(parser, "text", "json")


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH", help="a folder or an environment; default: here"
    )
    parser.add_argument("--select", action="append", default=[], metavar="RULE", help="only this rule")
    parser.add_argument("--ignore", action="append", default=[], metavar="RULE", help="not this rule")
    _add_format(parser, "text", "json", "github")


def _add_repair(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("environments", nargs="*", metavar="ENV", help="default: .venv")
    parser.add_argument("--dry-run", action="store_true", help="show the plan and change nothing")
    parser.add_argument("--all", action="store_true", help="every environment below this folder")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    _add_format(parser, "text", "json")


def _add_find(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("request", nargs="?", metavar="VERSION", help='for instance ">=3.10"')
    parser.add_argument("--interpreters", action="store_true", help="only interpreters")
    parser.add_argument("--environments", action="store_true", help="only environments")
    _add_format(parser, "text", "json")


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", metavar="PATH", help="an interpreter, a script, an environment, a link, a shim"
    )
    _add_format(parser, "text", "json")


def _add_path(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder",
        nargs="?",
        default=".",
        metavar="DIR",
        help="a project, environment or interpreter; default: here",
    )
    parser.add_argument("--base", action="store_true", help="of an environment, that from which it was made")
    _add_format(parser, "text", "json")


def _add_format(parser: argparse.ArgumentParser, *formats: str) -> None:
    parser.add_argument("--format", choices=formats, default="text")


_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "create": ("create an environment", _add_create),
    "check": ("find problems of environments", _add_check),
    "repair": ("mend environments", _add_repair),
    "find": ("list interpreters and environments", _add_find),
    "explain": ("say where a path leads, hop by hop", _add_explain),
    "path": ("print the interpreter that a script should run", _add_path),
    "server": ("run the language server on standard input and output", lambda _: None),
}
