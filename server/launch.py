"""Start Holdfast out of this folder, on whichever Python runs this file.

Run it as `python -I launch.py …`. Isolated mode keeps the working folder, PYTHONPATH and user packages
off `sys.path`; this file then puts the helper and its bundled libraries before everything that the
Python itself has installed, so that neither a workspace nor an old system package can stand in for them.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "bundled")]

if __name__ == "__main__":
    if sys.version_info < (3, 10):  # noqa: UP036 - this file may be started by any Python
        sys.exit("Holdfast needs Python 3.10 or newer to run.")
    try:
        from holdfast.cli.main import program
    except KeyboardInterrupt:  # before what answers it
        sys.exit(1)
    program()
