"""What others write of the same values. Their packages need not be there."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from gwlint.runtime.metrics import UNITS, Metrics
from tests.runtime.emf import problems

Values = list[tuple[str, float, str]]

SANE: list[Values] = [
    [("Orders", 1, "Count")],
    [("Orders", 1, "Count"), ("Latency", 12.5, "Milliseconds"), ("Orders", 2, "Count")],
    [("Size", float(number), "Bytes") for number in range(100)],
    [(f"Metric{number}", number, "None") for number in range(100)],
    [("Rate", 0, "Megabits/Second"), ("Cold", -1.5, "Percent"), ("Large", 1e15, "Microseconds")],
]


def ours(values: Values) -> list[str]:
    written: list[str] = []
    metrics = Metrics("shop", dimensions={"service": "orders"}, write=written.append)
    for name, value, unit in values:
        metrics.add(name, value, unit)
    metrics.flush()
    return written


def powertools(values: Values) -> list[str]:
    provider = pytest.importorskip(
        "aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch", reason="Powertools is not installed"
    )
    metrics = provider.AmazonCloudWatchEMFProvider(namespace="shop", service="orders", metric_set={})
    for name, value, unit in values:
        # It writes a line by itself as soon as there are a hundred metrics, or values of one.
        metrics.metric_set.setdefault(name, {"Unit": unit, "StorageResolution": 60, "Value": []})["Value"].append(value)
    return [json.dumps(metrics.serialize_metric_set()) + "\n"]


def embedded_metrics(values: Values) -> list[str]:
    reason = "aws-embedded-metrics is not installed"
    contexts = pytest.importorskip("aws_embedded_metrics.logger.metrics_context", reason=reason)
    serializers = pytest.importorskip("aws_embedded_metrics.serializers.log_serializer", reason=reason)
    context = contexts.MetricsContext.empty()
    context.namespace = "shop"
    context.set_dimensions([{"service": "orders"}])
    for name, value, unit in values:
        context.put_metric(name, value, unit)
    return [f"{line}\n" for line in serializers.LogSerializer.serialize(context)]


def meaning(lines: list[str]) -> object:
    """Return what CloudWatch is told: namespace and dimensions, and of each metric its unit and values."""
    metrics: dict[object, list[float]] = {}
    for line in lines:
        blob: Any = json.loads(line)  # Any: JSON
        (directive,) = blob["_aws"]["CloudWatchMetrics"]
        dimensions = tuple((name, blob[name]) for names in directive["Dimensions"] for name in names)
        for definition in directive["Metrics"]:
            name = definition["Name"]
            values = blob[name] if isinstance(blob[name], list) else [blob[name]]
            key = (
                directive["Namespace"],
                dimensions,
                name,
                definition["Unit"],
                definition.get("StorageResolution", 60),
            )
            metrics.setdefault(key, []).extend(values)
    return metrics


@pytest.mark.parametrize("others", [powertools, embedded_metrics])
@pytest.mark.parametrize("values", SANE, ids=range(len(SANE)))
def test_others_write_what_the_specification_says_and_mean_the_same(
    others: Callable[[Values], list[str]], values: Values
) -> None:
    lines = others(values)

    assert [problem for line in lines for problem in problems(line)] == []
    assert meaning(ours(values)) == meaning(lines)


def test_others_know_the_same_units() -> None:
    units = pytest.importorskip("aws_lambda_powertools.metrics", reason="Powertools is not installed").MetricUnit

    assert {unit.value for unit in units} == UNITS
