"""What an unpacked wheel is made of: the wheel, the interpreter that compiles it, and how pip notes it."""

import binascii
import os

from holdfast.creation.seeds.wheel import SeedWheel
from holdfast.interpreters.interpreter import Interpreter
from holdfast.values import NamedTuple

_FIRST_TIME = 315619200
"""1980-01-02: the file systems of DOS know nothing older, and a time zone may lie in between."""


class Recipe(NamedTuple):
    """Everything that decides which bytes come out."""

    wheel: SeedWheel
    base: Interpreter
    requested: bool
    """Whether pip notes that the package was asked for by its name, as it does since its 20.2 (PEP 376)."""

    @property
    def identity(self) -> str:
        """One line that is another one whenever the wheel or the interpreter is. Raises OSError."""
        marks = []
        for file in (self.wheel.path, self.base.real):
            status = os.stat(file)
            marks.append((str(file), status.st_size, status.st_mtime_ns))
        return ascii((*marks, str(self.base.version), self.requested))

    @property
    def key(self) -> str:
        """A name for it, to be used in a folder. Raises OSError."""
        return f"{self.wheel.name}-{self.wheel.version}-{binascii.crc32(self.identity.encode()):08x}"

    @property
    def time(self) -> int:
        """When its files were modified, by their own account, in seconds. Raises OSError.

        It is that of the wheel, so that a file which is made once more has the time that its bytecode names;
        an even one, since exFAT counts in two seconds.
        """
        return max(int(os.stat(self.wheel.path).st_mtime) // 2 * 2, _FIRST_TIME)

    @property
    def notes(self) -> dict[str, bytes]:
        """What pip adds to the files of the wheel, RECORD left out, by path below site-packages."""
        info = self.wheel.info
        return {f"{info}/INSTALLER": b"pip\n", **({f"{info}/REQUESTED": b""} if self.requested else {})}
