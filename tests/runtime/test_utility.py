import asyncio
import json
import os
import random
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwlint.runtime import utility
from gwlint.runtime.clock import FakeClock
from gwlint.runtime.context import current, limited
from gwlint.runtime.errors import DeadlineExceeded, Invalid, RateLimited
from gwlint.runtime.utility import (
    Bulkhead,
    DeadlineRunner,
    FakeContext,
    Ids,
    Retry,
    RetryBudget,
    deep_merge,
    freeze,
    id_time,
    json_dumps,
    json_dumps_safe,
    memory,
    parse_duration,
    problem_response,
    proxy_response,
    retry,
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


# Ids.


def test_ids_are_uuids_of_version_7_that_tell_their_time(clock: FakeClock) -> None:
    made = Ids(clock=clock).new()

    assert (uuid.UUID(made).version, uuid.UUID(made).variant, id_time(made)) == (7, uuid.RFC_4122, 1_700_000_000.0)


@given(steps=st.lists(st.floats(-10, 10)), drawn=st.sampled_from([b"\x00" * 10, b"\xff" * 10, None]))
def test_ids_grow_whatever_the_clock_does(steps: list[float], drawn: bytes | None) -> None:
    clock = FakeClock()
    ids = Ids(clock=clock, random_bytes=lambda number: drawn or os.urandom(number))
    made = [ids.new()]
    for step in steps:
        clock.step(step)
        made += [ids.new(), ids.new()]

    assert made == sorted(set(made))


def test_ids_of_threads_are_all_different_and_grow_in_each() -> None:
    ids = Ids()

    def work(_: int) -> list[str]:
        return [ids.new() for _ in range(500)]

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(work, range(8)))

    assert all(some == sorted(some) for some in made)
    assert len({one for some in made for one in some}) == 4000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")
def test_ids_of_a_child_process_begin_elsewhere() -> None:
    drawn = iter([b"\x01" * 10, b"\x02" * 10, b"\x03" * 10])
    ids = Ids(clock=FakeClock(), random_bytes=lambda _: next(drawn))
    first = ids.new()
    ids.reseed()
    read, write = os.pipe()
    if os.fork() == 0:
        os.write(write, utility.new_id().encode())
        os._exit(0)
    os.wait()

    assert ids.new()[19:] != first[19:]
    assert os.read(read, 100).decode() != utility.new_id()


def test_what_is_no_id_has_no_time() -> None:
    with pytest.raises(ValueError, match="is not a UUID of version 7"):
        id_time(str(uuid.uuid4()))


# Durations.


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90), ("1.5", 1.5), (30, 30), ("250ms", 0.25), ("1h30m", 5400), ("1h 30m", 5400), ("2 days", 172800),
        ("1 Week, 1 day", 691200), ("PT1H30M", 5400), ("P1DT0.5S", 86400.5), ("P2W", 1209600), (" 5 min ", 300),
    ],
)  # fmt: skip
def test_reads_durations(text: str | float, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "-5",
        "5 parsecs",
        "1m1h",
        "1h1h",
        "P",
        "PT",
        "P1M",
        "1e9",
        "1h30",
        "٣s",
        "9" * 65,
        -1,
        float("nan"),
        True,
    ],
)
def test_refuses_what_is_no_duration(text: str | float) -> None:
    with pytest.raises(Invalid, match="is no length of time"):
        parse_duration(text)


# Deadlines.


def test_returns_and_raises_what_the_function_does() -> None:
    runner = DeadlineRunner()

    with limited(60):
        assert runner.run(lambda one, other: one + other, 1, other=2, seconds=5) == 3
        assert runner.run(lambda: current().remaining(), seconds=5) <= 5
    with pytest.raises(ZeroDivisionError):
        runner.run(lambda: 1 / 0, seconds=5)
    assert runner.lost == 0


def test_a_function_that_hangs_is_left_behind_and_their_number_is_bounded() -> None:
    runner, hang = DeadlineRunner(most_lost=1), threading.Event()
    begin = time.monotonic()
    with pytest.raises(DeadlineExceeded, match=r"^Event.wait took longer than 0.01 seconds$"):
        runner.run(hang.wait, seconds=0.01)
    took = time.monotonic() - begin
    with pytest.raises(RateLimited, match=r"^1 functions are late already, and still running$"):
        runner.run(hang.wait, seconds=0.01)
    lost = runner.lost
    hang.set()
    until = time.monotonic() + 5
    while runner.lost and time.monotonic() < until:
        time.sleep(0.001)

    assert (lost, runner.lost, took < 1) == (1, 0, True)


def test_nothing_is_begun_when_the_time_is_over(clock: FakeClock) -> None:
    with limited(0, clock), pytest.raises(DeadlineExceeded, match=r"^there is no time left$"):
        utility.run_with_deadline(pytest.fail, seconds=5)


# JSON.


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_strict_and_safe_json_say_the_same_of_what_json_has(value: object) -> None:
    assert json.loads(json_dumps(value)) == value
    assert json_dumps_safe(value) == json_dumps(value)


circular: list[object] = []
circular.append({"a": circular})


@pytest.mark.parametrize(
    ("value", "path", "keyword"),
    [
        ({"a": [1, float("nan")]}, "$.a[1]", "number"),
        ({"a": {1: 2}}, "$.a", "propertyNames"),
        ([{1, 2}], "$[0]", "type"),
        (b"", "$", "type"),
        (Decimal(1), "$", "type"),
        (circular, "$[0].a", "depth"),
    ],
)
def test_strict_json_names_what_json_has_not(value: object, path: str, keyword: str) -> None:
    with pytest.raises(Invalid) as error:
        json_dumps(value)

    assert (error.value.path, error.value.keyword) == (path, keyword)


class Hostile(str):
    __slots__ = ()

    def __repr__(self) -> str:
        raise RuntimeError("no")


class Odd:
    def __repr__(self) -> str:
        return "odd" * 1000


def deep(levels: int) -> list[object]:
    value: list[object] = []
    for _ in range(levels):
        value = [value]
    return value


def test_safe_json_makes_something_of_anything() -> None:
    import datetime

    value = {
        1: float("inf"),
        None: b"\xff",
        (1,): {Decimal("1.5")},
        "when": datetime.date(2026, 1, 2),
        "hostile": Hostile("x"),
        "circular": circular,
    }

    assert json.loads(json_dumps_safe(value)) == {
        "1": None,
        "None": "\\xff",
        "(1,)": ["Decimal('1.5')"],
        "when": "2026-01-02",
        "hostile": "[Hostile]",
        "circular": [{"a": "[contains itself]"}],
    }
    assert json_dumps_safe(deep(5000)).count("too deep") == 1
    assert len(json_dumps_safe(Odd())) == 205


def test_json_that_is_too_deep_is_refused() -> None:
    with pytest.raises(Invalid, match="is too deep"):
        json_dumps(deep(5000))


# Data.


def test_frozen_data_can_not_be_changed_and_is_equal() -> None:
    value = {"a": [1, {"b": {2}}], "c": bytearray(b"x")}
    frozen = freeze(value)
    value["a"] = []

    assert frozen == {"a": (1, {"b": frozenset({2})}), "c": b"x"}
    assert freeze(frozen) == frozen
    with pytest.raises(TypeError):
        frozen["a"][1]["b"] = 1
    with pytest.raises(ValueError, match="contains itself"):
        freeze(circular)


def test_merges_deep_and_changes_nothing() -> None:
    one, other = {"a": {"b": 1, "c": [1]}, "d": 1}, freeze({"a": {"c": [2], "e": {"f": 1}}, "d": {}})
    merged = deep_merge(one, other)
    merged["a"]["e"]["f"] = 2

    assert merged == {"a": {"b": 1, "c": (2,), "e": {"f": 2}}, "d": {}}
    assert deep_merge({"a": [1]}, {"a": [2]}, lists="append") == {"a": [1, 2]}
    assert (one, other["a"]["e"]) == ({"a": {"b": 1, "c": [1]}, "d": 1}, {"f": 1})


# Responses.


def test_answers_api_gateway_in_both_versions() -> None:
    options = {"headers": {"X-One": "1", "X-Two": ["1", "2"]}, "cookies": ["a=1", "b=2"]}

    assert proxy_response({"ok": True}, **options) == {  # type: ignore[arg-type]  # as above
        "statusCode": 200,
        "headers": {"X-One": "1", "Content-Type": "application/json"},
        "multiValueHeaders": {"X-Two": ["1", "2"], "Set-Cookie": ["a=1", "b=2"]},
        "body": '{"ok":true}',
        "isBase64Encoded": False,
    }
    assert proxy_response(b"\xff", version=2, **options) == {  # type: ignore[arg-type]  # as above
        "statusCode": 200,
        "headers": {"X-One": "1", "X-Two": "1, 2", "Content-Type": "application/octet-stream"},
        "cookies": ["a=1", "b=2"],
        "body": "/w==",
        "isBase64Encoded": True,
    }


def test_answers_nothing_text_and_problems() -> None:
    answers = [proxy_response("x", status=204), proxy_response("hi"), problem_response(404, "Not Found", detail="a")]

    assert [(one["statusCode"], one["body"], one["headers"].get("Content-Type")) for one in answers] == [
        (204, "", None),
        (200, "hi", "text/plain; charset=utf-8"),
        (404, '{"type":"about:blank","title":"Not Found","status":404,"detail":"a"}', "application/problem+json"),
    ]


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"X": "a\r\nY: b"}},
        {"headers": {"X:": "a"}},
        {"headers": {"": "a"}},
        {"cookies": ["a\n"]},
        {"status": 99},
    ],
)
def test_refuses_headers_that_end_before_they_should(options: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        proxy_response("x", **options)  # type: ignore[arg-type]  # what is refused


# Memory.


def test_tells_how_much_memory_is_used() -> None:
    here = memory(env={"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128"})

    assert (here.used > 2**20, here.limit, here.share) == (True, 128 * 2**20, here.used / 2**27)
    assert utility.memory_share() > 0


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({"sys/fs/cgroup/memory.max": "1000\n"}, 1000),
        ({"sys/fs/cgroup/memory.max": "max\n", "proc/meminfo": "MemTotal:   2 kB\n"}, 2048),
        ({"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 0),
    ],
)
def test_the_limit_is_the_one_that_holds(tmp_path: Path, files: dict[str, str], limit: int) -> None:
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    found = memory(env={}, root=str(tmp_path))

    assert (found.used, found.limit, found.share) == (0, limit, 0.0)


# Bulkheads.


def test_lets_so_many_in_at_once_and_no_more() -> None:
    bulkhead = Bulkhead("rates", most=1)

    with bulkhead, pytest.raises(RateLimited, match=r"^rates: 1 calls are going on already$"):
        bulkhead.call(pytest.fail)
    assert bulkhead.call(lambda: 1) == 1
    with pytest.raises(ValueError, match="at least one call"):
        Bulkhead("rates", most=0)


def test_waits_for_a_place_but_not_beyond_the_deadline(clock: FakeClock) -> None:
    bulkhead, entered, leave = Bulkhead("rates", most=1, wait=10), threading.Event(), threading.Event()

    def hold() -> None:
        entered.set()
        leave.wait()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(bulkhead.call, hold)
        entered.wait()
        with limited(0, clock), pytest.raises(RateLimited):
            bulkhead.call(pytest.fail)
        threading.Timer(0.01, leave.set).start()
        assert bulkhead.call(lambda: 1) == 1


# Retries.


class Flaky:
    """Fails with errors in turn, and then returns."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self, result: str = "fine") -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return result


def half() -> random.Random:
    rng = random.Random()
    rng.random = lambda: 0.5  # type: ignore[method-assign]  # no chance
    return rng


def test_tries_again_later_and_later(clock: FakeClock) -> None:
    flaky = Flaky(ConnectionError(), TimeoutError(), RateLimited("", 0.0))
    result = Retry(attempts=4, base=1, clock=clock, rng=half()).call(flaky, result="x")

    assert (result, clock.slept, flaky.calls) == ("x", [0.5, 1.0, 2.0], 4)


def test_raises_the_last_error_after_the_last_attempt(clock: FakeClock) -> None:
    flaky = Flaky(ConnectionError("1"), ConnectionError("2"), ConnectionError("3"))

    with pytest.raises(ConnectionError, match="2"):
        Retry(attempts=2, clock=clock).call(flaky)
    assert flaky.calls == 2


@pytest.mark.parametrize("on", [(OSError,), lambda error: isinstance(error, OSError)])
def test_only_what_passes_is_tried_again(clock: FakeClock, on: Callable[[Exception], bool]) -> None:
    flaky = Flaky(OSError(), ValueError())

    with pytest.raises(ValueError, match=r"^$"):
        Retry(attempts=5, on=on, clock=clock).call(flaky)
    assert flaky.calls == 2


@pytest.mark.parametrize(
    ("said", "slept"),
    [
        (7.5, [7.5]),
        ("7", [7.0]),
        ("Tue, 14 Nov 2023 22:13:30 GMT", [10.0]),
        ("nonsense", [0.05]),
        (21.0, []),
        ("99", []),
    ],
)
def test_waits_as_long_as_it_is_told_unless_that_is_too_long(
    clock: FakeClock, said: object, slept: list[float]
) -> None:
    error = TimeoutError("busy")
    error.retry_after = said  # type: ignore[attr-defined]  # as HTTP clients do
    try:
        Retry(clock=clock, rng=half()).call(Flaky(error))
    except TimeoutError:
        assert not slept

    assert clock.slept == slept


@settings(deadline=None)
@given(
    seconds=st.floats(0, 100), attempts=st.integers(1, 20), base=st.floats(0.001, 50), seed=st.integers(),
    took=st.floats(0, 5), after=st.floats(0, 30),
)  # fmt: skip
def test_never_sleeps_past_the_deadline(
    seconds: float, attempts: int, base: float, seed: int, took: float, after: float
) -> None:
    over = []

    class Watched(FakeClock):
        def sleep(self, seconds: float) -> None:  # type: ignore[override]  # as in the class it is of
            over.append(seconds >= current().remaining())
            super().sleep(seconds)

    clock = Watched()

    def fail() -> None:
        clock.advance(took)
        raise RateLimited("", after)

    with limited(seconds, clock), pytest.raises(RateLimited):
        Retry(attempts=attempts, base=base, clock=clock, rng=random.Random(seed)).call(fail)

    assert not any(over)


def test_a_budget_bounds_what_retries_add_while_all_fails(clock: FakeClock) -> None:
    budget, flaky = RetryBudget(tokens=10, per_success=0.5), Flaky(*[ConnectionError() for _ in range(1000)])
    guarded = retry(attempts=3, budget=budget, clock=clock)(flaky)
    for _ in range(100):
        with pytest.raises(ConnectionError):
            guarded()
    calls = flaky.calls
    flaky.errors.clear()
    for _ in range(10):
        guarded()

    assert (calls, budget.left) == (110, 5.0)


def test_decorates_functions_and_awaits_coroutines(clock: FakeClock) -> None:
    flaky, left = Flaky(), [ConnectionError()]

    @retry(clock=clock, base=0.0001)
    def named() -> str:
        """Say."""
        return flaky()

    @retry(base=0.0001)
    async def awaited() -> str:
        if left:
            raise left.pop()
        return "awaited"

    @retry(attempts=1)
    async def failing() -> str:
        raise ConnectionError

    assert (named(), named.__name__, named.__doc__) == ("fine", "named", "Say.")
    assert asyncio.run(awaited()) == "awaited"
    with pytest.raises(ConnectionError):
        asyncio.run(failing())
    with pytest.raises(ValueError, match="at least one attempt"):
        retry(attempts=0)


# Doubles.


def test_a_context_counts_down(clock: FakeClock) -> None:
    context = FakeContext(seconds=3, clock=clock)
    clock.advance(1)
    first = context.get_remaining_time_in_millis()
    clock.advance(5)

    assert (first, context.get_remaining_time_in_millis(), context.memory_limit_in_mb) == (2000, 0, "128")


def test_events_are_json_and_say_what_they_are_given() -> None:
    image = {"id": {"S": "1"}}
    events = SimpleNamespace(
        v1=utility.api_gateway_v1_event("POST", "/a", body="{}", headers={"X": "1"}, query={"q": "ä b"}),
        v2=utility.api_gateway_v2_event("POST", "/a", body="{}", headers={"X": "1"}, query={"q": "ä b"}),
        sqs=utility.sqs_event("a", {"b": 1}, fifo_group="g"),
        sns=utility.sns_event({"b": 1}, subject="s"),
        s3=utility.s3_event("a b/ä.txt"),
        bus=utility.eventbridge_event({"a": 1}),
        stream=utility.dynamodb_stream_event((None, image), (image, image), (image, None)),
    )

    assert json.loads(json_dumps(vars(events))) == vars(events)
    assert (events.v1["multiValueHeaders"], events.v2["headers"]) == ({"X": ["1"]}, {"x": "1"})
    assert (events.v1["queryStringParameters"], events.v2["rawQueryString"]) == ({"q": "ä b"}, "q=%C3%A4+b")
    assert [one["body"] for one in events.sqs["Records"]] == ["a", '{"b": 1}']
    assert events.sns["Records"][0]["Sns"]["Message"] == '{"b": 1}'
    assert events.s3["Records"][0]["s3"]["object"]["key"] == "a+b/%C3%A4.txt"
    assert [one["eventName"] for one in events.stream["Records"]] == ["INSERT", "MODIFY", "REMOVE"]
