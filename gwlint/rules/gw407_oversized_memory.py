"""GW407: a function that has far more memory than it needs."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.budgets import FULL_PROCESSOR_MB, FunctionBudget
from gwlint.codebase import Codebase
from gwlint.finding import Finding, Related
from gwlint.rule import Rule
from gwlint.rules.budget_rule import interval, line_of

_TIMES = 4


class OversizedMemory(Rule):
    """Reports memory that nothing of what is loaded explains, and that buys no speed."""

    id = "GW407"
    name = "oversized-memory"
    summary = "A function has far more memory than it takes to load, and more than makes it faster."
    severity = "note"
    precision = "medium"
    tags = ("budget", "cost")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every function with such a memory size, in its template."""
        for function in codebase.budgets.functions:
            size = function.memory_size_mb
            if size is not None and _is_oversized(function, size) and not codebase.budgets.is_parallel(function):
                yield self._finding(function, size)

    def _finding(self, function: FunctionBudget, size: int) -> Finding:
        assert function.estimate is not None
        memory = function.estimate.memory_mb
        less = 1 - FULL_PROCESSOR_MB / size
        return self.finding(
            function.template,
            line_of(function.template_line),
            f"`{function.name}` has {size:,} MB and takes {interval(memory.low, memory.high)} to load; beyond"
            f" {FULL_PROCESSOR_MB:,} MB a single thread gets no faster, and each second costs {less:.0%} less there:"
            " measure what it needs",
            identity=function.name,
            related=(Related(function.path, function.at, "is invoked"),),
        )


def _is_oversized(function: FunctionBudget, size: int) -> bool:
    estimate = function.estimate
    return (
        bool(function.template)
        and size > FULL_PROCESSOR_MB
        and (estimate is not None and size >= _TIMES * estimate.memory_mb.high)
    )
