"""Invocations, batches, and what is done once."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.runtime import lambda_invocation, singleton
from gwlint.runtime.clock import FakeClock
from gwlint.runtime.context import Context, current, entered, limited
from gwlint.runtime.errors import Invalid, StoreError
from gwlint.runtime.lambda_ import Idempotency, Problem, Response, Router, batch, handler
from gwlint.runtime.store import ANY, Version
from tests.runtime import events

Event = dict[str, Any]  # Any: JSON


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(lambda_invocation, "_first", [True])
    yield
    singleton.reset()


def seen(event: object = None, environ: dict[str, str] | None = None, **options: Any) -> Context:
    found: list[Context] = []
    run = handler(environ=environ or {}, **options)(lambda event, context: found.append(current()))
    run(event, events.LambdaContext())
    return found[0]


def test_knows_the_invocation() -> None:
    known = seen(service="shop")

    assert (
        known.request_id, known.function_name, known.memory_mb, known.correlation_id, known.fields,
    ) == ("r-1", "orders", 128, "r-1", {"service": "shop"})  # fmt: skip
    assert current().request_id == ""


@pytest.mark.parametrize(
    ("event", "environ", "expected"),
    [
        (events.rest(), {"_X_AMZN_TRACE_ID": "Root=1-env"}, "Root=1-env"),
        (events.rest(), {}, "Root=1-abc"),
        ({"Records": [{"attributes": {"AWSTraceHeader": "Root=1-sqs"}}]}, {}, "Root=1-sqs"),
        (None, {}, ""),
    ],
)
def test_finds_the_trace(event: object, environ: dict[str, str], expected: str) -> None:
    assert seen(event, environ).trace_id == expected


def test_takes_the_id_of_the_caller() -> None:
    assert seen(events.http()).correlation_id == "c-1"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("", True), ("on-demand", True), ("provisioned-concurrency", False), ("snap-start", False),
        ("lambda-managed-instances", False),
    ],
)  # fmt: skip
def test_tells_a_cold_start(kind: str, expected: bool) -> None:
    environ = {"AWS_LAMBDA_INITIALIZATION_TYPE": kind}

    assert [seen(environ=environ).cold_start for _ in range(2)] == [expected, False]


def test_keeps_a_margin_of_the_time_by_either_clock() -> None:
    clock = FakeClock()
    known = seen(clock=clock, timeout_margin=1.0)
    before = known.remaining()
    clock.freeze(1.5)

    assert (before, known.remaining()) == (2.0, 0.5)


def test_closes_what_was_made_for_the_invocation() -> None:
    closed: list[str] = []
    registry = singleton.Registry()
    registry.register("table", lambda: "table", scope="invocation", close=closed.append)
    singleton.register("queue", lambda: "queue", scope="invocation", close=closed.append)

    @handler()
    def run(event: object, context: object) -> int:
        registry.get("table")
        singleton.get("queue")
        return len(closed)

    assert (run(None, None), sorted(closed)) == (0, ["queue", "table"])


def test_ends_in_full_whatever_fails(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    @handler(after=(lambda: 1 / 0, lambda: done.append(current().request_id)))
    def run(event: object, context: object) -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        run(events.sqs("a"), events.LambdaContext())

    assert (done, [record.levelno for record in caplog.records]) == (["r-1"], [logging.ERROR])


def test_logs_what_was_not_foreseen_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    @handler()
    def run(event: Event, context: object) -> None:
        raise Problem(404) if event["rawPath"] == "/gone" else ValueError("boom")

    statuses = [run(events.http(path=path), events.LambdaContext())["statusCode"] for path in ("/gone", "/x")]

    assert (statuses, [record.getMessage() for record in caplog.records]) == (
        [404, 500], ["a request could not be answered: request r-1"],
    )  # fmt: skip


def test_renders_responses_and_leaves_everything_else() -> None:
    run = handler()(lambda event, context: event.get("answer", Response("hi")))

    assert run(events.http(), None)["body"] == "hi"
    assert run({"answer": {"statusCode": 200}}, None) == {"statusCode": 200}


def test_a_guard_stands_before_the_function() -> None:
    def guard(function: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(event: Event, context: object) -> Any:  # Any: as the function has it
            if event["rawPath"] == "/closed":
                raise Problem(403)
            return function(Checked(event), context)

        return guarded

    app = Router()
    app.get("/open")(lambda request: type(request.checked).__name__)
    run = handler(guard=guard)(app)

    assert [run(events.http(path=path), None)["statusCode"] for path in ("/open", "/closed")] == [200, 403]
    assert run(events.http(path="/open"), None)["body"] == "Checked"


class Checked:
    def __init__(self, event: Event) -> None:
        self.event = event


def test_warns_before_the_time_is_over() -> None:
    warned: list[str] = []
    told = threading.Event()

    def warn() -> None:
        warned.append(current().request_id)
        told.set()

    @handler(timeout_margin=0.01, on_timeout=warn)
    def slow(event: object, context: object) -> bool:
        return told.wait(5)

    @handler(timeout_margin=0.01, on_timeout=lambda: warned.append("quick"))
    def quick(event: object, context: object) -> bool:
        return True

    assert (slow(None, events.LambdaContext(30)), quick(None, events.LambdaContext(30)), warned) == (
        True, True, ["r-1"],
    )  # fmt: skip


# Sources.


def test_sends_events_to_the_function_of_their_source() -> None:
    app, called = Router(), []

    def noting(name: str) -> Callable[..., None]:
        return lambda event: called.append(name)

    app.sqs("orders")(noting("sqs orders"))
    app.sqs()(noting("sqs"))
    app.sns("alarms")(noting("sns alarms"))
    app.s3("uploads")(noting("s3 uploads"))
    app.kinesis("clicks")(noting("kinesis clicks"))
    app.dynamodb("orders")(noting("dynamodb orders"))
    app.schedule("nightly")(noting("schedule nightly"))
    app.eventbridge("shop", "paid")(noting("shop paid"))
    app.eventbridge("shop")(noting("shop"))
    app.eventbridge(detail_type="paid")(noting("paid"))
    for event in (
        events.sqs("a", "b"), events.sqs("a", queue="other"), events.sns("a"), events.s3("k"), events.kinesis("1"),
        events.dynamodb("1"), events.schedule(), events.eventbridge(), events.eventbridge("shop", "sent"),
        events.eventbridge("bank", "paid"),
    ):  # fmt: skip
        app(event, None)

    assert called == [
        "sqs orders", "sqs orders", "sqs", "sns alarms", "s3 uploads", "kinesis clicks", "dynamodb orders",
        "schedule nightly", "shop paid", "shop", "paid",
    ]  # fmt: skip


@pytest.mark.parametrize("event", [{}, events.websocket(), events.sqs("a"), events.eventbridge(), events.schedule()])
def test_refuses_events_that_there_is_no_function_for(event: Event) -> None:
    with pytest.raises(Invalid):
        Router()(event)


def failing(*bodies: str) -> Callable[[Event], None]:
    def process(record: Event) -> None:
        numbered = record.get("kinesis") or record.get("dynamodb") or {}
        said = record.get("body") or next(iter(numbered.values()))
        if said in bodies:
            raise ValueError(said)

    return process


def failed(event: Event, *bodies: str) -> list[str]:
    answer = batch(event, failing(*bodies), on_error=lambda error: None)
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def test_tells_which_records_are_to_be_tried_again() -> None:
    groups = ("1", "2", "1", "2")

    assert failed(events.sqs("a", "b", "c"), "b") == ["m1"]
    assert failed(events.sqs("a", "b", "c", "d", queue="q.fifo", groups=groups), "a") == ["m0", "m2"]
    assert failed(events.kinesis("1", "2", "3"), "2", "3") == ["2"]
    assert failed(events.dynamodb("1", "2", "3"), "2") == ["2"]
    assert failed(events.dynamodb("1", "2", "3")) == []


def test_leaves_records_that_there_is_no_time_for() -> None:
    clock = FakeClock()
    with limited(2, clock):
        answer = batch(events.sqs("a", "b", "c"), lambda record: clock.advance(1))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m2"}]}


@pytest.mark.parametrize("event", [{}, events.sns("a"), {"Records": [{"eventSource": "aws:sqs"}]}])
def test_refuses_what_is_no_batch_and_has_done_nothing(event: Event) -> None:
    called: list[object] = []

    with pytest.raises(Invalid):
        batch(event, called.append)

    assert called == []


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.booleans()), max_size=8))
def test_keeps_the_order_of_every_group(messages: list[tuple[str, bool]]) -> None:
    done: list[str] = []

    def process(record: Event) -> None:
        if record["body"] == "True":
            raise ValueError
        done.append(record["messageId"])

    event = events.sqs(
        *(str(fails) for _, fails in messages), queue="q.fifo", groups=tuple(group for group, _ in messages)
    )
    again = batch(event, process, on_error=lambda error: None)["batchItemFailures"] if messages else []
    first = {group: next((n for n, (g, fails) in enumerate(messages) if g == group and fails), 99) for group in "xyz"}

    assert done == [f"m{n}" for n, (group, _) in enumerate(messages) if n < first[group]]
    assert {one["itemIdentifier"] for one in again} == {f"m{n}" for n in range(len(messages))} - set(done)


# Once.


class Memory:
    """A store in a dictionary, whose time is that of a clock."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.entries: dict[str, tuple[bytes, int, float]] = {}
        self.versions = 0
        self.is_down = False
        self.lock = threading.Lock()

    def get(self, key: str) -> tuple[bytes, Version] | None:
        if self.is_down:
            raise StoreError("down")
        found = self.entries.get(key)
        return None if found is None or found[2] <= self.clock.mono() else found[:2]

    def put_if(self, key: str, value: bytes, version: Version | None, ttl: float | None = None) -> Version | None:
        with self.lock:
            found = self.get(key)
            if version != ANY and version != (None if found is None else found[1]):
                return None
            self.versions += 1
            self.entries[key] = (value, self.versions, self.clock.mono() + (float("inf") if ttl is None else ttl))
            return self.versions

    def incr(self, key: str, n: int = 1, ttl: float | None = None) -> int:
        raise NotImplementedError

    def delete(self, key: str) -> None:
        raise NotImplementedError

    def now(self) -> float:
        return self.clock.wall()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(clock: FakeClock) -> Memory:
    return Memory(clock)


class Payment:
    def __init__(self, result: object = None) -> None:
        self.times = 0
        self.result = result

    def __call__(self) -> object:
        self.times += 1
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result or {"paid": self.times}


def test_does_it_once_until_it_expires(store: Memory, clock: FakeClock) -> None:
    once, pay = Idempotency(store, ttl=10), Payment()
    results = [once.run("7", pay), once.run("7", pay), once.run("8", pay)]
    clock.advance(10)

    assert [*results, once.run("7", pay)] == [{"paid": 1}, {"paid": 1}, {"paid": 2}, {"paid": 3}]


def test_gives_the_same_response_again(store: Memory) -> None:
    once = Idempotency(store)
    pay = Payment(Response({"n": 1}, 201, headers={"X": "1"}, cookies=["a=1"]))

    assert once.run("7", pay).rendered("http") == once.run("7", pay).rendered("http")


def test_refuses_the_same_key_for_something_else(store: Memory) -> None:
    once = Idempotency(store)
    once.run("7", Payment(), {"amount": 1})

    with pytest.raises(Problem) as raised:
        once.run("7", Payment(), {"amount": 2})

    assert raised.value.status == 422


def test_refuses_what_is_being_done(store: Memory, clock: FakeClock) -> None:
    once, statuses = Idempotency(store, lease=5), []

    def asking_again() -> str:
        with pytest.raises(Problem) as raised:
            once.run("7", Payment())
        statuses.append(raised.value.status)
        return "done"

    assert (once.run("7", asking_again), statuses) == ("done", [409])


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt()])
def test_lets_it_be_tried_again_after_it_failed(store: Memory, error: BaseException) -> None:
    once = Idempotency(store)
    with pytest.raises(type(error)):
        once.run("7", Payment(error))

    assert once.run("7", Payment()) == {"paid": 1}


def test_lets_another_one_begin_once_the_time_is_over(store: Memory, clock: FakeClock) -> None:
    once, late = Idempotency(store, lease=5), Payment()

    def stuck() -> object:
        clock.advance(5)
        return [once.run("7", late), "late"]

    with entered(Context()):
        first = once.run("7", stuck)

    assert (first, once.run("7", late), late.times) == ([{"paid": 1}, "late"], {"paid": 1}, 1)


def test_is_held_for_as_long_as_the_invocation_may_take(store: Memory, clock: FakeClock) -> None:
    once = Idempotency(store, lease=1)

    def slow() -> str:
        clock.advance(20)
        with pytest.raises(Problem):
            once.run("7", Payment())
        return "done"

    with limited(30, clock):
        assert once.run("7", slow) == "done"


def test_does_nothing_without_its_store_unless_told_to(store: Memory) -> None:
    store.is_down, pay = True, Payment()
    with pytest.raises(StoreError):
        Idempotency(store).run("7", pay)

    assert (pay.times, Idempotency(store, on_backend_error="run").run("7", pay)) == (0, {"paid": 1})


def test_what_is_done_stays_done_though_it_can_not_be_put_down(store: Memory, caplog: pytest.LogCaptureFixture) -> None:
    def breaking() -> str:
        store.is_down = True
        return "paid"

    assert (Idempotency(store).run("7", breaking), len(caplog.records)) == ("paid", 1)


def test_results_and_payloads_have_to_be_json(store: Memory) -> None:
    once = Idempotency(store)
    with pytest.raises(Invalid):
        once.run("7", object)
    with pytest.raises(Invalid):
        once.run("7", Payment(), {1})


def test_decorates_functions(store: Memory) -> None:
    once = Idempotency(store, name="pay")
    paid: list[int] = []

    @once(key=lambda event: event["id"], payload=lambda event: event)
    def pay(event: Event) -> int:
        paid.append(event["amount"])
        return len(paid)

    event = {"id": "7", "amount": 5}

    assert ([pay(event), pay(json.loads(json.dumps(event)))], paid) == ([1, 1], [5])


def test_is_done_once_by_many_threads(store: Memory) -> None:
    once, pay = Idempotency(store), Payment()
    barrier = threading.Barrier(8)
    got: list[object] = []

    def ask() -> None:
        barrier.wait()
        try:
            got.append(once.run("7", pay))
        except Problem as problem:
            got.append(problem.status)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (pay.times, {json.dumps(one) for one in got} <= {'{"paid": 1}', "409"}) == (1, True)
