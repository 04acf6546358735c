"""What all ways to something pass through."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from gwlint.footprint.savings import passed

_SIZE = 7

links = st.lists(st.tuples(st.integers(0, _SIZE - 1), st.integers(0, _SIZE - 1)), max_size=16)
owners = st.lists(st.integers(0, 3), min_size=_SIZE, max_size=_SIZE)


def test_one_way_passes_through_all_that_is_on_it() -> None:
    assert passed([(0, 1), (1, 2)], [0, 1, 2]) == [0b001, 0b011, 0b111]


def test_what_has_two_ways_needs_neither() -> None:
    assert passed([(0, 1), (0, 2), (1, 3), (2, 3)], [0, 1, 2, 3])[3] == 0b1001


def test_two_ways_through_modules_of_one_owner_need_the_owner() -> None:
    assert passed([(0, 1), (0, 2), (1, 3), (2, 3)], [0, 1, 1, 2])[3] == 0b111


def test_a_cycle_is_no_other_way() -> None:
    assert passed([(0, 1), (1, 2), (2, 1)], [0, 1, 2])[1] == 0b011


@given(links, owners)
def test_an_owner_is_passed_where_nothing_can_be_reached_without_it(
    ways: list[tuple[int, int]], owned: list[int]
) -> None:
    reached = _reached(ways, owned, without=-1)
    found = passed(ways, owned)

    got = {(node, owner) for node in reached for owner in set(owned) if found[node] >> owner & 1}
    lost = {owner: reached - _reached(ways, owned, owner) for owner in set(owned)}
    assert got == {(node, owner) for owner, nodes in lost.items() for node in nodes}


def _reached(ways: Sequence[tuple[int, int]], owned: Sequence[int], without: int) -> set[int]:
    reached: set[int] = set()
    queue = [0]
    while queue:
        node = queue.pop()
        if node not in reached and owned[node] != without:
            reached.add(node)
            queue += [target for source, target in ways if source == node]
    return reached
