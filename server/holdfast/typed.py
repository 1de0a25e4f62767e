"""What annotations take from `typing`, which takes a command 3 ms to import and is of no use while it runs.

Type checkers see the real ones. While a command runs they are names and no more: whoever asks an annotation
what it is has `typing` itself imported in the place of this module first.
"""

TYPE_CHECKING = False
"""Type checkers take it for true."""

if TYPE_CHECKING:
    from typing import Any as Any  # noqa: PLC0414, TID251 - so it is exported, as are the others
    from typing import BinaryIO as BinaryIO  # noqa: PLC0414, TID251
    from typing import Literal as Literal  # noqa: PLC0414, TID251
    from typing import NoReturn as NoReturn  # noqa: PLC0414, TID251
    from typing import Protocol as Protocol  # noqa: PLC0414, TID251
    from typing import TextIO as TextIO  # noqa: PLC0414, TID251
    from typing import TypedDict as TypedDict  # noqa: PLC0414, TID251
else:
    Any = BinaryIO = NoReturn = TextIO = object

    class Literal:
        """One of the values in brackets."""

        def __class_getitem__(cls, _values: object) -> type:
            return cls

    class Protocol:
        """The base of a class that says what others must have."""

    class TypedDict:
        """The base of a class that says what a dict has; called, one that has any names."""

        def __init__(self, _name: str, _fields: dict[str, object]) -> None: ...

        def __init_subclass__(cls, *, total: bool = True) -> None: ...
