"""What reports say of a function: its figures, each held against a limit, and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from gwlint.budgets import FunctionBudget
from gwlint.footprint.estimates import Amount
from gwlint.prices import Cost, Use, cost, smaller_size

Verdict = Literal["within", "near", "over", "no limit", "unknown"]
"""`near`: the limit lies inside of the interval. `unknown`: there is nothing to hold against a limit."""


class Figure(NamedTuple):
    """An interval around an estimate, and the limit that it is held against; `None` where there is none."""

    low: float
    estimate: float
    high: float
    limit: float | None

    @property
    def verdict(self) -> Verdict:
        """What is to be said of the figure: `over` only where the whole interval is."""
        if self.limit is None:
            return "no limit"
        if self.low > self.limit:
            return "over"
        return "near" if self.high > self.limit else "within"


class Smaller(NamedTuple):
    """A memory size that would do, and what the function would cost with it, if it took as long."""

    memory_size_mb: int
    cost: Cost


class Row(NamedTuple):
    """What is shown of one function. Memory and package are in MiB.

    `init` is what loading its handler adds to the runtime's own start, in ms. `None` stands for what is not known.
    """

    function: FunctionBudget
    memory: Figure | None
    init: Figure | None
    package: Figure | None
    cost: Cost | None
    smaller: Smaller | None

    @property
    def figures(self) -> tuple[Figure | None, Figure | None, Figure | None]:
        """Memory, init and package."""
        return self.memory, self.init, self.package

    @property
    def verdict(self) -> Verdict:
        """The gravest of what is to be said of its figures."""
        said = {verdict_of(figure) for figure in self.figures}
        gravest: tuple[Verdict, ...] = ("over", "near", "unknown", "within")
        return next((one for one in gravest if one in said), "no limit")

    @property
    def notes(self) -> tuple[str, ...]:
        """What is not known of the function, each note once."""
        estimated = self.function.estimate.notes if self.function.estimate is not None else ()
        return tuple(dict.fromkeys((*self.function.notes, *estimated)))


def rows(functions: Iterable[FunctionBudget], use: Use) -> list[Row]:
    """Return what is shown of functions that are used alike."""
    return [_row(function, use) for function in functions]


def verdict_of(figure: Figure | None) -> Verdict:
    """Return what is to be said of a figure that need not be known."""
    return "unknown" if figure is None else figure.verdict


def described(function: FunctionBudget) -> Iterator[str]:
    """Say in a few words each where a function is, and how it is deployed."""
    place = f"{function.path}:{function.at.line}" if function.path else "its module is not at hand"
    yield f"{function.handler}, {place}"
    if function.template:
        yield f"declared in {function.template}:{function.template_line}"
    size = f"{function.memory_size_mb:,} MB" if function.memory_size_mb is not None else "memory size unknown"
    yield f"{function.runtime or 'runtime unknown'}, {function.architecture}, {size}"


def _row(function: FunctionBudget, use: Use) -> Row:
    estimate, limits, size = function.estimate, function.limits, function.memory_size_mb
    memory = None if estimate is None else _figure(estimate.memory_mb, limits.memory_mb)
    init = None if estimate is None else _figure(_users(estimate.init_ms), limits.init_ms)
    package = None if function.package is None else _figure(function.package, limits.package_mb)
    smaller_mb = None if size is None or memory is None else smaller_size(size, memory.high)
    return Row(
        function,
        memory,
        init,
        package,
        None if size is None else cost(size, function.architecture, use),
        None if smaller_mb is None else Smaller(smaller_mb, cost(smaller_mb, function.architecture, use)),
    )


def _figure(amount: Amount, limit: float | None) -> Figure:
    return Figure(amount.low, amount.estimate, amount.high, limit)


def _users(amount: Amount) -> Amount:
    """Return what is left of an amount once the runtime's own part is taken off."""
    low, estimate, high = (max(one - amount.runtime, 0.0) for one in (amount.low, amount.estimate, amount.high))
    return Amount(low, estimate, high, 0.0, 0.0)
