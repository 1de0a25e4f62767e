"""Starting a new interpreter once, because the user asked for it, to see that it works."""

import json
import subprocess
from pathlib import Path

from holdfast.cancellation import Cancellation
from holdfast.errors import HoldfastError
from holdfast.files.reading import same_folder
from holdfast.interpreters.landmark import Prefix

_QUESTION = """
import json, os, sys, _struct
print(json.dumps({"prefix": sys.prefix, "library": os.path.dirname(os.__file__)}))
"""
_PATIENCE = 60.0
_LOOK_AGAIN = 0.05


def verify(interpreter: Path, environment: Path, base: Prefix, cancellation: Cancellation) -> None:
    """Raise HoldfastError unless the interpreter starts, in this environment, on its base's library."""
    answer = _ask(interpreter, cancellation)
    if not same_folder(Path(answer["prefix"]), environment):
        raise HoldfastError(f"The new Python takes {answer['prefix']} for its environment.")
    if not same_folder(Path(answer["library"]), base.library):
        raise HoldfastError(
            f"The new Python took the standard library of another installation: {answer['library']}."
        )


def _ask(interpreter: Path, cancellation: Cancellation) -> dict[str, str]:
    process = subprocess.Popen(
        [interpreter, "-I", "-B", "-c", _QUESTION],
        stdin=subprocess.DEVNULL,  # never the pipe of a language server
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    with process:
        output, errors = _output(process, cancellation)
    if process.returncode != 0:
        last = (errors.strip().splitlines() or ["it said nothing"])[-1]
        raise HoldfastError(f"The new Python does not start: {last}")
    try:
        answer: dict[str, str] = json.loads(output)
    except ValueError:
        raise HoldfastError("The new Python starts and gives no sensible answer.") from None
    return answer


def _output(process: "subprocess.Popen[str]", cancellation: Cancellation) -> tuple[str, str]:
    waited = 0.0
    while True:
        try:
            return process.communicate(timeout=_LOOK_AGAIN)
        except subprocess.TimeoutExpired:  # noqa: PERF203 - it waits anyway
            waited += _LOOK_AGAIN
            if cancellation.cancelled or waited > _PATIENCE:
                process.kill()
                process.communicate()
                cancellation.check()
                raise HoldfastError("The new Python did not answer within a minute.") from None
