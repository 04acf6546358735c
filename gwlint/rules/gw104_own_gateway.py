"""GW104: own-gateway."""

from __future__ import annotations

from gwlint.codebase import Codebase
from gwlint.judgement import Violation
from gwlint.rules.import_rule import ImportRule, listed


class OwnGateway(ImportRule):
    """An internal imports the gateway of its own component."""

    id = "GW104"
    name = "own-gateway"
    summary = "An internal imports the gateway of its own component."
    severity = "warning"
    precision = "high"

    def message(self, codebase: Codebase, violation: Violation) -> str:
        """Say who does what to whom, and what to do instead."""
        edge = violation.edge
        importer, imported = codebase.called(edge.path), codebase.called(edge.target_path)
        said = f"`{importer}` {violation.verb} `{imported}`, its own gateway"
        definers = {definer for name in edge.names for definer in codebase.offers.definers(edge.target_path, name)}
        definers.discard(edge.path)
        if not definers:
            return f"{said}; import the internal that has what it needs"
        return f"{said}; import {listed(tuple(sorted(map(codebase.called, definers))))}"
