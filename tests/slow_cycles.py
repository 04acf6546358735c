"""Import cycles by their definition, however slow: what `gwlint.graph` is compared with."""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import combinations

import networkx as nx

from gwlint.graph import KINDS, CycleKind
from gwlint.model import Cycle, ImportEdge, Span

Statement = tuple[str, Span]


def counting(edges: Iterable[ImportEdge], kind: str) -> list[ImportEdge]:
    """Return the edges of one of the graphs."""
    kinds = KINDS[: KINDS.index(kind) + 1]
    return [
        edge
        for edge in edges
        if edge.kind in kinds
        and edge.path != edge.target_path
        and (not goes_up(edge) or (edge.names and not edge.implicit))
    ]


def goes_up(edge: ImportEdge) -> bool:
    folder, _, name = edge.target_path.rpartition("/")
    return name == "__init__.py" and edge.path.startswith(f"{folder}/")


def contracted_to(edges: Sequence[ImportEdge], kind: str) -> dict[str, str]:
    """Return for each file the first one of its component in the graph before."""
    before = ("", *KINDS)[KINDS.index(kind)]
    components = strongly_connected(edges, before) if before else []
    single = {path: path for edge in edges for path in (edge.path, edge.target_path)}
    return single | {path: min(component) for component in components for path in component}


def strongly_connected(edges: Iterable[ImportEdge], kind: str) -> list[set[str]]:
    graph: nx.DiGraph[str] = nx.DiGraph([(edge.path, edge.target_path) for edge in counting(edges, kind)])
    return list(nx.strongly_connected_components(graph))


def node_graph(edges: Sequence[ImportEdge], kind: str, removed: Collection[Statement] = ()) -> "nx.DiGraph[str]":
    """Return one of the graphs, the components of the one before contracted, without some statements."""
    node_of = contracted_to(edges, kind)
    left = [edge for edge in counting(edges, kind) if (edge.path, edge.at) not in removed]
    ends = [(node_of[edge.path], node_of[edge.target_path]) for edge in left]
    return nx.DiGraph([(source, target) for source, target in ends if source != target])


def kinds_and_paths(edges: Sequence[ImportEdge]) -> list[tuple[str, tuple[str, ...]]]:
    """Return what there is to report."""
    return [
        (kind, paths)
        for kind in KINDS
        for paths in sorted(
            tuple(sorted(path for path, node in contracted_to(edges, kind).items() if node in nodes))
            for nodes in nx.strongly_connected_components(node_graph(edges, kind))
            if len(nodes) > 1
        )
    ]


def breaks(removed: Collection[Statement], cycle: Cycle, edges: Sequence[ImportEdge]) -> bool:
    """Return whether nothing is left of a cycle without some statements."""
    return nx.is_directed_acyclic_graph(node_graph(edges, cycle.kind, removed).subgraph(cycle.paths))


def fewest_to_break(cycle: Cycle, edges: Sequence[ImportEdge]) -> int:
    """Return how many statements have to go for a cycle."""
    statements = sorted({(edge.path, edge.at) for edge in edges})
    choices = (choice for count in range(len(statements) + 1) for choice in combinations(statements, count))
    return next(len(choice) for choice in choices if breaks(choice, cycle, edges))


def shortest_way_round(cycle: Cycle, edges: Sequence[ImportEdge]) -> int:
    """Return the number of edges on a shortest cycle of nodes."""
    return min(map(len, nx.simple_cycles(node_graph(edges, cycle.kind).subgraph(cycle.paths))))


def nodes_passed(cycle: Cycle, edges: Sequence[ImportEdge]) -> int:
    """Return how many steps of a witness lead from node to node."""
    node_of = contracted_to(edges, cycle.kind)
    return sum(node_of[step.path] != node_of[step.target_path] for step in cycle.witness)


def first_statement(edges: Sequence[ImportEdge], kind: str, path: str, target_path: str) -> Span:
    """Return where the first of the statements stands that carry an edge of a graph."""
    return min(edge.at for edge in counting(edges, kind) if (edge.path, edge.target_path) == (path, target_path))


def left_to_report(
    edges: Sequence[ImportEdge], forgiven: Callable[[ImportEdge], CycleKind | None]
) -> list[tuple[str, tuple[str, ...]]]:
    """Return what there is to report when imports are forgiven from some kind of cycle on."""
    node_of = {path: path for edge in edges for path in (edge.path, edge.target_path)}
    reported: list[tuple[str, tuple[str, ...]]] = []
    for rank, kind in enumerate(KINDS):
        ends = [forgiven(edge) for edge in edges]
        left = [edge for edge, end in zip(edges, ends, strict=True) if end is None or rank < KINDS.index(end)]
        pairs = [(node_of[edge.path], node_of[edge.target_path]) for edge in counting(left, kind)]
        graph: nx.DiGraph[str] = nx.DiGraph([(source, target) for source, target in pairs if source != target])
        components = [nodes for nodes in nx.strongly_connected_components(graph) if len(nodes) > 1]
        found = [tuple(sorted(path for path, node in node_of.items() if node in nodes)) for nodes in components]
        reported += [(kind, paths) for paths in sorted(found)]
        node_of |= {path: paths[0] for paths in found for path in paths}
    return reported
