"""GW403: a package that is too large to be deployed."""

from __future__ import annotations

from gwlint.budgets import FunctionBudget
from gwlint.codebase import Codebase
from gwlint.finding import Related
from gwlint.footprint.estimates import Amount
from gwlint.rules.budget_rule import BudgetRule, figure, template_of

_SHOWN = 3


class PackageSize(BudgetRule):
    """Reports functions whose package, layers included, is over budget when it is unzipped."""

    id = "GW403"
    name = "package-size"
    summary = "The package of a function is larger than its budget allows."
    severity = "warning"
    precision = "high"
    tags = ("budget", "package")

    unit = "MB"
    doubt = "it may be over"
    remedy = "leave out what it can do without"

    def amount(self, function: FunctionBudget) -> Amount | None:
        """Return the size of the package."""
        return function.package

    def limit(self, function: FunctionBudget) -> float | None:
        """Return the size that it may have."""
        return function.limits.package_mb

    def takes(self, function: FunctionBudget, called: str, measured: str) -> str:
        """Say how large the package is, and what of it is the largest."""
        parts = ", ".join(f"`{name}` {figure(size)}" for name, size in function.parts[:_SHOWN])
        return f"the package of {called} has {measured} unzipped{f' ({parts})' if parts else ''}"

    def related(self, codebase: Codebase, function: FunctionBudget, has: str) -> tuple[Related, ...]:  # noqa: ARG002
        """Return the template alone: what is imported has nothing to do with it."""
        return template_of(function, "is declared here")
