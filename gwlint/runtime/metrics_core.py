"""Measured values, gathered without a lock and written as lines that CloudWatch makes metrics of."""

from __future__ import annotations

import sys
import time
from collections import deque

from .clock import CLOCK, Clock
from .metrics_emf import LONGEST_NAMESPACE, UNITS, as_dimensions, as_name, as_value, own_name
from .metrics_series import Group, Series
from .metrics_sketch import Sketch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    from .metrics_emf import Dimensions

_MOST_PENDING = 10_000
_MOST_SKETCHES = 256
_MOST_SERIES = 1000
_RESOLUTIONS = (1, 60)
_DAY = 86_400
_LONGEST_PROPERTY = 8192


class Metrics:
    """Metrics of one namespace. Nothing that is done with it raises because of what was measured.

    Every metric with another name or other dimensions is paid for by the month: of `budget` such ones, None for any
    number, those of `keep` always have their place, and others as they come; the values of what has no place are
    written as plain fields, which can still be searched for. `dimensions` and `properties` are those of every value.
    Values are written by `flush`, or once ten thousand are waiting. `write` is given each line with its end.
    """

    def __init__(
        self,
        namespace: str,
        *,
        dimensions: Mapping[str, object] | None = None,
        properties: Mapping[str, object] | None = None,
        budget: int | None = None,
        keep: Iterable[str] = (),
        write: Callable[[str], object] | None = None,
        clock: Clock = CLOCK,
    ) -> None:
        self.namespace = as_name(namespace)[:LONGEST_NAMESPACE]
        self._dimensions = dict(dimensions or {})
        self._properties = {own_name(name): _plain(value) for name, value in (properties or {}).items()}
        self._budget = budget
        self._keep = frozenset(keep)
        self._write = write
        self._clock = clock
        # Appending and taking from the ends is one step each, whatever other threads do: it needs no lock.
        self._pending: deque[tuple[str, object, str, int, Mapping[str, object]]] = deque()
        self._append = self._pending.append
        self._places: dict[tuple[str, Dimensions], bool] = {}
        self._month: tuple[int, ...] = ()
        self._day = -1.0
        self._groups: dict[Dimensions, Group] = {}
        self._series: dict[object, Series] = {}
        self._sketches: dict[str, Sketch] = {}
        self.rejected = 0
        self.over_budget = 0

    def add(self, name: str, value: float, unit: str = "None", *, resolution: int = 60, **dimensions: object) -> None:
        """Take in a value. What is no finite number is counted in `rejected`, and left out."""
        self._append((name, value, unit, resolution, dimensions))
        if len(self._pending) > _MOST_PENDING:
            self.flush()

    def put(self, name: str, value: float, unit: str = "None", dimensions: Mapping[str, object] | None = None) -> None:
        """Take in a value, as `add` does, with dimensions that may be called anything."""
        self._append((name, value, unit, 60, dimensions or {}))
        if len(self._pending) > _MOST_PENDING:
            self.flush()

    def timer(self, name: str, **dimensions: object) -> Timer:
        """Return what measures the inside of a `with`, in milliseconds."""
        return Timer(self, name, dimensions)

    def percentiles(self, name: str, shares: Iterable[float] = (0.5, 0.95, 0.99)) -> dict[float, float]:
        """Return percentiles of all values written by a name, whatever their dimensions; none of no values."""
        sketch = self._sketches.get(name)
        return {} if sketch is None else {share: sketch.percentile(share) for share in shares}

    def plan(self) -> list[tuple[str, dict[str, str], bool]]:
        """Return the metrics of this month: name, dimensions, and whether it has a place in the budget."""
        return [(name, dict(dimensions), has_place) for (name, dimensions), has_place in list(self._places.items())]

    def flush(self) -> None:
        """Write what is there, each value once; what is added meanwhile may be among it."""
        now = self._clock.wall()
        if now // _DAY != self._day:
            self._begin_day(now)
        gathered: dict[Group, dict[Series, list[float]]] = {}
        beyond: dict[Group, dict[Series, list[float]]] = {}
        known, take = self._series, self._pending.popleft
        # What others add while this goes on may wait for the next time: there is an end to it.
        for _ in range(len(self._pending)):
            try:
                name, value, unit, resolution, dimensions = take()
            except IndexError:
                break
            number = as_value(value)
            if number is None:
                self.rejected += 1
                continue
            series = None
            if not dimensions and type(name) is str and type(unit) is str and type(resolution) is int:
                series = known.get((name, unit, resolution))
            if series is None:
                series = self._series_of(name, unit, resolution, dimensions)
            if series.sketch is not None:
                series.sketch.add(number)
            if series.has_place:
                groups = gathered
            else:
                self.over_budget += 1
                groups = beyond
            group = groups.get(series.group)
            if group is None:
                groups[series.group] = {series: [number]}
            elif series in group:
                group[series].append(number)
            else:
                group[series] = [number]
        for one, members in gathered.items():
            for line in one.lines(members, int(now * 1000)):
                self._written(line)
        for one, members in beyond.items():
            self._written(one.plain_line(members))

    def _series_of(self, name: object, unit: object, resolution: object, dimensions: Mapping[str, object]) -> Series:
        """Return the metric that a value belongs to. Never raises."""
        called = as_name(name)
        made = as_dimensions({**self._dimensions, **dimensions})
        measure = str.__str__(unit) if isinstance(unit, str) else "None"
        spacing = resolution if type(resolution) is int and resolution in _RESOLUTIONS else 60
        key = (called, measure if measure in UNITS else "None", spacing)
        series = self._series.get((*key, made))
        if series is None:
            if len(self._series) >= _MOST_SERIES:
                self._series.clear()
                self._groups.clear()
            group = self._groups.get(made)
            if group is None:
                group = self._groups[made] = Group(self.namespace, made, self._properties)
            series = Series(group, key, self._has_place(called, made), self._sketch_of(called))
            self._series[(*key, made)] = series
        if not dimensions and type(name) is str and type(unit) is str and type(resolution) is int:
            # As it was asked for, to be found at once.
            self._series[name, unit, resolution] = series
        return series

    def _begin_day(self, now: float) -> None:
        self._day = now // _DAY
        month = time.gmtime(now)[:2]
        if month != self._month:
            self._month = month
            self._places = {}
            self._series.clear()
            self._groups.clear()

    def _has_place(self, name: str, dimensions: Dimensions) -> bool:
        key = (name, dimensions)
        has_place = self._places.get(key)
        if has_place is None:
            has_place = self._budget is None or self._gives_place(name, self._budget)
            if has_place or len(self._places) < _MOST_PENDING:
                self._places[key] = has_place
        return has_place

    def _gives_place(self, name: str, budget: int) -> bool:
        given = [one for (one, _), has_place in list(self._places.items()) if has_place]
        awaited = len(self._keep.difference(given)) if name not in self._keep else 0
        return len(given) + awaited < budget

    def _sketch_of(self, name: str) -> Sketch | None:
        sketch = self._sketches.get(name)
        if sketch is None and len(self._sketches) < _MOST_SKETCHES:
            sketch = self._sketches[name] = Sketch()
        return sketch

    def _written(self, line: str) -> None:
        try:
            (self._write or sys.stdout.write)(f"{line}\n")
        except Exception:
            self.rejected += 1


class Timer:
    """How long the inside of a `with` takes, as a metric; also of what fails."""

    __slots__ = ("_begin", "_dimensions", "_metrics", "_name")

    def __init__(self, metrics: Metrics, name: str, dimensions: Mapping[str, object]) -> None:
        self._metrics = metrics
        self._name = name
        self._dimensions = dimensions
        self._begin = 0.0

    def __enter__(self) -> None:
        self._begin = self._metrics._clock.mono()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        milliseconds = (self._metrics._clock.mono() - self._begin) * 1000
        self._metrics.put(self._name, milliseconds, "Milliseconds", self._dimensions)


def _plain(value: object) -> object:
    """Return a property as it can be written: what JSON does not know as text, and only part of a long one."""
    if value is None or isinstance(value, bool):
        return value
    number = as_value(value)
    if number is not None:
        return number
    try:
        return str(value)[:_LONGEST_PROPERTY].encode("utf-8", "replace").decode()
    except Exception:
        return f"<{type(value).__name__}>"
