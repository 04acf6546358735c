import io
import json
import logging as stdlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint import runtime
from gwlint.runtime import logging
from gwlint.runtime.clock import FakeClock
from gwlint.runtime.context import Context, entered
from gwlint.runtime.logging import Budget, Logger

SECRET = "s3cr3t-4711"
ROOT = "1-5759e988-bd862e3fe1be46a994272793"
INVOCATION = Context(
    request_id="8c5e",
    function_name="shop",
    function_arn="arn:aws:lambda:::shop",
    memory_mb=128,
    correlation_id="c-1",
    trace_id=f"Root={ROOT};Parent=53995c3f42cd8ad8;Sampled=1",
    cold_start=True,
)


class Written(list[str]):
    """What was written, write by write."""

    @property
    def read(self) -> list[dict[str, object]]:
        return [json.loads(line, parse_constant=_refuse) for line in self]

    @property
    def messages(self) -> list[object]:
        return [line["message"] for line in self.read]


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def logger(written: Written, clock: FakeClock) -> Logger:
    return Logger("orders", redact=False, write=written.append, clock=clock, env={})


def masked(value: object) -> object:
    """Redact as a stranger would: by the name of a key, and in texts."""
    if isinstance(value, dict):
        return {
            masked(key): "***" if isinstance(key, str) and key.lower() == "password" else masked(held)
            for key, held in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [masked(one) for one in value]
    return value.replace(SECRET, "***") if isinstance(value, str) else value


class Hostile:
    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


class Telling:
    def __str__(self) -> str:
        return f"knows {SECRET}"


def circle() -> list[object]:
    one: list[object] = []
    one.append(one)
    return one


def deep(levels: int) -> object:
    value: object = "bottom"
    for _ in range(levels):
        value = {"down": value}
    return value


# Lines.


def test_writes_a_line_of_json_with_the_keys_of_the_runtime(written: Written, logger: Logger) -> None:
    with entered(INVOCATION):
        logger.info("order placed", order=17, total=9.5)

    assert "".join(written) == (
        '{"timestamp":"2023-11-14T22:13:20.000Z","level":"INFO","message":"order placed","logger":"orders",'
        f'"correlationId":"c-1","traceId":"{ROOT}","requestId":"8c5e","order":17,"total":9.5}}\n'
    )


def test_says_of_an_exception_what_the_runtime_does(written: Written, logger: Logger) -> None:
    try:
        raise KeyError("order")
    except KeyError:
        logger.exception("no such order", order=17)
    (line,) = written.read
    trace, location = line.pop("stackTrace"), line.pop("location")

    assert line == {
        "timestamp": "2023-11-14T22:13:20.000Z",
        "level": "ERROR",
        "message": "no such order",
        "logger": "orders",
        "order": 17,
        "errorType": "KeyError",
        "errorMessage": "'order'",
    }
    assert isinstance(trace, list)
    assert 'raise KeyError("order")' in trace[-1]
    assert isinstance(location, str)
    assert location.split(":")[1] == "test_says_of_an_exception_what_the_runtime_does"


def test_has_the_keys_of_powertools_by_an_option(written: Written, clock: FakeClock) -> None:
    logger = Logger("orders", format="powertools", redact=False, write=written.append, clock=clock)
    with entered(INVOCATION):
        logger.info("order placed", order=17)
        logger.error("no order", exc_info=ValueError("x"))
    first, second = written.read
    location = str(first.pop("location"))

    assert first == {
        "timestamp": "2023-11-14 22:13:20,000+0000",
        "level": "INFO",
        "message": "order placed",
        "service": "orders",
        "function_name": "shop",
        "function_memory_size": 128,
        "function_arn": "arn:aws:lambda:::shop",
        "function_request_id": "8c5e",
        "correlation_id": "c-1",
        "xray_trace_id": ROOT,
        "cold_start": True,
        "order": 17,
    }
    assert location.startswith("test_has_the_keys_of_powertools_by_an_option:")
    assert (second["exception_name"], second["exception"]) == ("ValueError", "ValueError: x\n")


def test_writes_text_where_the_environment_says_so(written: Written, clock: FakeClock) -> None:
    env = {"AWS_LAMBDA_LOG_FORMAT": "Text", "AWS_LAMBDA_LOG_LEVEL": "WARN"}
    logger = Logger(redact=False, write=written.append, clock=clock, env=env)
    with entered(Context(request_id="8c5e")):
        logger.info("not this")
        logger.warning('a "line"\nor two', order=17)
        logger.error("down")

    assert written == [
        '[WARNING]\t2023-11-14T22:13:20.000Z\t8c5e\ta "line"\\nor two\t{"order":17}\n',
        "[ERROR]\t2023-11-14T22:13:20.000Z\t8c5e\tdown\n",
    ]


@pytest.mark.parametrize(
    ("env", "level"),
    [
        ({}, "INFO"),
        ({"AWS_LAMBDA_LOG_LEVEL": "TRACE"}, "DEBUG"),
        ({"AWS_LAMBDA_LOG_LEVEL": "fatal"}, "CRITICAL"),
        ({"AWS_LAMBDA_LOG_LEVEL": "loud"}, "INFO"),
    ],
)
def test_takes_its_level_from_the_environment(written: Written, env: dict[str, str], level: str) -> None:
    logger = Logger(redact=False, write=written.append, env=env)
    for log in (logger.debug, logger.info, logger.warning, logger.error, logger.critical):
        log("x")

    assert written.read[0]["level"] == level


def test_adds_what_is_bound_and_what_the_context_has(written: Written, logger: Logger) -> None:
    bound = logger.bind(order=17, shop="a").bind(shop="b")
    with entered(Context(fields={"tenant": "t", "order": 1})):
        bound.info("x", item=2)
        bound.info("y", order=18)
        logger.info("z")
    members = [{name: line.get(name) for name in ("tenant", "order", "shop", "item")} for line in written.read]

    assert members == [
        {"tenant": "t", "order": 17, "shop": "b", "item": 2},
        {"tenant": "t", "order": 18, "shop": "b", "item": None},
        {"tenant": "t", "order": 1, "shop": None, "item": None},
    ]


def test_a_field_that_is_called_like_one_of_its_own_has_another_name(written: Written, logger: Logger) -> None:
    logger.info("x", message=1, level=2, msg=3, self=4, timestamp=5, message_field=6)
    logger.bind(requestId=7).info("y")
    first, second = written.read

    assert (first["message"], first["level"], first["message_field"], first["message_field_field"]) == (
        "x",
        "INFO",
        1,
        6,
    )
    assert (first["msg"], first["self"], first["timestamp_field"], second["requestId_field"]) == (3, 4, 5, 7)


def test_knows_traces_of_both_kinds(written: Written, logger: Logger) -> None:
    for trace in (f"Parent=1;Root={ROOT}", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "own"):
        with entered(Context(trace_id=trace)):
            logger.info("x")

    assert [line["traceId"] for line in written.read] == [ROOT, "4bf92f3577b34da6a3ce929d0e0e4736", "own"]


# Whatever is logged.


@pytest.mark.parametrize(
    ("value", "shown", "problem"),
    [
        (circle(), ["<list>"], "circular reference"),
        (Hostile(), "<Hostile>", "no text: RuntimeError"),
        ([Hostile(), 1], ["<Hostile>", 1], "no text: RuntimeError"),
        ({(1, 2): "a", Hostile(): "b", 3: "c"}, {"(1, 2)": "a", "<Hostile>": "b", "3": "c"}, "no text: RuntimeError"),
        (float("nan"), None, "number not finite"),
        ([1, -float("inf")], [1, None], "number not finite"),
        ([10**5000], ["<int>"], "number too large"),
    ],
)
def test_what_json_can_not_hold_is_as_near_as_can_be(
    written: Written, logger: Logger, value: object, shown: object, problem: str
) -> None:
    logger.info("x", value=value, other=1)
    (line,) = written.read

    assert (line["message"], line["value"], line["other"], line["log_error"]) == ("x", shown, 1, problem)


def test_what_is_5000_deep_is_cut_off(written: Written, logger: Logger) -> None:
    logger.info("x", value=deep(5000), other=1)
    (line,) = written.read

    assert (line["message"], line["other"], line["log_error"]) == ("x", 1, "too deep")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({1, 2}, [1, 2]),
        (b"caf\xc3\xa9 \xff", "café \ufffd"),
        (ValueError("x"), "ValueError: x"),
        (Path("a/b"), "a/b"),
        ({1: {2: 3}}, {"1": {"2": 3}}),
        ("lone \udc80 surrogate", "lone ? surrogate"),
        ("a\nb\x00\u2028\x85", "a\nb\x00\u2028\x85"),
    ],
)
def test_what_has_a_plain_form_is_written_by_it(written: Written, logger: Logger, value: object, shown: object) -> None:
    logger.info("x", value=value)
    (line,) = written.read

    assert (line["value"], "log_error" in line, written[0].count("\n")) == (shown, False, 1)


@pytest.mark.parametrize("message", [Hostile(), ValueError("x"), None, {"a": 1}, 7, circle()])
def test_a_message_can_be_anything(written: Written, logger: Logger, message: object) -> None:
    logger.info(message, order=17)
    (line,) = written.read

    assert line["order"] == 17


@pytest.mark.parametrize("character", ["x", "é", '"', "\x00", "\U0001f600"])
def test_a_line_is_no_longer_than_it_may_be(written: Written, logger: Logger, character: str) -> None:
    logger.info(character * 300_000, body=character * 400_000, order=17)
    (line,) = written.read
    (text,) = written

    assert 200_000 < len(text.encode()) <= 256 * 1024
    assert (str(line["log_error"])[:9], line["order"], str(line["message"])[0]) == ("cut, from", 17, character)


def test_many_parts_are_as_many_as_there_is_room_for(written: Written) -> None:
    logger = Logger(redact=False, write=written.append, max_bytes=16 * 1024)
    logger.info("x", **{f"field{number}": "y" * 100 for number in range(5000)}, items=list(range(100_000)))
    (line,) = written.read

    assert (line["message"], len(written[0]) <= 16 * 1024) == ("x", True)


_ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.binary()
    | st.builds(Hostile)
    | st.builds(Telling)
    | st.text(st.characters(codec=None, exclude_categories=()))
    | st.just(SECRET)
    | st.builds(circle),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3) | st.integers() | st.just(SECRET) | st.none(), inner, max_size=3)
        | st.tuples(inner, inner)
        | st.builds(lambda one: {"password": one}, inner)
        | st.builds(ValueError, inner)
    ),
    max_leaves=12,
)
_FIELDS = st.dictionaries(st.text(max_size=8) | st.sampled_from(["message", "level", "password", "exc_info"]), _ANY)


@given(_ANY, _FIELDS, _FIELDS, st.sampled_from(["json", "powertools"]))
def test_whatever_is_logged_is_one_line_of_strict_json_without_secrets(
    message: object, fields: dict[str, object], bound: dict[str, object], form: Literal["json", "powertools"]
) -> None:
    written = Written()
    logger = Logger("orders", format=form, redact=masked, write=written.append).bind(**bound)
    with entered(Context(fields=bound, correlation_id=SECRET)):
        logger.error(message, **fields)

    assert (len(written), written[0].count("\n"), len(written.read), logger.lost) == (1, 1, 1, 0)
    assert SECRET not in written[0]


# Redaction.


@pytest.mark.parametrize(
    "value", [Telling(), {Telling(): 1}, [ValueError(SECRET)], {"x": (SECRET, {SECRET})}, deep(500)]
)
def test_what_becomes_text_is_redacted_too(written: Written, value: object) -> None:
    logger = Logger(redact=masked, write=written.append)
    logger.info(f"say {SECRET}", value=value, password=1)
    (line,) = written.read

    assert (line["message"], line["password"], SECRET in written[0]) == ("say ***", "***", False)


def test_the_gateway_to_security_redacts_unless_told_otherwise(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    security = SimpleNamespace(redact=masked)
    monkeypatch.setitem(sys.modules, "gwlint.runtime.security", security)
    monkeypatch.setattr(runtime, "security", security, raising=False)
    Logger(write=written.append).bind(password=1).info(f"say {SECRET}", password=2)

    assert (written.messages, written.read[0]["password"]) == (["say ***"], "***")


def test_many_parts_are_written_as_they_are(written: Written, logger: Logger) -> None:
    rows = [{"number": number} for number in range(200)]
    logger.info("x", rows=rows)

    assert (written.read[0]["rows"], "log_error" in written.read[0]) == (rows, False)


def test_an_exception_is_redacted(written: Written) -> None:
    for form in ("json", "powertools"):
        Logger(format=form, redact=masked, write=written.append).error("x", exc_info=ValueError(SECRET))

    assert [SECRET in line for line in written] == [False, False]


def test_what_can_not_be_redacted_is_withheld_but_its_line_is_there(written: Written) -> None:
    def broken(_: object) -> object:
        raise RuntimeError("broken")

    Logger("orders", redact=broken, write=written.append).info("x", order=17)
    Logger("orders", redact=str, write=written.append).info("x", order=17)
    lines = [(line["message"], line.get("log_error"), "order" in line) for line in written.read]

    assert lines == [
        ("<withheld: it could not be redacted>", "redaction failed: RuntimeError", False),
        ("<withheld: it could not be redacted>", None, False),
    ]


# Writing.


class Counting(io.RawIOBase):
    """A file that keeps each write for itself."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.writes.append(bytes(data))  # type: ignore[call-overload]  # a buffer
        return len(self.writes[-1])


@pytest.mark.parametrize("size", [10, 8000, 9000, 200_000])
def test_a_line_on_standard_output_is_one_write_of_the_system(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    raw = Counting()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8"))
    logger = Logger(redact=False, env={})
    for _ in range(3):
        logger.info("x" * size)

    assert [data.count(b"\n") for data in raw.writes] == [1, 1, 1]


def test_what_knows_only_ascii_gets_ascii(monkeypatch: pytest.MonkeyPatch, written: Written) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    Logger(redact=False, env={}).info("café \U0001f600")
    out.seek(0)

    assert json.loads(out.read())["message"] == "café \U0001f600"


def test_what_can_not_be_written_is_counted(clock: FakeClock) -> None:
    def write(_: str) -> None:
        raise OSError("the pipe is closed")

    logger = Logger(redact=False, write=write, clock=clock)
    logger.info("x")

    assert logger.lost == 1


def test_threads_do_not_mix_or_lose_lines(written: Written) -> None:
    logger = Logger(redact=False, write=written.append)

    def work(thread: int) -> None:
        with entered(Context(request_id=str(thread))):
            for number in range(300):
                logger.info("x", thread=thread, number=number)

    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
    finally:
        sys.setswitchinterval(switch)
    lines = written.read

    assert [line for line in lines if line["requestId"] != str(line["thread"])] == []
    assert len({(line["thread"], line["number"]) for line in lines}) == 2400


# What is written, and what is held.


def test_a_share_of_traces_is_written_whole(written: Written) -> None:
    first = Logger(redact=False, sample_rate=0.25, write=written.append)
    second = Logger(redact=False, sample_rate=0.25, write=written.append)
    for number in range(2000):
        with entered(Context(trace_id=f"Root=1-5759e988-{number:024x}")):
            first.debug("x")
            second.debug("x")
    first.debug("no invocation")
    traces = Counter(line["traceId"] for line in written.read)

    assert 400 < len(traces) < 600
    assert set(traces.values()) == {2}


def test_what_is_held_is_written_when_something_goes_wrong(written: Written, clock: FakeClock) -> None:
    logger = Logger(redact=False, buffer_bytes=4096, write=written.append, clock=clock)
    with entered(Context(request_id="1")):
        logger.debug("of another one")
    with entered(Context(request_id="2")):
        logger.debug("before")
        logger.info("at once")
        logger.error("down")
        logger.error("down again")

    assert written.messages == ["at once", "before", "down", "down again"]


def test_what_is_held_is_bounded_and_the_last_of_it_stays(written: Written) -> None:
    logger = Logger(redact=False, buffer_bytes=1000, write=written.append)
    with entered(Context()):
        for number in range(1000):
            logger.debug(str(number))
        logger.flush_buffer()
        logger.flush_buffer()

    assert (written.messages[-1], 5 < len(written) < 20, sum(map(len, written)) <= 1000) == ("999", True, True)


def test_audit_is_written_whatever_the_level(written: Written) -> None:
    logger = Logger(redact=False, level="CRITICAL", write=written.append)
    logger.set_level(100)
    logger.audit("somebody was denied")

    assert written.read[0]["level"] == "AUDIT"


def test_lines_that_repeat_are_counted(written: Written, clock: FakeClock) -> None:
    logger = Logger(redact=False, dedup=10, write=written.append, clock=clock)
    for _ in range(1205):
        logger.info("again", order=17)
        clock.advance(0.001)
    logger.info("again", order=18)
    clock.freeze(10)
    logger.info("other")
    lines = [(line["message"], line.get("order"), line.get("repeated")) for line in written.read]

    assert lines == [("again", 17, None), ("again", 18, None), ("again", 17, 1204), ("other", None, None)]


def test_flush_writes_what_has_repeated_so_far(written: Written, clock: FakeClock) -> None:
    logger = Logger(redact=False, dedup=10, write=written.append, clock=clock, format="text")
    for _ in range(3):
        logger.info("again")
    logging.flush()
    logging.flush()

    assert [line.split("\t", 3)[3] for line in written] == ["again\n", 'again\t{"repeated":2}\n']


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([0, 1, 20])), max_size=60))
def test_no_repeated_line_is_lost(said: list[tuple[str, int]]) -> None:
    written, clock = Written(), FakeClock()
    logger = Logger(redact=False, dedup=10, write=written.append, clock=clock)
    for message, seconds in said:
        logger.info(message)
        clock.advance(seconds)
    logger.flush()
    counted: Counter[object] = Counter()
    for line in written.read:
        counted[line["message"]] += int(str(line.get("repeated", 1)))

    assert counted == Counter(message for message, _ in said)


def test_a_budget_is_kept_to_by_shedding_what_matters_least(written: Written, clock: FakeClock) -> None:
    budget = Budget(bytes_per_hour=20_000, clock=clock)
    logger = Logger(level="DEBUG", redact=False, budget=budget, write=written.append, clock=clock)
    for _ in range(300):
        for log in (logger.debug, logger.info, logger.warning, logger.error, logger.audit):
            log("x" * 20)
    levels = Counter(line["level"] for line in written.read if "shed" not in line)
    size = sum(len(line) for line, read in zip(written, written.read, strict=True) if read["level"] != "AUDIT")

    assert levels["DEBUG"] < levels["INFO"] < levels["WARNING"] < levels["ERROR"] < levels["AUDIT"] == 300
    assert size <= 21_000


def test_a_new_period_begins_with_what_was_shed(written: Written, clock: FakeClock) -> None:
    logger = Logger(
        redact=False, budget=Budget(bytes_per_month=300, clock=clock), write=written.append, clock=clock, env={}
    )
    for _ in range(10):
        logger.info("x" * 100)
    clock.freeze(31 * 86_400)
    logger.info("next")
    logger.info("and so on")

    assert [(line["message"] == "x" * 100, line.get("shed")) for line in written.read] == [
        (True, None),
        (False, {"INFO": 1}),
        (False, {"INFO": 9}),
        (False, None),
        (False, None),
    ]


@pytest.mark.parametrize(
    "options",
    [{"level": "loud"}, {"format": "xml"}, {"sample_rate": 2}, {"dedup": -1}, {"buffer_bytes": -1}, {"max_bytes": 1}],
)
def test_refuses_what_makes_no_logger(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"level|format|sample_rate|max_bytes"):
        Logger(**options)  # type: ignore[arg-type]  # what is wrong


def test_a_budget_is_at_least_a_byte() -> None:
    with pytest.raises(ValueError, match="one byte"):
        Budget(bytes_per_month=0)


def test_tells_what_is_enabled(logger: Logger) -> None:
    assert (logger.is_enabled_for("DEBUG"), logger.is_enabled_for("INFO"), logger.is_enabled_for("?")) == (
        False,
        True,
        True,
    )


# The standard library's logging.


@pytest.fixture
def standard() -> Iterator[stdlib.Logger]:
    made = stdlib.Logger("shop.orders")
    yield made
    made.handlers.clear()


def test_a_handler_writes_the_lines_of_others(written: Written, logger: Logger, standard: stdlib.Logger) -> None:
    standard.addHandler(logging.handler(logger))
    standard.info("order %s", 17, extra={"shop": "a"})
    standard.debug("not this")
    standard.info("order %d", "seventeen")
    try:
        raise ValueError("x")
    except ValueError:
        standard.exception("down")
    first, second, third = written.read

    assert first == {
        "timestamp": "2023-11-14T22:13:20.000Z",
        "level": "INFO",
        "message": "order 17",
        "logger": "shop.orders",
        "shop": "a",
    }
    assert second["message"] == "order %d ['seventeen']"
    assert (third["errorType"], str(third["location"]).split(":")[1]) == (
        "ValueError",
        "test_a_handler_writes_the_lines_of_others",
    )


def test_a_formatter_makes_the_lines_of_other_handlers(logger: Logger, standard: stdlib.Logger) -> None:
    out = io.StringIO()
    handler = stdlib.StreamHandler(out)
    handler.setFormatter(logging.formatter(logger))
    standard.addHandler(handler)
    standard.warning("low", extra={"aws_request_id": "8c5e"})
    line = json.loads(out.getvalue())

    assert (line["level"], line["message"], line["logger"], out.getvalue().count("\n")) == (
        "WARNING",
        "low",
        "shop.orders",
        1,
    )


def test_works_under_another_name_beside_the_library_of_the_same_name(tmp_path: Path) -> None:
    source = Path(logging.__file__).parent
    package = tmp_path / "kit"
    package.mkdir()
    for file in source.glob("*.py"):
        (package / file.name).write_bytes(file.read_bytes())
    program = (
        "import sys; from kit import logging; import logging as stdlib; "
        "logger = logging.Logger('a', redact=False, env={}); logger.info('x'); "
        "eager = {'ssl', 'email', 'asyncio', 'inspect', 'dataclasses', 'decimal', 'typing', 'traceback'} & before; "
        "print(sorted(eager), stdlib.__name__, logging.handler(logger).__class__.__mro__[1].__module__)"
    )
    program = program.replace("import logging as stdlib;", "before = set(sys.modules); import logging as stdlib;")
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()

    assert (json.loads(lines[0])["message"], lines[1]) == ("x", "[] logging logging")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_logs_in_a_child_that_was_made_while_somebody_else_was_logging(tmp_path: Path) -> None:
    program = (
        "import os, sys; from gwlint.runtime.logging import Budget, Logger; "
        "budget = Budget(bytes_per_hour=10_000); "
        "logger = Logger(redact=False, dedup=1, budget=budget, buffer_bytes=1000, env={}); "
        "logger._sink.lock.acquire(); budget._lock.acquire(); child = os.fork(); "
        "child or (logger.debug('held'), logger.error('down'), os._exit(0)); "
        "sys.exit(os.waitpid(child, 0)[1])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)

    assert [json.loads(line)["message"] for line in done.stdout.splitlines()] == ["held", "down"]


def test_a_line_at_the_end_of_the_stack_is_there_all_the_same(written: Written, logger: Logger) -> None:
    def descend(left: int) -> None:
        if left:
            descend(left - 1)
        else:
            logger.info("deep down", number=float("nan"))

    levels = sys.getrecursionlimit()
    while len(written) == 0:
        levels -= 1
        with suppress(RecursionError):
            descend(levels)

    assert written.messages == ["deep down"]
