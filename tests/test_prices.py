import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.prices import FREE_GB_SECONDS, FREE_REQUESTS, Cost, Use, bill, cost, smaller_size

USES = st.builds(Use, st.integers(0, 10**9), st.integers(1, 900_000))
COSTS = st.builds(cost, st.integers(128, 10_240), st.sampled_from(["x86_64", "arm64"]), USES)


def test_a_month_is_paid_by_requests_and_by_memory_times_duration() -> None:
    got = cost(1024, "x86_64", Use(3_000_000, 200))

    assert got == pytest.approx(Cost(3_000_000, 600_000.0, 0.60, 10.00002))
    assert got.usd == pytest.approx(10.60002)


def test_arm_is_cheaper_and_what_is_unknown_is_not() -> None:
    month = Use(0, 1)
    seconds = [cost(1024, name, month._replace(invocations=10**9)).duration_usd for name in ("arm64", "x86_64", "")]

    assert seconds == [pytest.approx(13.3334), pytest.approx(16.6667), pytest.approx(16.6667)]


def test_the_free_tier_is_that_of_all_functions_together() -> None:
    alone = cost(1024, "x86_64", Use(FREE_REQUESTS, FREE_GB_SECONDS * 1000 // FREE_REQUESTS))

    assert bill([]) == 0
    assert bill([alone]) == 0
    assert bill([alone, alone]) == pytest.approx(alone.usd)


@given(st.lists(COSTS, max_size=5))
def test_nobody_pays_more_than_the_list_price_nor_gets_money_back(costs: list[Cost]) -> None:
    assert 0 <= bill(costs) <= sum(one.usd for one in costs) * (1 + 1e-9)


@pytest.mark.parametrize(
    ("size", "most_mb", "smaller"),
    [(128, 40, None), (255, 40, None), (256, 40, 128), (1024, 102.4, 128), (1024, 102.5, 192), (512, 250, None)],
)
def test_a_smaller_size_leaves_room_and_is_worth_it(size: int, most_mb: float, smaller: int | None) -> None:
    assert smaller_size(size, most_mb) == smaller
