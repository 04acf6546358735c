"""GW304: what a gateway offers is done again."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.codebase import Codebase
from gwlint.duplication import Duplicate, Offer
from gwlint.finding import Finding
from gwlint.rules.copies import CopyRule, others, percent


class ReimplementedGateway(CopyRule):
    """Reports functions outside of a component that are copies of what it has."""

    id = "GW304"
    name = "reimplemented-gateway"
    summary = "A function does again what a gateway has to offer."
    severity = "warning"
    precision = "high"
    tags = ("duplication", "maintainability")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every class with a member in a component, at the first one outside of it."""
        for duplicate in codebase.clones:
            if duplicate.offer is not None:
                yield self.reported(codebase, duplicate, self._message(codebase, duplicate, duplicate.offer))

    def _message(self, codebase: Codebase, duplicate: Duplicate, offer: Offer) -> str:
        gateway = codebase.called(offer.component.gateway)
        one, other = codebase.function_called(duplicate.anchor), codebase.function_called(offer.member)
        how = f"is {percent(duplicate)} like" if duplicate.kind == "near" else "does again what is in"
        remedy = f"call `{gateway}.{offer.name}`" if offer.name else f"let `{gateway}` offer it, and call that"
        return f"`{one}` {how} `{other}` of `{offer.component.name}`{others(duplicate)}; {remedy}"
