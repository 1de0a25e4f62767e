"""Machines of other systems, stood up in a folder: few files, and those as the real installers lay them."""

import os
import struct
from pathlib import Path

from holdfast.host import Host, Platform

_PE = {"x86_64": 0x8664, "i686": 0x14C, "aarch64": 0xAA64}
_ELF = {"x86_64": 62, "aarch64": 183}
_MACH_O = {"x86_64": 0x01000007, "aarch64": 0x0100000C}


def pe(machine: str = "x86_64") -> bytes:
    """The headers of a Windows program, as far as a linker would write them."""
    bits = 0x10B if machine == "i686" else 0x20B
    start = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x80) + bytes(0x40)
    optional = struct.pack("<H", bits).ljust(0xF0, b"\0")
    return start + b"PE\0\0" + struct.pack("<HHIIIHH", _PE[machine], 1, 0, 0, 0, 0xF0, 0x22) + optional


def mach_o(*machines: str) -> bytes:
    """The headers of a macOS program; of several processors a universal one."""
    thin = [struct.pack("<IIIIIIII", 0xFEEDFACF, _MACH_O[m], 3, 2, 0, 0, 0, 0) for m in machines]
    if len(thin) == 1:
        return thin[0]
    head = struct.pack(">II", 0xCAFEBABE, len(thin))
    for index, (machine, part) in enumerate(zip(machines, thin, strict=True)):
        head += struct.pack(">IIIII", _MACH_O[machine], 0, 4096 * (index + 1), len(part), 12)
    return b"".join([head.ljust(4096, b"\0"), *(part.ljust(4096, b"\0") for part in thin)])


def elf(machine: str) -> bytes:
    """The header of a Linux program."""
    return struct.pack("<16sHHI", b"\x7fELF\2\1\1", 3, _ELF[machine], 1).ljust(64, b"\0")


def write(path: Path, content: bytes | str = b"", mode: int = 0o644) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


def link(path: Path, target: str) -> Path:
    """A link that says `target`, as its installer wrote it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
    return path


def patchlevel(version: str) -> str:
    return f'/* Version as a string */\n#define PY_VERSION      \t"{version}"\n'


def posix_library(prefix: Path, version: str, platlib: str = "lib") -> None:
    """The standard library and the headers of a version below a prefix."""
    series = ".".join(version.split(".")[:2])
    write(prefix / platlib / f"python{series}" / "os.py", "# the landmark\n")
    (prefix / platlib / f"python{series}" / "lib-dynload").mkdir()
    write(prefix / "include" / f"python{series}" / "patchlevel.h", patchlevel(version))


class DictRegistry:
    """A registry in memory. `keys`: by hive, view and key the values of a key, the default one under ''."""

    def __init__(self, keys: dict[tuple[str, int, str], dict[str, str]]):
        self._keys = keys

    def names(self, hive, key, view):
        start = key + "\\"
        below = [k[len(start) :] for h, v, k in self._keys if (h, v) == (hive, view) and k.startswith(start)]
        return tuple(dict.fromkeys(name.split("\\")[0] for name in below))

    def value(self, hive, key, name, view):
        return self._keys.get((hive, view, key), {}).get(name)


class WindowsMachine:
    """A Windows whose drive C: is a folder, with a user named ada."""

    def __init__(self, root: Path):
        self.c = root / "C"
        self.home = self.at("C:\\Users\\ada")
        self.home.mkdir(parents=True)
        self.env = {
            "PATH": "C:\\Windows\\system32;C:\\Windows",
            "SYSTEMROOT": "C:\\Windows",
            "PROGRAMDATA": "C:\\ProgramData",
            "PROGRAMFILES": "C:\\Program Files",
            "PROGRAMFILES(X86)": "C:\\Program Files (x86)",
            "LOCALAPPDATA": "C:\\Users\\ada\\AppData\\Local",
            "APPDATA": "C:\\Users\\ada\\AppData\\Roaming",
        }
        self.at("C:\\Windows\\system32").mkdir(parents=True)
        self._keys: dict[tuple[str, int, str], dict[str, str]] = {}

    def at(self, text: str) -> Path:
        drive, _, rest = text.partition(":\\")
        assert drive == "C"
        return self.c.joinpath(*filter(None, rest.split("\\")))

    def text(self, path: Path) -> str:
        """A path as programs of that machine write it."""
        return "C:\\" + str(path.relative_to(self.c)).replace("/", "\\")

    def add_to_path(self, folder: str) -> None:
        self.env["PATH"] += ";" + folder

    def install(self, prefix: str, version: str, machine: str = "x86_64", *names: str) -> Path:
        """An installation as python.org's installers make it; its python.exe. `names`: more executables."""
        folder = self.at(prefix)
        compact = "".join(version.split(".")[:2])
        for name in ("python.exe", "pythonw.exe", *names):
            write(folder / name, pe(machine), 0o755)
        write(folder / "python3.dll", pe(machine))
        write(folder / f"python{compact}.dll", pe(machine))
        write(folder / "Lib" / "os.py", "# the landmark\n")
        write(folder / "include" / "patchlevel.h", patchlevel(version))
        (folder / "DLLs").mkdir(exist_ok=True)
        return folder / "python.exe"

    def register(
        self, company: str, tag: str, folder: str, executable: str | None, where=("HKEY_CURRENT_USER",)
    ):
        """An entry by PEP 514. `where`: the hive, and its view where there are two."""
        hive, *view = where
        start = f"Software\\Python\\{company}\\{tag}"
        values = {"": folder} | ({"ExecutablePath": executable} if executable else {})
        for one in view or (64, 32):  # the user's hive is the same in both
            self._keys[hive, one, start] = {
                "SysVersion": tag.split("-", maxsplit=1)[0],
                "DisplayName": f"Python {tag}",
            }
            self._keys[hive, one, start + "\\InstallPath"] = values

    def host(self) -> Host:
        return Host(
            platform="windows",
            home=self.home,
            env=self.env,
            roots={"C:\\": self.c},
            registry=DictRegistry(self._keys),
        )


class PosixMachine:
    """A machine whose root is a folder, with a user named ada."""

    platform: Platform = "linux"
    users = "/home"

    def __init__(self, root: Path):
        self.root = root
        self.home = self.at(f"{self.users}/ada")
        self.env = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
        for folder in (self.home, *map(self.at, ("/usr/local/bin", "/usr/bin", "/bin"))):
            folder.mkdir(parents=True)

    def at(self, text: str) -> Path:
        return self.root.joinpath(*filter(None, text.split("/")))

    def text(self, path: Path) -> str:
        """A path as programs of that machine write it."""
        return f"/{path.relative_to(self.root)}"

    def program(self, machine: str) -> bytes:
        return elf(machine)

    def standalone(self, prefix: str, version: str, machine: str = "aarch64") -> Path:
        """A build in a folder of its own, as pyenv and uv install it; its executable."""
        series = ".".join(version.split(".")[:2])
        folder = self.at(prefix)
        posix_library(folder, version)
        executable = write(folder / "bin" / f"python{series}", self.program(machine), 0o755)
        link(folder / "bin" / "python3", f"python{series}")
        link(folder / "bin" / "python", f"python{series}")
        return executable

    def host(self) -> Host:
        return Host(platform=self.platform, home=self.home, env=self.env, roots={"/": self.root})


class MacMachine(PosixMachine):
    """A Mac."""

    platform = "darwin"
    users = "/Users"

    def program(self, machine: str) -> bytes:
        return mach_o(machine)

    def framework(self, framework: str, version: str, *machines: str) -> Path:
        """`FRAMEWORK/Versions/X.Y` with everything in it; its executable."""
        series = ".".join(version.split(".")[:2])
        prefix = self.at(framework) / "Versions" / series
        posix_library(prefix, version)
        write(prefix / "Python", mach_o(*machines), 0o755)
        executable = write(prefix / "bin" / f"python{series}", mach_o(*machines), 0o755)
        link(prefix / "bin" / "python3", f"python{series}")
        current = prefix.parent / "Current"
        if os.path.lexists(current):
            current.unlink()
        link(current, series)
        return executable

    def brew(self, prefix: str, version: str, machine: str) -> Path:
        """Homebrew's python@X.Y: a framework in its cellar, and links to it; the one in `opt`."""
        series = ".".join(version.split(".")[:2])
        keg = f"Cellar/python@{series}/{version}"
        inner = "Frameworks/Python.framework"
        self.framework(f"{prefix}/{keg}/{inner}", version, machine)
        name = f"python{series}"
        link(self.at(f"{prefix}/{keg}/bin/{name}"), f"../{inner}/Versions/{series}/bin/{name}")
        link(self.at(f"{prefix}/opt/python@{series}"), f"../{keg}")
        link(self.at(f"{prefix}/bin/{name}"), f"../{keg}/bin/{name}")
        return self.at(f"{prefix}/opt/python@{series}/bin/{name}")
