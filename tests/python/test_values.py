"""Our named tuples, side by side with those of the standard library."""

import copy
import pickle
import typing

import pytest

from holdfast import values


class Ours(values.NamedTuple):
    """What it is."""

    first: int
    second: str = "two"

    @property
    def both(self):
        return f"{self.first} {self.second}"


class Theirs(typing.NamedTuple):
    """What it is."""

    first: int
    second: str = "two"

    @property
    def both(self):
        return f"{self.first} {self.second}"


class OnTop(Ours):
    """With a method more."""

    def first_twice(self):
        return 2 * self.first


USES = {
    "a value by place": lambda made: made(1),
    "all by place": lambda made: made(1, "b"),
    "all by name": lambda made: made(second="b", first=1),
    "both ways": lambda made: made(1, second="b"),
    "replacing": lambda made: made(1)._replace(first=3),
    "replacing what there is not": lambda made: made(1)._replace(third=3),
    "as a dictionary": lambda made: made(1)._asdict(),
    "a property": lambda made: made(1).both,
    "a field": lambda made: made(1).second,
    "unpacking": lambda made: [*made(1)],
    "comparing": lambda made: (made(1) == made(1), made(1) == (1, "two"), made(1) < made(2)),
    "hashing": lambda made: hash(made(1)),
    "copying": lambda made: copy.deepcopy(made(1)),
    "pickling": lambda made: pickle.loads(pickle.dumps(made(1))),
    "the fields": lambda made: made._fields,
    "the docstring": lambda made: made.__doc__,
    "nothing given": lambda made: made(),
    "too much given": lambda made: made(1, "b", "c"),
    "given twice": lambda made: made(1, first=1),
    "given what there is not": lambda made: made(1, third=3),
    "writing": lambda made: setattr(made(1), "first", 2),
    "writing what there is not": lambda made: setattr(made(1), "third", 3),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_they_do_what_those_of_the_standard_library_do(use):
    assert outcome(use, Ours) == outcome(use, Theirs)


def outcome(use, made):
    try:
        result = use(made)
    except (TypeError, AttributeError, ValueError) as error:
        return "refused" if isinstance(error, (TypeError, ValueError)) else AttributeError
    return repr(result).replace(made.__name__, "")


def test_they_can_be_matched():
    match Ours(1):
        case Ours(first=one, second=two):
            assert (one, two) == (1, "two")
        case _:
            pytest.fail("no match")


def test_a_class_on_top_of_one_keeps_its_fields():
    assert OnTop(2).first_twice() == 4
    assert repr(OnTop(2)) == "OnTop(first=2, second='two')"
