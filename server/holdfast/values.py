"""Named tuples as `typing.NamedTuple` has them, whose classes are made in a fifth of the time.

A command imports some forty of them before it does anything. Those of the standard library cost it 8 ms, most
of which goes into compiling a constructor for each: here all share one.
"""

from operator import itemgetter

from holdfast.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414, TID251 - so it is exported
else:
    try:  # as the collections module does
        from _collections import _tuplegetter as _getter
    except ImportError:

        def _getter(index: int, doc: str) -> property:
            return property(itemgetter(index), doc=doc)

    class _Maker(type):
        """Makes the class of a named tuple from what stands in its body."""

        def __new__(cls: type, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
            if any(getattr(base, "_fields", ()) for base in bases):  # a class on top of a named tuple
                return super().__new__(cls, name, bases, body)
            fields = tuple(_annotations(body))
            defaults = {field: body.pop(field) for field in fields if field in body}
            body.update({field: _getter(index, "") for index, field in enumerate(fields)})
            body.update(__slots__=(), __match_args__=fields, _fields=fields, _field_defaults=defaults)
            return super().__new__(cls, name, bases, body)

    def _annotations(body: dict[str, object]) -> dict[str, object]:
        """The annotations in the body of a class: types by name."""
        # From Python 3.14 on they are computed when they are asked for (PEP 749); 1 stands for values.
        annotate = body.get("__annotate_func__")
        return annotate(1) if annotate else body.get("__annotations__", {})

    class NamedTuple(tuple, metaclass=_Maker):
        """The base of a named tuple: its fields are the annotations of the class, with their defaults."""

        __slots__ = ()

        def __new__(cls: type, *values: object, **named: object) -> tuple:  # noqa: D102 - of the values
            if named or len(values) != len(cls._fields):
                values = _completed(cls, values, named)
            return tuple.__new__(cls, values)

        def __repr__(self) -> str:
            inside = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({inside})"

        def __getnewargs__(self) -> tuple:
            return tuple(self)

        def _asdict(self) -> dict[str, object]:
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **changes: object) -> tuple:
            return type(self)(**(self._asdict() | changes))

    def _completed(made: type, values: tuple, named: dict[str, object]) -> list:
        """The values of all fields, also of those that are named and those that are not given."""
        fields, defaults = made._fields, made._field_defaults
        given = dict(zip(fields, values, strict=False))
        if len(values) > len(fields) or given.keys() & named.keys() or not named.keys() <= set(fields):
            raise TypeError(f"{made.__name__} takes {', '.join(fields)}, each once")
        given |= named
        missing = [name for name in fields if name not in given and name not in defaults]
        if missing:
            raise TypeError(f"{made.__name__} wants {', '.join(missing)}")
        return [given[name] if name in given else defaults[name] for name in fields]
