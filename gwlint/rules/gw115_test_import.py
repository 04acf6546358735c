"""GW115: test-import."""

from __future__ import annotations

from gwlint.codebase import Codebase
from gwlint.judgement import Violation
from gwlint.rules.import_rule import ImportRule, offence


class TestImport(ImportRule):
    """Production code imports a test."""

    id = "GW115"
    name = "test-import"
    summary = "Production code imports a test."
    severity = "warning"
    precision = "high"
    tags = ("architecture", "tests")

    def message(self, codebase: Codebase, violation: Violation) -> str:
        """Say who does what to whom, and what to do instead."""
        return f"{offence(codebase, violation)}, a test; move what it needs out of the tests"
