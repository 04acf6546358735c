"""The embedded metric format by its public specification: what it has against a line."""

import json
from collections.abc import Iterator

from gwlint.runtime.metrics import UNITS


def refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def problems(line: str) -> Iterator[str]:
    """Yield what the public specification of the format has against a line."""
    if len(line.encode()) > 256 * 1024 or not line.endswith("\n") or line.count("\n") != 1:
        yield "is no line, or too long"
    blob = json.loads(line, parse_constant=refuse)
    if set(blob["_aws"]) != {"Timestamp", "CloudWatchMetrics"} or not isinstance(blob["_aws"]["Timestamp"], int):
        yield "has no metadata"
    for directive in blob["_aws"]["CloudWatchMetrics"]:
        yield from _problems_of(directive, blob)


def _problems_of(directive: dict[str, list[object]], blob: dict[str, object]) -> Iterator[str]:
    if not isinstance(directive["Namespace"], str) or not 1 <= len(directive["Namespace"]) <= 1024:
        yield "has no namespace"
    for dimensions in directive["Dimensions"]:
        assert isinstance(dimensions, list)
        yield from ("has too many dimensions" for _ in dimensions[30:])
        for name in dimensions:
            value = blob.get(name)
            if not (isinstance(value, str) and 1 <= len(value) <= 1024 and value.isascii() and 1 <= len(name) <= 250):
                yield f"has no dimension {name!r}"
    if len(directive["Metrics"]) > 100:
        yield "has too many metrics"
    for definition in directive["Metrics"]:
        assert isinstance(definition, dict)
        values = blob.get(definition["Name"])
        if definition.get("Unit") not in UNITS or definition.get("StorageResolution", 60) not in (1, 60):
            yield f"has a wrong definition of {definition['Name']!r}"
        numbers = values if isinstance(values, list) else [values]
        if not 1 <= len(numbers) <= 100 or any(type(one) not in (int, float) for one in numbers):
            yield f"has no values of {definition['Name']!r}"
