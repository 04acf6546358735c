"""GW110: layer-violation."""

from __future__ import annotations

from gwlint.codebase import Codebase
from gwlint.judgement import Violation
from gwlint.rules.import_rule import ImportRule, offence


class LayerViolation(ImportRule):
    """An import goes against the declared order of layers."""

    id = "GW110"
    name = "layer-violation"
    summary = "An import goes against the declared order of layers."
    severity = "error"
    precision = "very-high"
    tags = ("architecture", "layers")

    def message(self, codebase: Codebase, violation: Violation) -> str:
        """Say who does what to whom, and what to do instead."""
        return f"{offence(codebase, violation)}: {violation.objection}"
