"""GW304: what a gateway offers is done again."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.clones import CloneKind
from gwlint.codebase import Codebase
from gwlint.duplication import Duplicate, Offer
from gwlint.finding import Finding
from gwlint.reference import Reimplementation
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
        """Yield a finding for every class with a member in a component, and for copies of what the runtime has."""
        for duplicate in codebase.clones:
            if duplicate.offer is not None:
                yield self.reported(codebase, duplicate, self._message(codebase, duplicate, duplicate.offer))
        for one in codebase.reimplementations:
            yield self._reimplemented(codebase, one)

    def _message(self, codebase: Codebase, duplicate: Duplicate, offer: Offer) -> str:
        gateway = codebase.called(offer.component.gateway)
        one, other = codebase.function_called(duplicate.anchor), codebase.function_called(offer.member)
        remedy = f"call `{gateway}.{offer.name}`" if offer.name else f"let `{gateway}` offer it, and call that"
        how = _how(duplicate.kind, duplicate.similarity)
        return f"`{one}` {how} `{other}` of `{offer.component.name}`{others(duplicate)}; {remedy}"

    def _reimplemented(self, codebase: Codebase, one: Reimplementation) -> Finding:
        own, how = codebase.function_called(one.member), _how(one.kind, one.similarity)
        path, function = one.member
        offered = f"{one.gateway}.{one.name}"
        message = f"`{own}` {how} `{offered}` of the reference runtime; call that"
        return self.finding(path, function.at, message, identity=f"{function.name} {offered}")


def _how(kind: CloneKind, similarity: float) -> str:
    return f"is {percent(similarity)} like" if kind == "near" else "does again what is in"
