import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gwlint.runtime.cache import Cache, FileTier, cached, size_of
from gwlint.runtime.clock import FakeClock
from gwlint.runtime.errors import CacheError


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def cache(clock: FakeClock) -> Cache:
    return Cache(clock=clock)


class Loader:
    """Gives values in turn, or raises them, and counts how often it was asked."""

    def __init__(self, *values: object) -> None:
        self.values = list(values)
        self.times = 0

    def __call__(self) -> object:
        self.times += 1
        value = self.values.pop(0)
        if isinstance(value, Exception):
            raise value
        return value


def test_gives_what_was_put_and_else_the_default(cache: Cache) -> None:
    cache.set("a", 1)

    assert (cache.get("a"), cache.get("b"), cache.get("b", 2), cache.get_many(["a", "b"])) == (1, None, 2, {"a": 1})


def test_limits_and_policies_that_make_no_sense_are_refused() -> None:
    with pytest.raises(CacheError, match=r"^max_entries and max_bytes are at least 1$"):
        Cache(max_entries=0)
    with pytest.raises(CacheError, match=r"^a policy is one of lru, lfu, s3fifo, not 'fifo'$"):
        Cache(policy="fifo")  # type: ignore[arg-type]  # what is refused


@pytest.mark.parametrize("passes", ["advance", "freeze"])
def test_is_over_when_either_clock_says_so(cache: Cache, clock: FakeClock, passes: str) -> None:
    cache.set("a", 1, ttl=60)
    getattr(clock, passes)(59)
    before = cache.get("a")
    getattr(clock, passes)(1)

    assert (before, cache.get("a")) == (1, None)


def test_a_step_back_of_the_wall_clock_lengthens_nothing(cache: Cache, clock: FakeClock) -> None:
    cache.set("a", 1, ttl=60)
    clock.step(-3600)
    clock.advance(60)

    assert cache.get("a") is None


def test_tells_and_renews_how_long_an_entry_lives(cache: Cache, clock: FakeClock) -> None:
    cache.set("a", 1, ttl=60)
    cache.set("b", 1)
    clock.advance(50)

    assert (cache.ttl("a"), cache.ttl("b"), cache.ttl("c")) == (10, float("inf"), None)
    assert (cache.touch("a", 60), cache.touch("c"), cache.ttl("a")) == (True, False, 60)


def test_removes_by_key_tag_prefix_and_namespace(cache: Cache) -> None:
    for key, tags in {"user:1": ("eu",), "user:2": ("us",), "users": ("eu",), "rate:1": ("eu", "us")}.items():
        cache.set(key, key, tags=tags)

    assert (cache.delete("rate:1"), cache.delete("rate:1")) == (True, False)
    assert (cache.invalidate(tag="eu", prefix="users"), cache.invalidate(namespace="user"), len(cache)) == (1, 2, 0)


def test_removes_everything_unless_told_what(cache: Cache) -> None:
    cache.set_many({"a": 1, "b": 2, 3: 4})

    assert (cache.invalidate(), len(cache), cache.stats.bytes) == (3, 0, 0)


def test_keeps_within_its_bytes_and_nothing_that_is_larger() -> None:
    cache = Cache(max_bytes=10_000)
    for number in range(100):
        cache.set(number, "x" * 1000)
    cache.set(99, "x" * 20_000)

    assert (cache.get(99), cache.get(98) is not None, cache.stats.bytes <= 10_000) == (None, True, True)


def test_evicts_the_least_recently_used() -> None:
    cache = Cache(max_entries=2)
    cache.set("a", 1)
    cache.set("b", 2)
    cache.get("a")
    cache.set("c", 3)

    assert cache.get_many("abc") == {"a": 1, "c": 3}


def test_evicts_the_least_frequently_used() -> None:
    cache = Cache(max_entries=2, policy="lfu")
    cache.set("a", 1)
    cache.get("a")
    cache.set("b", 2)
    cache.set("c", 3)

    assert cache.get_many("abc") == {"a": 1, "c": 3}


def test_a_scan_does_not_wash_out_what_is_used_again() -> None:
    cache = Cache(max_entries=100, policy="s3fifo")
    for key in range(50):
        cache.set(key, key)
        cache.get(key)
    for key in range(1000, 2000):
        cache.set(key, key)

    assert len(cache.get_many(range(50))) == 50


@pytest.mark.parametrize("policy", ["lru", "lfu", "s3fifo"])
@given(st.lists(st.tuples(st.sampled_from(["set", "get", "delete"]), st.integers(0, 12)), max_size=200))
def test_never_holds_too_many_nor_mixes_them_up(policy: str, steps: list[tuple[str, int]]) -> None:
    cache, known = Cache(max_entries=5, policy=policy), {}  # type: ignore[arg-type]  # one of the names
    for number, (step, key) in enumerate(steps):
        if step == "set":
            cache.set(key, number)
            known[key] = number
        elif step == "delete":
            cache.delete(key)
            known.pop(key, None)
        assert cache.get(key) in (None, known.get(key))
        assert len(cache) <= 5


def test_loads_what_is_missing_once(cache: Cache) -> None:
    loader = Loader("rates")

    assert [cache.get_or_load("a", loader) for _ in range(3)] == ["rates"] * 3
    assert (loader.times, cache.stats.loads) == (1, 1)


def test_sixteen_threads_load_a_cold_key_once() -> None:
    cache, start, finish = Cache(), threading.Barrier(16), threading.Event()
    times: list[int] = []

    def loader() -> str:
        times.append(1)
        finish.wait(0.05)
        return "rates"

    def ask() -> object:
        start.wait()
        return cache.get_or_load("a", loader)

    with ThreadPoolExecutor(16) as pool:
        got = [one.result() for one in [pool.submit(ask) for _ in range(16)]]

    assert (got, len(times)) == (["rates"] * 16, 1)


def test_a_failure_is_told_and_not_kept(cache: Cache) -> None:
    loader = Loader(OSError("down"), "rates")

    with pytest.raises(OSError, match="down"):
        cache.get_or_load("a", loader)
    assert cache.get_or_load("a", loader) == "rates"
    assert (cache.stats.loads, cache.stats.failed_loads) == (2, 1)


def test_a_loader_that_asks_for_its_own_key_is_told_so(cache: Cache) -> None:
    def loader() -> object:
        return cache.get_or_load("b", lambda: cache.get_or_load("a", loader))

    with pytest.raises(CacheError, match=r"^loading 'a' takes itself: 'a' -> 'b' -> 'a'$"):
        cache.get_or_load("a", loader)


def test_nothing_is_kept_for_as_long_as_is_said(cache: Cache, clock: FakeClock) -> None:
    loader = Loader(None, "there now")
    first = cache.get_or_load("a", loader, ttl=600, negative_ttl=5)
    clock.advance(4)
    second = cache.get_or_load("a", loader, ttl=600, negative_ttl=5)
    clock.advance(1)

    assert (first, second, cache.get_or_load("a", loader, ttl=600, negative_ttl=5)) == (None, None, "there now")


def test_the_old_value_is_given_where_loading_fails(cache: Cache, clock: FakeClock) -> None:
    loader = Loader("old", OSError("down"), OSError("down"))
    cache.get_or_load("a", loader, ttl=60, stale_if_error=60)
    clock.advance(119)
    stale = cache.get_or_load("a", loader, ttl=60, stale_if_error=60)
    clock.advance(1)

    assert (stale, cache.stats.stale) == ("old", 1)
    with pytest.raises(OSError, match="down"):
        cache.get_or_load("a", loader, ttl=60, stale_if_error=60)


def test_one_revalidates_while_others_get_the_old_value(cache: Cache, clock: FakeClock) -> None:
    cache.get_or_load("a", lambda: "old", ttl=60, stale_while_revalidate=60)
    clock.advance(60)

    def loader() -> str:
        meanwhile.append(cache.get_or_load("a", lambda: "never", ttl=60, stale_while_revalidate=60))
        return "new"

    meanwhile: list[object] = []

    assert cache.get_or_load("a", loader, ttl=60, stale_while_revalidate=60) == "new"
    assert (meanwhile, cache.get("a")) == (["old"], "new")


@pytest.mark.parametrize(
    "outdate",
    [
        lambda cache: cache.invalidate(tag="eu"),
        lambda cache: cache.invalidate(prefix="us"),
        lambda cache: cache.invalidate(),
        lambda cache: cache.delete("user"),
    ],
)
def test_what_is_outdated_while_it_is_loaded_is_not_kept(cache: Cache, outdate: object) -> None:
    def loader() -> str:
        outdate(cache)  # type: ignore[operator]  # one of the functions above
        return "loaded before"

    assert cache.get_or_load("user", loader, tags=["eu"]) == "loaded before"
    assert cache.get("user") is None


def test_what_is_put_while_it_is_loaded_stays(cache: Cache) -> None:
    def loader() -> str:
        cache.set("a", "put meanwhile")
        return "loaded before"

    assert (cache.get_or_load("a", loader), cache.get("a")) == ("loaded before", "put meanwhile")


def test_gives_up_half_under_pressure() -> None:
    pressure = [0.5]
    cache = Cache(max_entries=1000, memory=lambda: pressure[0], size_of=lambda _: 1)
    cache.set_many(dict.fromkeys(range(512), "x"))
    before = len(cache)
    pressure[0] = 0.9
    cache.set_many(dict.fromkeys(range(512, 768), "x"))

    assert (before, len(cache), cache.stats.shrunk) == (512, 384, 1)


def test_secrets_go_before_a_snapshot(cache: Cache) -> None:
    cache.set("a", "public")
    cache.set("b", "secret", secret=True)
    cache.drop_secrets()

    assert cache.get_many("ab") == {"a": "public"}


def test_keeps_results_by_arguments(clock: FakeClock) -> None:
    calls: list[tuple[int, int]] = []

    @cached(ttl=60, cache=Cache(clock=clock))
    def add(one: int, other: int = 0) -> int:
        """Add."""
        calls.append((one, other))
        return one + other

    first = [add(1), add(1), add(1, other=2), add(1, 2)]
    clock.advance(60)

    assert (first, add(1), calls, add.__doc__) == ([1, 1, 3, 3], 1, [(1, 0), (1, 2), (1, 2), (1, 0)], "Add.")


def test_keeps_results_by_a_key_that_is_made_of_the_arguments() -> None:
    calls: list[object] = []

    @cached(key=lambda event: event["id"])
    def handle(event: dict[str, int]) -> int:
        calls.append(event)
        return len(calls)

    assert [handle({"id": 1}), handle({"id": 1}), handle({"id": 2})] == [1, 1, 2]


def test_sizes_count_what_is_held_once() -> None:
    text = "x" * 1000
    circular: list[object] = [text, text]
    circular.append(circular)

    assert size_of(circular) == sys.getsizeof(circular) + sys.getsizeof(text)


def test_sizes_of_much_are_told_from_some_of_it() -> None:
    texts = [f"{number:0100}" for number in range(10_000)]

    assert size_of(texts) == pytest.approx(sum(map(sys.getsizeof, texts)) + sys.getsizeof(texts), rel=0.1)


class Model(RuleBasedStateMachine):
    """A cache beside a dictionary with ends, where time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.cache = Cache(clock=self.clock, max_bytes=None, max_entries=10_000)
        self.known: dict[int, tuple[int, float]] = {}
        self.now = 0.0

    @rule(key=st.integers(0, 5), value=st.integers(), ttl=st.sampled_from([None, 1, 10]))
    def put(self, key: int, value: int, ttl: float | None) -> None:
        self.cache.set(key, value, ttl=ttl)
        self.known[key] = value, float("inf") if ttl is None else self.now + ttl

    @rule(seconds=st.sampled_from([0.5, 1, 5, 10]), frozen=st.booleans())
    def pass_time(self, seconds: float, frozen: bool) -> None:
        self.clock.advance(seconds)
        self.now += seconds
        if frozen:
            self.clock.step(-seconds / 2)

    @rule(key=st.integers(0, 5))
    def load(self, key: int) -> None:
        fresh = self._fresh()
        assert self.cache.get_or_load(key, lambda: -1, ttl=10) == fresh.get(key, -1)
        if key not in fresh:
            self.known[key] = -1, self.now + 10

    @rule(key=st.integers(0, 5))
    def delete(self, key: int) -> None:
        self.cache.delete(key)
        self.known.pop(key, None)

    @precondition(lambda self: self.known)
    @rule()
    def clear(self) -> None:
        self.cache.invalidate()
        self.known.clear()

    @invariant()
    def holds_the_same(self) -> None:
        assert self.cache.get_many(range(6)) == self._fresh()

    def _fresh(self) -> dict[int, int]:
        return {key: value for key, (value, end) in self.known.items() if self.now < end}


Model.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestModel = Model.TestCase


def test_threads_do_not_disturb_it() -> None:
    cache, switch = Cache(max_entries=50), sys.getswitchinterval()

    def work(seed: int) -> int:
        for number in range(1500):
            key = (number * seed) % 97
            found = cache.get_or_load(key, lambda key=key: key * 2, tags=[str(key % 3)])  # type: ignore[misc]
            if found != key * 2:
                return 1
            if number % 50 == 0:
                cache.invalidate(tag=str(seed % 3))
        return 0

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            wrong = sum(pool.map(work, range(1, 9)))
    finally:
        sys.setswitchinterval(switch)

    assert (wrong, len(cache) <= 50, cache.stats.bytes >= 0) == (0, True, True)


# Tiers.


@pytest.fixture
def tier(tmp_path: Path, clock: FakeClock) -> FileTier:
    return FileTier(str(tmp_path), clock=clock)


def test_another_process_finds_what_is_in_files(tier: FileTier, tmp_path: Path, clock: FakeClock) -> None:
    Cache(tiers=[tier], clock=clock).set("a", {"rates": [1, 2.5, None, True]}, ttl=60, tags=["eu"])
    clock.advance(20)
    other = Cache(tiers=[FileTier(str(tmp_path), clock=clock)], clock=clock)

    assert (other.get("a"), other.ttl("a")) == ({"rates": [1, 2.5, None, True]}, 40)


def test_files_are_over_when_their_time_is(tier: FileTier, clock: FakeClock, tmp_path: Path) -> None:
    tier.set("a", 1, 60, ())
    clock.advance(60)

    assert (tier.get("a"), list(tmp_path.iterdir())) == (None, [])


@pytest.mark.parametrize("broken", [b"", b"x", b"\xff" * 100])
def test_a_broken_file_is_not_there(tier: FileTier, tmp_path: Path, broken: bytes) -> None:
    tier.set("a", 1, None, ())
    for path in tmp_path.iterdir():
        path.write_bytes(broken)

    assert tier.get("a") is None


@given(st.binary(min_size=1, max_size=3), st.integers(0, 200))
def test_any_change_to_a_file_is_noticed(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int) -> None:
    folder = tmp_path_factory.mktemp("tier")
    tier = FileTier(str(folder))
    tier.set("a", "value", None, ())
    (path,) = folder.iterdir()
    content = path.read_bytes()
    changed = content[:at] + noise + content[at + len(noise) :]
    path.write_bytes(changed)

    assert (tier.get("a") is None) == (changed != content)


def test_only_what_json_gives_back_is_kept_in_files(tier: FileTier, clock: FakeClock) -> None:
    cache = Cache(tiers=[tier], clock=clock)
    for key, value in {"a": (1, 2), "b": {1: 2}, "c": float("nan"), "d": object()}.items():
        cache.set(key, value)
    cache.set("e", [1])

    assert [tier.get(key) is not None for key in "abcde"] == [False] * 4 + [True]
    assert (cache.get("a"), cache.stats.tier_errors) == ((1, 2), 4)


def test_secrets_are_in_no_file(tier: FileTier, clock: FakeClock, tmp_path: Path) -> None:
    Cache(tiers=[tier], clock=clock).set("a", "secret", secret=True)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("policy", ["lru", "lfu", "s3fifo"])
def test_what_grows_does_not_make_room_for_itself(policy: Literal["lru", "lfu", "s3fifo"]) -> None:
    cache = Cache(max_bytes=10, policy=policy, size_of=lambda part: part if isinstance(part, int) else 0)
    cache.set_many({"a": 4, "b": 4})
    for _ in range(5):
        cache.get("b")
    cache.set("a", 7)
    entries = cache.get_many("ab")
    cache.set("a", 11)

    assert (entries, cache.get("a"), cache.stats.bytes) == ({"a": 7}, None, 0)


def test_what_is_too_large_or_secret_by_now_is_not_left_in_files_as_it_was(tier: FileTier, clock: FakeClock) -> None:
    cache = Cache(tiers=[tier], max_bytes=1000, clock=clock)
    cache.set_many({"a": "old", "b": "old"})
    cache.set("a", "x" * 1000)
    cache.set("b", "new", secret=True)

    assert (cache.get("a"), cache.get("b"), tier.get("b")) == (None, "new", None)


def test_the_oldest_files_make_room(tmp_path: Path) -> None:
    tier = FileTier(str(tmp_path), max_bytes=20_000)
    for number in range(50):
        tier.set(f"key{number}", "x" * 1000, None, ())

    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 20_000
    assert tier.get("key49") is not None


def test_what_is_outdated_goes_from_files_too(tier: FileTier, tmp_path: Path, clock: FakeClock) -> None:
    cache = Cache(tiers=[tier], clock=clock)
    for key, tags in {"user:1": ["eu"], "user:2": ["us"], "rate:1": ["eu"]}.items():
        cache.set(key, 1, tags=tags)
    cache.invalidate(tag="eu", prefix="user:")
    cache.delete("rate:1")

    fresh = Cache(tiers=[FileTier(str(tmp_path), clock=clock)], clock=clock)
    assert fresh.get_many(["user:1", "user:2", "rate:1"]) == {"user:2": 1}
