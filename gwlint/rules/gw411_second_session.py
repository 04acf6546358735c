"""GW411: a session of boto3 beside another one like it."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.clients import second_sessions
from gwlint.codebase import Codebase
from gwlint.finding import Finding, Related
from gwlint.rule import Rule


class SecondSession(Rule):
    """Reports sessions that differ from one that the same handler has already in nothing."""

    id = "GW411"
    name = "second-session"
    summary = "A handler makes a second session of boto3 that is like the first."
    severity = "warning"
    precision = "high"
    tags = ("budget", "cold-start", "memory")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every session that another one could stand in for."""
        for site, first, handler in second_sessions(codebase.invocations):
            elsewhere = "" if first.path == site.path else f" of `{codebase.called(first.path)}`"
            where = f"line {first.at.line}{elsewhere}"
            other = f"the default session, which {where} uses" if first.is_default else f"the one of {where}"
            yield self.finding(
                site.path,
                site.at,
                f"`{codebase.called(handler)}` gets a second session here that is like {other}; its first client takes"
                " another 72 ms and 8.5 MB, so share one session",
                identity=f"{site.maker} {dict(site.settings)}",
                related=(Related(first.path, first.at, "the first session"),),
            )
