"""What documents of keys and values have in common, whatever their notation."""

from holdfast.formats.span import Span
from holdfast.typed import Any
from holdfast.values import NamedTuple


class Document:
    """Values, and the ways to them."""

    values: Any

    def get(self, *path: str | int) -> Any:
        """The value at the end of a path; None where there is none."""
        value = self.values
        for key in path:
            match value, key:
                case dict(), str():
                    value = value.get(key)
                case list(), int() if 0 <= key < len(value):
                    value = value[key]
                case _:
                    return None
        return value

    def table(self, *path: str | int) -> dict[str, Any]:
        """The table at the end of a path; an empty one where there is none."""
        value = self.get(*path)
        return value if isinstance(value, dict) else {}


class Malformed(NamedTuple):
    """Why some bytes are no document, and where that shows."""

    reason: str
    """Half a sentence."""
    span: Span

    def __str__(self) -> str:
        """The reason with its line, as people count lines."""
        return f"{self.reason} (line {self.span.line + 1})"
