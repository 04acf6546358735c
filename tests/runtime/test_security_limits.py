import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.runtime.clock import FakeClock
from gwlint.runtime.errors import RateLimited, StoreError
from gwlint.runtime.security import RateLimiter, rate_limit


class Shelf:
    """A store in a dictionary, which can be out of reach, and in which somebody else may write first."""

    def __init__(self, clock: FakeClock) -> None:
        self.kept: dict[str, tuple[bytes, int]] = {}
        self.clock = clock
        self.is_down = False
        self.rivals = 0

    def get(self, key: str) -> tuple[bytes, int] | None:
        if self.is_down:
            raise StoreError("down")
        return self.kept.get(key)

    def put_if(self, key: str, value: bytes, version: str | int | None, ttl: float | None = None) -> int | None:
        here = self.kept.get(key)
        if self.rivals:
            self.rivals -= 1
            self.kept[key] = (here or (b"0", 0))[0], (here or (b"0", 0))[1] + 1
            return None
        if version != (None if here is None else here[1]):
            return None
        self.kept[key] = value, (here or (b"", 0))[1] + 1
        return self.kept[key][1]

    def incr(self, key: str, n: int = 1, ttl: float | None = None) -> int:
        raise NotImplementedError

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)

    def now(self) -> float:
        return self.clock.wall()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def admitted(limiter: RateLimiter, times: int, key: str = "ann") -> int:
    return sum(bool(limiter.check(key)) for _ in range(times))


def test_admits_a_burst_and_then_as_much_as_time_allows(clock: FakeClock) -> None:
    limiter = RateLimiter(10, per=1, burst=5, clock=clock)
    first = admitted(limiter, 20)
    clock.advance(0.3)

    assert (first, admitted(limiter, 20)) == (5, 3)


def test_a_burst_is_a_tenth_of_the_limit_and_at_least_one(clock: FakeClock) -> None:
    bursts = [admitted(RateLimiter(limit, per=60, clock=clock), 200) for limit in (1, 100, 1000)]

    assert bursts == [1, 10, 100]


@pytest.mark.parametrize("passes", ["advance", "freeze"])
def test_time_passes_when_either_clock_says_so(clock: FakeClock, passes: str) -> None:
    limiter = RateLimiter(1, per=1, burst=2, clock=clock)
    admitted(limiter, 2)
    getattr(clock, passes)(1)

    assert admitted(limiter, 2) == 1


def test_a_step_back_of_the_wall_clock_is_no_time_and_takes_none_away(clock: FakeClock) -> None:
    limiter = RateLimiter(1, per=1, burst=2, clock=clock)
    admitted(limiter, 2)
    clock.step(-3600)
    before = admitted(limiter, 2)
    clock.advance(1)

    assert (before, admitted(limiter, 2)) == (0, 1)


def test_frozen_time_again_and_again_leaves_no_debt_behind(clock: FakeClock) -> None:
    limiter = RateLimiter(1, per=1, burst=1, clock=clock)
    seen = []
    for _ in range(50):
        seen.append(bool(limiter.check("ann")))
        clock.freeze(1)
    clock.step(-3600)
    clock.advance(1)

    assert (set(seen), bool(limiter.check("ann"))) == ({True}, True)


# How long to wait, how (by both clocks or while frozen), and how much to ask for.
Steps = st.lists(
    st.tuples(st.floats(0, 3), st.sampled_from(["advance", "freeze"]), st.sampled_from([0.5, 1, 2])),
    max_size=80,
)


@given(st.integers(1, 50), st.floats(0.5, 10), st.integers(2, 20), Steps)
def test_never_admits_more_than_burst_and_rate_allow_in_any_window(
    limit: int, per: float, burst: int, steps: list[tuple[float, str, float]]
) -> None:
    clock = FakeClock()
    limiter = RateLimiter(limit, per=per, burst=burst, clock=clock)
    times: list[tuple[float, float]] = []
    for wait, passes, cost in steps:
        getattr(clock, passes)(wait)
        if limiter.check("ann", cost):
            times.append((clock.wall(), cost))
    rate = limit / per

    for begin in range(len(times)):
        total = 0.0
        for when, cost in times[begin:]:
            total += cost
            assert total <= burst + rate * (when - times[begin][0]) + 1e-3 * max(rate, 1)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 2)), max_size=100))
def test_crowding_others_out_gains_nobody_anything(steps: list[tuple[int, float]]) -> None:
    clock = FakeClock()
    limiter = RateLimiter(1, per=1, burst=3, max_keys=1, clock=clock)
    times: dict[int, list[float]] = {}
    for key, wait in steps:
        clock.advance(wait)
        if limiter.check(str(key)):
            times.setdefault(key, []).append(clock.mono())

    assert len(limiter) <= 1
    for one in times.values():
        for begin in range(len(one)):
            assert all(count <= 3 + (when - one[begin]) + 1e-3 for count, when in enumerate(one[begin:], 1))


def test_keys_that_owe_nothing_make_room(clock: FakeClock) -> None:
    limiter = RateLimiter(1, per=1, burst=1, max_keys=2, clock=clock)
    crowded = [bool(limiter.check(key)) for key in ("a", "b", "c", "d")]
    clock.advance(2)

    assert (crowded, [bool(limiter.check(key)) for key in ("e", "f")], len(limiter)) == (
        [True, True, True, False], [True, True], 2,
    )  # fmt: skip


def test_tells_how_long_to_wait(clock: FakeClock) -> None:
    limiter = RateLimiter(2, per=1, burst=4, clock=clock)
    first, *_, last = [limiter.check("ann") for _ in range(5)]

    assert (first.remaining, first.retry_after, last.remaining, round(last.retry_after, 6)) == (3, 0, 0, 0.5)
    assert (first.headers(), last.headers()) == (
        {"RateLimit-Limit": "4", "RateLimit-Remaining": "3", "RateLimit-Reset": "1"},
        {"RateLimit-Limit": "4", "RateLimit-Remaining": "0", "RateLimit-Reset": "2", "Retry-After": "1"},
    )


def test_waiting_as_long_as_it_says_is_enough(clock: FakeClock) -> None:
    limiter = RateLimiter(3, per=1, burst=2, clock=clock)
    admitted(limiter, 2)
    clock.advance(limiter.check("ann", 2).retry_after)

    assert limiter.check("ann", 2)


def test_raises_where_it_is_asked_to(clock: FakeClock) -> None:
    limiter = RateLimiter(1, per=10, burst=1, clock=clock)
    limiter.check("ann").require()

    with pytest.raises(RateLimited, match=r"^the rate limit is reached$") as caught:
        limiter.check("ann").require()
    assert caught.value.retry_after == 10


def test_what_costs_more_than_a_burst_is_never_admitted(clock: FakeClock) -> None:
    allowance = RateLimiter(1, per=1, burst=2, clock=clock).check("ann", 3)

    assert (allowance.allowed, allowance.retry_after, "Retry-After" in allowance.headers()) == (
        False,
        float("inf"),
        False,
    )


def test_one_table_for_every_limit(clock: FakeClock) -> None:
    got = [bool(rate_limit(key, 1, per=1, burst=2, clock=clock)) for key in ("x", "x", "y", "x")]

    assert got == [True, True, True, False]


def test_long_keys_are_told_apart(clock: FakeClock) -> None:
    limiter = RateLimiter(1, burst=1, clock=clock)

    assert [bool(limiter.check("x" * 1000 + end)) for end in "aab"] == [True, False, True]


def test_sixteen_threads_get_no_more_than_one(clock: FakeClock) -> None:
    limiter = RateLimiter(1, burst=100, clock=clock)
    got: list[int] = []
    threads = [threading.Thread(target=lambda: got.append(admitted(limiter, 20))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(got) == 100


def test_environments_share_a_debt(clock: FakeClock) -> None:
    shelf = Shelf(clock)
    limiters = [RateLimiter(1, per=1, burst=3, store=shelf, on_backend_error="deny", clock=clock) for _ in range(2)]
    got = [bool(limiters[turn % 2].check("ann")) for turn in range(5)]
    clock.advance(1)

    assert (got, [bool(limiter.check("ann")) for limiter in limiters]) == (
        [True, True, True, False, False], [True, False],
    )  # fmt: skip


@pytest.mark.parametrize(("rivals", "expected"), [(3, True), (100, False)])
def test_tries_again_where_others_were_first_but_not_for_ever(clock: FakeClock, rivals: int, expected: bool) -> None:
    shelf = Shelf(clock)
    shelf.rivals = rivals
    limiter = RateLimiter(1, burst=3, store=shelf, on_backend_error="raise", clock=clock)

    assert bool(limiter.check("ann")) is expected


def test_goes_on_here_with_a_share_where_the_store_is_down(clock: FakeClock) -> None:
    shelf = Shelf(clock)
    shelf.is_down = True
    limiter = RateLimiter(100, burst=20, store=shelf, on_backend_error="local", share=0.25, clock=clock)

    assert admitted(limiter, 50) == 5


def test_denies_or_raises_where_the_store_is_down_and_that_is_said(clock: FakeClock) -> None:
    shelf = Shelf(clock)
    shelf.is_down = True
    denying = RateLimiter(100, store=shelf, on_backend_error="deny", clock=clock)
    raising = RateLimiter(100, store=shelf, on_backend_error="raise", clock=clock)

    assert admitted(denying, 5) == 0
    with pytest.raises(StoreError, match=r"^down$"):
        raising.check("ann")


def test_what_is_no_number_in_the_store_is_an_error_of_the_store(clock: FakeClock) -> None:
    shelf = Shelf(clock)
    limiter = RateLimiter(1, name="n", store=shelf, on_backend_error="deny", clock=clock)
    shelf.kept["rate:n:ann"] = (b"oops", 1)

    assert not limiter.check("ann")


def test_refuses_what_is_no_limit(clock: FakeClock) -> None:
    for options in ({"limit": 0}, {"limit": float("nan")}, {"limit": 1, "per": 0}, {"limit": 1, "share": 2}):
        with pytest.raises(ValueError, match="more than 0"):
            RateLimiter(**options)
    with pytest.raises(ValueError, match="on_backend_error is one of local, deny, raise"):
        RateLimiter(1, store=Shelf(clock))
    with pytest.raises(ValueError, match="a cost is finite"):
        RateLimiter(1).check("ann", 0)
