"""Hitting sets: the cheapest choice of elements that has a member of every given set.

An element is a small int and a set of them a bit mask, so that inclusion and intersection are one operation each.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heapreplace


class ExhaustedError(Exception):
    """The effort that was granted is used up."""


class Effort:
    """What a search may cost, as a number of steps: it ends at the same point on every machine."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        """Take note of the steps ahead, or raise an `ExhaustedError`."""
        self._left -= steps
        if self._left < 0:
            raise ExhaustedError


def elements(mask: int) -> Iterator[int]:
    """Yield the members of a set in ascending order."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def cost(mask: int, weights: Sequence[int]) -> int:
    """Return what the members of a set weigh together."""
    return sum(weights[element] for element in elements(mask))


def size(sets: Iterable[int]) -> int:
    """Return how many members the sets have in all."""
    return sum(members.bit_count() for members in sets)


def minimum(sets: Iterable[int], weights: Sequence[int], effort: Effort) -> int:
    """Return the cheapest hitting set, or raise an `ExhaustedError`.

    Each branch that is tried takes the effort of looking at the members of the sets it has to hit.
    """
    kernel, chosen = _reduced(sets, weights)
    for part in _independent(kernel):
        chosen |= _branch_and_bound(part, weights, effort)
    return chosen


def greedy(sets: Sequence[int], weights: Sequence[int]) -> int:
    """Return a hitting set of what hits most for its weight, one by one. None of its members is needless."""
    hits = _hits(sets)
    missed = (1 << len(sets)) - 1
    chosen = 0
    queue = [(-hit.bit_count() / weights[element], element) for element, hit in hits.items()]
    heapify(queue)
    while missed:
        promised, element = queue[0]
        worth = -(hits[element] & missed).bit_count() / weights[element]
        if worth > promised:  # others have hit some of its sets since
            heapreplace(queue, (worth, element))
            continue
        heappop(queue)
        chosen |= 1 << element
        missed &= ~hits[element]
    return _without_needless(chosen, sets, weights)


def lower_bound(sets: Sequence[int], weights: Sequence[int]) -> int:
    """Return a cost that no hitting set is below, as the sets can pay it and overdraw no element's weight.

    Each set in turn pays what is left of its lightest member; those whose members are in few other sets begin.
    """
    hits = _hits(sets)
    left = list(weights)
    bound = 0
    members_of = [list(elements(members)) for members in sets]
    for members in sorted(members_of, key=lambda members: (sum(hits[one].bit_count() for one in members), members)):
        payment = min([left[element] for element in members])
        bound += payment
        for element in members:
            left[element] -= payment
    return bound


def _branch_and_bound(sets: Sequence[int], weights: Sequence[int], effort: Effort) -> int:
    best = greedy(sets, weights)
    least = cost(best, weights)
    branches = [(sets, 0)]
    while branches:
        to_hit, chosen = branches.pop()
        effort.spend(size(to_hit))
        kernel, forced = _reduced(to_hit, weights)
        chosen |= forced
        spent = cost(chosen, weights)
        if spent + lower_bound(kernel, weights) >= least:
            continue
        if not kernel:
            best, least = chosen, spent
            continue
        pivot = 1 << _most_telling(kernel, weights)
        branches.append(([members & ~pivot for members in kernel], chosen))
        branches.append(([members for members in kernel if not members & pivot], chosen | pivot))
    return best


def _reduced(sets: Iterable[int], weights: Sequence[int]) -> tuple[list[int], int]:
    """Return a smaller problem with the same answer, and the elements that the answer needs besides."""
    forced = 0
    while True:
        kernel = _without_supersets(sets)
        single = sum(members for members in kernel if members.bit_count() == 1)
        forced |= single
        kernel = [members for members in kernel if not members & single]
        dominated = _dominated(kernel, weights)
        if not dominated:
            return kernel, forced
        sets = [members & ~dominated for members in kernel]


def _without_supersets(sets: Iterable[int]) -> list[int]:
    """Return the sets that have no other one inside: what hits these hits all."""
    smallest: list[int] = []
    beginning_with: defaultdict[int, list[int]] = defaultdict(list)
    for members in sorted(set(sets), key=lambda members: (members.bit_count(), members)):
        possibly_inside = (smaller for element in elements(members) for smaller in beginning_with[element])
        if not any(members & smaller == smaller for smaller in possibly_inside):
            smallest.append(members)
            beginning_with[next(elements(members))].append(members)
    return smallest


def _dominated(sets: Sequence[int], weights: Sequence[int]) -> int:
    """Return the elements that another can stand in for, as it hits the same sets and is no heavier."""
    hits = _hits(sets)
    rank = {element: (weights[element], -hit.bit_count(), element) for element, hit in hits.items()}
    dominated = 0
    for element, hit in hits.items():
        first = sets[next(elements(hit))]
        rivals = elements(first & ~dominated)
        if any(hit & hits[rival] == hit and rank[rival] < rank[element] for rival in rivals):
            dominated |= 1 << element
    return dominated


def _independent(sets: Iterable[int]) -> list[list[int]]:
    """Return the sets in groups that share no element."""
    groups: list[tuple[int, list[int]]] = []
    for members in sets:
        touched = [group for group in groups if group[0] & members]
        groups = [group for group in groups if not group[0] & members]
        union, together = members, [members]
        for others, group in touched:
            union |= others
            together += group
        groups.append((union, together))
    return [together for _, together in groups]


def _most_telling(sets: Iterable[int], weights: Sequence[int]) -> int:
    """Return the element to decide on next, by the rule of Jeroslow and Wang: in many sets, above all small ones."""
    score: defaultdict[int, float] = defaultdict(float)
    for members in sets:
        for element in elements(members):
            score[element] += 2.0 ** -members.bit_count()
    return max(score, key=lambda element: (score[element] * weights[element], -element))


def _hits(sets: Sequence[int]) -> dict[int, int]:
    """Return for each element the positions of the sets it is in, as a mask."""
    hits: defaultdict[int, int] = defaultdict(int)
    for position, members in enumerate(sets):
        for element in elements(members):
            hits[element] |= 1 << position
    return hits


def _without_needless(chosen: int, sets: Sequence[int], weights: Sequence[int]) -> int:
    for element in sorted(elements(chosen), key=lambda element: (-weights[element], element)):
        fewer = chosen & ~(1 << element)
        if all(members & fewer for members in sets):
            chosen = fewer
    return chosen
