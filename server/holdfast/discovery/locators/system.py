"""What the operating system and its administrator installed, whether or not PATH says so."""

from collections.abc import Iterator
from pathlib import Path

from holdfast.discovery.folders import Folders
from holdfast.discovery.locator import Locator
from holdfast.discovery.locators.places import named, of_prefix


def _of_system(folders: Folders) -> Iterator[Path]:
    """`/bin` only where it is a folder of its own: on most systems it is another name of `/usr/bin`."""
    at = folders.host.at
    for folder in (at("/usr/bin"), at("/usr/local/bin")):
        yield from folders.executables(folder)
    if not at("/bin").is_symlink():
        yield from folders.executables(at("/bin"))


def _in_opt(folders: Folders) -> Iterator[Path]:
    """`/opt/NAME/bin`, `/opt/python/VERSION/bin`, and the tool cache of hosted CI machines."""
    host = folders.host
    for folder in folders.inside(host.at("/opt")):
        yield from of_prefix(folders, folder)
        if folder.name.startswith(("python", "pypy")):
            for version in folders.inside(folder):
                yield from of_prefix(folders, version)
    for cache in (*named(host, "RUNNER_TOOL_CACHE", "AGENT_TOOLSDIRECTORY"), host.at("/opt/hostedtoolcache")):
        for version in (*folders.inside(cache / "Python"), *folders.inside(cache / "PyPy")):
            for architecture in folders.inside(version):
                yield from of_prefix(folders, architecture)


def _of_nix(folders: Folders) -> Iterator[Path]:
    host = folders.host
    user = host.env.get("USER", "")
    for profile in (
        host.home / ".nix-profile",
        host.home / ".local/state/nix/profile",
        *((host.at(f"/etc/profiles/per-user/{user}"),) if user and "/" not in user else ()),
        host.at("/nix/var/nix/profiles/default"),
        host.at("/run/current-system/sw"),
    ):
        yield from of_prefix(folders, profile)


SYSTEM = Locator("system", _of_system)
OPT = Locator("opt", _in_opt)
NIX = Locator("nix", _of_nix)
