"""GW302: the same function again, under other names and with other values."""

from gwlint.codebase import Codebase
from gwlint.duplication import Duplicate
from gwlint.rules.copies import CopyRule, others, values


class RenamedDuplicate(CopyRule):
    """Reports functions that differ in names and literals at most."""

    id = "GW302"
    name = "renamed-duplicate"
    summary = "A function is there more than once, under other names or with other values."
    severity = "warning"
    precision = "high"
    tags = ("duplication", "maintainability")
    kind = "renamed"

    def message(self, codebase: Codebase, duplicate: Duplicate) -> str:
        """Say what differs."""
        one, other = codebase.function_called(duplicate.anchor), codebase.function_called(duplicate.original)
        if not duplicate.difference.literals:
            return f"`{one}` is `{other}` under other names{others(duplicate)}; keep one of them"
        remedy = "make that a parameter" if len(duplicate.difference.literals) == 1 else "make these parameters"
        return (
            f"`{one}` is `{other}`{others(duplicate)} but for {values(duplicate.difference)}; {remedy} of one function"
        )
