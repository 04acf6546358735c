import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.runtime.clock import FakeClock
from gwlint.runtime.metrics import Metrics, Sketch
from tests.runtime.emf import problems, refuse


class Lines(list[str]):
    """What was written, line by line."""

    @property
    def read(self) -> list[dict[str, object]]:
        return [json.loads(line, parse_constant=refuse) for line in self]


@pytest.fixture
def written() -> Lines:
    return Lines()


@pytest.fixture
def metrics(written: Lines) -> Metrics:
    return Metrics("shop", write=written.append, clock=FakeClock())


def values_of(written: Lines) -> Iterator[tuple[str, list[float]]]:
    """Yield the values of each metric that a line has, with its name."""
    for blob in written.read:
        envelope: Any = blob["_aws"]  # Any: JSON
        for definition in envelope["CloudWatchMetrics"][0]["Metrics"]:
            values: Any = blob[definition["Name"]]  # Any: JSON
            yield definition["Name"], values if isinstance(values, list) else [values]


def totals(written: Lines) -> dict[str, float]:
    """Return the sum of all values by the name of the metric."""
    sums: defaultdict[str, float] = defaultdict(float)
    for name, values in values_of(written):
        sums[name] += sum(values)
    return dict(sums)


def test_writes_a_line_with_values_and_dimensions(written: Lines) -> None:
    metrics = Metrics(
        "shop", dimensions={"service": "orders"}, properties={"version": 3}, write=written.append, clock=FakeClock()
    )
    metrics.add("Orders", 1, "Count")
    metrics.add("Orders", 2, "Count")
    metrics.add("Latency", 12.5, "Milliseconds", resolution=1)
    metrics.flush()

    assert written.read == [
        {
            "_aws": {
                "Timestamp": 1_700_000_000_000,
                "CloudWatchMetrics": [
                    {
                        "Namespace": "shop",
                        "Dimensions": [["service"]],
                        "Metrics": [
                            {"Name": "Orders", "Unit": "Count"},
                            {"Name": "Latency", "Unit": "Milliseconds", "StorageResolution": 1},
                        ],
                    }
                ],
            },
            "version": 3,
            "service": "orders",
            "Orders": [1, 2],
            "Latency": 12.5,
        }
    ]


def test_writes_nothing_of_nothing_and_everything_once(metrics: Metrics, written: Lines) -> None:
    metrics.flush()
    metrics.add("Orders", 1)
    metrics.flush()
    metrics.flush()

    assert len(written) == 1


def test_each_set_of_dimensions_has_a_line(metrics: Metrics, written: Lines) -> None:
    metrics.add("Orders", 1, shop="a")
    metrics.add("Orders", 2, shop="b")
    metrics.add("Orders", 3, shop="a")
    metrics.flush()

    assert [(blob["shop"], blob["Orders"]) for blob in written.read] == [("a", [1, 3]), ("b", 2)]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), True, "1", None, 1e200, [1]])
def test_what_is_no_number_is_counted_and_left_out(metrics: Metrics, written: Lines, value: float) -> None:
    metrics.add("Orders", value)
    metrics.add("Orders", 5)
    metrics.flush()

    assert (metrics.rejected, totals(written)) == (1, {"Orders": 5})


def test_a_metric_that_is_called_like_a_dimension_keeps_its_value(written: Lines) -> None:
    metrics = Metrics("shop", dimensions={"service": "orders"}, properties={"version": 1}, write=written.append)
    metrics.add("service", 1)
    metrics.add("version", 2)
    metrics.add("_aws", 3)
    metrics.flush()
    (blob,) = written.read

    assert (blob["service"], blob["version"]) == ("orders", 1)
    assert totals(written) == {"service_metric": 1, "version_metric": 2, "_aws_metric": 3}
    assert list(problems(written[0])) == []


def test_one_name_with_two_units_is_two_metrics(metrics: Metrics, written: Lines) -> None:
    metrics.add("Size", 1, "Bytes")
    metrics.add("Size", 2, "Count")
    metrics.flush()

    assert (totals(written), list(problems(written[0]))) == ({"Size": 1, "Size_Count": 2}, [])


def test_more_than_a_line_can_hold_takes_more_lines(metrics: Metrics, written: Lines) -> None:
    for number in range(101):
        metrics.add(f"Metric{number}", 1)
    for _ in range(250):
        metrics.add("Many", 1)
    metrics.flush()

    assert [problem for line in written for problem in problems(line)] == []
    assert (totals(written)["Many"], sum(totals(written).values())) == (250, 351)


_NAMES = st.text(max_size=12) | st.sampled_from(["service", "_aws", ":x", "Orders", "é" * 2000, ""])
_VALUES = st.floats() | st.integers() | st.sampled_from([None, "x", 10**400])


@given(
    st.lists(
        st.tuples(
            _NAMES,
            _VALUES,
            st.sampled_from(["Count", "Bytes", "Furlongs"]),
            st.dictionaries(_NAMES, st.text() | st.integers() | st.none(), max_size=40),
        ),
        max_size=40,
    ),
    st.dictionaries(_NAMES, _VALUES, max_size=3),
)
def test_every_line_is_what_the_specification_says(
    added: list[tuple[str, float, str, dict[str, object]]], properties: dict[str, object]
) -> None:
    written = Lines()
    metrics = Metrics("shop", properties=properties, write=written.append)
    for name, value, unit, dimensions in added:
        metrics.put(name, value, unit, dimensions)
    metrics.flush()
    values = sum(len(held) for _, held in values_of(written))

    assert [problem for line in written for problem in problems(line)] == []
    assert values + metrics.rejected == len(added)


@pytest.mark.parametrize("unit", [["Count"], None, 7])
def test_a_unit_that_is_none_is_no_unit(metrics: Metrics, written: Lines, unit: str) -> None:
    metrics.add("Orders", 1, unit)
    metrics.flush()

    assert (totals(written), list(problems(written[0]))) == ({"Orders": 1}, [])


def test_the_same_is_said_of_a_metric_however_often(metrics: Metrics, written: Lines) -> None:
    for _ in range(3):
        metrics.add("Orders", 1.5, "Count")
        metrics.add("Orders", 2, "Count", shop="a")
        metrics.flush()

    assert written[:2] == written[2:4] == written[4:]


def test_dimensions_are_told_apart_by_what_is_written_of_them(metrics: Metrics, written: Lines) -> None:
    for value in (1, True, 1.0, "1"):
        metrics.add("Orders", 1, shop=value)
    metrics.flush()

    assert [(blob["shop"], blob["Orders"]) for blob in written.read] == [("1", [1, 1]), ("True", 1), ("1.0", 1)]


class Number(float):
    def __repr__(self) -> str:
        return "no number"


def test_a_number_of_another_type_is_written_as_a_number(metrics: Metrics, written: Lines) -> None:
    metrics.add("Orders", Number(1.5))
    metrics.add("State", HTTPStatus.OK)
    metrics.flush()

    assert totals(written) == {"Orders": 1.5, "State": 200}


class Hostile:
    def __str__(self) -> str:
        raise RuntimeError("no text")


def test_what_has_no_text_breaks_nothing(written: Lines) -> None:
    metrics = Metrics("shop", properties={"who": Hostile()}, write=written.append)
    metrics.put(Hostile(), 1, "Count", {"who": Hostile()})  # type: ignore[arg-type]  # what is hostile
    metrics.flush()

    assert (totals(written), list(problems(written[0]))) == ({"<Hostile>": 1}, [])


def test_much_beside_the_values_is_no_more_than_a_line(written: Lines) -> None:
    metrics = Metrics("shop", properties={"body": "x" * 1_200_000}, write=written.append)
    metrics.add("Orders", 1)
    metrics.flush()

    assert list(problems(written[0])) == []


def test_twenty_thousand_values_of_eight_threads_are_twenty_thousand(written: Lines) -> None:
    metrics, switch = Metrics("shop", write=written.append), sys.getswitchinterval()

    def work(_: int) -> None:
        for number in range(2500):
            metrics.add("Orders", 1)
            if number % 500 == 0:
                metrics.flush()

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
    finally:
        sys.setswitchinterval(switch)
    metrics.flush()

    assert totals(written) == {"Orders": 20_000}


def test_what_waits_is_bounded(metrics: Metrics, written: Lines) -> None:
    for _ in range(25_000):
        metrics.add("Orders", 1)

    assert totals(written)["Orders"] == 20_002


def test_only_so_many_metrics_are_made_and_no_value_is_lost(written: Lines) -> None:
    metrics = Metrics("shop", budget=10, write=written.append)
    for user in range(1000):
        metrics.add("Orders", 1, user=user)
    metrics.flush()
    made = [blob for blob in written.read if "_aws" in blob]
    others = [blob for blob in written.read if "_aws" not in blob]

    assert (len(made), len(others), metrics.over_budget) == (10, 990, 990)
    assert others[0] == {"user": "10", "metrics_over_budget": {"Orders": 1}}


def test_what_matters_keeps_its_place(written: Lines) -> None:
    metrics = Metrics("shop", budget=2, keep=["Errors"], write=written.append)
    for name in ("Orders", "Visits", "Errors"):
        metrics.add(name, 1)
    metrics.flush()

    assert metrics.plan() == [("Orders", {}, True), ("Visits", {}, False), ("Errors", {}, True)]


def test_a_month_has_a_budget_of_its_own(written: Lines) -> None:
    clock = FakeClock()
    metrics = Metrics("shop", budget=1, write=written.append, clock=clock)
    for name in ("Orders", "Visits"):
        metrics.add(name, 1)
        metrics.flush()
        clock.freeze(31 * 86_400)

    assert (metrics.over_budget, totals(written)) == (0, {"Orders": 1, "Visits": 1})


def test_measures_what_takes_time_and_also_what_fails(written: Lines) -> None:
    clock = FakeClock()
    metrics = Metrics("shop", write=written.append, clock=clock)
    with metrics.timer("Latency", path="/"):
        clock.advance(0.25)
    with pytest.raises(OSError, match="down"), metrics.timer("Latency", path="/"):
        raise OSError("down")
    metrics.flush()

    assert (totals(written), metrics.percentiles("Gone")) == ({"Latency": 250}, {})
    assert metrics.percentiles("Latency", [1.0]) == {1.0: pytest.approx(250, rel=0.01)}


def test_what_can_not_be_written_breaks_nothing() -> None:
    def write(_: str) -> None:
        raise OSError("the pipe is closed")

    metrics = Metrics("shop", write=write)
    metrics.add("Orders", 1)
    metrics.flush()

    assert metrics.rejected == 1


def test_writes_to_standard_output_unless_told_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    metrics = Metrics("shop", clock=FakeClock())
    metrics.add("Orders", 1)
    metrics.flush()

    assert list(problems(capsys.readouterr().out)) == []


@given(st.lists(st.floats(1e-6, 1e9), min_size=1, max_size=300), st.sampled_from([0.0, 0.5, 0.9, 0.99, 1.0]))
def test_percentiles_are_wrong_by_a_hundredth_at_most(values: list[float], share: float) -> None:
    sketch = Sketch()
    for value in values:
        sketch.add(value)
    exact = sorted(values)[int(share * (len(values) - 1))]

    assert sketch.percentile(share) == pytest.approx(exact, rel=0.0101)


def test_there_is_no_percentile_of_no_values() -> None:
    with pytest.raises(ValueError, match="of no values"):
        Sketch().percentile(0.5)
