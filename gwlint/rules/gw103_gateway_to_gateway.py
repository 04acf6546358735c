"""GW103: gateway-to-gateway."""

from __future__ import annotations

from gwlint.codebase import Codebase
from gwlint.judgement import Violation
from gwlint.rules.import_rule import ImportRule, offence


class GatewayToGateway(ImportRule):
    """A gateway imports another gateway."""

    id = "GW103"
    name = "gateway-to-gateway"
    summary = "A gateway imports another gateway."
    severity = "warning"
    precision = "high"

    def message(self, codebase: Codebase, violation: Violation) -> str:
        """Say who does what to whom, and what to do instead."""
        said = f"{offence(codebase, violation)}, another component's gateway"
        if violation.importer.role == "gateway":
            return f"{said}; import it where it is needed, in an internal"
        return f"{said}; pass in what it needs"
