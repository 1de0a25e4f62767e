"""The JSON Schema of what the shell and the helper say to each other, from the helper's types.

`python tests/python/protocol_schema.py` writes tests/protocol.schema.json anew after a deliberate change.
"""

import json
import sys
import types
import typing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "server"))

from holdfast.creation import report as creation
from holdfast.discovery import report as discovery
from holdfast.lsp import protocol
from holdfast.repair import report as repair

SCHEMA_FILE = Path(__file__).parents[1] / "protocol.schema.json"

SHAPES = {
    "Settings": protocol.SettingsJson,
    "InitializationOptions": protocol.InitializationOptionsJson,
    "Position": repair.PositionJson,
    "Range": repair.RangeJson,
    "Fix": repair.FixJson,
    "Related": repair.RelatedJson,
    "Problem": repair.ProblemJson,
    "Environment": repair.EnvironmentJson,
    "CheckReport": repair.CheckJson,
    "Interpreter": discovery.InterpreterJson,
    "InterpreterList": protocol.InterpreterListJson,
    "EnvironmentsParams": protocol.EnvironmentsParamsJson,
    "FolderEnvironment": protocol.FolderEnvironmentJson,
    "EnvironmentList": protocol.EnvironmentListJson,
    "RequirementsParams": protocol.RequirementsParamsJson,
    "RequirementSource": protocol.RequirementSourceJson,
    "RequirementList": protocol.RequirementListJson,
    "CreateParams": protocol.CreateParamsJson,
    "Base": creation.BaseJson,
    "Seeded": creation.SeededJson,
    "Creation": protocol.CreationWithSettingJson,
    "RecordParams": protocol.RecordParamsJson,
    "Recorded": protocol.RecordedJson,
    "PlanParams": protocol.PlanParamsJson,
    "PlannedFix": protocol.PlannedFixJson,
    "RepairPlan": protocol.RepairPlanJson,
    "RepairParams": protocol.RepairParamsJson,
    "Planned": repair.PlannedJson,
    "Repair": repair.RepairJson,
    "FolderStatus": protocol.FolderStatusJson,
    "Looked": protocol.LookedJson,
}
_NAMES = {shape: name for name, shape in SHAPES.items()}
_PLAIN = {str: "string", int: "integer", bool: "boolean", type(None): "null"}


def build() -> dict:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the shell and the helper say to each other",
        "$defs": {name: _object(shape) for name, shape in SHAPES.items()},
    }


def _object(shape) -> dict:
    return {
        "type": "object",
        "properties": {name: _type(kind) for name, kind in typing.get_type_hints(shape).items()},
        "required": sorted(shape.__required_keys__),
    }


def _type(kind) -> dict:
    if kind in _NAMES:
        return {"$ref": f"#/$defs/{_NAMES[kind]}"}
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is list:
        return {"type": "array", "items": _type(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(arguments[1])}
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [_type(argument) for argument in arguments]}
    return {"type": _PLAIN[kind]}


if __name__ == "__main__":
    SCHEMA_FILE.write_text(json.dumps(build(), indent=2) + "\n")
