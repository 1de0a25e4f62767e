"""What the rules need to know about one environment: found out when the first of them asks, and once.

Hundreds of environments are checked in one look, so nothing here walks through folders.
"""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from holdfast.environments.base import linked_base, outer_environment, true_base
from holdfast.environments.environment import Environment
from holdfast.files.reading import (
    Unreadable,
    is_empty_file,
    is_regular_file,
    link_text,
    list_folder,
    read_bounded,
    read_start,
)
from holdfast.formats.executable import Header, read_header
from holdfast.formats.span import Span
from holdfast.formats.text_link import parse_text_link
from holdfast.health.editables import Editable, editables_in
from holdfast.health.installed import Installed
from holdfast.health.origin import Origin, origin_of
from holdfast.health.scripts import Scripts
from holdfast.health.starting import Start, start_of
from holdfast.health.surroundings import Surroundings
from holdfast.interpreters.interpreter import Interpreter
from holdfast.interpreters.landmark import series_of, tag_of
from holdfast.interpreters.name import parse_name
from holdfast.interpreters.reader import Reader
from holdfast.links.outside import OutsideLink
from holdfast.typed import TYPE_CHECKING
from holdfast.workspace.settings import PROJECT_FILE, TABLE, settings_from, settings_in

if TYPE_CHECKING:
    from holdfast.links.trail import Trail
    from holdfast.workspace.asked import Asked

_NEW_GETPATH = 11
"""The minor version that brought Modules/getpath.py in place of getpath.c."""
_SCRIPT = b"#!"
_PROGRAMS = (
    b"\x7fELF",
    b"MZ",
    b"\xfe\xed\xfa",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba",
    _SCRIPT,
)
"""How a file begins that some system starts: ELF, PE, Mach-O of either order and universal, scripts."""
_LONGEST_LINK = 4095
_LARGEST_PROJECT = 200_000
"""Bytes; as formats/toml.py has it, which is imported only where it is needed."""


@dataclass(frozen=True)
class EnvironmentFacts:
    """An environment and its surroundings."""

    environment: Environment
    reader: Reader
    surroundings: Surroundings

    @cached_property
    def anchor(self) -> Path:
        """The text file on which problems stand: pyvenv.cfg, or another where that is none."""
        return _anchor(self.environment)

    @cached_property
    def base(self) -> Interpreter | None:
        """The interpreter that it rests on in the end; None where the way to it is broken."""
        if self.linked and self.linked.usable:
            return self.linked
        return true_base(self.environment, self.reader)

    @cached_property
    def linked(self) -> Interpreter | None:
        """What `bin/python` links to outside; None where it is a copy or leads nowhere."""
        return linked_base(self.environment, self.reader)

    @cached_property
    def outer(self) -> Path | None:
        """The environment that it was made from; None where it was made from a base."""
        if self.linked and self.linked.usable:
            return None
        return outer_environment(self.environment, self.reader)

    @cached_property
    def tag(self) -> str | None:
        """What its interpreter calls its library: `python3.12`; None where that is not known."""
        if self.linked and self.linked.prefix:
            return self.linked.prefix.tag
        return (
            tag_of(self.environment.python.end.name)
            or self.environment.tag
            or _only_library(self.environment)
        )

    @cached_property
    def start(self) -> Start | None:
        """What its interpreter finds when it is started; None where that cannot be told.

        So it is of what is no CPython, of a script, which may start anything, and of what waits for a disk.
        """
        environment = self.environment
        waits = environment.home is not None and environment.home.state == "silent"
        if environment.python.state != "ok" or waits or self.no_program or self.may_not_execute:
            return None
        if self.head.startswith(_SCRIPT):
            return None
        return start_of(self.environment, self.reader, self.linked, self.tag)

    @property
    def needs_home(self) -> bool:
        """Whether its interpreter does not work without the folder that `home` should name.

        Only for where there is no such folder. The launcher of Windows always starts `home`.
        """
        home = self.environment.home
        if self.reader.host.windows or (home and home.state == "silent"):
            return True  # whether it needs it or not, it waits for it
        return self.start is not None and not self.start.is_right

    @property
    def refuses_large_config(self) -> bool:
        """Whether its interpreter does not start on a large pyvenv.cfg: CPython 3.11 and newer."""
        return self.minor is None or self.minor >= _NEW_GETPATH

    @property
    def minor(self) -> int | None:
        """The Y of the X.Y of its interpreter."""
        return int(series_of(self.tag).partition(".")[2]) if self.tag else None

    @property
    def has_python(self) -> bool:
        """Whether there is something by the name `bin/python`, if only a link."""
        return self.silent or os.path.lexists(self.environment.interpreter)

    @property
    def silent(self) -> bool:
        """Whether it leads into a disk or share that does not answer."""
        return self.environment.python.state == "silent"

    @cached_property
    def head(self) -> bytes:
        """How the file begins to which `bin/python` leads; of a base that is known nothing is read."""
        if self.environment.python.state != "ok" or (self.linked and self.linked.architecture):
            return b""
        return read_start(self.environment.python.end, 4)

    @cached_property
    def header(self) -> Header | None:
        """The header of a copied executable, or of what is not known as a base; None of other files."""
        return read_header(self.environment.python.end) if self.head else None

    @cached_property
    def no_program(self) -> str | None:
        """What `bin/python` leads to where that cannot be a program, in words; None where it can."""
        chain = self.environment.python
        if chain.state != "ok" or (self.linked and self.linked.usable):
            return None
        if not is_regular_file(chain.end):
            return "not a file"
        if is_empty_file(chain.end):
            return "an empty file"
        if self.head and not self.head.startswith(_PROGRAMS):
            return "no program"
        is_named = any(name in chain.end.name.lower() for name in ("python", "pypy", "graalpy"))
        return None if is_named or self.head.startswith(_SCRIPT) else "not Python"

    @cached_property
    def text_link(self) -> str | None:
        """What a link says that stands there as a text file; None where `bin/python` leads to none."""
        if self.no_program != "no program":
            return None
        content = read_bounded(self.environment.python.end, _LONGEST_LINK)
        text = None if isinstance(content, Unreadable) else parse_text_link(content)
        return text if text and parse_name(re.split(r"[\\/]", text)[-1]) else None

    @property
    def shim(self) -> Path | None:
        """The shim of a version manager to which `bin/python` leads; None where it leads to none."""
        if self.linked is None or self.linked.state != "shim":
            return None
        spellings = self.environment.python.spellings
        return next((path for path in spellings if path.parent.name == "shims"), None)

    @cached_property
    def may_not_execute(self) -> bool:
        """Whether the interpreter, or a folder on the way to it, denies access."""
        chain = self.environment.python
        if self.no_program:
            return False
        return chain.state == "denied" or (chain.state == "ok" and not os.access(chain.end, os.X_OK))

    @property
    def beside_gap(self) -> tuple[str, ...]:
        """What stands beside the first missing folder of the interpreter's path and names the same X.Y."""
        return _beside_gap(self.environment)

    @cached_property
    def origin(self) -> Origin | None:
        """Where it was made, if that is another folder than the one in which it is now."""
        return origin_of(self.scripts)

    @cached_property
    def scripts(self) -> Scripts:
        """What stands in its folder of programs."""
        return Scripts(self.environment, self.reader.host)

    @cached_property
    def outside_links(self) -> tuple[OutsideLink, ...]:
        """The links from outside into its folder."""
        return self.surroundings.links_to(self.environment)

    @cached_property
    def asked_alias(self) -> tuple[Path, Span] | None:
        """Where the project asks for an alias in its own environment, which this is; else None."""
        return _asked_alias(self.environment, self.beside) if b"alias" in self.beside else None

    @cached_property
    def beside(self) -> bytes:
        """The pyproject.toml beside it; nothing where there is none that can be read."""
        content = read_bounded(self.environment.path.parent / PROJECT_FILE, _LARGEST_PROJECT)
        return b"" if isinstance(content, Unreadable) else content

    @cached_property
    def unmet_requirement(self) -> "Asked | None":
        """What the project requires whose own environment this is, and its version does not meet."""
        version = self.base.version if self.base else None
        if version is None or b"python" not in self.beside:
            return None
        from holdfast.health.requirement import unmet_requirement  # noqa: PLC0415 - few projects say so

        return unmet_requirement(self.environment, self.beside, version, self.reader.host)

    @cached_property
    def lost_way(self) -> "Trail | None":
        """Where a link or redirect file in its place leads that leads to no environment; None of others."""
        environment = self.environment
        if not isinstance(environment.config, Unreadable) or environment.config.why == "encoding":
            return None
        if environment.redirect is None and not os.path.islink(environment.path):
            return None
        from holdfast.environments.redirection import lost_way  # noqa: PLC0415 - few lead nowhere

        return lost_way(environment.redirect or environment.path, self.reader.host)

    @cached_property
    def installed(self) -> Installed:
        """What is installed in it."""
        return Installed(self.environment, self.tag, self.scripts, self.origin)

    @cached_property
    def editables(self) -> tuple[Editable, ...]:
        """What is installed in it as a link to a folder of sources."""
        return tuple(editables_in(self.installed))


def _only_library(environment: Environment) -> str | None:
    """The name of the folder of packages, also an empty one, where there is but one."""
    names = {path.parent.name for path in environment.site_packages}
    return tag_of(names.pop()) if len(names) == 1 else None


def _asked_alias(environment: Environment, content: bytes) -> tuple[Path, Span] | None:
    file = environment.path.parent / PROJECT_FILE
    from holdfast.formats.toml import Toml, parse_toml  # noqa: PLC0415 - few projects ask

    document = parse_toml(content)
    if not isinstance(document, Toml):
        return None
    settings = settings_from({}, Path("/"), settings_in(document))
    is_own = environment.path.name == settings.environment
    return (file, document.span(*TABLE, "alias")) if settings.alias and is_own else None


def _beside_gap(environment: Environment) -> tuple[str, ...]:
    chain, tag = environment.python, environment.tag
    if chain.state != "missing" or tag is None:
        return ()
    same = re.compile(rf"(?<![\d.]){re.escape(series_of(tag))}(?!\d)")
    gap = chain.stopped_at
    if not same.search(gap.name):
        return ()
    names = [name for name in list_folder(gap.parent) if same.search(name)]
    # A link such as `3.12` is another name of what it leads to.
    return tuple(name for name in names if os.path.basename(link_text(gap.parent / name) or "") not in names)


def _anchor(environment: Environment) -> Path:
    """A regular text file for an editor to open: a folder, a FIFO or a huge file gives an error page."""
    config = environment.config
    if not isinstance(config, Unreadable) or config.why == "encoding":
        return environment.config_path
    inside = (environment.path / ".gitignore", environment.path / "bin" / "activate")
    project = environment.path.parent
    around = (
        project / "pyproject.toml",
        project / ".vscode" / "settings.json",
        project / ".gitignore",
        *(project / name for name in list_folder(project) if _looks_like_text(name)),
    )
    found = (path for path in (*inside, *around) if is_regular_file(path))
    return next(found, environment.config_path)


def _looks_like_text(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in (".md", ".txt", ".toml", ".cfg", ".py", ".json")
