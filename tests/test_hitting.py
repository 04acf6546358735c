from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.graph.hitting import Effort, ExhaustedError, cost, elements, greedy, lower_bound, minimum

ELEMENTS = 7
problems = st.lists(st.integers(1, 2**ELEMENTS - 1), max_size=12)
weightings = st.lists(st.integers(1, 4), min_size=ELEMENTS, max_size=ELEMENTS)
EVEN = [1] * 20


def hits_all(chosen: int, sets: list[int]) -> bool:
    return all(chosen & members for members in sets)


def least_cost(sets: list[int], weights: list[int]) -> int:
    return min(cost(chosen, weights) for chosen in range(2**ELEMENTS) if hits_all(chosen, sets))


def mask(*members: int) -> int:
    return sum(1 << member for member in members)


@given(problems, weightings)
def test_the_minimum_hits_all_at_the_least_cost(sets: list[int], weights: list[int]) -> None:
    chosen = minimum(sets, weights, Effort(10_000))

    assert hits_all(chosen, sets)
    assert cost(chosen, weights) == least_cost(sets, weights)


@given(problems, weightings)
def test_greed_hits_all_and_takes_nothing_needless(sets: list[int], weights: list[int]) -> None:
    chosen = greedy(sets, weights)

    assert hits_all(chosen, sets)
    assert not any(hits_all(chosen & ~mask(element), sets) for element in elements(chosen))


@given(problems, weightings)
def test_no_hitting_set_is_below_the_lower_bound(sets: list[int], weights: list[int]) -> None:
    assert lower_bound(sets, weights) <= least_cost(sets, weights)


def test_disjoint_sets_bound_the_cost_by_their_lightest_members() -> None:
    assert lower_bound([mask(0, 1), mask(2, 3)], [5, 2, 1, 4]) == 3


def test_a_heavy_element_is_passed_over_for_light_ones() -> None:
    sets = [mask(0, 1), mask(0, 2)]

    assert minimum(sets, [3, 1, 1], Effort(100)) == mask(1, 2)


def test_where_reductions_do_not_help_branches_are_tried() -> None:
    every_pair_of_six = [mask(*pair) for pair in combinations(range(6), 2)]

    assert cost(minimum(every_pair_of_six, EVEN, Effort(1_000)), EVEN) == 5


def test_the_cheapest_choice_may_do_without_what_hits_most() -> None:
    sets = [mask(4, 5), mask(0, 2, 5), mask(0, 3, 5), mask(0, 4, 6), mask(1, 2, 6), mask(3, 4, 6)]

    assert minimum(sets, EVEN, Effort(1_000)) == mask(5, 6)


def test_a_search_gives_up_when_its_effort_is_spent() -> None:
    every_pair_of_six = [mask(*pair) for pair in combinations(range(6), 2)]

    with pytest.raises(ExhaustedError):
        minimum(every_pair_of_six, EVEN, Effort(20))


def test_nothing_to_hit_costs_nothing() -> None:
    assert (minimum([], EVEN, Effort(0)), greedy([], EVEN), lower_bound([], EVEN)) == (0, 0, 0)
