"""The schema that the helper's and the shell's types are both held against."""

import json

from protocol_schema import SCHEMA_FILE, build


def test_the_schema_is_what_the_helper_s_types_say():
    assert json.loads(SCHEMA_FILE.read_text()) == build(), (
        "Run tests/python/protocol_schema.py after a deliberate change."
    )
