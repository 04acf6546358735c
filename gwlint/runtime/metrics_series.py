"""What is the same in every line with the values of a metric: it is made once, and values are put between it."""

from __future__ import annotations

from .metrics_emf import MOST_METRICS, MOST_VALUES, encode, lines, most_bytes, room_beside, size_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .metrics_emf import Dimensions, Key
    from .metrics_sketch import Sketch


class Group:
    """Metrics with the same dimensions: what a line of them says besides their names and values."""

    __slots__ = ("_after", "_before", "_namespace", "_properties", "_room", "dimensions", "taken")

    def __init__(self, namespace: str, dimensions: Dimensions, properties: Mapping[str, object]) -> None:
        head = {**properties, **dict(dimensions)}
        names = [name for name, _ in dimensions]
        self.dimensions = dimensions
        self.taken = frozenset(head)
        self._namespace = namespace
        self._properties = properties
        self._room = room_beside(head)
        self._before = (
            f',"CloudWatchMetrics":[{{"Namespace":{encode(namespace)},"Dimensions":{encode([names])},"Metrics":['
        )
        self._after = f"]}}]}},{encode(head)[1:-1]}" if head else "]}]}"

    def lines(self, gathered: Mapping[Series, list[float]], timestamp_ms: int) -> Iterable[str]:
        """Return lines of JSON with all values of some metrics of this group, without line ends."""
        line = self._line(gathered, timestamp_ms)
        if line is not None:
            return (line,)
        values = {series.key: numbers for series, numbers in gathered.items()}
        return lines(self._namespace, self.dimensions, values, self._properties, timestamp_ms)

    def plain_line(self, gathered: Mapping[Series, list[float]]) -> str:
        """Return the same as a line that CloudWatch makes no metrics of."""
        values = {series.key[0]: numbers[0] if len(numbers) == 1 else numbers for series, numbers in gathered.items()}
        return encode({**self._properties, **dict(self.dimensions), "metrics_over_budget": values})

    def _line(self, gathered: Mapping[Series, list[float]], timestamp_ms: int) -> str | None:
        """Return the line that nearly always is enough; None where there have to be several, or other names."""
        definitions, members, names, size = [], [], set(), 0
        for series, numbers in gathered.items():
            count = len(numbers)
            if series.is_taken or count > MOST_VALUES:
                return None
            definitions.append(series.definition)
            members.append(f"{series.member}{numbers[0]!r}" if count == 1 else f"{series.member}{encode(numbers)}")
            names.add(series.member)
            size += series.size + most_bytes(count)
        if len(names) != len(gathered) or len(names) > MOST_METRICS or size > self._room:
            return None
        between = f"{self._before}{','.join(definitions)}{self._after}"
        return f'{{"_aws":{{"Timestamp":{timestamp_ms}{between}{"".join(members)}}}'


class Series:
    """One metric: with what name, unit, resolution and dimensions; and whether it has a place in the budget."""

    __slots__ = ("definition", "group", "has_place", "is_taken", "key", "member", "size", "sketch")

    def __init__(self, group: Group, key: Key, has_place: bool, sketch: Sketch | None) -> None:
        name, unit, resolution = key
        quoted = encode(name)
        more = "" if resolution == 60 else f',"StorageResolution":{resolution}'
        self.group = group
        self.key = key
        self.has_place = has_place
        self.sketch = sketch
        self.is_taken = name in group.taken or name == "_aws"
        self.definition = f'{{"Name":{quoted},"Unit":{encode(unit)}{more}}}'
        self.member = f",{quoted}:"
        self.size = size_of(name)
