"""Percentiles of any number of values in a bounded space, each wrong by no more than a hundredth."""

from __future__ import annotations

from math import ceil, exp, log

_ACCURACY = 0.01
_GROWTH = log((1 + _ACCURACY) / (1 - _ACCURACY))
_MOST_BUCKETS = 512


class Sketch:
    """Counts of values by their logarithm, after DDSketch (VLDB 2019); values of nothing and below count as nothing.

    Beyond 512 different ones the smallest are taken together: it is the large ones that matter.
    """

    __slots__ = ("_buckets", "_nothing", "count", "maximum", "minimum", "total")

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self._nothing = 0
        self.count = 0
        self.total = 0.0
        self.minimum = float("inf")
        self.maximum = float("-inf")

    def add(self, value: float) -> None:
        """Count a value."""
        self.count += 1
        self.total += value
        if value < self.minimum:
            self.minimum = value
        if value > self.maximum:
            self.maximum = value
        if value <= 0:
            self._nothing += 1
            return
        place = ceil(log(value) / _GROWTH)
        buckets = self._buckets
        buckets[place] = buckets.get(place, 0) + 1
        if len(buckets) > _MOST_BUCKETS:
            # Another thread may do the same: what it has taken away is not there any more.
            smallest, next_one = sorted(buckets)[:2]
            buckets[next_one] = buckets.get(next_one, 0) + buckets.pop(smallest, 0)

    def percentile(self, share: float) -> float:
        """Return the value that a share of all, from 0 to 1, does not exceed. Raises ValueError for no values."""
        if not self.count:
            raise ValueError("there is no percentile of no values")
        rank = share * (self.count - 1)
        seen = self._nothing
        if rank < seen:
            return min(self.minimum, 0.0) if self.minimum < 0 else 0.0
        for place in sorted(self._buckets):
            seen += self._buckets[place]
            if rank < seen:
                middle = 2 * exp(place * _GROWTH) / (1 + exp(_GROWTH))
                return min(max(middle, self.minimum), self.maximum)
        return self.maximum
