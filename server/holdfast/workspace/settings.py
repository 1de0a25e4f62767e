"""What a project or person may ask Holdfast to do differently."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from holdfast.files.reading import Unreadable, read_bounded
from holdfast.formats.document import Malformed
from holdfast.formats.span import Span
from holdfast.typed import TYPE_CHECKING, Any, Literal
from holdfast.values import NamedTuple

if TYPE_CHECKING:
    from holdfast.formats.toml import Toml

PROJECT_FILE = "pyproject.toml"

TABLE = ("tool", "holdfast")
"""Where a project's settings stand in its pyproject.toml."""

RuleSeverity = Literal["error", "warning", "information", "hint", "off"]
"""How serious the problems of a rule are; `off`: they are none."""

Severities = Mapping[str, RuleSeverity]
"""By the name of the rule; the others have the severity that the rule itself gives them."""

AS_THE_RULES_SAY: Severities = MappingProxyType({})

_LARGEST = 200_000
"""Bytes; a larger pyproject.toml is not read."""


class Settings(NamedTuple):
    """The settings that the helper acts on; the editor's other ones stay in the editor."""

    environment: str = ".venv"
    """The name of a project's own environment."""
    search_paths: tuple[Path, ...] = ()
    """More folders in which interpreters are looked for."""
    exclude: frozenset[str] = frozenset()
    """Names of folders in which no environments are looked for."""
    python: str | None = None
    """The version request for the project's interpreter."""
    alias: bool = False
    """Whether a new environment has the other system's folder of programs, too."""
    site_packages_link: bool = False
    """Whether `site-packages` in it leads to its packages, under one name everywhere."""
    links: Literal["auto", "symlink", "copy"] = "auto"
    """How its interpreter is placed."""
    seed: Literal["pip", "none"] = "pip"
    """What it starts with."""
    interpreter_path: Literal["api", "settings", "off"] = "api"
    """How the choice of it is recorded: through Python extensions, in the settings file, or not at all."""
    rules: Severities = AS_THE_RULES_SAY


class Misread(NamedTuple):
    """A setting of a project that is not followed, and why."""

    key: str
    """`rules.NAME` where it is the severity of a rule, and nothing where it is the table itself."""
    reason: str
    """Half a sentence: `is not known`."""
    span: Span
    """Of its value in pyproject.toml."""


class ProjectSettings(NamedTuple):
    """What `[tool.holdfast]` of a project says."""

    values: Mapping[str, Any]
    misread: tuple[Misread, ...] = ()
    malformed: Malformed | None = None
    """Why none is followed, where the file that has them is no TOML."""
    rules: Mapping[str, Span] = MappingProxyType({})
    """The rules that it names, with where their severities stand."""


_KINDS: dict[str, str] = {
    "environment": "a text",
    "python": "a text",
    "searchPaths": "a list of texts",
    "exclude": "a list of texts",
    "alias": "true or false",
    "site-packages-link": "true or false",
    "links": '"auto", "symlink" or "copy"',
    "seed": '"pip" or "none"',
    "interpreterPath": '"api", "settings" or "off"',
    "rules": "a table of rules",
}
_SEVERITY = '"error", "warning", "information", "hint" or "off"'

NAMES = tuple(_KINDS)
"""Every setting that a project may have."""

NOT_KNOWN = "is not known"
"""Why another one is not followed."""

_NAMES_OF_EDITOR = {"sitePackagesLink": "site-packages-link"}
_USUAL = Settings()
_DEFAULTS: tuple[Any, ...] = ("", [], {}, *_USUAL)
"""What an editor sends for a setting that nobody has set."""


def project_settings(folder: Path) -> ProjectSettings:
    """The settings in a folder's pyproject.toml; none where it has none or cannot be read."""
    content = read_bounded(folder / PROJECT_FILE, _LARGEST)
    if isinstance(content, Unreadable) or b"holdfast" not in content:
        return ProjectSettings({})
    from holdfast.formats.toml import parse_toml  # noqa: PLC0415 - 4 ms, and few projects have settings

    document = parse_toml(content)
    if isinstance(document, Malformed):
        return ProjectSettings({}, malformed=document)
    return settings_in(document)


def settings_in(document: "Toml") -> ProjectSettings:
    """The settings of a pyproject.toml that can be followed, and those that cannot."""
    table = document.get(*TABLE)
    if table is not None and not isinstance(table, dict):
        return ProjectSettings({}, (Misread("", "is not a table", document.span(*TABLE)),))
    reasons = {key: _refusal(key, value) for key, value in (table or {}).items()}
    values = {key: value for key, value in (table or {}).items() if reasons[key] is None}
    misread = [Misread(key, why, document.span(*TABLE, key)) for key, why in reasons.items() if why]
    for index, text in enumerate(values.get("searchPaths", ())):
        if not _expanded(text, Path("/")).is_absolute():
            where = document.span(*TABLE, "searchPaths", index)
            misread.append(Misread("searchPaths", f"names {text}, which is not absolute", where))
    rules = {name: document.span(*TABLE, "rules", name) for name in values.get("rules", ())}
    for name, span in rules.items():
        if not _is_of_kind(values["rules"][name], _SEVERITY):
            misread.append(Misread(f"rules.{name}", f"is not {_SEVERITY}", span))
    return ProjectSettings(values, tuple(misread), rules=rules)


def settings_from(raw: Mapping[str, Any], home: Path, project: ProjectSettings | None = None) -> Settings:
    """Settings from an editor's JSON, before those of a project: what a person sets wins for that person.

    A value of the wrong type counts as not given; so do an empty one and the default, since an editor sends
    every setting. `searchPaths` may begin with `~`; relative ones are left out, since they mean nothing to a
    helper.
    """
    sent = {_NAMES_OF_EDITOR.get(key, key): value for key, value in raw.items()}
    own = {
        key: value for key, value in sent.items() if value not in _DEFAULTS and _refusal(key, value) is None
    }
    given = {**(project.values if project else {}), **own}
    folders = (_expanded(text, home) for text in given.get("searchPaths", ()))
    rules = {**severities_in(project.values if project else {}), **severities_in(own)}
    return Settings(
        environment=given.get("environment") or _USUAL.environment,
        python=given.get("python") or None,
        search_paths=tuple(folder for folder in folders if folder.is_absolute()),
        exclude=frozenset(given.get("exclude", ())),
        alias=given.get("alias", _USUAL.alias),
        site_packages_link=given.get("site-packages-link", _USUAL.site_packages_link),
        links=given.get("links", _USUAL.links),
        seed=given.get("seed", _USUAL.seed),
        interpreter_path=given.get("interpreterPath", _USUAL.interpreter_path),
        rules=rules,
    )


def severities_in(values: Mapping[str, Any]) -> Severities:
    """What these settings say of rules, as far as it is a severity."""
    named = values.get("rules", {}).items()
    return {rule: severity for rule, severity in named if _is_of_kind(severity, _SEVERITY)}


def _refusal(key: str, value: Any) -> str | None:
    """Why a setting is not followed; None where it is."""
    if key not in _KINDS:
        return NOT_KNOWN
    if not _is_of_kind(value, _KINDS[key]):
        return f"is not {_KINDS[key]}"
    if key == "environment" and value and (value in (".", "..") or Path(value).name != value):
        return "is not the name of a folder"
    return None


def _is_of_kind(value: Any, kind: str) -> bool:
    if kind == "true or false":
        return isinstance(value, bool)
    if kind == "a list of texts":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind == "a table of rules":
        return isinstance(value, dict)
    return isinstance(value, str) and (kind == "a text" or value in re.findall(r'"(\w+)"', kind))


def _expanded(text: str, home: Path) -> Path:
    return home / text[2:] if text.startswith(("~/", "~\\")) else Path(text)
