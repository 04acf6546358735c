"""Which bodies are worth a comparison: those that share enough of what is rare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import NamedTuple

from gwlint.clones.weights import SCALE, Form, Weights, features

_LEAST_MASS = 16 * SCALE
_LEAST_SHARE = 0.4
_LEAST_SIZE_RATIO = 0.5


class _Posting(NamedTuple):
    """A feature that tells something: how much, and the bodies that are known to have it."""

    mass: int
    holders: list[int]


def candidates(forms: Mapping[int, Form], asked: AbstractSet[int], weights: Weights) -> Iterator[tuple[int, int]]:
    """Yield the pairs that may be alike, each once, as far as one of them is `asked` about."""
    compared = {number: features(form) for number, form in forms.items() if form.size}
    first = [number for number in compared if number in asked]
    wanted = set(chain.from_iterable(compared[number] for number in first))
    postings = {feature: _Posting(mass, []) for feature, mass in weights.telling(wanted).items()}
    for number, own in compared.items():
        if number not in asked:
            for feature in wanted.intersection(own):
                if feature in postings:
                    postings[feature].holders.append(number)
    totals = _Totals(forms, weights)
    # Whoever is asked about meets all others, and those of the asked that came before.
    for number in first:
        size, total = forms[number].size, totals[number]
        for other, mass in _shared(postings, compared[number]).items():
            if (
                mass >= _LEAST_MASS
                and _are_near(size, forms[other].size)
                and mass / min(total, totals[other]) >= _LEAST_SHARE
            ):
                yield number, other
        for feature in compared[number]:
            if feature in postings:
                postings[feature].holders.append(number)


def _shared(postings: Mapping[int, _Posting], own: Iterable[int]) -> dict[int, int]:
    """Return how much the features tell that others have, too."""
    shared: defaultdict[int, int] = defaultdict(int)
    for feature in own:
        posting = postings.get(feature)
        if posting is not None:
            mass = posting.mass
            for holder in posting.holders:
                shared[holder] += mass
    return shared


class _Totals(dict[int, int]):
    """How much all features of a body tell, counted when first asked for."""

    def __init__(self, forms: Mapping[int, Form], weights: Weights) -> None:
        super().__init__()
        self._forms = forms
        self._weights = weights

    def __missing__(self, number: int) -> int:
        total = self[number] = self._weights.total(self._forms[number])
        return total


def _are_near(size: int, other: int) -> bool:
    return min(size, other) >= _LEAST_SIZE_RATIO * max(size, other)
