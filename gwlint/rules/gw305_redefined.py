"""GW305: a definition that is overwritten before anybody can have used it."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.codebase import Codebase
from gwlint.finding import Finding, Related
from gwlint.rule import Rule


class Redefined(Rule):
    """Reports functions and classes whose first definition is lost."""

    id = "GW305"
    name = "redefined"
    summary = "A function or class is defined twice in one scope, and the first definition is lost."
    severity = "warning"
    precision = "very-high"
    tags = ("duplication", "maintainability")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding at every definition that takes the place of another one."""
        for path, redefinitions in sorted(codebase.redefinitions.items()):
            for one in redefinitions:
                yield self.finding(
                    path,
                    one.at,
                    f"{one.kind} `{one.name}` is defined again, and the definition in line {one.first.line} is lost;"
                    " rename or remove one of them",
                    identity=f"{one.kind} {one.name}",
                    related=(Related(path, one.first, "is lost"),),
                )
