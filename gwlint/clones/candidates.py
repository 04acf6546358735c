"""Which bodies are worth a comparison: those that share enough of what is rare, found by an inverted index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import log2
from typing import NamedTuple

from gwlint.clones.profile import Profile

_MOST_FREQUENT = 40
"""A feature of more bodies than this tells none of them from the others."""

_FEWEST_BODIES = 512
"""In a small project, what only two bodies have is as telling as in one of this size."""

_SCALE = 16
"""Masses are counted in sixteenths of a bit, so that no order of addition can change them."""

_LEAST_SHARE = 0.18
_LEAST_SIZE_RATIO = 0.5


class Candidate(NamedTuple):
    """Two bodies by their numbers, the bits of information they share, and the share of that in the lesser one."""

    one: int
    other: int
    bits: float
    share: float


def candidates(profiles: Sequence[Profile]) -> list[Candidate]:
    """Return the pairs that may be alike, in order."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for number, profile in enumerate(profiles):
        for feature in profile.features:
            holders[feature].append(number)
    rarest = log2(max(len(profiles), _FEWEST_BODIES)) * _SCALE
    masses = [0] * len(profiles)
    shared: defaultdict[int, int] = defaultdict(int)
    width = len(profiles)
    for numbers in holders.values():
        frequency = len(numbers)
        mass = int(rarest - log2(frequency) * _SCALE) + 1
        for number in numbers:
            masses[number] += mass
        if 1 < frequency <= _MOST_FREQUENT:
            for place, number in enumerate(numbers):
                row = number * width
                for other in numbers[place + 1 :]:
                    shared[row + other] += mass
    least = [_LEAST_SHARE * mass for mass in masses]
    found: list[Candidate] = []
    for key, mass in shared.items():
        one, other = divmod(key, width)
        if (mass >= least[one] or mass >= least[other]) and _may_be(profiles[one], profiles[other]):
            found.append(Candidate(one, other, mass / _SCALE, mass / min(masses[one], masses[other])))
    return sorted(found)


def _may_be(one: Profile, other: Profile) -> bool:
    few, many = sorted((len(one.codes), len(other.codes)))
    return few >= _LEAST_SIZE_RATIO * many
