"""The JSON Schema of what the shell and the helper say to each other, from the helper's types.

`python tests/python/protocol_schema.py` writes tests/protocol.schema.json anew after a deliberate change;
with `--print` it only shows it.
"""

import json
import sys
import types
import typing
from pathlib import Path

SCHEMA_FILE = Path(__file__).parents[1] / "protocol.schema.json"
_PLAIN = {str: "string", int: "integer", bool: "boolean", type(None): "null"}


def shapes() -> dict:
    """The types by the names that the schema gives them, each with what its annotations really are."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "server"))
    sys.modules["holdfast.typed"] = typing  # what commands do without
    from holdfast.creation import report as creation
    from holdfast.discovery import report as discovery
    from holdfast.lsp import protocol
    from holdfast.repair import report as repair

    return {
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


def schema_of(shapes: dict) -> dict:
    names = {shape: name for name, shape in shapes.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the shell and the helper say to each other",
        "$defs": {name: _object(shape, names) for name, shape in shapes.items()},
    }


def _object(shape, names: dict) -> dict:
    hints = typing.get_type_hints(shape)
    return {
        "type": "object",
        "properties": {name: _type(kind, names) for name, kind in hints.items()},
        "required": sorted(shape.__required_keys__),
    }


def _type(kind, names: dict) -> dict:
    if kind in names:
        return {"$ref": f"#/$defs/{names[kind]}"}
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is list:
        return {"type": "array", "items": _type(arguments[0], names)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(arguments[1], names)}
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [_type(argument, names) for argument in arguments]}
    return {"type": _PLAIN[kind]}


if __name__ == "__main__":
    schema = json.dumps(schema_of(shapes()), indent=2) + "\n"
    if sys.argv[1:] == ["--print"]:
        sys.stdout.write(schema)
    else:
        SCHEMA_FILE.write_text(schema)
