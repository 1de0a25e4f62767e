"""Ending a program in the middle of its work, at each of its file operations in turn."""

import gc
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CHANGING = (
    *("mkdir", "rename", "replace", "symlink", "link", "unlink", "remove", "rmdir", "chmod", "utime"),
    *("open", "write", "truncate", "ftruncate"),
)
"""The calls of `os` that change something, or may."""


@contextmanager
def each_call(before: Callable[[int, str], None]) -> Iterator[None]:
    """In the block, `before` gets the number and the name of each changing call before it is made."""
    numbers = itertools.count()
    real = {name: getattr(os, name) for name in CHANGING}

    def watched(name):
        def call(*args, **options):
            before(next(numbers), name)
            return real[name](*args, **options)

        return call

    for name in CHANGING:
        setattr(os, name, watched(name))
    try:
        yield
    finally:
        for name, function in real.items():
            setattr(os, name, function)


def dies_at(number: int, work: Callable[[], object]) -> bool:
    """Do the work in a process of its own that ends, as if it were killed, before its call of that number.

    False where the work was done before it came to that.
    """
    child = os.fork()
    if child == 0:
        gc.freeze()  # to look for garbage in what the tests have would take longer than the work

        def die(count, _name):
            if count == number:
                os._exit(9)

        code = 1
        try:
            with each_call(die):
                work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 9), f"the work failed with {code}"
    return code == 9
