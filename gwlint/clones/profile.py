"""A function as the engine looks at it, and how much two of them have in common."""

from __future__ import annotations

from array import array
from collections import Counter
from functools import cached_property
from typing import NamedTuple

from gwlint.model import Function

_OF_THE_OUTSIDE = 0x8000


class Member(NamedTuple):
    """A function and the file it is in."""

    path: str
    function: Function

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Where it comes among others: by file and line."""
        return self.path, self.function.at.line, self.function.at.column, self.function.name


class Profile:
    """One canonical body, and everything that is derived from it when first asked for."""

    __slots__ = ("__dict__", "codes", "function")

    def __init__(self, function: Function) -> None:
        """Take any of the functions that have the body."""
        self.function = function
        self.codes = array("H", function.tokens)

    @cached_property
    def bag(self) -> Counter[int]:
        """How often each token occurs."""
        return Counter(self.codes)

    @cached_property
    def names(self) -> frozenset[int]:
        """The names of the outside world: attributes, callees, globals."""
        return frozenset(code for code in self.codes if code & _OF_THE_OUTSIDE)

    @cached_property
    def statements(self) -> array[int]:
        """A hash for every statement."""
        return array("I", self.function.statements)

    @cached_property
    def lines(self) -> array[int]:
        """How far below the `def` every statement is."""
        return array("H", self.function.lines)

    @property
    def features(self) -> array[int]:
        """What to look for in other functions, each once: statements and sampled runs of tokens."""
        return array("I", {*array("I", self.function.features), *self.statements})

    @cached_property
    def places(self) -> dict[int, int]:
        """A mask for every token, with a bit for each place where it is."""
        masks: dict[int, int] = {}
        bit = 1
        for code in self.codes:
            masks[code] = masks.get(code, 0) | bit
            bit <<= 1
        return masks


def bag_ratio(one: Profile, other: Profile) -> float:
    """Return the share of tokens that two bodies have in common in whatever order: never less than `order_ratio`."""
    few, many = (one.bag, other.bag) if len(one.bag) < len(other.bag) else (other.bag, one.bag)
    shared = sum(min(count, many[code]) for code, count in few.items() if code in many)
    return 2 * shared / (len(one.codes) + len(other.codes))


def common_subsequence(one: Profile, other: Profile) -> int:
    """Return how many tokens two bodies have in common in the same order, by the bits of long integers."""
    places = one.places
    size = len(one.codes)
    gaps = full = (1 << size) - 1
    for code in other.codes:
        mask = places.get(code)
        if mask is not None:
            matched = gaps & mask
            gaps = (gaps + matched) | (gaps - matched)
    return size - (gaps & full).bit_count()
