"""The requests and answers between the shell and the helper, beyond what LSP defines.

extension/src/protocol.ts mirrors this file; tests/protocol.schema.json holds both.
"""

from typing import Literal, TypedDict

from holdfast.creation.report import CreationJson
from holdfast.discovery.report import InterpreterJson
from holdfast.health.problem import State
from holdfast.repair.report import FixJson
from holdfast.workspace.settings import RuleSeverity

LOOK_AGAIN = "holdfast/lookAgain"
CHECK = "holdfast/check"
INTERPRETERS = "holdfast/interpreters"
ENVIRONMENTS = "holdfast/environments"
REQUIREMENTS = "holdfast/requirements"
CREATE = "holdfast/create"
RECORD = "holdfast/record"
PLAN = "holdfast/plan"
REPAIR_ENVIRONMENT = "holdfast/repair"
HAS_LOOKED = "holdfast/looked"

REPAIR_COMMAND = "holdfast.server.repair"
"""The command of quick fixes; its arguments are an environment's path and the id of a fix."""

Record = Literal["api", "settings", "off"]
"""How the choice of an interpreter is recorded."""

REQUEST_FAILED = -32803
"""LSP's code for work that could not be done; the message is ready for the user."""


class SettingsJson(TypedDict):
    """The settings that the helper acts on."""

    environment: str
    python: str
    alias: bool
    sitePackagesLink: bool
    links: Literal["auto", "symlink", "copy"]
    seed: Literal["pip", "none"]
    interpreterPath: Record
    searchPaths: list[str]
    exclude: list[str]
    rules: dict[str, RuleSeverity]


class InitializationOptionsJson(TypedDict):
    """What the shell tells at the start."""

    trusted: bool
    settings: SettingsJson


class InterpreterListJson(TypedDict):
    """The answer of INTERPRETERS."""

    interpreters: list[InterpreterJson]


class EnvironmentsParamsJson(TypedDict):
    """Which workspace folder's environments are asked for."""

    folder: str


class FolderEnvironmentJson(TypedDict):
    """An environment as a workspace folder sees it."""

    path: str
    interpreter: str
    version: str | None
    state: State
    reason: str | None
    own: bool
    setting: str


class EnvironmentListJson(TypedDict):
    """The answer of ENVIRONMENTS."""

    environments: list[FolderEnvironmentJson]
    record: Record


class RequirementsParamsJson(TypedDict):
    """The project whose requirements are asked for."""

    folder: str


class RequirementSourceJson(TypedDict):
    """Something that a project's files say can be installed."""

    id: str
    label: str
    file: str


class RequirementListJson(TypedDict):
    """The answer of REQUIREMENTS; `python` is what the project's files ask for: an interpreter's path."""

    sources: list[RequirementSourceJson]
    python: str | None
    reason: str | None


class _CreateParamsJson(TypedDict):
    folder: str
    name: str
    python: str
    replace: bool
    redirect: bool
    install: list[str]


class CreateParamsJson(_CreateParamsJson, total=False):
    """What to create; a client that shows no progress leaves `workDoneToken` out."""

    workDoneToken: str


class CreationWithSettingJson(CreationJson):
    """The answer of CREATE: what was made, what settings say to select it, and how to record that choice.

    `failure` says why not everything was installed; the environment is there all the same.
    """

    setting: str
    record: Record
    failure: str | None


class RecordParamsJson(TypedDict):
    """Which interpreter a folder's settings file is to name, and how."""

    folder: str
    value: str


class RecordedJson(TypedDict):
    """The answer of RECORD."""

    file: str
    changed: bool


class PlanParamsJson(TypedDict):
    """Which environment's fixes are asked for."""

    environment: str


class PlannedFixJson(TypedDict):
    """A fix, the problem that it mends and its steps."""

    fix: FixJson
    problem: str
    steps: list[str]


class RepairPlanJson(TypedDict):
    """The answer of PLAN."""

    environment: str
    planned: list[PlannedFixJson]


class RepairParamsJson(TypedDict):
    """Which fix to apply; None for the preferred ones."""

    environment: str
    fix: str | None


class FolderStatusJson(TypedDict):
    """What a workspace folder holds."""

    uri: str
    own: FolderEnvironmentJson | None
    environments: int
    broken: int
    record: Record


class LookedJson(TypedDict):
    """Sent after every look."""

    folders: list[FolderStatusJson]
    errors: int
    warnings: int
