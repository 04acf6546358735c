from itertools import pairwise, permutations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from gwlint.graph.digraph import (
    digraph,
    leads_to,
    shortest_cycle,
    shortest_walk,
    strongly_connected,
    subgraph,
    transposed,
)

nodes = st.integers(0, 6)
edges = st.lists(st.tuples(nodes, nodes), max_size=20)
edges_of_five_nodes = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=10)
some_edges = st.lists(st.tuples(nodes, nodes), min_size=1, max_size=20)


def test_a_graph_counts_an_edge_once_and_is_in_ascending_order() -> None:
    graph = digraph([(9, 8), (9, 0), (9, 8)])

    assert list(graph.items()) == [(0, []), (8, []), (9, [0, 8])]


def test_a_subgraph_has_the_edges_between_its_nodes() -> None:
    assert subgraph(digraph([(1, 2), (2, 3), (3, 1)]), {1, 2}) == {1: [2], 2: []}


def test_transposing_turns_every_edge_round() -> None:
    assert transposed(digraph([(1, 2), (1, 3), (2, 3)])) == {1: [], 2: [1], 3: [1, 2]}


@given(edges)
def test_strongly_connected_components_are_those_of_networkx(edges: list[tuple[int, int]]) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph(edges)

    assert sorted(strongly_connected(digraph(edges))) == sorted(map(sorted, nx.strongly_connected_components(graph)))


def test_a_chain_may_be_longer_than_the_recursion_limit() -> None:
    chain = digraph((node, node + 1) for node in range(50_000))

    assert len(strongly_connected(chain)) == 50_001


@given(some_edges, st.data())
def test_a_walk_is_as_short_as_that_of_networkx(edges: list[tuple[int, int]], data: st.DataObject) -> None:
    graph = digraph(edges)
    start, goal = (data.draw(st.sampled_from(list(graph))) for _ in range(2))
    distance = nx.single_source_shortest_path_length(nx.DiGraph(edges).reverse(), goal)
    expected = min((distance[after] + 1 for after in graph[start] if after in distance), default=0)

    walk = shortest_walk(graph, start, goal, graph)

    assert (len(walk[1:]), walk[:1], walk[-1:]) == (expected, [start][:expected], [goal][:expected])
    assert set(pairwise(walk)) <= set(edges)


def test_of_walks_of_one_length_the_lexicographically_first_is_taken() -> None:
    graph = digraph([(0, 5), (5, 1), (0, 4), (4, 3), (1, 9), (3, 9)])

    assert shortest_walk(graph, 0, 9, graph) == [0, 4, 3, 9]


def test_a_walk_stays_inside() -> None:
    graph = digraph([(0, 1), (1, 9), (0, 2), (2, 3), (3, 9)])

    assert shortest_walk(graph, 0, 9, {0, 2, 3, 9}) == [0, 2, 3, 9]


def test_a_walk_keeps_to_its_limit() -> None:
    graph = digraph([(0, 1), (1, 2)])

    assert [shortest_walk(graph, 0, 2, graph, longest) for longest in (1, 2)] == [[], [0, 1, 2]]


@given(edges_of_five_nodes)
def test_the_shortest_cycle_is_the_first_of_all_closed_walks(edges: list[tuple[int, int]]) -> None:
    graph = digraph(edges)
    orders = (order for length in range(1, 6) for order in permutations(graph, length))
    closed = ([*order, order[0]] for order in orders)
    expected = next((walk for walk in closed if set(pairwise(walk)) <= set(edges)), [])

    assert shortest_cycle(graph) == expected


@given(some_edges, st.data())
def test_one_node_leads_to_another_where_networkx_has_a_path(edges: list[tuple[int, int]], data: st.DataObject) -> None:
    graph = digraph(edges)
    starts = data.draw(st.lists(st.sampled_from(list(graph)), min_size=1))
    goal = data.draw(st.sampled_from(list(graph)))
    expected = any(nx.has_path(nx.DiGraph(edges), start, goal) for start in starts)

    assert leads_to(graph, transposed(graph), starts, goal) == expected
