"""GW102: foreign-internal."""

from __future__ import annotations

from gwlint.codebase import Codebase
from gwlint.judgement import Violation
from gwlint.rules.import_rule import ImportRule, bypass


class ForeignInternal(ImportRule):
    """A module of one component imports an internal of another."""

    id = "GW102"
    name = "foreign-internal"
    summary = "A module of one component imports an internal of another."
    severity = "error"
    precision = "high"

    def message(self, codebase: Codebase, violation: Violation) -> str:
        """Say who does what to whom, and what to do instead."""
        return bypass(codebase, violation)
