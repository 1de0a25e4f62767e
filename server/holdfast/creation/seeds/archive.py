"""Reading a wheel: pure ones only, of which every file goes into site-packages and nothing is to be built."""

import csv
import io
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

from holdfast.creation.seeds.entry_points import console_scripts
from holdfast.creation.seeds.wheel import SeedWheel
from holdfast.errors import HoldfastError


class WheelArchive:
    """A wheel, checked as far as that goes without unpacking it."""

    def __init__(self, wheel: SeedWheel, content: bytes) -> None:
        """Read its list of files.

        Raises HoldfastError for a wheel that is damaged, that names a file outside its folder, or that asks
        for more than files in site-packages and console scripts.
        """
        self._wheel = wheel
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self._members = {one.filename: one for one in self._archive.infolist() if not one.is_dir()}
            for name in self._members:
                self._refuse_unfit(name)
            self.digests = self._recorded()
            """The files, RECORD itself left out, and the digests that it has for them."""
            if wheel.entry_points in self.digests:
                console_scripts(self._archive.read(wheel.entry_points))
        except (zipfile.BadZipFile, NotImplementedError, KeyError, ValueError, csv.Error) as error:
            raise self._damaged(str(error)) from None

    def unpack(self, tree: Path, time: int, step: Callable[[], None]) -> None:
        """Write every file that is not in the folder yet, with a modification time in seconds.

        `step` is called between files and may raise to stop. Raises OSError, and HoldfastError.
        """
        for name in self.digests:
            step()
            target = tree / name
            if os.path.lexists(target):
                continue
            try:
                content = self._archive.read(name)
            except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
                raise self._damaged(str(error)) from None
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            executable = self._members[name].external_attr >> 16 & stat.S_IXUSR
            settle(target, time, executable=bool(executable))

    def check(self, name: str, digest: str) -> None:
        """Raise HoldfastError where an unpacked file is not what RECORD says."""
        if self.digests.get(name, digest) != digest:
            raise self._damaged(f"{name} is not what its RECORD says")

    def _recorded(self) -> dict[str, str]:
        record = self._wheel.record
        rows = csv.reader(io.StringIO(self._archive.read(record).decode("utf-8")))
        digests = {row[0]: row[1].removeprefix("sha256=") for row in rows if row}
        return {name: digests[name] for name in self._members if name != record}

    def _refuse_unfit(self, name: str) -> None:
        parts = name.split("/")
        if {"", ".", ".."} & set(parts) or any(mark in name for mark in "\\:"):
            raise HoldfastError(f"{self._wheel.path} names a file outside its folder: {name}.")
        if parts[0].endswith(".data"):
            raise HoldfastError(
                f"{self._wheel.path} has a file for another place than site-packages: {name}."
            )
        if not name.isprintable():
            raise HoldfastError(f"{self._wheel.path} has a file with an unprintable name: {name!a}.")

    def _damaged(self, why: str) -> HoldfastError:
        return HoldfastError(
            f"{self._wheel.path} is damaged: {why}. Install that Python anew, choose another one, or create "
            "the environment without pip (--no-pip)."
        )


def settle(path: Path, time: int, *, executable: bool = False) -> None:
    """Give a file the mode that pip gives under the usual umask, and a modification time in seconds.

    Hard links of it have the same. Under a stricter umask the folders around them keep others out; under a
    laxer one nobody else can write into the cache through an environment that is shared.
    """
    os.chmod(path, 0o755 if executable else 0o644)
    os.utime(path, (time, time))
