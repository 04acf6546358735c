"""GW303: nearly the same function again."""

from gwlint.codebase import Codebase
from gwlint.duplication import Duplicate
from gwlint.rules.copies import CopyRule, differing, others, percent


class NearDuplicate(CopyRule):
    """Reports functions that differ in a few statements, or in how the same is put."""

    id = "GW303"
    name = "near-duplicate"
    summary = "Functions differ in a few statements only."
    severity = "note"
    precision = "medium"
    tags = ("duplication", "maintainability")
    kind = "near"

    def message(self, codebase: Codebase, duplicate: Duplicate) -> str:
        """Say how alike they are, and what differs."""
        one, other = codebase.function_called(duplicate.anchor), codebase.function_called(duplicate.original)
        alike = f"`{one}` is {percent(duplicate.similarity)} like `{other}`{others(duplicate)}"
        return f"{alike}: {differing(duplicate.difference)}; give what they share a function of its own"
