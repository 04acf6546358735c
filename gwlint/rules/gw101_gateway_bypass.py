"""GW101: gateway-bypass."""

from __future__ import annotations

from gwlint.codebase import Codebase
from gwlint.judgement import Violation
from gwlint.rules.import_rule import ImportRule, bypass


class GatewayBypass(ImportRule):
    """Code outside of a component imports one of its internals."""

    id = "GW101"
    name = "gateway-bypass"
    summary = "Code outside of a component imports one of its internals."
    severity = "error"
    precision = "high"

    def message(self, codebase: Codebase, violation: Violation) -> str:
        """Say who does what to whom, and what to do instead."""
        return bypass(codebase, violation)
