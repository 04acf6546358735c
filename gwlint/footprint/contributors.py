"""What contributes to an estimate: how much, by which way it comes in, and what would go with it."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from gwlint.footprint.estimates import Basis, Contributor, ContributorKind
from gwlint.footprint.intervals import Share
from gwlint.footprint.loads import Closure
from gwlint.footprint.savings import passed
from gwlint.graph.hitting import elements

_Owner = tuple[ContributorKind, str]

_WORST_FIRST: Final[tuple[Basis, ...]] = ("name", "formula", "table")
_LEAF_KINDS: Final = frozenset({"constructor", "data"})


class Ways(NamedTuple):
    """Who loads whom, by position, and the positions of the libraries, which stand behind all loads."""

    links: Sequence[tuple[int, int]]
    libraries: Mapping[str, int]


def contributors(closure: Closure, shares: Sequence[Share], ways: Ways) -> tuple[Contributor, ...]:
    """Return all contributors, the greatest first."""
    of_owner: defaultdict[_Owner, list[Share]] = defaultdict(list)
    for share in shares:
        of_owner[share.owner].append(share)
    numbers = {owner: number for number, owner in enumerate(of_owner)}
    reached = passed(ways.links, _owners(closure, shares, ways, numbers))
    saved = _saved(shares, ways, reached, numbers)
    made = [
        _contributor(closure, owner, own, saved.get(numbers[owner], _total(own))) for owner, own in of_owner.items()
    ]
    return tuple(sorted(made, key=lambda one: (-one.memory_kb, -one.cpu_ms, one.kind, one.name)))


def _owners(closure: Closure, shares: Sequence[Share], ways: Ways, numbers: Mapping[_Owner, int]) -> list[int]:
    owners = [0] * (len(closure.loads) + len(ways.libraries))
    for share in shares:
        if share.owner[0] not in _LEAF_KINDS:
            owners[_node(share, ways)] = numbers[share.owner]
    return owners


def _node(share: Share, ways: Ways) -> int:
    return ways.libraries[share.owner[1]] if share.owner[0] == "library" else share.node


def _saved(
    shares: Iterable[Share], ways: Ways, reached: Sequence[int], numbers: Mapping[_Owner, int]
) -> dict[int, tuple[float, float]]:
    """Add up, for every owner, the shares of all that can be reached through it only."""
    by_bits: defaultdict[int, list[Share]] = defaultdict(list)
    for share in shares:
        leaf = 1 << numbers[share.owner] if share.owner[0] in _LEAF_KINDS else 0
        by_bits[reached[_node(share, ways)] | leaf].append(share)
    saved: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for bits, together in by_bits.items():
        total = _total(together)
        for number in elements(bits):
            saved[number].append(total)
    return {
        number: (math.fsum(one for one, _ in parts), math.fsum(one for _, one in parts))
        for number, parts in saved.items()
    }


def _total(shares: Sequence[Share]) -> tuple[float, float]:
    return math.fsum(share.cost.memory_kb for share in shares), math.fsum(share.cost.cpu_ms for share in shares)


def _contributor(closure: Closure, owner: _Owner, shares: Sequence[Share], saved: tuple[float, float]) -> Contributor:
    first = min(shares, key=lambda share: (share.node, share.line))
    memory, time = _total(shares)
    return Contributor(
        name=owner[1],
        kind=owner[0],
        memory_kb=memory,
        cpu_ms=time,
        chain=_chain(closure, first),
        basis=next(basis for basis in _WORST_FIRST if any(share.basis == basis for share in shares)),
        saving_kb=saved[0],
        saving_ms=saved[1],
        modules=sum(share.modules for share in shares),
    )


def _chain(closure: Closure, share: Share) -> tuple[str, ...]:
    """Return the lines that bring something in; those that nobody can read, of extension modules, are left out."""
    way = closure.chain(share.node)
    steps = [
        f"{closure.loads[importer].shown}:{closure.loads[imported].line}"
        for importer, imported in pairwise(way)
        if closure.loads[imported].line
    ]
    return (*steps, f"{closure.loads[share.node].shown}:{share.line}") if share.line else tuple(steps)
