"""GW401: a function that needs more memory than it has."""

from __future__ import annotations

from gwlint.budgets import FunctionBudget
from gwlint.codebase import Codebase
from gwlint.finding import Related
from gwlint.footprint.estimates import Amount
from gwlint.rules.budget_rule import BudgetRule, figure, template_of


class MemoryBudget(BudgetRule):
    """Reports functions that are out of memory before they are invoked."""

    id = "GW401"
    name = "memory-budget"
    summary = "A function needs more memory to load than it has."
    severity = "error"
    precision = "high"
    tags = ("budget", "memory")

    unit = "MB"
    doubt = "it may not fit"
    remedy = "load less, or give it more memory"

    def amount(self, function: FunctionBudget) -> Amount | None:
        """Return the memory that loading takes."""
        return function.estimate.memory_mb if function.estimate is not None else None

    def limit(self, function: FunctionBudget) -> float | None:
        """Return the memory that there is."""
        return function.limits.memory_mb

    def takes(self, function: FunctionBudget, called: str, measured: str) -> str:  # noqa: ARG002
        """Say how much memory a function needs."""
        return f"{called} needs {measured} to load"

    def has(self, function: FunctionBudget, limit: float) -> str:
        """Say how much memory there is."""
        return f"has {figure(limit)}" if function.memory_size_mb is not None else f"its budget is {figure(limit)}"

    def related(self, codebase: Codebase, function: FunctionBudget, has: str) -> tuple[Related, ...]:
        """Return the template, too."""
        return (*template_of(function, has), *super().related(codebase, function, has))
