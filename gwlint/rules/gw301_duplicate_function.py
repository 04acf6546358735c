"""GW301: the same function again."""

from gwlint.codebase import Codebase
from gwlint.duplication import Duplicate
from gwlint.rules.copies import CopyRule, others


class DuplicateFunction(CopyRule):
    """Reports functions that differ in layout, comments and documentation at most."""

    id = "GW301"
    name = "duplicate-function"
    summary = "A function is there more than once, statement for statement."
    severity = "warning"
    precision = "very-high"
    tags = ("duplication", "maintainability")
    kind = "exact"

    def message(self, codebase: Codebase, duplicate: Duplicate) -> str:
        """Say which function is there again."""
        one, other = codebase.function_called(duplicate.anchor), codebase.function_called(duplicate.original)
        return f"`{one}` is the same function as `{other}`{others(duplicate)}; keep one of them"
