"""Import cycles: the strongly connected components of the import graph, one way round each, and how to cut them.

There are three graphs over the files. The first has the imports that run when a module is loaded, the second the
deferred ones as well, the third also those that are for type checkers only. Every component of one graph is a
single node of the next, so that a cycle is reported once: in the first graph that has it.
"""

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias

from gwlint.graph.cuts import Statement, smallest_cut
from gwlint.graph.digraph import Digraph, digraph, shortest_cycle, shortest_walk, strongly_connected
from gwlint.model import Cycle, ImportEdge, Span, Step, lies_in

__all__ = ["KINDS", "CycleKind", "cycles", "rank", "strongly_connected"]

CycleKind: TypeAlias = Literal["eager", "deferred", "type-only"]

KINDS: tuple[CycleKind, ...] = ("eager", "deferred", "type-only")
"""What closes a cycle, in the order of the graphs. The position of a graph is the rank of the edges it adds."""


def cycles(
    edges: Iterable[ImportEdge], forgiven: Callable[[ImportEdge], CycleKind | None] = lambda _: None
) -> tuple[Cycle, ...]:
    """Return every import cycle: eager ones first, then deferred, then type-only ones, each kind sorted by paths.

    A witness starts at the first of its paths; a cut is sorted by path and position. The order of the edges makes
    no difference. An edge that is `forgiven` from some kind on is missing from the graph of this kind, and from those
    after it.
    """
    counted = [edge for edge in edges if _counts(edge)]
    paths = sorted({edge.path for edge in counted}.union(edge.target_path for edge in counted))
    links = _cyclic_links(counted, {path: file for file, path in enumerate(paths)}, forgiven)
    node_of = {file: file for file in sorted({file for link in links for file in link.edge})}
    found: list[Cycle] = []
    holding: set[_Link] = set()
    for rank in sorted({link.rank for link in links}):
        components = _components(rank, links, node_of, holding)
        found += [_cycle(component, paths) for component in components]
        holding = holding.union(*(component.present for component in components))
        node_of |= {file: component.files[0] for component in components for file in component.files}
    return tuple(found)


class _Link(NamedTuple):
    """An import edge, its files numbered in the order of their paths; it is in the graphs from `rank` up to `end`."""

    source: int
    target: int
    at: Span
    rank: int
    end: int = len(KINDS)

    @property
    def edge(self) -> tuple[int, int]:
        return self.source, self.target

    @property
    def statement(self) -> tuple[int, int, int]:
        return self.source, self.at.line, self.at.column


@dataclass(frozen=True, slots=True)
class _Component:
    """A strongly connected component of one of the graphs, with the links between its files, sorted.

    `node_of` has for each file the first one of its component in the graph before: the node it is contracted to.
    `holding` are the links that hold such nodes together, which may be forgiven from this graph on.
    """

    rank: int
    files: Sequence[int]
    links: Sequence[_Link]
    node_of: Mapping[int, int]
    holding: AbstractSet[_Link]

    @property
    def present(self) -> list[_Link]:
        """The links that are in the graph itself."""
        return [link for link in self.links if link.rank <= self.rank < link.end]

    @property
    def crossing(self) -> list[_Link]:
        """The links of the graph from node to node."""
        return [link for link in self.present if self.node_of[link.source] != self.node_of[link.target]]

    @property
    def inner(self) -> Digraph:
        """The links within nodes, by which one gets from where a node is entered to where it is left."""
        return digraph(link.edge for link in self.links if link in self.holding)

    def nodes(self, link: _Link) -> tuple[int, int]:
        """Return what the link leads from and to."""
        return self.node_of[link.source], self.node_of[link.target]


def _counts(edge: ImportEdge) -> bool:
    """Return whether the edge can close a cycle.

    A package is loaded before anything in it. That takes it for granted, unless it takes names from it.
    """
    takes_names = edge.names and not edge.implicit
    return edge.path != edge.target_path and bool(takes_names or not lies_in(edge.path, edge.target_path))


def rank(edge: ImportEdge) -> int:
    """Return the position in `KINDS` of the first graph that has an edge."""
    if edge.kind == "type-only":
        return KINDS.index("type-only")
    return KINDS.index("deferred" if edge.deferred or edge.kind == "deferred" else "eager")


def _cyclic_links(
    edges: Sequence[ImportEdge], number: Mapping[str, int], forgiven: Callable[[ImportEdge], CycleKind | None]
) -> list[_Link]:
    """Return the edges that could lie on a cycle of the widest graph, sorted. Nearly all others lie on none."""
    numbered = [(number[edge.path], number[edge.target_path]) for edge in edges]
    components = strongly_connected(digraph(numbered))
    component_of = {file: component for component, files in enumerate(components) for file in files}
    cyclic = (
        _Link(source, target, edge.at, rank(edge), _end(forgiven(edge)))
        for (source, target), edge in zip(numbered, edges, strict=True)
        if component_of[source] == component_of[target]
    )
    return sorted(link for link in cyclic if link.rank < link.end)


def _end(forgiven: CycleKind | None) -> int:
    return len(KINDS) if forgiven is None else KINDS.index(forgiven)


def _components(
    rank: int, links: Sequence[_Link], node_of: Mapping[int, int], holding: AbstractSet[_Link]
) -> list[_Component]:
    """Return the components of a graph in which there is a cycle of nodes, in the order of their first files."""
    here = (link for link in links if link.rank <= rank < link.end)
    graph = digraph((node_of[link.source], node_of[link.target]) for link in here)
    components = [nodes for nodes in strongly_connected(graph) if len(nodes) > 1]
    component_of = {node: component for component, nodes in enumerate(components) for node in nodes}
    place = {file: component_of[node] for file, node in node_of.items() if node in component_of}
    files: defaultdict[int, list[int]] = defaultdict(list)
    for file, component in place.items():
        files[component].append(file)
    within: defaultdict[int, list[_Link]] = defaultdict(list)
    for link in links:
        if link.source in place and place[link.source] == place.get(link.target):
            within[place[link.source]].append(link)
    return [_Component(rank, files[component], within[component], node_of, holding) for component in files]


def _cycle(component: _Component, paths: Sequence[str]) -> Cycle:
    def steps(links: Iterable[_Link]) -> tuple[Step, ...]:
        return tuple(Step(paths[link.source], paths[link.target], link.at) for link in links)

    files = tuple(paths[file] for file in component.files)
    cut, is_minimal = _cut(component, paths)
    return Cycle(KINDS[component.rank], files, steps(_witness(component)), steps(cut), is_minimal)


def _witness(component: _Component) -> list[_Link]:
    """Return the first of the links for every edge of a shortest way round, starting from its first file."""
    files = _way_round(component)
    start = files.index(min(files))
    holding = [link for link in component.links if link in component.holding]
    first = {link.edge: link for some in (holding, component.present) for link in reversed(some)}
    return [first[edge] for edge in pairwise([*files[start:], *files[: start + 1]])]


def _way_round(component: _Component) -> list[int]:
    """Return the files of a shortest cycle of nodes, the first of these if there are several.

    From node to node it takes the first edge there is; within a node, a shortest walk to where the node is left.
    """
    inner = component.inner
    crossing = {component.nodes(link): link.edge for link in reversed(component.crossing)}
    edges = [crossing[nodes] for nodes in pairwise(shortest_cycle(digraph(crossing)))]
    files: list[int] = []
    for (_, entered), (left, _) in zip(edges[-1:] + edges[:-1], edges, strict=True):
        files += [entered] if entered == left else shortest_walk(inner, entered, left, inner)
    return files


def _cut(component: _Component, paths: Sequence[str]) -> tuple[list[_Link], bool]:
    """Return the links that go with the fewest statements to break all cycles of nodes, and whether that is proven.

    They are sorted by statement and target. An edge that is left, as another statement carries it, is none of them.
    """
    crossing = component.crossing
    carried: defaultdict[tuple[int, int, int], list[_Link]] = defaultdict(list)
    carriers: defaultdict[tuple[int, int], set[tuple[int, int, int]]] = defaultdict(set)
    for link in crossing:
        carried[link.statement].append(link)
        carriers[link.edge].add(link.statement)
    statements = list(carried)
    links = [carried[statement] for statement in statements]
    # What somebody has deferred already is where the cycle was noticed.
    spared = {
        position
        for position, some in enumerate(links)
        if any(_leads_inside(link, paths) or link.rank < component.rank for link in some)
    }
    cut = smallest_cut([_statement(component, some) for some in links], spared)
    removed = {statements[position] for position in cut.statements}
    gone = {(*link.statement, link.target): link for link in crossing if carriers[link.edge] <= removed}
    return [gone[key] for key in sorted(gone)], cut.is_minimal


def _leads_inside(link: _Link, paths: Sequence[str]) -> bool:
    """Tell an import of what a file is there to offer, the last to go: a package's own, or `cache_core` in `cache`."""
    source, target = paths[link.source], paths[link.target]
    stem, inner = (posixpath.basename(path).removesuffix(".py") for path in (source, target))
    return lies_in(target, source) or inner.startswith(f"{stem}_")


def _statement(component: _Component, links: Sequence[_Link]) -> Statement:
    nodes = [component.nodes(link) for link in links]
    return Statement(nodes[0][0], tuple(target for _, target in nodes))
