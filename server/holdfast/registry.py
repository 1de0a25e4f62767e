"""The registry of Windows, as far as Pythons are registered in it (PEP 514)."""

import sys

from holdfast.typed import Literal, Protocol

Hive = Literal["HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"]
View = Literal[64, 32]
"""Programs of 32 bits have a registry of their own on a 64-bit machine."""


class Registry(Protocol):
    """Reads keys; a missing or unreadable one has neither names nor values."""

    def names(self, hive: Hive, key: str, view: View) -> tuple[str, ...]:
        """The names of the keys below a key."""

    def value(self, hive: Hive, key: str, name: str, view: View) -> str | None:
        """A value that is text; the key's default value has the empty name."""


class _NoRegistry:
    """That of a machine that has none."""

    def names(self, _hive: Hive, _key: str, _view: View) -> tuple[str, ...]:
        return ()

    def value(self, _hive: Hive, _key: str, _name: str, _view: View) -> str | None:
        return None


NO_REGISTRY: Registry = _NoRegistry()


if sys.platform == "win32":
    import winreg

    class _WindowsRegistry:
        def names(self, hive: Hive, key: str, view: View) -> tuple[str, ...]:
            try:
                with _open(hive, key, view) as opened:
                    return tuple(winreg.EnumKey(opened, i) for i in range(winreg.QueryInfoKey(opened)[0]))
            except OSError:  # missing, not ours to read, or changed meanwhile
                return ()

        def value(self, hive: Hive, key: str, name: str, view: View) -> str | None:
            try:
                with _open(hive, key, view) as opened:
                    content = winreg.QueryValueEx(opened, name)[0]
            except OSError:
                return None
            return content if isinstance(content, str) else None

    def _open(hive: Hive, key: str, view: View) -> winreg.HKEYType:
        flag = winreg.KEY_WOW64_64KEY if view == 64 else winreg.KEY_WOW64_32KEY  # noqa: PLR2004
        return winreg.OpenKey(getattr(winreg, hive), key, 0, winreg.KEY_READ | flag)

    def current_registry() -> Registry:
        """That of the machine that this process runs on."""
        return _WindowsRegistry()

else:

    def current_registry() -> Registry:
        """That of the machine that this process runs on."""
        return NO_REGISTRY
