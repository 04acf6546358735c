"""Lines of the embedded metric format, of which CloudWatch makes metrics. What it would refuse is put right.

The limits are those of "Specification: Embedded metric format" in the user guide of Amazon CloudWatch.
"""

from __future__ import annotations

from .json_encoder import make_encoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Key = tuple[str, str, int]
    Dimensions = tuple[tuple[str, str], ...]

MOST_METRICS = 100
MOST_VALUES = 100
MOST_DIMENSIONS = 30
LONGEST_NAME = 1024
LONGEST_DIMENSION_NAME = 250
LONGEST_DIMENSION_VALUE = 1024
LONGEST_NAMESPACE = 1024
# 1 MiB is allowed by now, but what subscribes to logs or carries them may not know that yet.
MOST_BYTES = 256 * 1024
METADATA = "_aws"
_GREATEST = 2.0**360
_LEAST = 2.0**-360
_ENVELOPE_BYTES = 2048
# As an integer, the greatest value has 109 digits.
_BYTES_OF_VALUE = 112

_SIZES = (
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
)
_RATES = tuple(f"{size}/Second" for size in _SIZES)
UNITS = frozenset(
    {"None", "Count", "Count/Second", "Percent", "Seconds", "Milliseconds", "Microseconds", *_SIZES, *_RATES}
)
"""Every unit that CloudWatch knows."""

encode = make_encoder()
"""Turns what is in a line into JSON."""


def as_value(value: object) -> float | int | None:
    """Return a value as CloudWatch takes it; None for what is no number, not finite, or beyond what it can hold."""
    kind = type(value)
    if kind is not float and kind is not int:
        if kind is bool or not isinstance(value, (int, float)):
            return None
        # A type made of a number may have a text of its own.
        value = int.__int__(value) if isinstance(value, int) else float.__float__(value)
    if not -_GREATEST <= value <= _GREATEST:  # type: ignore[operator]  # a number, by its type
        return None
    return 0 if -_LEAST < value < _LEAST and value else value  # type: ignore[operator,return-value]  # as above


def as_dimensions(given: Mapping[str, object]) -> Dimensions:
    """Return dimensions as CloudWatch takes them: sorted, as text, no more and no longer than it allows."""
    made = {
        own_name(name)[:LONGEST_DIMENSION_NAME].lstrip(":") or "-": _printable(value)[:LONGEST_DIMENSION_VALUE] or "-"
        for name, value in given.items()
    }
    return tuple(sorted(made.items()))[:MOST_DIMENSIONS]


def own_name(name: object) -> str:
    """Return the name of a member beside the metadata of a line."""
    return "aws" if name == METADATA else _printable(name)


def as_name(name: object) -> str:
    """Return the name of a metric as CloudWatch takes it."""
    return _printable(name)[:LONGEST_NAME] or "-"


def lines(
    namespace: str,
    dimensions: Dimensions,
    metrics: Mapping[Key, list[float]],
    properties: Mapping[str, object],
    timestamp_ms: int,
) -> Iterator[str]:
    """Yield lines of JSON with all values of some metrics, without line ends.

    A metric that is called like one of the dimensions or properties gets another name: they are members of one object.
    """
    taken = {METADATA, *properties, *(name for name, _ in dimensions)}
    head = {**properties, **dict(dimensions)}
    room = room_beside(head)
    batch: dict[Key, list[float]] = {}
    bytes_used = 0
    for key, values in metrics.items():
        for start in range(0, len(values), MOST_VALUES):
            part = values[start : start + MOST_VALUES]
            size = size_of(key[0]) + most_bytes(len(part))
            if batch and (key in batch or len(batch) == MOST_METRICS or bytes_used + size > room):
                yield _line(namespace, head, dimensions, batch, taken, timestamp_ms)
                batch, bytes_used = {}, 0
            batch[key] = part
            bytes_used += size
    if batch:
        yield _line(namespace, head, dimensions, batch, taken, timestamp_ms)


def room_beside(head: Mapping[str, object]) -> int:
    """Return how many bytes of a line there are for metrics, beside some other members."""
    return MOST_BYTES - _ENVELOPE_BYTES - len(encode(head))


def size_of(name: str) -> int:
    """Return how many bytes a metric takes at most, but for its values: its name is there twice."""
    return 2 * len(name) * 6 + 100


def most_bytes(values: int) -> int:
    """Return how many bytes so many values take at most."""
    return _BYTES_OF_VALUE * values


def _line(
    namespace: str,
    head: Mapping[str, object],
    dimensions: Dimensions,
    metrics: Mapping[Key, list[float]],
    taken: set[str],
    timestamp_ms: int,
) -> str:
    definitions: list[dict[str, object]] = []
    members: dict[str, object] = {}
    for (name, unit, resolution), values in metrics.items():
        called = name if name not in taken and name not in members else _other(name, unit, taken, members)
        definition: dict[str, object] = {"Name": called, "Unit": unit}
        if resolution != 60:
            definition["StorageResolution"] = resolution
        definitions.append(definition)
        members[called] = values[0] if len(values) == 1 else values
    directive = {"Namespace": namespace, "Dimensions": [[name for name, _ in dimensions]], "Metrics": definitions}
    return encode({METADATA: {"Timestamp": timestamp_ms, "CloudWatchMetrics": [directive]}, **head, **members})


def _other(name: str, unit: str, taken: set[str], members: Mapping[str, object]) -> str:
    stem = f"{name[: LONGEST_NAME - 40]}_{'metric' if name in taken else unit.replace('/', '_')}"
    number, other = 2, stem
    while other in taken or other in members:
        other, number = f"{stem}_{number}", number + 1
    return other


def _printable(value: object) -> str:
    """Return what CloudWatch takes in names: printable ASCII, and something for each character that isn't."""
    try:
        text = str(value)
    except Exception:
        return f"<{type(value).__name__}>"
    return text if text.isascii() and text.isprintable() else "".join(c if " " <= c <= "~" else "?" for c in text)
