"""GW409: packages whose modules are compiled again at every cold start."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.budgets import Recompiled
from gwlint.codebase import Codebase
from gwlint.finding import Finding
from gwlint.rule import Rule
from gwlint.rules.budget_rule import figure, line_of

_WORTHWHILE_MS = 50


class StaleBytecode(Rule):
    """Reports templates whose tool gives the files of a package a date that no bytecode agrees with."""

    id = "GW409"
    name = "stale-bytecode"
    summary = "A package has no bytecode that Python takes, and is compiled again at every cold start."
    severity = "warning"
    precision = "high"
    tags = ("budget", "cold-start")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every template with a function that loses time so, at the one that loses the most."""
        slowest: dict[str, Recompiled] = {}
        for one in codebase.budgets.recompiled:
            path = one.function.template
            if one.lost.low >= _WORTHWHILE_MS and (path not in slowest or one.lost.low > slowest[path].lost.low):
                slowest[path] = one
        for path, one in slowest.items():
            yield self.finding(
                path,
                line_of(one.function.template_line),
                f"packaging dates all files alike, so no bytecode is valid and `{one.function.name}` compiles its"
                f" modules at every cold start, which takes {figure(one.lost.estimate)} ms more; compile them for the"
                " package with `python -m compileall --invalidation-mode unchecked-hash`",
                identity="packaging",
            )
