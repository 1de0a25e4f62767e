"""The schema that the helper's and the shell's types are both held against."""

import subprocess
import sys

import protocol_schema


def test_the_schema_is_what_the_helper_s_types_say():
    done = subprocess.run(
        [sys.executable, protocol_schema.__file__, "--print"], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == protocol_schema.SCHEMA_FILE.read_text(), (
        f"Run tests/python/protocol_schema.py after a deliberate change.\n{done.stderr}"
    )
