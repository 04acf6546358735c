"""What would not be loaded either, if something was not: what all ways to it pass through."""

from collections import defaultdict
from collections.abc import Iterable, Sequence


def passed(links: Iterable[tuple[int, int]], owners: Sequence[int]) -> list[int]:
    """Return, for every node, the owners that all ways from the first node to it pass through, as bits.

    Links go from a node to another one by position; `owners` has, by position, who a node belongs to: its own
    owner counts, and for what can't be reached nobody else.
    """
    before: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in links:
        if target and source != target:
            before[target].append(source)
    own = [1 << owner for owner in owners]
    # One bit more than there are owners: only what has not been reached has it.
    unreached = 1 << (max(owners, default=0) + 1)
    everyone = 2 * unreached - 1
    found = own[:1] + [everyone] * (len(own) - 1)
    changed = True
    while changed:
        changed = False
        for node in range(1, len(own)):
            ways = everyone
            for source in before[node]:
                ways &= found[source]
            if found[node] != ways | own[node]:
                found[node] = ways | own[node]
                changed = True
    return [mine if bits & unreached else bits for bits, mine in zip(found, own, strict=True)]
