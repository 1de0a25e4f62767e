"""Bytecode, compiled by the interpreter that will load it: only it knows its format and where it looks."""

import errno
import os
from contextlib import ExitStack
from pathlib import Path

from holdfast.cancellation import Cancellation
from holdfast.creation.child import Child
from holdfast.interpreters.interpreter import Interpreter

_MOST_AT_ONCE = 4
_PATIENCE = 300.0

# It runs on everything from 3.6 on. The path inside the bytecode is replaced by the real one when it is
# loaded (importlib/_bootstrap_external.py, _compile_bytecode). Files that are not for this version have
# none, as with pip.
_COMPILE = """
import importlib.util, os, py_compile, sys
folder, first, step = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sources = sorted(
    os.path.join(parent, name)
    for parent, _, names in os.walk(folder)
    for name in names
    if name.endswith(".py")
)
how = {}
if sys.version_info >= (3, 7):
    how["invalidation_mode"] = py_compile.PycInvalidationMode.TIMESTAMP
for source in sources[first::step]:
    if not os.path.exists(importlib.util.cache_from_source(source)):
        try:
            py_compile.compile(source, dfile=os.path.relpath(source, folder), doraise=True, **how)
        except (py_compile.PyCompileError, SyntaxError, UnicodeError):
            pass
"""


def compile_sources(base: Interpreter, folder: Path, cancellation: Cancellation) -> None:
    """Let the base compile every module below a folder that has no bytecode of it yet.

    Nothing in the folder is run. Raises OSError where the base fails, and CancelledError.
    """
    shares = min(os.cpu_count() or 1, _MOST_AT_ONCE)
    isolated = (base.real, "-I", "-S", "-B", "-W", "ignore", "-c", _COMPILE, folder)
    with ExitStack() as running:
        children = [
            running.enter_context(Child((*isolated, str(share), str(shares)))) for share in range(shares)
        ]
        for child in children:
            ended = child.wait(cancellation, _PATIENCE)
            if ended is None or ended.code:
                reason = ended.last_words if ended else "it takes too long"
                raise OSError(errno.EIO, f"{base.real} does not compile modules: {reason}")
