"""GW402: a function that takes too long to start."""

from __future__ import annotations

from gwlint.budgets import FunctionBudget
from gwlint.footprint.estimates import Amount
from gwlint.rules.budget_rule import BudgetRule


class ColdStartBudget(BudgetRule):
    """Reports functions whose own part of a cold start is over budget."""

    id = "GW402"
    name = "cold-start-budget"
    summary = "A function takes longer to load than its budget allows."
    severity = "warning"
    precision = "high"
    tags = ("budget", "cold-start")

    unit = "ms"
    doubt = "it may be over"
    remedy = "load less, or later"

    def amount(self, function: FunctionBudget) -> Amount | None:
        """Return the ms of CPU that loading adds to what the runtime takes itself."""
        if function.estimate is None:
            return None
        whole = function.estimate.init_ms
        low, estimate, high = (max(one - whole.runtime, 0.0) for one in (whole.low, whole.estimate, whole.high))
        return Amount(low=low, estimate=estimate, high=high, base=0, runtime=0)

    def limit(self, function: FunctionBudget) -> float | None:
        """Return the ms that loading may add."""
        return function.limits.init_ms

    def takes(self, function: FunctionBudget, called: str, measured: str) -> str:  # noqa: ARG002
        """Say how long loading takes."""
        return f"{called} takes {measured} to load"
