"""What the rules about budgets have in common: where they report a function, and how they put figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from gwlint.budgets import FunctionBudget
from gwlint.codebase import Codebase
from gwlint.finding import Finding, Related
from gwlint.footprint.estimates import Amount, Contributor
from gwlint.model import Span
from gwlint.rule import Rule

_BIGGEST = 3
_KIB = 1024


class BudgetRule(Rule):
    """Holds one amount of every function against its limit. `unit` is that of both.

    `doubt` is what there is to say where the limit lies inside of the interval, `remedy` what to do.
    """

    unit: ClassVar[Literal["MB", "ms"]]
    doubt: ClassVar[str]
    remedy: ClassVar[str]

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every handler that is over, or may be; of the functions that share it, for the worst."""
        for function in worst(one for one in codebase.budgets.functions if self._measured(one) is not None):
            measured = self._measured(function)
            if measured is not None:
                yield self._finding(codebase, function, *measured)

    def amount(self, function: FunctionBudget) -> Amount | None:
        """Return what a function takes of what this rule is about."""
        raise NotImplementedError

    def limit(self, function: FunctionBudget) -> float | None:
        """Return what it may take of it."""
        raise NotImplementedError

    def takes(self, function: FunctionBudget, called: str, measured: str) -> str:
        """Say what a function takes, which is called and measured so."""
        raise NotImplementedError

    def has(self, function: FunctionBudget, limit: float) -> str:  # noqa: ARG002  for those who tell apart
        """Say what it may take."""
        return f"its budget is {figure(limit)}"

    def related(self, codebase: Codebase, function: FunctionBudget, has: str) -> tuple[Related, ...]:  # noqa: ARG002
        """Return the places that matter beside the handler."""
        return contributors(codebase, function, self.unit)

    def _measured(self, function: FunctionBudget) -> tuple[Amount, float] | None:
        """Return what a function takes and may take, if it may be over that."""
        amount, limit = self.amount(function), self.limit(function)
        if amount is None or limit is None:
            return None
        return (amount, limit) if amount.beyond(limit) or amount.straddles(limit) else None

    def _finding(self, codebase: Codebase, function: FunctionBudget, amount: Amount, limit: float) -> Finding:
        path, at = place_of(function)
        called = f"`{function.name}`{_others(codebase, function)}"
        takes = self.takes(function, called, f"{interval(amount.low, amount.high)} {self.unit}")
        has = self.has(function, limit)
        return self.finding(
            path,
            at,
            f"{takes}, and {has}{'' if amount.beyond(limit) else f': {self.doubt}'}; {self.remedy}",
            identity=function.handler or function.name,
            severity=None if amount.beyond(limit) else "note",
            related=self.related(codebase, function, has),
        )


def place_of(function: FunctionBudget) -> tuple[str, Span]:
    """Return where a function is reported: at its handler, or where that is not at hand, in its template."""
    return (function.path, function.at) if function.path else (function.template, line_of(function.template_line))


def line_of(number: int) -> Span:
    """Return the beginning of a line."""
    return Span(max(number, 1), 1, max(number, 1), 1)


def template_of(function: FunctionBudget, message: str) -> tuple[Related, ...]:
    """Return the place where a function is declared, if it is another one than that where it is reported."""
    if not function.template or not function.path:
        return ()
    return (Related(function.template, line_of(function.template_line), message),)


def _others(codebase: Codebase, function: FunctionBudget) -> str:
    """Say which other functions have the same handler."""
    others = [one.name for one in codebase.budgets.functions if place_of(one) == place_of(function)]
    number = len(others) - 1
    return f" (and {number} {'other' if number == 1 else 'others'} with this handler)" if number else ""


def worst(functions: Iterable[FunctionBudget]) -> Iterator[FunctionBudget]:
    """Yield one function of those with the same handler: the one with the least memory."""
    found: dict[tuple[str, Span, str], FunctionBudget] = {}
    for one in functions:
        path, at = place_of(one)
        key = (path, at, one.handler.rpartition(".")[2])
        if key not in found or _memory(one) < _memory(found[key]):
            found[key] = one
    yield from found.values()


def _memory(function: FunctionBudget) -> float:
    return function.limits.memory_mb if function.limits.memory_mb is not None else float("inf")


def contributors(codebase: Codebase, function: FunctionBudget, unit: str) -> tuple[Related, ...]:
    """Return the lines of the project that bring in the most, in `MB` or in `ms`."""
    if function.estimate is None:
        return ()
    paths = {module.path for module in codebase.project.modules}

    def measure(one: Contributor) -> float:
        return one.memory_kb / _KIB if unit == "MB" else one.cpu_ms

    found: dict[tuple[str, int], Related] = {}
    for one in sorted(function.estimate.contributors, key=measure, reverse=True):
        line = next((line for line in reversed(one.chain) if line.rpartition(":")[0] in paths), "")
        path, _, number = line.rpartition(":")
        if path and len(found) < _BIGGEST and measure(one) >= 1:
            related = Related(path, line_of(int(number)), f"`{one.name}` takes {figure(measure(one))} {unit}")
            found.setdefault((path, int(number)), related)
    return tuple(found.values())


def figure(value: float) -> str:
    """Write a figure in no more digits than it deserves."""
    return f"{value:.1f}" if value < 10 and f"{value:.1f}"[-1] != "0" else f"{value:,.0f}"


def interval(low: float, high: float) -> str:
    """Write an interval."""
    return figure(low) if figure(low) == figure(high) else f"{figure(low)} to {figure(high)}"
