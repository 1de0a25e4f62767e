"""Start Holdfast out of this folder, on whichever Python runs this file.

Run it as `python -I -S launch.py …`. Isolated mode keeps the working folder, PYTHONPATH and user packages
off `sys.path`; -S keeps off what the Python itself has installed, whose `.pth` files may do and print
anything. Without it, this file still puts the helper and its bundled libraries before all that.
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
