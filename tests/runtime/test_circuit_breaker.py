import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gwlint.runtime.circuit_breaker import CircuitBreaker, count, seconds
from gwlint.runtime.clock import FakeClock
from gwlint.runtime.errors import CircuitOpen, StoreError


class Unjittered:
    """A source of chance that never shortens anything."""

    def random(self) -> float:
        return 0.0


def make(clock: FakeClock, **options: object) -> CircuitBreaker:
    given_options = {"minimum_calls": 2, "open_for": 30, "clock": clock, "rng": Unjittered(), **options}
    return CircuitBreaker("rates", **given_options)  # type: ignore[arg-type]  # whatever a test wants


def fail() -> None:
    raise OSError("down")


def succeed() -> str:
    return "fine"


def outcome(breaker: CircuitBreaker, function: Callable[[], object]) -> object:
    try:
        return breaker.call(function)
    except (CircuitOpen, OSError) as error:
        return type(error).__name__


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def opened(clock: FakeClock) -> CircuitBreaker:
    breaker = make(clock)
    outcome(breaker, fail)
    outcome(breaker, fail)
    return breaker


def test_opens_when_too_many_have_failed_and_enough_are_known(clock: FakeClock) -> None:
    breaker = make(clock, minimum_calls=4)
    outcomes = [outcome(breaker, one) for one in (succeed, fail, succeed, fail, succeed)]

    assert (outcomes, breaker.state) == (["fine", "OSError", "fine", "OSError", "CircuitOpen"], "open")


def test_opens_when_too_many_are_slow(clock: FakeClock) -> None:
    breaker = make(clock, slow_call=2, slow_rate=0.5)
    breaker.call(lambda: clock.advance(2))
    before = breaker.state
    breaker.call(succeed)

    assert (before, breaker.state) == ("closed", "open")


def test_only_the_window_counts(clock: FakeClock) -> None:
    breaker = make(clock, window=count(4), minimum_calls=4, failure_rate=0.75)
    for one in (fail, fail, succeed, succeed, succeed, fail):
        outcome(breaker, one)

    assert (breaker.state, breaker.metrics) == ("closed", {"calls": 4, "failed": 1, "slow": 0, "trips": 0})


def test_a_window_of_time_forgets(clock: FakeClock) -> None:
    breaker = make(clock, window=seconds(60), minimum_calls=3)
    outcome(breaker, fail)
    outcome(breaker, fail)
    clock.advance(61)
    outcome(breaker, fail)

    assert breaker.metrics == {"calls": 1, "failed": 1, "slow": 0, "trips": 0}


@given(st.lists(st.tuples(st.floats(0, 30), st.booleans()), max_size=60))
def test_a_window_of_time_holds_what_is_younger_and_nothing_much_older(steps: list[tuple[float, bool]]) -> None:
    clock = FakeClock()
    window = seconds(60).fresh(clock)
    events: list[tuple[float, bool]] = []
    for pause, failed in steps:
        clock.advance(pause)
        window.add(failed, False)
        events.append((clock.mono(), failed))
        ages = [(clock.mono() - when, failed) for when, failed in events]

        assert sum(age < 53.9 for age, _ in ages) <= window.calls <= sum(age < 60.1 for age, _ in ages)
        assert window.failed <= window.calls


@given(st.integers(1, 10), st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60))
def test_a_window_of_calls_holds_the_last_ones(size: int, calls: list[tuple[bool, bool]]) -> None:
    window = count(size)
    for failed, slow in calls:
        window.add(failed, slow)
    last = calls[-size:]

    assert (window.calls, window.failed, window.slow) == (
        len(last), sum(failed for failed, _ in last), sum(slow for _, slow in last),
    )  # fmt: skip


def test_lets_nothing_through_while_open(opened: CircuitBreaker) -> None:
    with pytest.raises(CircuitOpen, match=r"^rates: the circuit is open$") as caught:
        opened.call(succeed)

    assert caught.value.remaining == 30


@pytest.mark.parametrize("passes", ["advance", "freeze"])
def test_probes_when_either_clock_says_so(opened: CircuitBreaker, clock: FakeClock, passes: str) -> None:
    getattr(clock, passes)(30)

    assert (opened.call(succeed), opened.state) == ("fine", "closed")


def test_stays_open_longer_each_time_up_to_a_limit(clock: FakeClock) -> None:
    breaker, lengths = make(clock, max_open_for=100), []
    outcome(breaker, fail)
    for _ in range(4):
        outcome(breaker, fail)
        with pytest.raises(CircuitOpen) as caught:
            breaker.call(succeed)
        lengths.append(caught.value.remaining)
        clock.advance(caught.value.remaining)
    breaker.call(succeed)

    assert (lengths, breaker.metrics["trips"]) == ([30, 60, 100, 100], 0)


def test_closes_after_as_many_probes_as_are_asked_for(clock: FakeClock) -> None:
    breaker = make(clock, half_open_calls=2)
    outcome(breaker, fail)
    outcome(breaker, fail)
    clock.advance(30)
    breaker.call(succeed)
    between = breaker.state
    breaker.call(succeed)

    assert (between, breaker.state, breaker.metrics["calls"]) == ("half-open", "closed", 0)


def test_one_of_sixteen_threads_probes(opened: CircuitBreaker, clock: FakeClock) -> None:
    clock.advance(30)
    start, finish, inside = threading.Barrier(16), threading.Event(), []

    def probe() -> None:
        inside.append(1)
        finish.wait(5)

    def ask(_: int) -> str:
        start.wait()
        try:
            opened.call(probe)
        except CircuitOpen:
            refused.release()
            return "refused"
        return "let through"

    refused = threading.Semaphore(0)
    with ThreadPoolExecutor(16) as pool:
        asked = [pool.submit(ask, number) for number in range(16)]
        for _ in range(15):
            refused.acquire(timeout=5)
        finish.set()
        answers = sorted(one.result() for one in asked)

    assert (answers, len(inside), opened.state) == (["let through"] + ["refused"] * 15, 1, "closed")


def test_calls_go_on_side_by_side(clock: FakeClock) -> None:
    breaker, all_inside = make(clock), threading.Barrier(8)

    with ThreadPoolExecutor(8) as pool:
        places = [one.result() for one in [pool.submit(breaker.call, all_inside.wait, 5) for _ in range(8)]]

    assert sorted(places) == list(range(8))


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, KeyError])
def test_a_probe_that_says_nothing_gives_its_place_back(
    opened: CircuitBreaker, clock: FakeClock, error: type[BaseException]
) -> None:
    breaker = make(clock, ignore=(KeyError,))
    outcome(breaker, fail)
    outcome(breaker, fail)
    clock.advance(30)

    def stop() -> None:
        raise error

    with pytest.raises(error):
        breaker.call(stop)
    assert (breaker.state, breaker.call(succeed), breaker.state) == ("half-open", "fine", "closed")


def test_a_probe_that_does_not_come_back_makes_room(opened: CircuitBreaker, clock: FakeClock) -> None:
    clock.advance(30)

    def hang() -> str:
        first = outcome(opened, succeed)
        clock.advance(30)
        return f"{first}, then {outcome(opened, succeed)}"

    # By the time it comes back, it counts for nothing.
    assert (opened.call(hang), opened.state, opened.metrics["calls"]) == ("CircuitOpen, then fine", "closed", 0)


def test_what_comes_back_late_does_not_count(clock: FakeClock) -> None:
    breaker = make(clock)

    def late() -> None:
        breaker.force_open()
        breaker.force_close()
        raise OSError("from before")

    with pytest.raises(OSError, match="from before"):
        breaker.call(late)
    assert breaker.metrics["calls"] == 0


def test_only_what_is_to_be_recorded_is_a_failure(clock: FakeClock) -> None:
    breaker = make(clock, record=lambda error: "down" in str(error), minimum_calls=1)

    with pytest.raises(ValueError, match="wrong"):
        breaker.call(int, "wrong")
    before = breaker.state
    outcome(breaker, fail)

    assert (before, breaker.state) == ("closed", "open")


def test_falls_back(clock: FakeClock) -> None:
    breaker = make(clock, fallback=lambda error: f"instead of {type(error).__name__}")

    assert [breaker.call(fail) for _ in range(3)] == ["instead of OSError"] * 2 + ["instead of CircuitOpen"]


def test_can_be_decided_by_hand(clock: FakeClock) -> None:
    breaker = make(clock)
    breaker.disable()
    disabled = [outcome(breaker, fail) for _ in range(9)], breaker.metrics["calls"]
    breaker.only_measure()
    measured = [outcome(breaker, fail) for _ in range(9)], breaker.metrics["calls"]
    breaker.force_open()
    clock.advance(10_000)

    assert (disabled, measured) == ((["OSError"] * 9, 0), (["OSError"] * 9, 9))
    assert outcome(breaker, succeed) == "CircuitOpen"


def test_tells_listeners_who_can_break_nothing(clock: FakeClock) -> None:
    heard: list[tuple[str, str, str]] = []
    breaker = make(clock, minimum_calls=1)
    breaker.on_transition(lambda *_: fail())
    breaker.on_transition(lambda one, before, after: heard.append((one.name, before, after)))
    outcome(breaker, fail)
    clock.advance(30)
    outcome(breaker, succeed)

    assert heard == [
        ("rates", "closed", "open"),
        ("rates", "open", "half-open"),
        ("rates", "half-open", "closed"),
    ]


def test_decorates_and_guards(clock: FakeClock) -> None:
    breaker = make(clock, minimum_calls=4)

    @breaker
    def plain(number: int) -> int:
        """Add."""
        return number + 1

    @breaker
    async def waiting(number: int) -> int:
        return number + 2

    with pytest.raises(OSError, match="down"), breaker.guard():
        fail()

    assert (plain(1), asyncio.run(waiting(1)), plain.__doc__) == (2, 3, "Add.")
    assert breaker.metrics == {"calls": 3, "failed": 1, "slow": 0, "trips": 0}


def test_awaits_with_the_same_rules(clock: FakeClock) -> None:
    breaker = make(clock, fallback=lambda error: type(error).__name__)

    async def failing() -> None:
        fail()

    async def thrice() -> list[object]:
        return [await breaker.call_async(failing) for _ in range(3)]

    assert asyncio.run(thrice()) == ["OSError", "OSError", "CircuitOpen"]


@pytest.mark.parametrize(
    "options", [{"failure_rate": 0}, {"slow_rate": 2}, {"minimum_calls": 0}, {"half_open_calls": 0}, {"open_for": 0}]
)
def test_options_that_make_no_sense_are_refused(clock: FakeClock, options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"^(a rate is more than 0 and at most 1|calls are at least 1, and times .*)$"):
        make(clock, **options)


# Several environments.


class FakeStore:
    """A store in a dictionary, which may be down."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.kept: dict[str, tuple[bytes, int, float]] = {}
        self.is_down = False
        self.reads = 0

    def get(self, key: str) -> tuple[bytes, int] | None:
        self._check()
        self.reads += 1
        value, version, end = self.kept.get(key, (b"", 0, 0.0))
        return (value, version) if version and self.clock.wall() < end else None

    def put_if(self, key: str, value: bytes, version: object, ttl: float | None = None) -> int | None:
        self._check()
        there = self.get(key)
        if version != "*" and version != (there and there[1]):
            return None
        number = self.kept.get(key, (b"", 0, 0.0))[1] + 1
        self.kept[key] = value, number, self.clock.wall() + (ttl or 1e9)
        return number

    def incr(self, key: str, n: int = 1, ttl: float | None = None) -> int:
        raise NotImplementedError

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)

    def now(self) -> float:
        self._check()
        return self.clock.wall()

    def _check(self) -> None:
        if self.is_down:
            raise StoreError("down")


def test_environments_learn_from_one_another(clock: FakeClock) -> None:
    store = FakeStore(clock)
    one, other = make(clock, store=store), make(clock, store=store)
    outcome(other, succeed)
    outcome(one, fail)
    outcome(one, fail)
    unaware = outcome(other, succeed)
    clock.advance(5)
    aware = outcome(other, succeed)
    clock.advance(25)
    probe = one.call(lambda: outcome(other, succeed))
    clock.advance(5)

    assert (unaware, aware, probe, outcome(other, succeed), other.state) == (
        "fine", "CircuitOpen", "CircuitOpen", "fine", "closed",
    )  # fmt: skip


def test_looks_into_the_store_now_and_then_only(clock: FakeClock) -> None:
    store = FakeStore(clock)
    breaker = make(clock, store=store)
    for _ in range(100):
        breaker.call(succeed)

    assert store.reads == 1


def test_goes_on_by_itself_where_the_store_is_down(clock: FakeClock) -> None:
    store = FakeStore(clock)
    store.is_down = True
    breaker = make(clock, store=store)
    outcomes = [outcome(breaker, one) for one in (succeed, fail, fail, succeed)]
    clock.advance(30)

    assert (outcomes[-1], outcome(breaker, succeed), breaker.state) == ("CircuitOpen", "fine", "closed")


class Reference(RuleBasedStateMachine):
    """A breaker beside the plainest one that could be written."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.breaker = make(self.clock, window=count(5), minimum_calls=3)
        self.last: list[bool] = []
        self.state, self.trips, self.opened, self.now = "closed", 0, 0.0, 0.0

    @rule(failed=st.booleans())
    def call(self, failed: bool) -> None:
        if self.state == "open" and self.now >= self.opened + min(30 * 2 ** (self.trips - 1), 600):
            self.state = "half-open"
        expected = "CircuitOpen" if self.state == "open" else "OSError" if failed else "fine"
        self._count(failed)
        assert outcome(self.breaker, fail if failed else succeed) == expected

    def _count(self, failed: bool) -> None:
        if self.state == "half-open":
            self._open() if failed else self._close()
        elif self.state == "closed":
            self.last = [*self.last, failed][-5:]
            if len(self.last) >= 3 and sum(self.last) * 2 >= len(self.last):
                self._open()

    def _open(self) -> None:
        self.state, self.opened, self.trips = "open", self.now, self.trips + 1

    def _close(self) -> None:
        self.state, self.last, self.trips = "closed", [], 0

    @rule(passed=st.sampled_from([1, 29, 30, 60, 600]))
    def pass_time(self, passed: float) -> None:
        self.clock.advance(passed)
        self.now += passed

    @invariant()
    def is_in_the_same_state(self) -> None:
        assert self.breaker.state == self.state


Reference.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestReference = Reference.TestCase
