"""How much it tells of two bodies that they have a feature in common: the more, the fewer have it."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from math import log2

from gwlint.model import Fact

SCALE = 16
"""Masses are counted in sixteenths of a bit, so that no order of addition can change them."""

_MOST_FREQUENT = 40
"""A feature of more bodies than this tells none of them from the others."""

_FEWEST_BODIES = 512
"""In a small project, what only two bodies have is as telling as in one of this size."""


class Form(Fact, frozen=True):
    """What the index knows of a body: its features, four bytes each, and its number of tokens.

    Of size 0 is what is compared with nothing: all it does is to make its features less rare.
    """

    features: bytes
    size: int


def features(form: Form) -> array[int]:
    """Return what to look for in other bodies."""
    return array("I", form.features)


class Weights:
    """The masses of features among some bodies: how many these are, and how many of them have each feature."""

    def __init__(self, count: int, frequencies: Mapping[int, int]) -> None:
        """Take what is known of the bodies."""
        self.frequencies = frequencies
        self._count = count
        self._masses = _Masses(count)

    def after(self, gone: Collection[Form], new: Collection[Form]) -> Weights:
        """Return what they are once some bodies are gone and others have come."""
        frequencies = Counter(self.frequencies)
        frequencies.update(features_of_all(new))
        frequencies.subtract(features_of_all(gone))
        for feature in features_of_all(gone):
            if not frequencies[feature]:
                del frequencies[feature]
        return Weights(self._count - len(gone) + len(new), frequencies)

    def telling(self, some: Iterable[int]) -> dict[int, int]:
        """Return the masses of the features that several bodies have, but so few that it is worth a look which ones."""
        frequencies, masses = self.frequencies, self._masses
        return {one: masses[often] for one in some if 1 < (often := frequencies[one]) <= _MOST_FREQUENT}

    def total(self, form: Form) -> int:
        """Return how much all features of a body tell."""
        return sum(map(self._masses.__getitem__, map(self.frequencies.__getitem__, features(form))))

    def differing(self, before: Weights, changed: Iterable[Form]) -> set[int]:
        """Return the features that had other weights before bodies were `changed`."""
        found = {feature for feature in features_of_all(changed) if self._weight(feature) != before._weight(feature)}
        # How many bodies there are has a part in the mass of every feature, though it seldom makes a difference.
        moved = {one for one in set(self.frequencies.values()) if self._masses[one] != before._masses[one]}
        if moved:
            found.update(feature for feature, frequency in self.frequencies.items() if frequency in moved)
        return found

    def _weight(self, feature: int) -> tuple[int, bool]:
        frequency = self.frequencies.get(feature, 0)
        return self._masses[frequency], frequency <= _MOST_FREQUENT


class _Masses(dict[int, int]):
    """The masses of features by how many bodies have them."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._rarest = log2(max(count, _FEWEST_BODIES)) * SCALE

    def __missing__(self, frequency: int) -> int:
        mass = self[frequency] = int(self._rarest - log2(max(frequency, 1)) * SCALE) + 1
        return mass


def features_of_all(forms: Iterable[Form]) -> Iterator[int]:
    """Yield the features of some bodies."""
    return chain.from_iterable(map(features, forms))
