"""GW410: an import that waits for the first invocation, where the processor is throttled."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.budgets import LateImport
from gwlint.codebase import Codebase
from gwlint.finding import Finding
from gwlint.rule import Rule
from gwlint.rules.budget_rule import figure

_WORTHWHILE_MS = 50


class ThrottledImport(Rule):
    """Reports expensive imports that run in any case, but only after the boost of the initialisation is over."""

    id = "GW410"
    name = "throttled-import"
    summary = "An import that every first invocation runs is put off to when the processor is throttled."
    severity = "warning"
    precision = "high"
    tags = ("budget", "cold-start")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every such import; of several functions that run it, for the one with least memory."""
        found: dict[tuple[str, int, int], LateImport] = {}
        for one in codebase.budgets.late_imports:
            place = (one.path, one.at.line, one.at.column)
            is_slow = one.cost.low * (one.slowdown - 1) >= _WORTHWHILE_MS
            if is_slow and (place not in found or one.memory_mb < found[place].memory_mb):
                found[place] = one
        for one in found.values():
            yield self._finding(one)

    def _finding(self, one: LateImport) -> Finding:
        cost, slow = one.cost.estimate, one.cost.estimate * one.slowdown
        return self.finding(
            one.path,
            one.at,
            f"`{one.within}` imports `{one.name}` when `{one.function.name}` is first invoked: {figure(cost)} ms of"
            f" CPU, which are {figure(slow)} ms at {figure(one.memory_mb)} MB; import it at the top of the module, as"
            " initialisation is not throttled",
            identity=f"{one.within} {one.name}",
        )
