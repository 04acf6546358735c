"""GW412: a client that is made again for every event."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.clients import made_anew
from gwlint.codebase import Codebase
from gwlint.finding import Finding
from gwlint.rule import Rule


class ClientPerInvocation(Rule):
    """Reports clients that each invocation makes, though they have nothing to do with its event."""

    id = "GW412"
    name = "client-per-invocation"
    summary = "A client is made in every invocation that could be made once."
    severity = "warning"
    precision = "high"
    tags = ("budget", "cost")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every place that makes such a client."""
        for found in made_anew(codebase.invocations):
            called = codebase.named(found.path, found.function)
            often = "in a loop of every invocation" if found.is_repeated else "in every invocation"
            yield self.finding(
                found.path,
                found.at,
                f"`{called}` calls `{found.maker}` {often}, which takes {found.cost} each time;"
                " make it once, in the module or when it is first asked for",
                identity=f"{found.maker} in {found.function}",
            )
