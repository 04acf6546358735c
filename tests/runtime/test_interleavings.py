"""What has to hold in whatever order two or three threads go on."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from gwlint.runtime import cache_core, circuit_breaker_core, flight, store_memory
from gwlint.runtime.cache import Cache
from gwlint.runtime.cache_tiers import Found
from gwlint.runtime.circuit_breaker import CircuitBreaker
from gwlint.runtime.clock import FakeClock
from gwlint.runtime.errors import CircuitOpen
from gwlint.runtime.flight import NOTHING, Circle, Flights
from gwlint.runtime.singleton import Registry
from gwlint.runtime.store import ANY
from gwlint.runtime.store_memory import MemoryStore

from .scheduling import DeadlockError, History, ScheduledLock, Work, explore, is_linearizable, pause


@pytest.fixture(autouse=True)
def scheduled_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (flight, cache_core, circuit_breaker_core, store_memory):
        monkeypatch.setattr(module, "Lock", ScheduledLock)


# The scheduler itself.


def test_finds_every_order() -> None:
    orders: list[str] = []

    def build() -> list[Work]:
        orders.append("")

        def say(what: str) -> None:
            for _ in range(2):
                pause()
                orders[-1] += what

        return [lambda: say("a"), lambda: say("b")]

    for _ in explore(build):
        pass

    assert {"aabb", "abab", "abba", "baab", "baba", "bbaa"} == set(orders)


def test_finds_a_lost_update_and_only_with_as_many_preemptions_as_it_takes() -> None:
    numbers: list[int] = []

    def build() -> list[Work]:
        numbers.append(0)

        def add() -> None:
            number = numbers[-1]
            pause()
            numbers[-1] = number + 1

        return [add, add]

    unpreempted = [numbers[-1] for _ in explore(build, preemptions=0)]
    all_orders = [numbers[-1] for _ in explore(build)]

    assert (set(unpreempted), set(all_orders)) == ({2}, {1, 2})


def test_finds_a_deadlock() -> None:
    def build() -> list[Work]:
        one, other = ScheduledLock(), ScheduledLock()

        def take(first: ScheduledLock, second: ScheduledLock) -> None:
            with first, second:
                pass

        return [lambda: take(one, other), lambda: take(other, one)]

    with pytest.raises(DeadlockError):
        list(explore(build))


def register(state: object, name: str, args: tuple[object, ...]) -> tuple[object, object]:
    return (args[0], None) if name == "write" else (state, state)


def test_tells_what_could_have_been_one_after_the_other() -> None:
    during = [("write", (1,), None, 1, 4), ("read", (), 1, 2, 3)]
    before = [("write", (1,), None, 1, 2), ("read", (), 0, 3, 4)]

    assert (is_linearizable(during, register, 0), is_linearizable(before, register, 0)) == (True, False)


# Flights and singletons.


def test_makes_a_thing_once_in_every_order() -> None:
    made: list[int] = []
    got: list[object] = []

    def build() -> list[Work]:
        made.clear()
        got.clear()
        flights = Flights()

        def make(_: object) -> str:
            pause()
            made.append(1)
            return "made"

        def ask() -> None:
            got.append(flights.run("a", lambda: "made" if made else NOTHING, make))

        return [ask, ask, ask]

    outcomes = {(len(made), tuple(got)) for _ in explore(build, preemptions=2)}

    assert outcomes == {(1, ("made",) * 3)}


def test_a_failure_is_told_to_those_who_wait_and_tried_again_by_others() -> None:
    tries: list[int] = []
    got: list[str] = []

    def build() -> list[Work]:
        tries.clear()
        got.clear()
        flights = Flights()

        def make(_: object) -> str:
            tries.append(1)
            pause()
            raise OSError

        def ask() -> None:
            try:
                flights.run("a", lambda: NOTHING, make)
            except OSError:
                got.append("failed")

        return [ask, ask]

    outcomes = {(len(tries), tuple(got)) for _ in explore(build, preemptions=3)}

    assert outcomes == {(1, ("failed",) * 2), (2, ("failed",) * 2)}


def test_a_circle_through_two_threads_never_hangs() -> None:
    got: list[str] = []

    def build() -> list[Work]:
        got.clear()
        flights = Flights()
        needs = {"a": "b", "b": "a"}

        def make(making: Any) -> object:
            return flights.run(needs[making.key], lambda: NOTHING, make)

        def ask(key: str) -> None:
            try:
                flights.run(key, lambda: NOTHING, make)
            except Circle:
                got.append("circle")

        return [lambda: ask("a"), lambda: ask("b")]

    assert {tuple(got) for _ in explore(build, preemptions=3)} == {("circle", "circle")}


def test_a_singleton_is_made_once_in_every_order() -> None:
    made: list[object] = []
    got: list[object] = []

    def build() -> list[Work]:
        made.clear()
        got.clear()
        registry = Registry()

        def factory() -> object:
            pause()
            made.append(object())
            return made[-1]

        registry.register("a", factory)
        return [lambda: got.append(registry.get("a"))] * 3

    outcomes = {(len(made), len(set(map(id, got))), len(got)) for _ in explore(build, preemptions=2)}

    assert outcomes == {(1, 1, 3)}


# Caches.


def test_a_cold_key_is_loaded_once_in_every_order() -> None:
    loads: list[int] = []
    got: list[object] = []

    def build() -> list[Work]:
        loads.clear()
        got.clear()
        cache = Cache(max_bytes=None, clock=FakeClock())

        def loader() -> str:
            loads.append(1)
            pause()
            return "rates"

        return [lambda: got.append(cache.get_or_load("a", loader))] * 3

    outcomes = {(len(loads), tuple(got)) for _ in explore(build, preemptions=1)}

    assert outcomes == {(1, ("rates",) * 3)}


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda cache: cache.delete("a"), {None, "new"}),
        (lambda cache: cache.invalidate(), {None, "new"}),
        (lambda cache: cache.invalidate(tag="eu"), {None, "new"}),
        (lambda cache: cache.set("a", "put"), {"put"}),
    ],
)
def test_nothing_outdated_stays_in_whatever_order_it_is_loaded(
    change: Callable[[Cache], object], left: set[object]
) -> None:
    caches: list[Cache] = []

    def build() -> list[Work]:
        source = ["old"]
        cache = Cache(max_bytes=None, clock=FakeClock())
        caches.append(cache)

        def loader() -> str:
            value = source[0]
            pause()
            return value

        def write() -> None:
            source[0] = "new"
            pause()
            change(cache)

        return [lambda: cache.get_or_load("a", loader, tags=["eu"]), write]

    assert {caches[-1].get("a") for _ in explore(build, preemptions=3)} <= left


class Shelf:
    """A tier in a dictionary, which takes its time."""

    def __init__(self) -> None:
        self.kept = {"a": Found("old", None, ())}

    def get(self, key: str) -> Found | None:
        found = self.kept.get(key)
        pause()
        return found

    def set(self, key: str, value: object, ttl: float | None, tags: tuple[str, ...]) -> None:
        pause()
        self.kept[key] = Found(value, ttl, tags)

    def delete(self, key: str) -> None:
        self.kept.pop(key, None)

    def invalidate(self, tag: str | None, prefix: str | None) -> None:
        self.kept.clear()


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda cache: cache.delete("a"), None),
        (lambda cache: cache.invalidate(), None),
        (lambda cache: cache.set("a", "put"), "put"),
    ],
)
def test_nothing_outdated_comes_back_out_of_a_tier(change: Callable[[Cache], object], left: object) -> None:
    caches: list[Cache] = []

    def build() -> list[Work]:
        cache = Cache(max_bytes=None, clock=FakeClock(), tiers=[Shelf()])
        caches.append(cache)
        return [lambda: cache.get("a"), lambda: change(cache)]

    assert {caches[-1].get("a") for _ in explore(build)} == {left}


def test_nothing_outdated_gets_into_a_tier_either() -> None:
    caches: list[Cache] = []

    def build() -> list[Work]:
        source, shelf = ["old"], Shelf()
        shelf.kept.clear()
        cache = Cache(max_bytes=None, clock=FakeClock(), tiers=[shelf])
        caches.append(cache)

        def write() -> None:
            source[0] = "new"
            cache.delete("a")

        return [lambda: cache.get_or_load("a", lambda: source[0]), write]

    assert {caches[-1].get("a") for _ in explore(build, preemptions=3)} == {None, "new"}


def cell(state: object, name: str, args: tuple[Any, ...]) -> tuple[object, object]:
    """Is a cache of one key."""
    if name == "get":
        return state, state
    if name == "set":
        return args[1], None
    if name == "delete":
        return None, state is not None
    return (args[1], args[1]) if state is None else (state, state)


@pytest.mark.parametrize("others", [("get", "delete"), ("set", "get"), ("load", "get"), ("delete", "load")])
def test_a_key_of_a_cache_is_linearizable(others: tuple[str, str]) -> None:
    histories: list[History] = []

    def build() -> list[Work]:
        cache, history = Cache(max_bytes=None, clock=FakeClock()), History()
        histories.append(history)

        def load(key: str, value: object) -> object:
            return cache.get_or_load(key, lambda: value)

        calls: dict[str, Work] = {
            "get": lambda: history.call(cache.get, "a"),
            "set": lambda: history.call(cache.set, "a", 2),
            "load": lambda: history.call(load, "a", 3),
            "delete": lambda: history.call(cache.delete, "a"),
        }

        def first() -> None:
            history.call(cache.set, "a", 1)
            history.call(cache.get, "a")

        return [first, lambda: [calls[name]() for name in others]]

    assert all(is_linearizable(histories[-1].calls, cell, None) for _ in explore(build, preemptions=2))


# Circuit breakers.


def test_one_probes_in_every_order() -> None:
    entered: list[int] = []
    rejected: list[int] = []

    def build() -> list[Work]:
        entered.clear()
        rejected.clear()
        clock = FakeClock()
        breaker = CircuitBreaker("rates", minimum_calls=1, clock=clock)
        with pytest.raises(OSError, match="down"):
            breaker.call(fail)
        clock.advance(30)

        def probe() -> None:
            entered.append(1)
            pause()
            fail()

        def ask() -> None:
            try:
                breaker.call(probe)
            except CircuitOpen:
                rejected.append(1)
            except OSError:
                return

        return [ask, ask, ask]

    outcomes = {(len(entered), len(rejected)) for _ in explore(build, preemptions=3)}

    assert outcomes == {(1, 2)}


def fail() -> None:
    raise OSError("down")


def test_opens_once_whoever_fails_first() -> None:
    changes: list[tuple[str, str]] = []

    def build() -> list[Work]:
        changes.clear()
        breaker = CircuitBreaker("rates", minimum_calls=2, clock=FakeClock())
        breaker.on_transition(lambda _, before, after: changes.append((before, after)))

        def ask() -> None:
            try:
                breaker.call(fail)
            except (CircuitOpen, OSError):
                return

        return [ask, ask, ask]

    assert {tuple(changes) for _ in explore(build, preemptions=3)} == {(("closed", "open"),)}


# Stores.


def kept(state: Any, name: str, args: tuple[Any, ...]) -> tuple[object, object]:
    """Is a store of one key, without its versions: None, or a value."""
    if name == "get":
        return state, state
    if name == "incr":
        number = int(state or 0) + 1
        return b"%d" % number, number
    if name == "delete":
        return None, None
    is_put = args[1] is ANY or state is None
    return (args[0] if is_put else state), is_put


@pytest.mark.parametrize(
    "programs",
    [
        [("incr", "get"), ("incr", "delete")],
        [("create", "get"), ("create", "delete")],
        [("incr", "incr"), ("delete",), ("get",)],
        [("replace", "get"), ("create",), ("delete",)],
        [("create",), ("create",), ("get", "get")],
    ],
)
def test_a_key_of_a_store_is_linearizable(programs: Sequence[Sequence[str]]) -> None:
    histories: list[History] = []

    def build() -> list[Work]:
        store, history = MemoryStore(clock=FakeClock()), History()
        histories.append(history)

        def get() -> object:
            found = store.get("a")
            return None if found is None else found[0]

        def incr() -> object:
            return store.incr("a")

        def delete() -> object:
            return store.delete("a")  # type: ignore[func-returns-value]  # None, as of the model

        def put(value: bytes, version: Any) -> object:
            return store.put_if("a", value, version) is not None

        calls: dict[str, Work] = {
            "get": lambda: history.call(get),
            "incr": lambda: history.call(incr),
            "delete": lambda: history.call(delete),
            "create": lambda: history.call(put, b"7", None),
            "replace": lambda: history.call(put, b"9", ANY),
        }
        return [lambda program=program: [calls[name]() for name in program] for program in programs]  # type: ignore[misc]  # bound now

    assert all(is_linearizable(histories[-1].calls, kept, None) for _ in explore(build, preemptions=2))
