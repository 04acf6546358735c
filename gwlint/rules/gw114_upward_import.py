"""GW114: upward-import."""

from __future__ import annotations

from gwlint.codebase import Codebase
from gwlint.judgement import Violation
from gwlint.rules.import_rule import ImportRule, offence


class UpwardImport(ImportRule):
    """A component imports application code."""

    id = "GW114"
    name = "upward-import"
    summary = "A component imports application code."
    severity = "warning"
    precision = "high"

    def message(self, codebase: Codebase, violation: Violation) -> str:
        """Say who does what to whom, and what to do instead."""
        return f"{offence(codebase, violation)}, application code; pass in what it needs from there"
