"""The pyvenv.cfg of a new environment."""

import os

from holdfast import __version__
from holdfast.creation.plan import Request

_NAMES = {"cpython": "CPython", "pypy": "PyPy"}


def config_of(request: Request) -> bytes:
    """What is written; it names the environment by the path at which it will stand."""
    interpreter = request.base.interpreter
    lines = {
        "home": os.fspath(request.base.path.parent),
        "implementation": _NAMES.get(interpreter.implementation, interpreter.implementation),
        "version_info": str(interpreter.version),
        "include-system-site-packages": "true" if request.system_packages else "false",
        **({"prompt": request.prompt} if request.prompt else {}),
        "executable": os.fspath(interpreter.real),
        "base-executable": os.fspath(request.base.path),
        "command": f"holdfast create {request.destination}",
        "holdfast": __version__,
    }
    # As the system writes names: CPython reads the file as UTF-8, whatever the locale of this program.
    return os.fsencode("".join(f"{key} = {value}\n" for key, value in lines.items()))
