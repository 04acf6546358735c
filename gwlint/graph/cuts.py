"""The fewest import statements to remove so that no cycle is left: a smallest feedback set.

A statement may carry several edges, and an edge may be carried by several statements. A cut has a statement of
every cycle, whichever statements the cycle uses: it is a hitting set. There are too many cycles to list, so they
are learnt: choose statements that hit the known ones, look for cycles that these miss, repeat. The import graphs
of real projects take a few dozen cycles to give up their smallest cut.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from gwlint.graph import hitting
from gwlint.graph.digraph import Digraph, digraph, leads_to, shortest_walk, strongly_connected, subgraph, transposed
from gwlint.graph.hitting import Effort, ExhaustedError

EXACT_EDGES = 10_000
"""Up to how many edges a smallest cut is searched for."""

EXACT_EFFORT = 400_000
"""How many edges, and members of known cycles, a search looks at before it settles for less than proof."""


class Statement(NamedTuple):
    """An import statement: the file it is in and the other files it imports."""

    source: int
    targets: tuple[int, ...]


class Cut(NamedTuple):
    """The positions of statements without which no cycle is left, ascending; proven to be the fewest if minimal."""

    statements: tuple[int, ...]
    is_minimal: bool


def smallest_cut(statements: Sequence[Statement], spared: Container[int] = ()) -> Cut:
    """Return the fewest statements to remove so that no cycle is left. An edge goes with its last statement.

    Of those at the positions in `spared`, one is chosen only where no other does as well in its place.

    Beyond `EXACT_EDGES` or `EXACT_EFFORT` there may be fewer, though none of those returned could stay: they are
    chosen greedily from the cycles learnt or, where the effort was spent on learning, by the order of the files that
    Eades, Lin and Smyth propose.
    """
    alike: dict[Statement, list[int]] = {}
    for position, (source, targets) in enumerate(statements):
        alike.setdefault(Statement(source, tuple(sorted(set(targets)))), []).append(position)
    distinct = sorted(alike)
    network = _Network.of(distinct, [len(alike[statement]) for statement in distinct])
    removed, is_minimal = _feedback_set(network)
    kept = {element for element, one in enumerate(distinct) if any(position in spared for position in alike[one])}
    removed = _exchanged(network, removed, kept)
    positions = (position for element in hitting.elements(removed) for position in alike[distinct[element]])
    return Cut(tuple(sorted(positions)), is_minimal)


@dataclass(frozen=True, slots=True)
class _Network:
    """A graph and its statements. A set of these, such as the carriers of an edge, is a bit mask.

    Statements that are alike go together or not at all: they are one, with their number for its weight.
    """

    statements: Sequence[Statement]
    weights: Sequence[int]
    carriers: Mapping[tuple[int, int], int]
    graph: Digraph

    @classmethod
    def of(cls, statements: Sequence[Statement], weights: Sequence[int]) -> "_Network":
        carriers: dict[tuple[int, int], int] = {}
        for element, (source, targets) in enumerate(statements):
            for target in targets:
                carriers[source, target] = carriers.get((source, target), 0) | 1 << element
        return cls(statements, weights, carriers, digraph(carriers))

    def without(self, removed: int) -> dict[int, list[int]]:
        """Return the graph of the edges that have other carriers, too."""
        return {file: self.left(file, targets, removed) for file, targets in self.graph.items()}

    def left(self, file: int, targets: Iterable[int], removed: int) -> list[int]:
        """Return those of the targets that the file still imports."""
        return [target for target in targets if self.carriers[file, target] & ~removed]

    def carrying(self, walk: Sequence[int], removed: int) -> int:
        """Return one statement for every edge of a walk, of those that aren't removed."""
        left = [self.carriers[edge] & ~removed for edge in pairwise(walk)]
        return sum(carriers & -carriers for carriers in left)


def _feedback_set(network: _Network) -> tuple[int, bool]:
    """Return statements that hit every cycle, and whether they are proven to be the fewest."""
    weights = network.weights
    effort = Effort(EXACT_EFFORT if len(network.carriers) <= EXACT_EDGES else 0)
    known: list[int] = []
    rough = None
    try:
        rough = _hitting_all(network, known, lambda cycles: hitting.greedy(cycles, weights), effort)
        return _hitting_all(network, known, lambda cycles: hitting.minimum(cycles, weights, effort), effort), True
    except ExhaustedError:
        removed = _without_needless(network, _backward(network) if rough is None else rough)
        return removed, hitting.cost(removed, weights) <= max(1, hitting.lower_bound(known, weights))


def _hitting_all(network: _Network, known: list[int], choose: Callable[[Sequence[int]], int], effort: Effort) -> int:
    """Return what `choose` hits the known cycles with once that misses no other, and learn those it missed before."""
    chosen = choose(known)
    while missed := _disjoint_cycles(network, chosen, effort):
        known += missed
        effort.spend(hitting.size(known))
        chosen = choose(known)
    return chosen


def _disjoint_cycles(network: _Network, removed: int, effort: Effort) -> list[int]:
    """Return cycles that share no statement, as sets of these. Without them and `removed` there is no cycle."""
    cycles: list[int] = []
    graph = network.without(removed)
    while components := [set(component) for component in strongly_connected(graph) if len(component) > 1]:
        graph = subgraph(graph, set[int]().union(*components))
        effort.spend(sum(map(len, graph.values())))
        for component in components:
            for start in sorted(component):
                walk = shortest_walk(graph, start, start, component)
                if not walk:  # the rest of the component may hang together no more
                    break
                cycle = network.carrying(walk, removed)
                cycles.append(cycle)
                removed |= cycle
                graph.update((file, network.left(file, graph[file], removed)) for file in walk)
    return cycles


def _without_needless(network: _Network, removed: int) -> int:
    """Put back the statements that close no cycle, heaviest first."""
    successors = {file: set(targets) for file, targets in network.without(removed).items()}
    predecessors = {file: set(sources) for file, sources in transposed(successors).items()}
    for element in sorted(hitting.elements(removed), key=lambda element: (-network.weights[element], element)):
        source, targets = network.statements[element]
        if not leads_to(successors, predecessors, targets, source):
            removed ^= 1 << element
            successors[source].update(targets)
            for target in targets:
                predecessors[target].add(source)
    return removed


def _exchanged(network: _Network, removed: int, kept: Container[int]) -> int:
    """Replace statements that had better stay by others that break the same cycles at no higher cost."""
    graph = network.without(removed)
    settled = False
    while not settled:
        settled = True
        for element in hitting.elements(removed):
            if element in kept:
                rest = removed & ~(1 << element)
                substitute = _substitute(network, graph, element, rest, kept)
                removed = rest | 1 << substitute
                # What could not be replaced before may be so now.
                settled = settled and substitute == element
    return removed


def _substitute(network: _Network, graph: dict[int, list[int]], element: int, rest: int, kept: Container[int]) -> int:
    """Return a statement that is on every cycle that removing the rest leaves; the first after `element`, else that.

    The graph is the one without the rest and `element`, and becomes the one without the rest and what is returned.
    """

    def remove(file: int, removed: int) -> None:
        graph[file] = network.left(file, network.graph[file], removed)

    source = network.statements[element].source
    remove(source, rest)
    for edge in pairwise(shortest_walk(graph, source, source, graph)):
        carriers = network.carriers[edge] & ~rest
        candidate = carriers.bit_length() - 1
        is_alone = carriers == 1 << candidate
        if is_alone and candidate not in kept and network.weights[candidate] <= network.weights[element]:
            remove(edge[0], rest | carriers)
            if not shortest_walk(graph, source, source, graph):
                return candidate
            remove(edge[0], rest)
    remove(source, rest | 1 << element)
    return element


def _backward(network: _Network) -> int:
    """Return the statements that import a file placed before their own."""
    place = {file: place for place, file in enumerate(_arranged(network))}
    return sum(
        1 << element
        for element, (source, targets) in enumerate(network.statements)
        if any(place[target] < place[source] for target in targets)
    )


def _arranged(network: _Network) -> list[int]:
    """Return the files in Eades, Lin and Smyth's order, in which most imports point forward.

    A file that imports nothing more goes to the end, one that nothing more imports to the beginning, and if there
    is neither, the one whose imports outnumber its importers most.
    """
    weight = {edge: hitting.cost(carriers, network.weights) for edge, carriers in network.carriers.items()}
    predecessors = transposed(network.graph)
    imports = dict.fromkeys(network.graph, 0)
    importers = dict.fromkeys(network.graph, 0)
    for (source, target), statements in weight.items():
        imports[source] += statements
        importers[target] += statements

    def turn(file: int) -> tuple[bool, int, int]:
        return bool(imports[file] and importers[file]), importers[file] - imports[file], file

    queue = [turn(file) for file in network.graph]
    heapify(queue)
    beginning: list[int] = []
    end: list[int] = []
    waiting = set(network.graph)
    while queue:
        entry = heappop(queue)
        file = entry[-1]
        if file not in waiting or entry != turn(file):  # a later entry says where it belongs
            continue
        waiting.remove(file)
        (beginning if imports[file] else end).append(file)
        for target in network.graph[file]:
            importers[target] -= weight[file, target]
            heappush(queue, turn(target))
        for source in predecessors[file]:
            imports[source] -= weight[source, file]
            heappush(queue, turn(source))
    return beginning + end[::-1]
