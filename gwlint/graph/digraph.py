"""Directed graphs of ints: strongly connected components and shortest walks, fast and in a fixed order.

A graph maps each node to its successors, which are nodes of it too, both in ascending order. A walk is the list
of its nodes, the last one included: a closed walk ends where it begins.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

Digraph: TypeAlias = Mapping[int, Sequence[int]]
Neighbours: TypeAlias = Mapping[int, Collection[int]]


def digraph(edges: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Return the graph of these edges, each counted once."""
    successors: defaultdict[int, set[int]] = defaultdict(set)
    for source, target in edges:
        successors[source].add(target)
        successors[target]  # makes it a node
    return {node: sorted(successors[node]) for node in sorted(successors)}


def subgraph(graph: Digraph, nodes: Collection[int]) -> dict[int, list[int]]:
    """Return what is left of the graph when only `nodes` are."""
    return {node: [successor for successor in graph[node] if successor in nodes] for node in sorted(nodes)}


def transposed(graph: Neighbours) -> dict[int, list[int]]:
    """Return the graph with every edge turned round: each node with its predecessors."""
    predecessors: dict[int, list[int]] = {node: [] for node in graph}
    for node, successors in graph.items():
        for successor in successors:
            predecessors[successor].append(node)
    return predecessors


def strongly_connected(graph: Neighbours) -> list[list[int]]:
    """Return every strongly connected component, single nodes included, each in ascending order.

    This is Tarjan's algorithm with a stack of its own: chains of imports are longer than Python's recursion limit.
    """
    components: list[list[int]] = []
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    settled = len(graph)
    unsettled: list[int] = []
    path: list[tuple[int, int, Iterator[int]]] = []

    def enter(node: int) -> None:
        index[node] = low[node] = len(index)
        path.append((node, len(unsettled), iter(graph[node])))
        unsettled.append(node)

    def leave(node: int, height: int) -> None:
        path.pop()
        if low[node] == index[node]:
            component = unsettled[height:]
            del unsettled[height:]
            for member in component:
                low[member] = settled
            components.append(sorted(component))
        else:
            parent = path[-1][0]
            low[parent] = min(low[parent], low[node])

    for root in graph:
        if root in index:
            continue
        enter(root)
        while path:
            node, height, successors = path[-1]
            for successor in successors:
                if successor not in index:
                    enter(successor)
                    break
                if low[successor] < low[node]:
                    low[node] = low[successor]
            else:
                leave(node, height)
    return components


def shortest_walk(
    graph: Digraph, start: int, goal: int, inside: Collection[int], longest: int | None = None
) -> list[int]:
    """Return the lexicographically first of the shortest walks from `start` to `goal`, of one edge at least.

    It passes no node that isn't `inside` and has no more than `longest` edges. Empty when there is none.
    """
    parents: dict[int, int] = {}
    frontier = [start]
    steps = 0
    while frontier and steps != longest:
        steps += 1
        reached: list[int] = []
        for node in frontier:
            for successor in graph[node]:
                if successor == goal:
                    return [*_trail(parents, start, node), goal]
                if successor in inside and successor not in parents:
                    parents[successor] = node
                    reached.append(successor)
        frontier = reached
    return []


def shortest_cycle(graph: Digraph) -> list[int]:
    """Return the shortest closed walk, from its smallest node back to it; the lexicographically first of several.

    Empty when there is none.
    """
    predecessors = transposed(graph)
    inside = set(graph)
    shortest: list[int] = []
    for start in graph:
        if start in inside:
            longest = len(shortest) - 2 if shortest else None
            shortest = shortest_walk(graph, start, start, inside, longest) or shortest
            _discard(start, inside, graph, predecessors)
    return shortest


def leads_to(successors: Neighbours, predecessors: Neighbours, starts: Iterable[int], goal: int) -> bool:
    """Return whether a walk leads from one of `starts` to `goal`. It is looked for from both ends at once."""
    ahead = outermost = set(starts)
    behind = innermost = {goal}
    meet = goal in ahead
    while outermost and innermost and not meet:
        if len(outermost) <= len(innermost):
            outermost = {after for before in outermost for after in successors[before]} - ahead
            meet = not outermost.isdisjoint(behind)
            ahead |= outermost
        else:
            innermost = {before for after in innermost for before in predecessors[after]} - behind
            meet = not innermost.isdisjoint(ahead)
            behind |= innermost
    return meet


def _trail(parents: Mapping[int, int], start: int, end: int) -> list[int]:
    trail = [end]
    while trail[-1] != start:
        trail.append(parents[trail[-1]])
    return trail[::-1]


def _discard(node: int, inside: set[int], graph: Digraph, predecessors: Digraph) -> None:
    """Take a node out, and with it those that are on no cycle any more for want of a successor or a predecessor."""
    doomed = [node]
    while doomed:
        gone = doomed.pop()
        inside.discard(gone)
        doomed += [before for before in predecessors[gone] if before in inside and inside.isdisjoint(graph[before])]
        doomed += [after for after in graph[gone] if after in inside and inside.isdisjoint(predecessors[after])]
