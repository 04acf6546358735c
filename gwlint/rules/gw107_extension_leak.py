"""GW107: extension-leak."""

from __future__ import annotations

from gwlint.codebase import Codebase
from gwlint.judgement import Violation
from gwlint.rules.import_rule import ImportRule, offence


class ExtensionLeak(ImportRule):
    """Something depends on an extension, which should be possible to remove."""

    id = "GW107"
    name = "extension-leak"
    summary = "Something depends on an extension, which should be possible to remove."
    severity = "warning"
    precision = "very-high"
    tags = ("architecture", "extension")

    def message(self, codebase: Codebase, violation: Violation) -> str:
        """Say who does what to whom, and what to do instead."""
        extension = violation.imported.extension
        return (
            f"{offence(codebase, violation)}, part of extension `{extension}`, which must stay removable; "
            "leave the import to an entry point"
        )
