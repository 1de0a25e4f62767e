"""Programs that creation starts."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from holdfast.cancellation import Cancellation
from holdfast.creation.child import Child
from holdfast.creation.popened import Popened
from holdfast.creation.spawned import Spawned
from holdfast.errors import CancelledError

WAYS = [Spawned, Popened] if hasattr(os, "posix_spawn") else [Popened]


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", "-c", code)


def ended(running):
    while (end := running.ended_within(0.05)) is None:
        pass
    return end


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def way(request):
    return request.param


def open_files() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def test_both_outputs_are_kept_however_much_it_says(way):
    code = "import os, sys\nfor _ in range(64):\n    os.write(2, b'e' * 9999)\n    os.write(1, b'o' * 9999)"
    end = ended(way(python(code)))
    assert (end.code, len(end.output), len(end.errors)) == (0, 64 * 9999, 64 * 9999)


def test_its_input_is_empty(way):
    assert ended(way(python("import sys; print(repr(sys.stdin.read()))"))).output.strip() == b"''"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("raise SystemExit(7)", 7),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        # Python itself ignores this one, and programs that it starts must not.
        ("import os, signal; signal.signal(signal.SIGPIPE, signal.SIG_DFL); os.kill(os.getpid(), 13)", -13),
    ],
)
def test_its_code_tells_how_it_ended(way, code, expected):
    assert ended(way(python(code))).code == expected


@pytest.mark.skipif(not os.path.isfile("/bin/sh"), reason="no shell")
def test_signals_that_python_ignores_end_it(way):
    assert ended(way(("/bin/sh", "-c", "kill -s PIPE $$; exit 3"))).code == -signal.SIGPIPE


def test_one_that_closes_its_outputs_is_waited_for(way):
    code = "import os, time; os.close(1); os.close(2); time.sleep(0.3); os._exit(5)"
    running = way(python(code))
    assert running.ended_within(0.1) is None
    assert ended(running).code == 5


def test_what_is_no_program_is_refused_and_leaves_nothing_open(way, tmp_path):
    before = open_files()
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(OSError, match=r"No such file|denied"):
            way((str(path),))
    assert open_files() == before


def test_nothing_stays_open_behind_it(way):
    before = open_files()
    running = way(python("import time; time.sleep(60)"))
    running.end()
    running.end()
    assert ended(way(python(""))).code == 0
    assert open_files() == before


def test_it_inherits_none_of_our_files(way, tmp_path):
    with open(tmp_path / "ours", "w"):
        listed = ended(
            way(
                python(
                    "import os; print([os.readlink(f'/proc/self/fd/{n}') for n in '3456789' "
                    "if os.path.lexists(f'/proc/self/fd/{n}')])"
                )
            )
        )
    assert b"ours" not in listed.output
    assert listed.code == 0


def test_leaving_ends_it():
    with Child(python("import time; time.sleep(60)")) as child:
        pid = child._running._pid
        assert os.path.exists(f"/proc/{pid}")
    assert not os.path.exists(f"/proc/{pid}")


def test_it_is_given_up_when_patience_ends():
    with Child(python("import time; time.sleep(60)")) as child:
        assert child.wait(Cancellation(), patience=0.1) is None


def test_it_is_ended_when_the_work_is_cancelled():
    cancellation = Cancellation()
    threading.Timer(0.2, cancellation.cancel).start()
    begin = time.monotonic()
    with Child(python("import time; time.sleep(60)")) as child, pytest.raises(CancelledError):
        child.wait(cancellation, patience=60)
    assert time.monotonic() - begin < 30


def test_where_children_leave_no_codes_it_counts_as_well_ended():
    code = """
import signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
from holdfast.cancellation import Cancellation
from holdfast.creation.child import Child
with Child((sys.executable, "-c", "print('said')")) as child:
    end = child.wait(Cancellation(), 60)
print(end.code, end.output.decode())
"""
    server = os.path.join(os.path.dirname(__file__), "..", "..", "server")
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": server}
    )
    assert said.stdout.split() == ["0", "said"], said.stderr
