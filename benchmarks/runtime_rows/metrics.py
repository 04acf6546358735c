"""Three metrics and a flush: one line of the embedded metric format."""

import json
from collections.abc import Callable
from importlib import import_module

from gwlint.runtime.metrics import Metrics


def floor_emf() -> Callable[[], object]:
    """Return what makes JSON of the line, and does nothing else."""
    blob = {
        "_aws": {
            "Timestamp": 1_700_000_000_000,
            "CloudWatchMetrics": [
                {
                    "Namespace": "shop",
                    "Dimensions": [["service"]],
                    "Metrics": [
                        {"Name": "Orders", "Unit": "Count"},
                        {"Name": "Latency", "Unit": "Milliseconds"},
                        {"Name": "Size", "Unit": "Bytes"},
                    ],
                }
            ],
        },
        "service": "orders",
        "Orders": 1,
        "Latency": 12.5,
        "Size": 512,
    }
    return lambda: json.dumps(blob)


def ours_emf() -> Callable[[], object]:
    """Return three values and a flush."""
    metrics = Metrics("shop", dimensions={"service": "orders"}, write=_nowhere)

    def run() -> None:
        metrics.add("Orders", 1, "Count")
        metrics.add("Latency", 12.5, "Milliseconds")
        metrics.add("Size", 512, "Bytes")
        metrics.flush()

    return run


def ours_add() -> Callable[[], object]:
    """Return one value taken in; with the flushes that come of ten thousand of them."""
    metrics = Metrics("shop", dimensions={"service": "orders"}, write=_nowhere)
    return lambda: metrics.add("Orders", 1, "Count")


def powertools_emf() -> Callable[[], object]:
    """Return the same, by Powertools."""
    units = import_module("aws_lambda_powertools.metrics").MetricUnit
    provider = import_module("aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch")
    metrics = provider.AmazonCloudWatchEMFProvider(namespace="shop", service="orders")

    def run() -> None:
        metrics.add_metric("Orders", units.Count, 1)
        metrics.add_metric("Latency", units.Milliseconds, 12.5)
        metrics.add_metric("Size", units.Bytes, 512)
        json.dumps(metrics.serialize_metric_set())
        metrics.clear_metrics()

    return run


def embedded_metrics_emf() -> Callable[[], object]:
    """Return the same, by AWS's library for the format, without its sinks."""
    contexts = import_module("aws_embedded_metrics.logger.metrics_context")
    serializer = import_module("aws_embedded_metrics.serializers.log_serializer").LogSerializer

    def run() -> None:
        context = contexts.MetricsContext.empty()
        context.namespace = "shop"
        context.set_dimensions([{"service": "orders"}])
        context.put_metric("Orders", 1, "Count")
        context.put_metric("Latency", 12.5, "Milliseconds")
        context.put_metric("Size", 512, "Bytes")
        serializer.serialize(context)

    return run


def _nowhere(_: str) -> None:
    pass
