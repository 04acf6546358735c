from collections.abc import Collection, Sequence
from itertools import combinations
from random import Random
from unittest.mock import patch

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.graph import cuts
from gwlint.graph.cuts import Cut, Statement, smallest_cut

files = st.integers(0, 4)
imports = st.builds(Statement, files, st.lists(files, min_size=1, max_size=3).map(tuple))
programs = st.lists(imports.filter(lambda one: one.source not in one.targets), max_size=9)


def is_cut(removed: Collection[int], statements: Sequence[Statement]) -> bool:
    left = (statement for position, statement in enumerate(statements) if position not in removed)
    graph: nx.DiGraph[int] = nx.DiGraph([(source, target) for source, targets in left for target in targets])
    return nx.is_directed_acyclic_graph(graph)


def fewest(statements: Sequence[Statement]) -> int:
    choices = (choice for count in range(10) for choice in combinations(range(len(statements)), count))
    return next(len(choice) for choice in choices if is_cut(choice, statements))


def ring(size: int) -> list[Statement]:
    return [Statement(file, ((file + 1) % size,)) for file in range(size)]


def chords(size: int, count: int) -> list[Statement]:
    random = Random(1)
    pairs = [random.sample(range(size), 2) for _ in range(count)]
    return [Statement(source, (target,)) for source, target in pairs]


@given(programs)
def test_no_other_cut_has_fewer_statements(statements: list[Statement]) -> None:
    cut = smallest_cut(statements)

    assert is_cut(cut.statements, statements)
    assert (len(cut.statements), cut.is_minimal) == (fewest(statements), True)


@pytest.mark.parametrize(("limit", "value"), [("EXACT_EDGES", 0), ("EXACT_EFFORT", 10), ("EXACT_EFFORT", 40)])
@given(statements=programs)
def test_a_cut_short_of_exact_has_nothing_needless(limit: str, value: int, statements: list[Statement]) -> None:
    with patch.object(cuts, limit, value):
        cut = smallest_cut(statements)

    assert is_cut(cut.statements, statements)
    assert not any(is_cut(set(cut.statements) - {needless}, statements) for needless in cut.statements)
    assert len(cut.statements) == fewest(statements) or not cut.is_minimal


@given(programs, st.sets(st.integers(0, 8)))
def test_what_had_better_stay_goes_only_where_nothing_else_would_do(
    statements: list[Statement], spared: set[int]
) -> None:
    cut = smallest_cut(statements, spared)
    others = set(range(len(statements))) - spared - set(cut.statements)
    exchanged = [
        {*cut.statements, other} - {spare} for spare in spared.intersection(cut.statements) for other in others
    ]

    assert is_cut(cut.statements, statements)
    assert (len(cut.statements), cut.is_minimal) == (fewest(statements), True)
    assert not any(is_cut(one, statements) for one in exchanged)


def test_without_cycles_nothing_is_cut() -> None:
    assert smallest_cut([Statement(0, (1, 2)), Statement(1, (2,))]) == Cut((), is_minimal=True)


def test_one_statement_may_carry_the_edges_of_several_cycles() -> None:
    statements = [Statement(0, (1, 2)), Statement(1, (0,)), Statement(2, (0,))]

    assert smallest_cut(statements) == Cut((0,), is_minimal=True)


def test_an_edge_goes_only_with_all_its_statements() -> None:
    statements = [Statement(0, (1,)), Statement(0, (1,)), Statement(1, (0, 2)), Statement(1, (0,)), Statement(1, (0,))]

    assert smallest_cut(statements) == Cut((0, 1), is_minimal=True)


def test_the_order_of_the_targets_makes_no_difference() -> None:
    there = [Statement(0, (1, 2, 1)), Statement(0, (2, 1))]
    back = [Statement(1, (0,)), Statement(2, (0,))]

    assert smallest_cut([*there, *back]) == smallest_cut([there[1], there[1], *back]) == Cut((0, 1), is_minimal=True)


def test_a_ring_is_cut_once() -> None:
    assert smallest_cut(ring(1_000)) == Cut((0,), is_minimal=True)


def test_the_one_way_back_through_a_thousand_files_is_found() -> None:
    forward = [chord for chord in chords(1_000, 6_000) if chord.source < chord.targets[0]]
    statements = ring(1_000) + forward

    assert smallest_cut(statements) == Cut((999,), is_minimal=True)


def test_where_the_best_is_out_of_reach_a_cut_is_found_all_the_same() -> None:
    statements = ring(300) + chords(300, 300)

    cut = smallest_cut(statements)

    assert is_cut(cut.statements, statements)
    assert not cut.is_minimal


def test_a_single_statement_is_known_to_be_the_fewest_without_a_search() -> None:
    with patch.object(cuts, "EXACT_EDGES", 0):
        assert smallest_cut(ring(5)) == Cut((4,), is_minimal=True)


def test_more_than_one_statement_is_not_known_to_be_the_fewest_without_a_search() -> None:
    two_rings = [*ring(3), Statement(3, (4,)), Statement(4, (3,))]

    with patch.object(cuts, "EXACT_EDGES", 0):
        assert smallest_cut(two_rings) == Cut((2, 4), is_minimal=False)
